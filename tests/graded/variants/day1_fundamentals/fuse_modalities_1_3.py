"""Answers to 1.3 as students write them."""

# ruff: noqa: F821  (they see the names of the module that they stand in)

import torch

from vla_course.course.source.variants import right, wrong


@wrong("pooled")
def fuse_modalities(self, vision_tokens, language_tokens, robot_state, language_mask):
    there, origin = language_mask.bool().unsqueeze(-1), self.modality_embedding.weight
    words = self.project_language(language_tokens).masked_fill(~there, 0).sum(1) / there.sum(1).clamp(min=1)
    parts = [self.project_vision(vision_tokens).mean(dim=1) + origin[0], words + origin[1]]
    if robot_state is not None:
        parts.append(self.project_state(robot_state) + origin[2])
    tokens = torch.stack(parts, dim=1)
    mask = torch.ones(tokens.shape[:2], dtype=torch.bool)
    return self.transformer(tokens, mask), mask


@wrong("state-no-token")
def fuse_modalities(self, vision_tokens, language_tokens, robot_state, language_mask):
    origin = self.modality_embedding.weight
    tokens = [
        self.project_vision(vision_tokens) + origin[0],
        self.project_language(language_tokens) + origin[1],
    ]
    tokens = torch.cat(tokens, dim=1)
    if robot_state is not None:
        tokens = tokens + self.project_state(robot_state).unsqueeze(1) + origin[2]
    mask = torch.cat([torch.ones(vision_tokens.shape[:2], dtype=torch.bool), language_mask.bool()], dim=1)
    return self.transformer(tokens, mask), mask


@wrong("state-made-up")
def fuse_modalities(self, vision_tokens, language_tokens, robot_state, language_mask):
    if robot_state is None:
        robot_state = vision_tokens.new_zeros(len(vision_tokens), self.project_state.in_features)
    seen, said, felt = self.modality_embedding.weight[:3]
    parts = [
        self.project_vision(vision_tokens) + seen,
        self.project_language(language_tokens) + said,
        self.project_state(robot_state).unsqueeze(1) + felt,
    ]
    there = [torch.ones(part.shape[:2], dtype=torch.bool) for part in parts]
    there[1] = language_mask.bool()
    mask = torch.cat(there, dim=1)
    return self.transformer(torch.cat(parts, dim=1), mask), mask


@wrong("mask-kept-back")
def fuse_modalities(self, vision_tokens, language_tokens, robot_state, language_mask):
    origin = self.modality_embedding.weight
    parts = [
        self.project_vision(vision_tokens) + origin[0],
        self.project_language(language_tokens) + origin[1],
    ]
    if robot_state is not None:
        parts.append(self.project_state(robot_state).unsqueeze(1) + origin[2])
    there = [torch.ones(part.shape[:2], dtype=torch.bool) for part in parts]
    there[1] = language_mask.bool()
    return self.transformer(torch.cat(parts, dim=1), torch.cat(there, dim=1))


@wrong("mask-of-numbers")
def fuse_modalities(self, vision_tokens, language_tokens, robot_state, language_mask):
    origin = self.modality_embedding.weight
    parts = [
        self.project_vision(vision_tokens) + origin[0],
        self.project_language(language_tokens) + origin[1],
    ]
    if robot_state is not None:
        parts.append(self.project_state(robot_state).unsqueeze(1) + origin[2])
    there = [torch.ones(part.shape[:2]) for part in parts]
    there[1] = language_mask
    mask = torch.cat(there, dim=1)
    return self.transformer(torch.cat(parts, dim=1), mask), mask


@wrong("words-first")
def fuse_modalities(self, vision_tokens, language_tokens, robot_state, language_mask):
    origin = self.modality_embedding.weight
    parts = [
        self.project_language(language_tokens) + origin[1],
        self.project_vision(vision_tokens) + origin[0],
    ]
    if robot_state is not None:
        parts.append(self.project_state(robot_state).unsqueeze(1) + origin[2])
    there = [torch.ones(part.shape[:2], dtype=torch.bool) for part in parts]
    there[0] = language_mask.bool()
    mask = torch.cat(there, dim=1)
    return self.transformer(torch.cat(parts, dim=1), mask), mask


