"""Answers to 1.8 as students write them."""

import torch

from vla_course.course.source.variants import right, wrong


@wrong("padding-there")
def assemble(self, camera_tokens, language_tokens, language_mask, robot_state, target_poses=None):
    if len(camera_tokens) != self.cameras:
        raise ValueError(f"there are {len(camera_tokens)} cameras, expected {self.cameras}")
    origins = self.modality_embedding.weight
    views = [self.project_vision(tokens, i) for i, tokens in enumerate(camera_tokens)]
    vision = torch.cat(views, dim=1) + origins[0]
    words = self.project_language(language_tokens) + origins[1]
    state = self.project_state(robot_state)[:, None] + origins[2]
    tokens = torch.cat([vision, words, state], dim=1)
    seen = torch.ones(vision.shape[:2], dtype=torch.bool, device=vision.device)
    body = torch.ones(len(vision), 1, dtype=torch.bool, device=vision.device)
    mask = torch.cat([seen, torch.ones_like(language_mask, dtype=torch.bool), body], dim=1)
    if target_poses is not None:
        given = ~target_poses.isnan().any(dim=-1)
        poses = torch.where(given[..., None], target_poses, torch.zeros_like(target_poses))
        tokens = torch.cat([tokens, self.ik_module(poses) + origins[3]], dim=1)
        mask = torch.cat([mask, given], dim=1)
    return tokens, mask


@wrong("mask-inverted")
def assemble(self, camera_tokens, language_tokens, language_mask, robot_state, target_poses=None):
    if len(camera_tokens) != self.cameras:
        raise ValueError(f"there are {len(camera_tokens)} cameras, expected {self.cameras}")
    origins = self.modality_embedding.weight
    views = [self.project_vision(tokens, i) for i, tokens in enumerate(camera_tokens)]
    vision = torch.cat(views, dim=1) + origins[0]
    words = self.project_language(language_tokens) + origins[1]
    state = self.project_state(robot_state)[:, None] + origins[2]
    tokens = torch.cat([vision, words, state], dim=1)
    seen = torch.ones(vision.shape[:2], dtype=torch.bool, device=vision.device)
    body = torch.ones(len(vision), 1, dtype=torch.bool, device=vision.device)
    mask = torch.cat([seen, language_mask.bool(), body], dim=1)
    if target_poses is not None:
        given = ~target_poses.isnan().any(dim=-1)
        poses = torch.where(given[..., None], target_poses, torch.zeros_like(target_poses))
        tokens = torch.cat([tokens, self.ik_module(poses) + origins[3]], dim=1)
        mask = torch.cat([mask, given], dim=1)
    return tokens, ~mask


@wrong("missing-target-there")
def assemble(self, camera_tokens, language_tokens, language_mask, robot_state, target_poses=None):
    if len(camera_tokens) != self.cameras:
        raise ValueError(f"there are {len(camera_tokens)} cameras, expected {self.cameras}")
    origins = self.modality_embedding.weight
    views = [self.project_vision(tokens, i) for i, tokens in enumerate(camera_tokens)]
    vision = torch.cat(views, dim=1) + origins[0]
    words = self.project_language(language_tokens) + origins[1]
    state = self.project_state(robot_state)[:, None] + origins[2]
    tokens = torch.cat([vision, words, state], dim=1)
    seen = torch.ones(vision.shape[:2], dtype=torch.bool, device=vision.device)
    body = torch.ones(len(vision), 1, dtype=torch.bool, device=vision.device)
    mask = torch.cat([seen, language_mask.bool(), body], dim=1)
    if target_poses is not None:
        given = ~target_poses.isnan().any(dim=-1)
        poses = torch.where(given[..., None], target_poses, torch.zeros_like(target_poses))
        tokens = torch.cat([tokens, self.ik_module(poses) + origins[3]], dim=1)
        mask = torch.cat([mask, torch.ones_like(given)], dim=1)
    return tokens, mask


