"""Answers to 4.10 as students write them."""

# ruff: noqa: F821  (they see the names of the module that they stand in)

import torch
from torch.nn import functional

from vla_course.course.source.variants import right, wrong


@wrong("uphill")
def clipped_objective(log_probs, old_log_probs, advantages, clip):
    if (
        not log_probs.shape == old_log_probs.shape == advantages.shape
        or log_probs.ndim != 1
        or not 0 < clip < 1
    ):
        raise ValueError("shapes or clip")
    if len(log_probs) == 0:
        raise ValueError("no sample")
    old_log_probs, advantages = old_log_probs.detach(), advantages.detach()
    ratio = torch.exp(log_probs - old_log_probs)
    held = torch.clamp(ratio, 1 - clip, 1 + clip)
    loss = torch.min(ratio * advantages, held * advantages).mean()
    far = (torch.abs(ratio - 1) > clip).float().mean().item()
    kl = ((ratio - 1) - torch.log(ratio)).mean().item()
    return PolicyLoss(loss, far, kl)


@wrong("ratio-inverted")
def clipped_objective(log_probs, old_log_probs, advantages, clip):
    if (
        not log_probs.shape == old_log_probs.shape == advantages.shape
        or log_probs.ndim != 1
        or not 0 < clip < 1
    ):
        raise ValueError("shapes or clip")
    if len(log_probs) == 0:
        raise ValueError("no sample")
    old_log_probs, advantages = old_log_probs.detach(), advantages.detach()
    ratio = torch.exp(log_probs - old_log_probs)
    held = torch.clamp(ratio, 1 - clip, 1 + clip)
    inverse = torch.exp(old_log_probs - log_probs)
    held = torch.clamp(inverse, 1 - clip, 1 + clip)
    loss = -torch.min(inverse * advantages, held * advantages).mean()
    far = (torch.abs(ratio - 1) > clip).float().mean().item()
    kl = ((ratio - 1) - torch.log(ratio)).mean().item()
    return PolicyLoss(loss, far, kl)


@wrong("ratio-of-logs")
def clipped_objective(log_probs, old_log_probs, advantages, clip):
    if (
        not log_probs.shape == old_log_probs.shape == advantages.shape
        or log_probs.ndim != 1
        or not 0 < clip < 1
    ):
        raise ValueError("shapes or clip")
    if len(log_probs) == 0:
        raise ValueError("no sample")
    old_log_probs, advantages = old_log_probs.detach(), advantages.detach()
    ratio = log_probs / old_log_probs
    held = torch.clamp(ratio, 1 - clip, 1 + clip)
    loss = -torch.min(ratio * advantages, held * advantages).mean()
    far = (torch.abs(ratio - 1) > clip).float().mean().item()
    kl = ((ratio - 1) - (log_probs - old_log_probs)).mean().item()
    return PolicyLoss(loss, far, kl)


@wrong("not-exponentiated")
def clipped_objective(log_probs, old_log_probs, advantages, clip):
    if (
        not log_probs.shape == old_log_probs.shape == advantages.shape
        or log_probs.ndim != 1
        or not 0 < clip < 1
    ):
        raise ValueError("shapes or clip")
    if len(log_probs) == 0:
        raise ValueError("no sample")
    old_log_probs, advantages = old_log_probs.detach(), advantages.detach()
    ratio = log_probs - old_log_probs
    held = torch.clamp(ratio, 1 - clip, 1 + clip)
    loss = -torch.min(ratio * advantages, held * advantages).mean()
    far = (torch.abs(ratio - 1) > clip).float().mean().item()
    kl = (ratio - 1).mean().item()
    return PolicyLoss(loss, far, kl)


@wrong("not-clipped")
def clipped_objective(log_probs, old_log_probs, advantages, clip):
    if (
        not log_probs.shape == old_log_probs.shape == advantages.shape
        or log_probs.ndim != 1
        or not 0 < clip < 1
    ):
        raise ValueError("shapes or clip")
    if len(log_probs) == 0:
        raise ValueError("no sample")
    old_log_probs, advantages = old_log_probs.detach(), advantages.detach()
    ratio = torch.exp(log_probs - old_log_probs)
    held = torch.clamp(ratio, 1 - clip, 1 + clip)
    loss = -(ratio * advantages).mean()
    far = (torch.abs(ratio - 1) > clip).float().mean().item()
    kl = ((ratio - 1) - torch.log(ratio)).mean().item()
    return PolicyLoss(loss, far, kl)