@wrong("state-first")
def fuse_modalities(self, vision_tokens, language_tokens, robot_state, language_mask):
    origin = self.modality_embedding.weight
    parts = [
        self.project_vision(vision_tokens) + origin[0],
        self.project_language(language_tokens) + origin[1],
    ]
    there = [torch.ones(parts[0].shape[:2], dtype=torch.bool), language_mask.bool()]
    if robot_state is not None:
        parts.insert(0, self.project_state(robot_state).unsqueeze(1) + origin[2])
        there.insert(0, torch.ones(len(robot_state), 1, dtype=torch.bool))
    mask = torch.cat(there, dim=1)
    return self.transformer(torch.cat(parts, dim=1), mask), mask


@wrong("padding-called-there")
def fuse_modalities(self, vision_tokens, language_tokens, robot_state, language_mask):
    origin = self.modality_embedding.weight
    parts = [
        self.project_vision(vision_tokens) + origin[0],
        self.project_language(language_tokens) + origin[1],
    ]
    if robot_state is not None:
        parts.append(self.project_state(robot_state).unsqueeze(1) + origin[2])
    tokens = torch.cat(parts, dim=1)
    mask = torch.ones(tokens.shape[:2], dtype=torch.bool)
    return self.transformer(tokens, mask), mask


@wrong("mask-inverted")
def fuse_modalities(self, vision_tokens, language_tokens, robot_state, language_mask):
    origin = self.modality_embedding.weight
    parts = [
        self.project_vision(vision_tokens) + origin[0],
        self.project_language(language_tokens) + origin[1],
    ]
    if robot_state is not None:
        parts.append(self.project_state(robot_state).unsqueeze(1) + origin[2])
    there = [torch.ones(part.shape[:2], dtype=torch.bool) for part in parts]
    there[1] = ~language_mask.bool()
    mask = torch.cat(there, dim=1)
    return self.transformer(torch.cat(parts, dim=1), mask), mask


@wrong("mask-turned-all-round")
def fuse_modalities(self, vision_tokens, language_tokens, robot_state, language_mask):
    origin = self.modality_embedding.weight
    parts = [
        self.project_vision(vision_tokens) + origin[0],
        self.project_language(language_tokens) + origin[1],
    ]
    if robot_state is not None:
        parts.append(self.project_state(robot_state).unsqueeze(1) + origin[2])
    padding = [torch.zeros(part.shape[:2], dtype=torch.bool) for part in parts]
    padding[1] = ~language_mask.bool()
    mask = torch.cat(padding, dim=1)
    return self.transformer(torch.cat(parts, dim=1), ~mask), mask


@wrong("state-called-padding")
def fuse_modalities(self, vision_tokens, language_tokens, robot_state, language_mask):
    origin = self.modality_embedding.weight
    parts = [
        self.project_vision(vision_tokens) + origin[0],
        self.project_language(language_tokens) + origin[1],
    ]
    there = [torch.ones(parts[0].shape[:2], dtype=torch.bool), language_mask.bool()]
    if robot_state is not None:
        parts.append(self.project_state(robot_state).unsqueeze(1) + origin[2])
        there.append(torch.zeros(len(robot_state), 1, dtype=torch.bool))
    mask = torch.cat(there, dim=1)
    return self.transformer(torch.cat(parts, dim=1), mask), mask


@wrong("padding-looked-at")
def fuse_modalities(self, vision_tokens, language_tokens, robot_state, language_mask):
    origin = self.modality_embedding.weight
    parts = [
        self.project_vision(vision_tokens) + origin[0],
        self.project_language(language_tokens) + origin[1],
    ]
    if robot_state is not None:
        parts.append(self.project_state(robot_state).unsqueeze(1) + origin[2])
    there = [torch.ones(part.shape[:2], dtype=torch.bool) for part in parts]
    there[1] = language_mask.bool()
    return self.transformer(torch.cat(parts, dim=1)), torch.cat(there, dim=1)