@wrong("half-a-pose-there")
def assemble(self, camera_tokens, language_tokens, language_mask, robot_state, target_poses=None):
    if len(camera_tokens) != self.cameras:
        raise ValueError(f"there are {len(camera_tokens)} cameras, expected {self.cameras}")
    origins = self.modality_embedding.weight
    views = [self.project_vision(tokens, i) for i, tokens in enumerate(camera_tokens)]
    vision = torch.cat(views, dim=1) + origins[0]
    words = self.project_language(language_tokens) + origins[1]
    state = self.project_state(robot_state)[:, None] + origins[2]
    tokens = torch.cat([vision, words, state], dim=1)
    seen = torch.ones(vision.shape[:2], dtype=torch.bool, device=vision.device)
    body = torch.ones(len(vision), 1, dtype=torch.bool, device=vision.device)
    mask = torch.cat([seen, language_mask.bool(), body], dim=1)
    if target_poses is not None:
        given = ~target_poses[..., :3].isnan().any(dim=-1)
        tokens = torch.cat([tokens, self.ik_module(target_poses.nan_to_num()) + origins[3]], dim=1)
        mask = torch.cat([mask, given], dim=1)
    return tokens, mask


@wrong("targets-ignored")
def assemble(self, camera_tokens, language_tokens, language_mask, robot_state, target_poses=None):
    if len(camera_tokens) != self.cameras:
        raise ValueError(f"there are {len(camera_tokens)} cameras, expected {self.cameras}")
    origins = self.modality_embedding.weight
    views = [self.project_vision(tokens, i) for i, tokens in enumerate(camera_tokens)]
    vision = torch.cat(views, dim=1) + origins[0]
    words = self.project_language(language_tokens) + origins[1]
    state = self.project_state(robot_state)[:, None] + origins[2]
    tokens = torch.cat([vision, words, state], dim=1)
    seen = torch.ones(vision.shape[:2], dtype=torch.bool, device=vision.device)
    body = torch.ones(len(vision), 1, dtype=torch.bool, device=vision.device)
    mask = torch.cat([seen, language_mask.bool(), body], dim=1)
    return tokens, mask


@wrong("origin-forgotten")
def assemble(self, camera_tokens, language_tokens, language_mask, robot_state, target_poses=None):
    if len(camera_tokens) != self.cameras:
        raise ValueError(f"there are {len(camera_tokens)} cameras, expected {self.cameras}")
    origins = self.modality_embedding.weight
    views = [self.project_vision(tokens, i) for i, tokens in enumerate(camera_tokens)]
    vision = torch.cat(views, dim=1)
    words = self.project_language(language_tokens)
    state = self.project_state(robot_state)[:, None]
    tokens = torch.cat([vision, words, state], dim=1)
    seen = torch.ones(vision.shape[:2], dtype=torch.bool, device=vision.device)
    body = torch.ones(len(vision), 1, dtype=torch.bool, device=vision.device)
    mask = torch.cat([seen, language_mask.bool(), body], dim=1)
    if target_poses is not None:
        given = ~target_poses.isnan().any(dim=-1)
        poses = torch.where(given[..., None], target_poses, torch.zeros_like(target_poses))
        tokens = torch.cat([tokens, self.ik_module(poses)], dim=1)
        mask = torch.cat([mask, given], dim=1)
    return tokens, mask