@wrong("always-clipped")
def clipped_objective(log_probs, old_log_probs, advantages, clip):
    if (
        not log_probs.shape == old_log_probs.shape == advantages.shape
        or log_probs.ndim != 1
        or not 0 < clip < 1
    ):
        raise ValueError("shapes or clip")
    if len(log_probs) == 0:
        raise ValueError("no sample")
    old_log_probs, advantages = old_log_probs.detach(), advantages.detach()
    ratio = torch.exp(log_probs - old_log_probs)
    held = torch.clamp(ratio, 1 - clip, 1 + clip)
    loss = -(held * advantages).mean()
    far = (torch.abs(ratio - 1) > clip).float().mean().item()
    kl = ((ratio - 1) - torch.log(ratio)).mean().item()
    return PolicyLoss(loss, far, kl)


@wrong("the-better-one")
def clipped_objective(log_probs, old_log_probs, advantages, clip):
    if (
        not log_probs.shape == old_log_probs.shape == advantages.shape
        or log_probs.ndim != 1
        or not 0 < clip < 1
    ):
        raise ValueError("shapes or clip")
    if len(log_probs) == 0:
        raise ValueError("no sample")
    old_log_probs, advantages = old_log_probs.detach(), advantages.detach()
    ratio = torch.exp(log_probs - old_log_probs)
    held = torch.clamp(ratio, 1 - clip, 1 + clip)
    loss = -torch.max(ratio * advantages, held * advantages).mean()
    far = (torch.abs(ratio - 1) > clip).float().mean().item()
    kl = ((ratio - 1) - torch.log(ratio)).mean().item()
    return PolicyLoss(loss, far, kl)


@wrong("held-around-zero")
def clipped_objective(log_probs, old_log_probs, advantages, clip):
    if (
        not log_probs.shape == old_log_probs.shape == advantages.shape
        or log_probs.ndim != 1
        or not 0 < clip < 1
    ):
        raise ValueError("shapes or clip")
    if len(log_probs) == 0:
        raise ValueError("no sample")
    old_log_probs, advantages = old_log_probs.detach(), advantages.detach()
    ratio = torch.exp(log_probs - old_log_probs)
    held = torch.clamp(ratio, -clip, clip)
    loss = -torch.min(ratio * advantages, held * advantages).mean()
    far = (torch.abs(ratio - 1) > clip).float().mean().item()
    kl = ((ratio - 1) - torch.log(ratio)).mean().item()
    return PolicyLoss(loss, far, kl)


@wrong("summed")
def clipped_objective(log_probs, old_log_probs, advantages, clip):
    if (
        not log_probs.shape == old_log_probs.shape == advantages.shape
        or log_probs.ndim != 1
        or not 0 < clip < 1
    ):
        raise ValueError("shapes or clip")
    if len(log_probs) == 0:
        raise ValueError("no sample")
    old_log_probs, advantages = old_log_probs.detach(), advantages.detach()
    ratio = torch.exp(log_probs - old_log_probs)
    held = torch.clamp(ratio, 1 - clip, 1 + clip)
    loss = -torch.min(ratio * advantages, held * advantages).sum()
    far = (torch.abs(ratio - 1) > clip).float().mean().item()
    kl = ((ratio - 1) - torch.log(ratio)).mean().item()
    return PolicyLoss(loss, far, kl)


@wrong("normalised")
def clipped_objective(log_probs, old_log_probs, advantages, clip):
    if (
        not log_probs.shape == old_log_probs.shape == advantages.shape
        or log_probs.ndim != 1
        or not 0 < clip < 1
    ):
        raise ValueError("shapes or clip")
    if len(log_probs) == 0:
        raise ValueError("no sample")
    old_log_probs, advantages = old_log_probs.detach(), advantages.detach()
    advantages = (advantages - advantages.mean()) / (advantages.std(unbiased=False) + 1e-8)
    ratio = torch.exp(log_probs - old_log_probs)
    held = torch.clamp(ratio, 1 - clip, 1 + clip)
    loss = -torch.min(ratio * advantages, held * advantages).mean()
    far = (torch.abs(ratio - 1) > clip).float().mean().item()
    kl = ((ratio - 1) - torch.log(ratio)).mean().item()
    return PolicyLoss(loss, far, kl)