@wrong("padding-zeroed")
def fuse_modalities(self, vision_tokens, language_tokens, robot_state, language_mask):
    origin = self.modality_embedding.weight
    parts = [
        self.project_vision(vision_tokens) + origin[0],
        self.project_language(language_tokens) + origin[1],
    ]
    if robot_state is not None:
        parts.append(self.project_state(robot_state).unsqueeze(1) + origin[2])
    there = [torch.ones(part.shape[:2], dtype=torch.bool) for part in parts]
    there[1] = language_mask.bool()
    mask = torch.cat(there, dim=1)
    return self.transformer(torch.cat(parts, dim=1) * mask.unsqueeze(-1)), mask


@wrong("origin-forgotten")
def fuse_modalities(self, vision_tokens, language_tokens, robot_state, language_mask):
    parts = [self.project_vision(vision_tokens), self.project_language(language_tokens)]
    if robot_state is not None:
        parts.append(self.project_state(robot_state).unsqueeze(1))
    there = [torch.ones(part.shape[:2], dtype=torch.bool) for part in parts]
    there[1] = language_mask.bool()
    mask = torch.cat(there, dim=1)
    return self.transformer(torch.cat(parts, dim=1), mask), mask


@wrong("origins-swapped")
def fuse_modalities(self, vision_tokens, language_tokens, robot_state, language_mask):
    origin = self.modality_embedding.weight
    parts = [
        self.project_vision(vision_tokens) + origin[1],
        self.project_language(language_tokens) + origin[0],
    ]
    if robot_state is not None:
        parts.append(self.project_state(robot_state).unsqueeze(1) + origin[2])
    there = [torch.ones(part.shape[:2], dtype=torch.bool) for part in parts]
    there[1] = language_mask.bool()
    mask = torch.cat(there, dim=1)
    return self.transformer(torch.cat(parts, dim=1), mask), mask


@wrong("origin-for-all")
def fuse_modalities(self, vision_tokens, language_tokens, robot_state, language_mask):
    parts = [self.project_vision(vision_tokens), self.project_language(language_tokens)]
    if robot_state is not None:
        parts.append(self.project_state(robot_state).unsqueeze(1))
    there = [torch.ones(part.shape[:2], dtype=torch.bool) for part in parts]
    there[1] = language_mask.bool()
    mask = torch.cat(there, dim=1)
    tokens = torch.cat(parts, dim=1)
    tokens = tokens + self.modality_embedding(torch.zeros(tokens.shape[:2], dtype=torch.long))
    return self.transformer(tokens, mask), mask


@wrong("places-forgotten")
def fuse_modalities(self, vision_tokens, language_tokens, robot_state, language_mask):
    origin = self.modality_embedding.weight
    patches = self.project_vision.projection(vision_tokens)
    parts = [patches + origin[0], self.project_language(language_tokens) + origin[1]]
    if robot_state is not None:
        parts.append(self.project_state(robot_state).unsqueeze(1) + origin[2])
    there = [torch.ones(part.shape[:2], dtype=torch.bool) for part in parts]
    there[1] = language_mask.bool()
    mask = torch.cat(there, dim=1)
    return self.transformer(torch.cat(parts, dim=1), mask), mask


@wrong("never-fused")
def fuse_modalities(self, vision_tokens, language_tokens, robot_state, language_mask):
    origin = self.modality_embedding.weight
    parts = [
        self.project_vision(vision_tokens) + origin[0],
        self.project_language(language_tokens) + origin[1],
    ]
    if robot_state is not None:
        parts.append(self.project_state(robot_state).unsqueeze(1) + origin[2])
    there = [torch.ones(part.shape[:2], dtype=torch.bool) for part in parts]
    there[1] = language_mask.bool()
    return torch.cat(parts, dim=1), torch.cat(there, dim=1)


@wrong("detached")
def fuse_modalities(self, vision_tokens, language_tokens, robot_state, language_mask):
    # "The encoders are frozen anyway."
    origin = self.modality_embedding.weight
    parts = [
        self.project_vision(vision_tokens.detach()) + origin[0],
        self.project_language(language_tokens.detach()) + origin[1],
    ]
    if robot_state is not None:
        parts.append(self.project_state(robot_state).unsqueeze(1) + origin[2])
    there = [torch.ones(part.shape[:2], dtype=torch.bool) for part in parts]
    there[1] = language_mask.bool()
    mask = torch.cat(there, dim=1)
    return self.transformer(torch.cat(parts, dim=1), mask), mask