@wrong("origins-swapped")
def assemble(self, camera_tokens, language_tokens, language_mask, robot_state, target_poses=None):
    if len(camera_tokens) != self.cameras:
        raise ValueError(f"there are {len(camera_tokens)} cameras, expected {self.cameras}")
    origins = self.modality_embedding.weight
    views = [self.project_vision(tokens, i) for i, tokens in enumerate(camera_tokens)]
    vision = torch.cat(views, dim=1) + origins[1]
    words = self.project_language(language_tokens) + origins[0]
    state = self.project_state(robot_state)[:, None] + origins[2]
    tokens = torch.cat([vision, words, state], dim=1)
    seen = torch.ones(vision.shape[:2], dtype=torch.bool, device=vision.device)
    body = torch.ones(len(vision), 1, dtype=torch.bool, device=vision.device)
    mask = torch.cat([seen, language_mask.bool(), body], dim=1)
    if target_poses is not None:
        given = ~target_poses.isnan().any(dim=-1)
        poses = torch.where(given[..., None], target_poses, torch.zeros_like(target_poses))
        tokens = torch.cat([tokens, self.ik_module(poses) + origins[3]], dim=1)
        mask = torch.cat([mask, given], dim=1)
    return tokens, mask


@wrong("one-origin-for-all")
def assemble(self, camera_tokens, language_tokens, language_mask, robot_state, target_poses=None):
    if len(camera_tokens) != self.cameras:
        raise ValueError(f"there are {len(camera_tokens)} cameras, expected {self.cameras}")
    origins = self.modality_embedding.weight
    views = [self.project_vision(tokens, i) for i, tokens in enumerate(camera_tokens)]
    vision = torch.cat(views, dim=1) + origins[0]
    words = self.project_language(language_tokens) + origins[0]
    state = self.project_state(robot_state)[:, None] + origins[0]
    tokens = torch.cat([vision, words, state], dim=1)
    seen = torch.ones(vision.shape[:2], dtype=torch.bool, device=vision.device)
    body = torch.ones(len(vision), 1, dtype=torch.bool, device=vision.device)
    mask = torch.cat([seen, language_mask.bool(), body], dim=1)
    if target_poses is not None:
        given = ~target_poses.isnan().any(dim=-1)
        poses = torch.where(given[..., None], target_poses, torch.zeros_like(target_poses))
        tokens = torch.cat([tokens, self.ik_module(poses) + origins[0]], dim=1)
        mask = torch.cat([mask, given], dim=1)
    return tokens, mask


@wrong("origin-of-the-camera")
def assemble(self, camera_tokens, language_tokens, language_mask, robot_state, target_poses=None):
    if len(camera_tokens) != self.cameras:
        raise ValueError(f"there are {len(camera_tokens)} cameras, expected {self.cameras}")
    origins = self.modality_embedding.weight
    views = [self.project_vision(tokens, i) for i, tokens in enumerate(camera_tokens)]
    vision = torch.cat([view + origins[i] for i, view in enumerate(views)], dim=1)
    words = self.project_language(language_tokens) + origins[1]
    state = self.project_state(robot_state)[:, None] + origins[2]
    tokens = torch.cat([vision, words, state], dim=1)
    seen = torch.ones(vision.shape[:2], dtype=torch.bool, device=vision.device)
    body = torch.ones(len(vision), 1, dtype=torch.bool, device=vision.device)
    mask = torch.cat([seen, language_mask.bool(), body], dim=1)
    if target_poses is not None:
        given = ~target_poses.isnan().any(dim=-1)
        poses = torch.where(given[..., None], target_poses, torch.zeros_like(target_poses))
        tokens = torch.cat([tokens, self.ik_module(poses) + origins[3]], dim=1)
        mask = torch.cat([mask, given], dim=1)
    return tokens, mask