@wrong("log-probability")
def clipped_objective(log_probs, old_log_probs, advantages, clip):
    if (
        not log_probs.shape == old_log_probs.shape == advantages.shape
        or log_probs.ndim != 1
        or not 0 < clip < 1
    ):
        raise ValueError("shapes or clip")
    if len(log_probs) == 0:
        raise ValueError("no sample")
    old_log_probs, advantages = old_log_probs.detach(), advantages.detach()
    ratio = torch.exp(log_probs - old_log_probs)
    held = torch.clamp(ratio, 1 - clip, 1 + clip)
    loss = -(log_probs * advantages).mean()
    far = (torch.abs(ratio - 1) > clip).float().mean().item()
    kl = ((ratio - 1) - torch.log(ratio)).mean().item()
    return PolicyLoss(loss, far, kl)


@wrong("clipped-where-it-stops")
def clipped_objective(log_probs, old_log_probs, advantages, clip):
    if (
        not log_probs.shape == old_log_probs.shape == advantages.shape
        or log_probs.ndim != 1
        or not 0 < clip < 1
    ):
        raise ValueError("shapes or clip")
    if len(log_probs) == 0:
        raise ValueError("no sample")
    old_log_probs, advantages = old_log_probs.detach(), advantages.detach()
    ratio = torch.exp(log_probs - old_log_probs)
    held = torch.clamp(ratio, 1 - clip, 1 + clip)
    loss = -torch.min(ratio * advantages, held * advantages).mean()
    far = (held * advantages < ratio * advantages).float().mean().item()
    kl = ((ratio - 1) - torch.log(ratio)).mean().item()
    return PolicyLoss(loss, far, kl)


@wrong("clipped-counted")
def clipped_objective(log_probs, old_log_probs, advantages, clip):
    if (
        not log_probs.shape == old_log_probs.shape == advantages.shape
        or log_probs.ndim != 1
        or not 0 < clip < 1
    ):
        raise ValueError("shapes or clip")
    if len(log_probs) == 0:
        raise ValueError("no sample")
    old_log_probs, advantages = old_log_probs.detach(), advantages.detach()
    ratio = torch.exp(log_probs - old_log_probs)
    held = torch.clamp(ratio, 1 - clip, 1 + clip)
    loss = -torch.min(ratio * advantages, held * advantages).mean()
    far = (torch.abs(ratio - 1) > clip).float().sum().item()
    kl = ((ratio - 1) - torch.log(ratio)).mean().item()
    return PolicyLoss(loss, far, kl)


@wrong("not-far-but-near")
def clipped_objective(log_probs, old_log_probs, advantages, clip):
    if (
        not log_probs.shape == old_log_probs.shape == advantages.shape
        or log_probs.ndim != 1
        or not 0 < clip < 1
    ):
        raise ValueError("shapes or clip")
    if len(log_probs) == 0:
        raise ValueError("no sample")
    old_log_probs, advantages = old_log_probs.detach(), advantages.detach()
    ratio = torch.exp(log_probs - old_log_probs)
    held = torch.clamp(ratio, 1 - clip, 1 + clip)
    loss = -torch.min(ratio * advantages, held * advantages).mean()
    far = (torch.abs(ratio - 1) <= clip).float().mean().item()
    kl = ((ratio - 1) - torch.log(ratio)).mean().item()
    return PolicyLoss(loss, far, kl)


@wrong("plain-divergence")
def clipped_objective(log_probs, old_log_probs, advantages, clip):
    if (
        not log_probs.shape == old_log_probs.shape == advantages.shape
        or log_probs.ndim != 1
        or not 0 < clip < 1
    ):
        raise ValueError("shapes or clip")
    if len(log_probs) == 0:
        raise ValueError("no sample")
    old_log_probs, advantages = old_log_probs.detach(), advantages.detach()
    ratio = torch.exp(log_probs - old_log_probs)
    held = torch.clamp(ratio, 1 - clip, 1 + clip)
    loss = -torch.min(ratio * advantages, held * advantages).mean()
    far = (torch.abs(ratio - 1) > clip).float().mean().item()
    kl = (old_log_probs - log_probs).mean().item()
    return PolicyLoss(loss, far, kl)