@wrong("modality-ignored")
def fuse_modalities(self, vision_tokens, language_tokens, robot_state, language_mask):
    origin = self.modality_embedding.weight
    parts = [
        self.project_vision(vision_tokens) + origin[0],
        self.project_language(language_tokens) + origin[1],
    ]
    if robot_state is not None:
        body = origin[2].repeat(len(robot_state), 1, 1)
        parts.append(body)
    there = [torch.ones(part.shape[:2], dtype=torch.bool) for part in parts]
    there[1] = language_mask.bool()
    mask = torch.cat(there, dim=1)
    return self.transformer(torch.cat(parts, dim=1), mask), mask


@wrong("origin-detached")
def fuse_modalities(self, vision_tokens, language_tokens, robot_state, language_mask):
    origin = self.modality_embedding.weight.data
    parts = [
        self.project_vision(vision_tokens) + origin[0],
        self.project_language(language_tokens) + origin[1],
    ]
    if robot_state is not None:
        parts.append(self.project_state(robot_state).unsqueeze(1) + origin[2])
    there = [torch.ones(part.shape[:2], dtype=torch.bool) for part in parts]
    there[1] = language_mask.bool()
    mask = torch.cat(there, dim=1)
    return self.transformer(torch.cat(parts, dim=1), mask), mask


@wrong("padding-at-the-end")
def fuse_modalities(self, vision_tokens, language_tokens, robot_state, language_mask):
    origin = self.modality_embedding.weight
    parts = [
        self.project_vision(vision_tokens) + origin[0],
        self.project_language(language_tokens) + origin[1],
    ]
    if robot_state is not None:
        parts.append(self.project_state(robot_state).unsqueeze(1) + origin[2])
    there = [torch.ones(part.shape[:2], dtype=torch.bool) for part in parts]
    places = torch.arange(language_mask.shape[1])
    there[1] = places < language_mask.long().sum(dim=1, keepdim=True)
    mask = torch.cat(there, dim=1)
    return self.transformer(torch.cat(parts, dim=1), mask), mask


@wrong("zeros-called-padding")
def fuse_modalities(self, vision_tokens, language_tokens, robot_state, language_mask):
    origin = self.modality_embedding.weight
    parts = [
        self.project_vision(vision_tokens) + origin[0],
        self.project_language(language_tokens) + origin[1],
    ]
    if robot_state is not None:
        parts.append(self.project_state(robot_state).unsqueeze(1) + origin[2])
    there = [torch.ones(part.shape[:2], dtype=torch.bool) for part in parts]
    there[0] = vision_tokens.abs().sum(dim=-1) > 0
    there[1] = language_mask.bool()
    mask = torch.cat(there, dim=1)
    return self.transformer(torch.cat(parts, dim=1), mask), mask


@right("by-lookup")
def fuse_modalities(self, vision_tokens, language_tokens, robot_state, language_mask):
    (batch, patches), words = vision_tokens.shape[:2], language_tokens.shape[1]
    seats = [self.project_vision(vision_tokens), self.project_language(language_tokens)]
    origins = [0] * patches + [1] * words
    if robot_state is not None:
        seats += [self.project_state(robot_state[:, None, :])]
        origins.append(2)
    there = torch.full((batch, len(origins)), True)
    there[:, patches : patches + words] = language_mask != 0
    tokens = torch.cat(seats, dim=1) + self.modality_embedding(torch.tensor(origins))
    return self.transformer(tokens, mask=there), there


@right("row-filled-in")
def fuse_modalities(self, vision_tokens, language_tokens, robot_state, language_mask):
    # An empty row first, then everyone takes a seat.
    b, p, _ = vision_tokens.shape
    w, body = language_tokens.size(1), int(robot_state is not None)
    where = self.modality_embedding.weight[
        torch.tensor([0, 1, 2]).repeat_interleave(torch.tensor([p, w, body]))
    ]
    row = where.repeat(b, 1, 1)
    row[:, :p] += self.project_vision(vision_tokens)
    row[:, p : p + w] += self.project_language(language_tokens)
    if body:
        row[:, -1] += self.project_state(robot_state)
    mask = torch.nn.functional.pad(language_mask.bool(), (p, body), value=True)
    return self.transformer(row, mask), mask