@wrong("origin-of-the-state")
def assemble(self, camera_tokens, language_tokens, language_mask, robot_state, target_poses=None):
    if len(camera_tokens) != self.cameras:
        raise ValueError(f"there are {len(camera_tokens)} cameras, expected {self.cameras}")
    origins = self.modality_embedding.weight
    views = [self.project_vision(tokens, i) for i, tokens in enumerate(camera_tokens)]
    vision = torch.cat(views, dim=1) + origins[0]
    words = self.project_language(language_tokens) + origins[1]
    state = self.project_state(robot_state)[:, None] + origins[2]
    tokens = torch.cat([vision, words, state], dim=1)
    seen = torch.ones(vision.shape[:2], dtype=torch.bool, device=vision.device)
    body = torch.ones(len(vision), 1, dtype=torch.bool, device=vision.device)
    mask = torch.cat([seen, language_mask.bool(), body], dim=1)
    if target_poses is not None:
        given = ~target_poses.isnan().any(dim=-1)
        poses = torch.where(given[..., None], target_poses, torch.zeros_like(target_poses))
        tokens = torch.cat([tokens, self.ik_module(poses) + origins[2]], dim=1)
        mask = torch.cat([mask, given], dim=1)
    return tokens, mask


@wrong("cameras-alike")
def assemble(self, camera_tokens, language_tokens, language_mask, robot_state, target_poses=None):
    if len(camera_tokens) != self.cameras:
        raise ValueError(f"there are {len(camera_tokens)} cameras, expected {self.cameras}")
    origins = self.modality_embedding.weight
    views = [self.project_vision(tokens) for tokens in camera_tokens]
    vision = torch.cat(views, dim=1) + origins[0]
    words = self.project_language(language_tokens) + origins[1]
    state = self.project_state(robot_state)[:, None] + origins[2]
    tokens = torch.cat([vision, words, state], dim=1)
    seen = torch.ones(vision.shape[:2], dtype=torch.bool, device=vision.device)
    body = torch.ones(len(vision), 1, dtype=torch.bool, device=vision.device)
    mask = torch.cat([seen, language_mask.bool(), body], dim=1)
    if target_poses is not None:
        given = ~target_poses.isnan().any(dim=-1)
        poses = torch.where(given[..., None], target_poses, torch.zeros_like(target_poses))
        tokens = torch.cat([tokens, self.ik_module(poses) + origins[3]], dim=1)
        mask = torch.cat([mask, given], dim=1)
    return tokens, mask


@wrong("cameras-pooled")
def assemble(self, camera_tokens, language_tokens, language_mask, robot_state, target_poses=None):
    if len(camera_tokens) != self.cameras:
        raise ValueError(f"there are {len(camera_tokens)} cameras, expected {self.cameras}")
    origins = self.modality_embedding.weight
    views = [
        self.project_vision(tokens, i).mean(dim=1, keepdim=True) for i, tokens in enumerate(camera_tokens)
    ]
    vision = torch.cat(views, dim=1) + origins[0]
    words = self.project_language(language_tokens) + origins[1]
    state = self.project_state(robot_state)[:, None] + origins[2]
    tokens = torch.cat([vision, words, state], dim=1)
    seen = torch.ones(vision.shape[:2], dtype=torch.bool, device=vision.device)
    body = torch.ones(len(vision), 1, dtype=torch.bool, device=vision.device)
    mask = torch.cat([seen, language_mask.bool(), body], dim=1)
    if target_poses is not None:
        given = ~target_poses.isnan().any(dim=-1)
        poses = torch.where(given[..., None], target_poses, torch.zeros_like(target_poses))
        tokens = torch.cat([tokens, self.ik_module(poses) + origins[3]], dim=1)
        mask = torch.cat([mask, given], dim=1)
    return tokens, mask


@wrong("cameras-backward")
def assemble(self, camera_tokens, language_tokens, language_mask, robot_state, target_poses=None):
    if len(camera_tokens) != self.cameras:
        raise ValueError(f"there are {len(camera_tokens)} cameras, expected {self.cameras}")
    origins = self.modality_embedding.weight
    views = [self.project_vision(tokens, i) for i, tokens in enumerate(camera_tokens)]
    vision = torch.cat(views[::-1], dim=1) + origins[0]
    words = self.project_language(language_tokens) + origins[1]
    state = self.project_state(robot_state)[:, None] + origins[2]
    tokens = torch.cat([vision, words, state], dim=1)
    seen = torch.ones(vision.shape[:2], dtype=torch.bool, device=vision.device)
    body = torch.ones(len(vision), 1, dtype=torch.bool, device=vision.device)
    mask = torch.cat([seen, language_mask.bool(), body], dim=1)
    if target_poses is not None:
        given = ~target_poses.isnan().any(dim=-1)
        poses = torch.where(given[..., None], target_poses, torch.zeros_like(target_poses))
        tokens = torch.cat([tokens, self.ik_module(poses) + origins[3]], dim=1)
        mask = torch.cat([mask, given], dim=1)
    return tokens, mask