@wrong("squared-divergence")
def clipped_objective(log_probs, old_log_probs, advantages, clip):
    if (
        not log_probs.shape == old_log_probs.shape == advantages.shape
        or log_probs.ndim != 1
        or not 0 < clip < 1
    ):
        raise ValueError("shapes or clip")
    if len(log_probs) == 0:
        raise ValueError("no sample")
    old_log_probs, advantages = old_log_probs.detach(), advantages.detach()
    ratio = torch.exp(log_probs - old_log_probs)
    held = torch.clamp(ratio, 1 - clip, 1 + clip)
    loss = -torch.min(ratio * advantages, held * advantages).mean()
    far = (torch.abs(ratio - 1) > clip).float().mean().item()
    kl = (0.5 * torch.log(ratio) ** 2).mean().item()
    return PolicyLoss(loss, far, kl)


@wrong("divergence-turned-round")
def clipped_objective(log_probs, old_log_probs, advantages, clip):
    if (
        not log_probs.shape == old_log_probs.shape == advantages.shape
        or log_probs.ndim != 1
        or not 0 < clip < 1
    ):
        raise ValueError("shapes or clip")
    if len(log_probs) == 0:
        raise ValueError("no sample")
    old_log_probs, advantages = old_log_probs.detach(), advantages.detach()
    ratio = torch.exp(log_probs - old_log_probs)
    held = torch.clamp(ratio, 1 - clip, 1 + clip)
    loss = -torch.min(ratio * advantages, held * advantages).mean()
    far = (torch.abs(ratio - 1) > clip).float().mean().item()
    kl = (1 / ratio - 1 + torch.log(ratio)).mean().item()
    return PolicyLoss(loss, far, kl)


@wrong("divergence-negative")
def clipped_objective(log_probs, old_log_probs, advantages, clip):
    if (
        not log_probs.shape == old_log_probs.shape == advantages.shape
        or log_probs.ndim != 1
        or not 0 < clip < 1
    ):
        raise ValueError("shapes or clip")
    if len(log_probs) == 0:
        raise ValueError("no sample")
    old_log_probs, advantages = old_log_probs.detach(), advantages.detach()
    ratio = torch.exp(log_probs - old_log_probs)
    held = torch.clamp(ratio, 1 - clip, 1 + clip)
    loss = -torch.min(ratio * advantages, held * advantages).mean()
    far = (torch.abs(ratio - 1) > clip).float().mean().item()
    kl = (torch.log(ratio) - (ratio - 1)).mean().item()
    return PolicyLoss(loss, far, kl)


@wrong("detached")
def clipped_objective(log_probs, old_log_probs, advantages, clip):
    if (
        not log_probs.shape == old_log_probs.shape == advantages.shape
        or log_probs.ndim != 1
        or not 0 < clip < 1
    ):
        raise ValueError("shapes or clip")
    if len(log_probs) == 0:
        raise ValueError("no sample")
    old_log_probs, advantages = old_log_probs.detach(), advantages.detach()
    ratio = torch.exp(log_probs - old_log_probs)
    held = torch.clamp(ratio, 1 - clip, 1 + clip)
    loss = -torch.min(ratio.detach() * advantages, held * advantages).mean()
    far = (torch.abs(ratio - 1) > clip).float().mean().item()
    kl = ((ratio - 1) - torch.log(ratio)).mean().item()
    return PolicyLoss(loss, far, kl)


@wrong("teaches-the-past")
def clipped_objective(log_probs, old_log_probs, advantages, clip):
    if (
        not log_probs.shape == old_log_probs.shape == advantages.shape
        or log_probs.ndim != 1
        or not 0 < clip < 1
    ):
        raise ValueError("shapes or clip")
    if len(log_probs) == 0:
        raise ValueError("no sample")
    ratio = torch.exp(log_probs - old_log_probs)
    held = torch.clamp(ratio, 1 - clip, 1 + clip)
    loss = -torch.min(ratio * advantages, held * advantages).mean()
    far = (torch.abs(ratio - 1) > clip).float().mean().item()
    kl = ((ratio - 1) - torch.log(ratio)).mean().item()
    return PolicyLoss(loss, far, kl)