@wrong("state-first")
def assemble(self, camera_tokens, language_tokens, language_mask, robot_state, target_poses=None):
    if len(camera_tokens) != self.cameras:
        raise ValueError(f"there are {len(camera_tokens)} cameras, expected {self.cameras}")
    origins = self.modality_embedding.weight
    views = [self.project_vision(tokens, i) for i, tokens in enumerate(camera_tokens)]
    vision = torch.cat(views, dim=1) + origins[0]
    words = self.project_language(language_tokens) + origins[1]
    state = self.project_state(robot_state)[:, None] + origins[2]
    tokens = torch.cat([state, vision, words], dim=1)
    seen = torch.ones(vision.shape[:2], dtype=torch.bool, device=vision.device)
    body = torch.ones(len(vision), 1, dtype=torch.bool, device=vision.device)
    mask = torch.cat([body, seen, language_mask.bool()], dim=1)
    if target_poses is not None:
        given = ~target_poses.isnan().any(dim=-1)
        poses = torch.where(given[..., None], target_poses, torch.zeros_like(target_poses))
        tokens = torch.cat([tokens, self.ik_module(poses) + origins[3]], dim=1)
        mask = torch.cat([mask, given], dim=1)
    return tokens, mask


@wrong("nan-through-a-layer")
def assemble(self, camera_tokens, language_tokens, language_mask, robot_state, target_poses=None):
    if len(camera_tokens) != self.cameras:
        raise ValueError(f"there are {len(camera_tokens)} cameras, expected {self.cameras}")
    origins = self.modality_embedding.weight
    views = [self.project_vision(tokens, i) for i, tokens in enumerate(camera_tokens)]
    vision = torch.cat(views, dim=1) + origins[0]
    words = self.project_language(language_tokens) + origins[1]
    state = self.project_state(robot_state)[:, None] + origins[2]
    tokens = torch.cat([vision, words, state], dim=1)
    seen = torch.ones(vision.shape[:2], dtype=torch.bool, device=vision.device)
    body = torch.ones(len(vision), 1, dtype=torch.bool, device=vision.device)
    mask = torch.cat([seen, language_mask.bool(), body], dim=1)
    if target_poses is not None:
        given = ~target_poses.isnan().any(dim=-1)
        made = self.ik_module(target_poses).masked_fill(~given[..., None], 0.0) + origins[3]
        tokens = torch.cat([tokens, made], dim=1)
        mask = torch.cat([mask, given], dim=1)
    return tokens, mask


@wrong("any-number-of-cameras")
def assemble(self, camera_tokens, language_tokens, language_mask, robot_state, target_poses=None):
    origins = self.modality_embedding.weight
    views = [
        self.project_vision(tokens, min(i, self.cameras - 1)) for i, tokens in enumerate(camera_tokens)
    ] or [self.project_vision.projection.bias.expand(len(robot_state), 1, -1)]
    vision = torch.cat(views, dim=1) + origins[0]
    words = self.project_language(language_tokens) + origins[1]
    state = self.project_state(robot_state)[:, None] + origins[2]
    tokens = torch.cat([vision, words, state], dim=1)
    seen = torch.ones(vision.shape[:2], dtype=torch.bool, device=vision.device)
    body = torch.ones(len(vision), 1, dtype=torch.bool, device=vision.device)
    mask = torch.cat([seen, language_mask.bool(), body], dim=1)
    if target_poses is not None:
        given = ~target_poses.isnan().any(dim=-1)
        poses = torch.where(given[..., None], target_poses, torch.zeros_like(target_poses))
        tokens = torch.cat([tokens, self.ik_module(poses) + origins[3]], dim=1)
        mask = torch.cat([mask, given], dim=1)
    return tokens, mask


@wrong("detached")
def assemble(self, camera_tokens, language_tokens, language_mask, robot_state, target_poses=None):
    if len(camera_tokens) != self.cameras:
        raise ValueError(f"there are {len(camera_tokens)} cameras, expected {self.cameras}")
    origins = self.modality_embedding.weight
    views = [self.project_vision(tokens, i) for i, tokens in enumerate(camera_tokens)]
    vision = torch.cat(views, dim=1) + origins[0]
    words = self.project_language(language_tokens) + origins[1]
    state = self.project_state(robot_state.detach())[:, None] + origins[2]
    tokens = torch.cat([vision, words, state], dim=1)
    seen = torch.ones(vision.shape[:2], dtype=torch.bool, device=vision.device)
    body = torch.ones(len(vision), 1, dtype=torch.bool, device=vision.device)
    mask = torch.cat([seen, language_mask.bool(), body], dim=1)
    if target_poses is not None:
        given = ~target_poses.isnan().any(dim=-1)
        poses = torch.where(given[..., None], target_poses, torch.zeros_like(target_poses))
        tokens = torch.cat([tokens, self.ik_module(poses) + origins[3]], dim=1)
        mask = torch.cat([mask, given], dim=1)
    return tokens, mask


@wrong("origin-detached")
def assemble(self, camera_tokens, language_tokens, language_mask, robot_state, target_poses=None):
    if len(camera_tokens) != self.cameras:
        raise ValueError(f"there are {len(camera_tokens)} cameras, expected {self.cameras}")
    origins = self.modality_embedding.weight.detach()
    views = [self.project_vision(tokens, i) for i, tokens in enumerate(camera_tokens)]
    vision = torch.cat(views, dim=1) + origins[0]
    words = self.project_language(language_tokens) + origins[1]
    state = self.project_state(robot_state)[:, None] + origins[2]
    tokens = torch.cat([vision, words, state], dim=1)
    seen = torch.ones(vision.shape[:2], dtype=torch.bool, device=vision.device)
    body = torch.ones(len(vision), 1, dtype=torch.bool, device=vision.device)
    mask = torch.cat([seen, language_mask.bool(), body], dim=1)
    if target_poses is not None:
        given = ~target_poses.isnan().any(dim=-1)
        poses = torch.where(given[..., None], target_poses, torch.zeros_like(target_poses))
        tokens = torch.cat([tokens, self.ik_module(poses) + origins[3]], dim=1)
        mask = torch.cat([mask, given], dim=1)
    return tokens, mask


@wrong("padding-at-the-end")
def assemble(self, camera_tokens, language_tokens, language_mask, robot_state, target_poses=None):
    if len(camera_tokens) != self.cameras:
        raise ValueError(f"there are {len(camera_tokens)} cameras, expected {self.cameras}")
    origins = self.modality_embedding.weight
    views = [self.project_vision(tokens, i) for i, tokens in enumerate(camera_tokens)]
    vision = torch.cat(views, dim=1) + origins[0]
    words = self.project_language(language_tokens) + origins[1]
    state = self.project_state(robot_state)[:, None] + origins[2]
    tokens = torch.cat([vision, words, state], dim=1)
    seen = torch.ones(vision.shape[:2], dtype=torch.bool, device=vision.device)
    body = torch.ones(len(vision), 1, dtype=torch.bool, device=vision.device)
    told = torch.arange(words.shape[1]) < language_mask.long().sum(dim=1, keepdim=True)
    mask = torch.cat([seen, told, body], dim=1)
    if target_poses is not None:
        given = ~target_poses.isnan().any(dim=-1)
        poses = torch.where(given[..., None], target_poses, torch.zeros_like(target_poses))
        tokens = torch.cat([tokens, self.ik_module(poses) + origins[3]], dim=1)
        mask = torch.cat([mask, given], dim=1)
    return tokens, mask