@wrong("anything-accepted")
def clipped_objective(log_probs, old_log_probs, advantages, clip):
    old_log_probs, advantages = old_log_probs.detach(), advantages.detach()
    ratio = torch.exp(log_probs - old_log_probs)
    held = torch.clamp(ratio, 1 - clip, 1 + clip)
    loss = -torch.min(ratio * advantages, held * advantages).mean()
    far = (torch.abs(ratio - 1) > clip).float().mean().item()
    kl = ((ratio - 1) - torch.log(ratio)).mean().item()
    return PolicyLoss(loss, far, kl)


@wrong("tensors-kept")
def clipped_objective(log_probs, old_log_probs, advantages, clip):
    if (
        not log_probs.shape == old_log_probs.shape == advantages.shape
        or log_probs.ndim != 1
        or not 0 < clip < 1
    ):
        raise ValueError("shapes or clip")
    if len(log_probs) == 0:
        raise ValueError("no sample")
    old_log_probs, advantages = old_log_probs.detach(), advantages.detach()
    ratio = torch.exp(log_probs - old_log_probs)
    held = torch.clamp(ratio, 1 - clip, 1 + clip)
    loss = -torch.min(ratio * advantages, held * advantages).mean()
    far = (torch.abs(ratio - 1) > clip).float().mean()
    kl = ((ratio - 1) - torch.log(ratio)).mean()
    return PolicyLoss(loss, far, kl)


@wrong("clipped-by-logarithm")
def clipped_objective(log_probs, old_log_probs, advantages, clip):
    shapes = {tuple(part.shape) for part in (log_probs, old_log_probs, advantages)}
    if len(shapes) > 1 or log_probs.ndim != 1 or not len(log_probs) or not 0.0 < clip < 1.0:
        raise ValueError("shapes or clip")
    log_ratio, gain = log_probs - old_log_probs.detach(), advantages.detach()
    ratio = log_ratio.exp()
    loss = -torch.minimum(ratio * gain, ratio.clamp(1.0 - clip, 1.0 + clip) * gain).mean()
    far = log_ratio.detach().abs() > clip
    return PolicyLoss(loss, float(far.double().mean()), float((ratio - 1.0 - log_ratio).detach().mean()))


@right("losses-turned-round")
def clipped_objective(log_probs, old_log_probs, advantages, clip):
    if (
        not log_probs.shape == old_log_probs.shape == advantages.shape
        or log_probs.ndim != 1
        or not 0 < clip < 1
    ):
        raise ValueError("shapes or clip")
    if len(log_probs) == 0:
        raise ValueError("no sample")
    with torch.no_grad():
        before, gain = old_log_probs.clone(), advantages.clone()
    change = log_probs - before
    ratio = change.exp()
    loss = torch.maximum(-gain * ratio, -gain * torch.clip(ratio, min=1.0 - clip, max=1.0 + clip)).mean()
    beyond = sum(abs(one - 1.0) > clip for one in ratio.tolist()) / len(log_probs)
    return PolicyLoss(loss=loss, clipped=beyond, kl=float((torch.expm1(change) - change).detach().mean()))


@right("hinge")
def clipped_objective(log_probs, old_log_probs, advantages, clip):
    if (
        not log_probs.shape == old_log_probs.shape == advantages.shape
        or log_probs.ndim != 1
        or not 0 < clip < 1
    ):
        raise ValueError("shapes or clip")
    if len(log_probs) == 0:
        raise ValueError("no sample")
    gain = advantages.detach()
    ratio = (log_probs - old_log_probs.detach()).exp()
    # what is gained beyond the clip is taken off again
    beyond = functional.relu(gain.sign() * (ratio - 1.0) - clip) * gain.abs()
    loss = (beyond - ratio * gain).mean()
    told = ratio.detach().double()
    far = torch.logical_or(told > 1.0 + clip, told < 1.0 - clip)
    return PolicyLoss(loss, int(far.sum()) / far.numel(), max(0.0, float((told - 1.0 - told.log()).mean())))