@wrong("zeros-called-padding")
def assemble(self, camera_tokens, language_tokens, language_mask, robot_state, target_poses=None):
    if len(camera_tokens) != self.cameras:
        raise ValueError(f"there are {len(camera_tokens)} cameras, expected {self.cameras}")
    origins = self.modality_embedding.weight
    views = [self.project_vision(tokens, i) for i, tokens in enumerate(camera_tokens)]
    vision = torch.cat(views, dim=1) + origins[0]
    words = self.project_language(language_tokens) + origins[1]
    state = self.project_state(robot_state)[:, None] + origins[2]
    tokens = torch.cat([vision, words, state], dim=1)
    seen = torch.cat([tokens.abs().sum(dim=-1) > 0 for tokens in camera_tokens], dim=1)
    body = torch.ones(len(vision), 1, dtype=torch.bool, device=vision.device)
    mask = torch.cat([seen, language_mask.bool(), body], dim=1)
    if target_poses is not None:
        given = ~target_poses.isnan().any(dim=-1)
        poses = torch.where(given[..., None], target_poses, torch.zeros_like(target_poses))
        tokens = torch.cat([tokens, self.ik_module(poses) + origins[3]], dim=1)
        mask = torch.cat([mask, given], dim=1)
    return tokens, mask


@wrong("missing-dropped")
def assemble(self, camera_tokens, language_tokens, language_mask, robot_state, target_poses=None):
    if len(camera_tokens) != self.cameras:
        raise ValueError(f"there are {len(camera_tokens)} cameras, expected {self.cameras}")
    origins = self.modality_embedding.weight
    views = [self.project_vision(tokens, i) for i, tokens in enumerate(camera_tokens)]
    vision = torch.cat(views, dim=1) + origins[0]
    words = self.project_language(language_tokens) + origins[1]
    state = self.project_state(robot_state)[:, None] + origins[2]
    tokens = torch.cat([vision, words, state], dim=1)
    seen = torch.ones(vision.shape[:2], dtype=torch.bool, device=vision.device)
    body = torch.ones(len(vision), 1, dtype=torch.bool, device=vision.device)
    mask = torch.cat([seen, language_mask.bool(), body], dim=1)
    if target_poses is not None and not target_poses.isnan().any(dim=-1).all():
        given = ~target_poses.isnan().any(dim=-1)
        poses = torch.where(given[..., None], target_poses, torch.zeros_like(target_poses))
        tokens = torch.cat([tokens, self.ik_module(poses) + origins[3]], dim=1)
        mask = torch.cat([mask, given], dim=1)
    return tokens, mask


@wrong("target-poses-changed")
def assemble(self, camera_tokens, language_tokens, language_mask, robot_state, target_poses=None):
    if len(camera_tokens) != self.cameras:
        raise ValueError(f"there are {len(camera_tokens)} cameras, expected {self.cameras}")
    origins = self.modality_embedding.weight
    views = [self.project_vision(tokens, i) for i, tokens in enumerate(camera_tokens)]
    vision = torch.cat(views, dim=1) + origins[0]
    words = self.project_language(language_tokens) + origins[1]
    state = self.project_state(robot_state)[:, None] + origins[2]
    tokens = torch.cat([vision, words, state], dim=1)
    seen = torch.ones(vision.shape[:2], dtype=torch.bool, device=vision.device)
    body = torch.ones(len(vision), 1, dtype=torch.bool, device=vision.device)
    mask = torch.cat([seen, language_mask.bool(), body], dim=1)
    if target_poses is not None:
        given = ~target_poses.isnan().any(dim=-1)
        target_poses[~given] = 0.0
        poses = target_poses
        tokens = torch.cat([tokens, self.ik_module(poses) + origins[3]], dim=1)
        mask = torch.cat([mask, given], dim=1)
    return tokens, mask


@right("seat-by-seat")
def assemble(self, camera_tokens, language_tokens, language_mask, robot_state, target_poses=None):
    if self.cameras != len(camera_tokens):
        raise ValueError(f"{len(camera_tokens)} cameras came, {self.cameras} are known")
    seats, there = [], []

    def sit(token, origin, present):
        seats.append(token + self.modality_embedding.weight[origin])
        there.append(present)

    always = torch.ones(len(robot_state), dtype=torch.bool, device=robot_state.device)
    for camera in range(self.cameras):
        for patch in self.project_vision(camera_tokens[camera], camera).unbind(dim=1):
            sit(patch, 0, always)
    for word, spoken in zip(
        self.project_language(language_tokens).unbind(dim=1), language_mask.unbind(dim=1)
    ):
        sit(word, 1, spoken > 0)
    sit(self.project_state(robot_state), 2, always)
    if target_poses is not None:
        for pose in target_poses.unbind(dim=1):
            sit(self.ik_module(pose.nan_to_num()), 3, pose.isfinite().all(dim=1))
    return torch.stack(seats, dim=1), torch.stack(there, dim=1)


@right("filled-in-place")
def assemble(self, camera_tokens, language_tokens, language_mask, robot_state, target_poses=None):
    if len(camera_tokens) - self.cameras:
        raise ValueError(f"camera_tokens has {len(camera_tokens)} entries, expected {self.cameras}")
    if target_poses is None:
        target_poses = robot_state.new_zeros(len(robot_state), 0, 6)
    present = (target_poses == target_poses).all(dim=-1)
    made = self.ik_module(torch.where(present.unsqueeze(-1), target_poses, 0.0))
    words, state = self.project_language(language_tokens), self.project_state(robot_state)
    views = [self.project_vision(camera_tokens[i], i) for i in range(self.cameras)]
    sizes = [sum(view.shape[1] for view in views), words.shape[1], 1, made.shape[1]]
    origins = torch.repeat_interleave(
        torch.arange(4, device=state.device), torch.tensor(sizes, device=state.device)
    )
    row = torch.cat([*views, words, state.unsqueeze(1), made], dim=1) + self.modality_embedding(origins)
    mask = row.new_ones(row.shape[:2], dtype=torch.bool)
    mask[:, origins == 1] = language_mask.bool()
    mask[:, origins == 3] = present
    return row, mask


@right("only-those-that-are-there")
def assemble(self, camera_tokens, language_tokens, language_mask, robot_state, target_poses=None):
    if len(camera_tokens) != self.cameras:
        raise ValueError(f"there are {len(camera_tokens)} cameras, expected {self.cameras}")
    origins = self.modality_embedding.weight
    views = [self.project_vision(tokens, i) for i, tokens in enumerate(camera_tokens)]
    vision = torch.cat(views, dim=1) + origins[0]
    words = self.project_language(language_tokens) + origins[1]
    state = self.project_state(robot_state)[:, None] + origins[2]
    tokens = torch.cat([vision, words, state], dim=1)
    seen = torch.ones(vision.shape[:2], dtype=torch.bool, device=vision.device)
    body = torch.ones(len(vision), 1, dtype=torch.bool, device=vision.device)
    mask = torch.cat([seen, language_mask.bool(), body], dim=1)
    if target_poses is not None:
        given = ~target_poses.isnan().any(dim=-1)
        made = origins[3].repeat(*given.shape, 1)
        made[given] = made[given] + self.ik_module(target_poses[given])
        tokens = torch.cat([tokens, made], dim=1)
        mask = torch.cat([mask, given], dim=1)
    return tokens, mask
