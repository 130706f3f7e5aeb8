"""Answers to 4.3 as students write them."""

import torch
from torch.nn import functional

from vla_course.course.source.variants import right, wrong


@wrong("padding-counts")
def chunk_loss(predicted, target, mask, committed, weights=None):
    if predicted.shape != target.shape:
        raise ValueError("shapes")
    steps = torch.arange(target.shape[1])
    counts = (steps >= committed[:, None]).expand(mask.shape)
    errors = (predicted[counts] - target[counts]).abs()
    weights = torch.ones(target.shape[2]) if weights is None else weights
    weights = weights.expand_as(errors)
    return (errors * weights).sum() / weights.sum().clamp(min=1e-9)


@wrong("prefix-counts")
def chunk_loss(predicted, target, mask, committed, weights=None):
    if predicted.shape != target.shape:
        raise ValueError("shapes")
    errors = (predicted[mask] - target[mask]).abs()
    weights = torch.ones(target.shape[2]) if weights is None else weights
    weights = weights.expand_as(errors)
    return (errors * weights).sum() / weights.sum().clamp(min=1e-9)


@wrong("mask-inverted")
def chunk_loss(predicted, target, mask, committed, weights=None):
    if predicted.shape != target.shape:
        raise ValueError("shapes")
    # "is_pad", as elsewhere
    counts = ~mask & (torch.arange(target.shape[1]) >= committed[:, None])
    errors = (predicted[counts] - target[counts]).abs()
    weights = torch.ones(target.shape[2]) if weights is None else weights
    weights = weights.expand_as(errors)
    return (errors * weights).sum() / weights.sum().clamp(min=1e-9)


@wrong("prefix-one-longer")
def chunk_loss(predicted, target, mask, committed, weights=None):
    if predicted.shape != target.shape:
        raise ValueError("shapes")
    counts = mask & (torch.arange(target.shape[1]) > committed[:, None])
    errors = (predicted[counts] - target[counts]).abs()
    weights = torch.ones(target.shape[2]) if weights is None else weights
    weights = weights.expand_as(errors)
    return (errors * weights).sum() / weights.sum().clamp(min=1e-9)


@wrong("only-the-prefix")
def chunk_loss(predicted, target, mask, committed, weights=None):
    if predicted.shape != target.shape:
        raise ValueError("shapes")
    counts = mask & (torch.arange(target.shape[1]) < committed[:, None])
    errors = (predicted[counts] - target[counts]).abs()
    weights = torch.ones(target.shape[2]) if weights is None else weights
    weights = weights.expand_as(errors)
    return (errors * weights).sum() / weights.sum().clamp(min=1e-9)


@wrong("mean-of-means")
def chunk_loss(predicted, target, mask, committed, weights=None):
    if predicted.shape != target.shape:
        raise ValueError("shapes")
    counts = mask & (torch.arange(target.shape[1]) >= committed[:, None])
    weights = torch.ones(target.shape[2], dtype=target.dtype) if weights is None else weights
    rows = []
    for p, t, c in zip(predicted, target, counts):
        errors = (p[c] - t[c]).abs() * weights
        rows.append(errors.sum() / (weights.sum() * c.sum()).clamp(min=1e-9))
    return torch.stack(rows).mean()


@wrong("divided-by-all")
def chunk_loss(predicted, target, mask, committed, weights=None):
    if predicted.shape != target.shape:
        raise ValueError("shapes")
    counts = mask & (torch.arange(target.shape[1]) >= committed[:, None])
    errors = functional.l1_loss(predicted, torch.where(mask[..., None], target, predicted), reduction="none")
    errors = errors * counts[..., None]
    if weights is not None:
        errors = errors * weights / weights.mean().clamp(min=1e-9)
    return errors.mean()


@wrong("summed")
def chunk_loss(predicted, target, mask, committed, weights=None):
    if predicted.shape != target.shape:
        raise ValueError("shapes")
    counts = mask & (torch.arange(target.shape[1]) >= committed[:, None])
    errors = (predicted[counts] - target[counts]).abs()
    return errors.sum() if weights is None else (errors * weights).sum()


@wrong("squared")
def chunk_loss(predicted, target, mask, committed, weights=None):
    if predicted.shape != target.shape:
        raise ValueError("shapes")
    counts = mask & (torch.arange(target.shape[1]) >= committed[:, None])
    errors = (predicted[counts] - target[counts]) ** 2
    weights = torch.ones(target.shape[2]) if weights is None else weights
    weights = weights.expand_as(errors)
    return (errors * weights).sum() / weights.sum().clamp(min=1e-9)


@wrong("weights-forgotten")
def chunk_loss(predicted, target, mask, committed, weights=None):
    if predicted.shape != target.shape:
        raise ValueError("shapes")
    counts = mask & (torch.arange(target.shape[1]) >= committed[:, None])
    errors = (predicted[counts] - target[counts]).abs()
    return errors.sum() / max(errors.numel(), 1)


@wrong("weights-not-divided")
def chunk_loss(predicted, target, mask, committed, weights=None):
    if predicted.shape != target.shape:
        raise ValueError("shapes")
    counts = mask & (torch.arange(target.shape[1]) >= committed[:, None])
    errors = (predicted[counts] - target[counts]).abs()
    if weights is not None:
        errors = errors * weights
    return errors.sum() / max(errors.numel(), 1)


@wrong("nan-multiplied")
def chunk_loss(predicted, target, mask, committed, weights=None):
    if predicted.shape != target.shape:
        raise ValueError("shapes")
    counts = (mask & (torch.arange(target.shape[1]) >= committed[:, None]))[..., None].to(target.dtype)
    weights = torch.ones(target.shape[2]) if weights is None else weights
    counts = counts * weights
    return ((predicted - target).abs() * counts).sum() / counts.sum().clamp(min=1e-9)


@wrong("nothing-divided")
def chunk_loss(predicted, target, mask, committed, weights=None):
    if predicted.shape != target.shape:
        raise ValueError("shapes")
    counts = mask & (torch.arange(target.shape[1]) >= committed[:, None])
    errors = (predicted[counts] - target[counts]).abs()
    if weights is None:
        return errors.mean()
    return (errors * weights).sum() / weights.expand_as(errors).sum()


@wrong("nothing-detached")
def chunk_loss(predicted, target, mask, committed, weights=None):
    if predicted.shape != target.shape:
        raise ValueError("shapes")
    counts = mask & (torch.arange(target.shape[1]) >= committed[:, None])
    errors = (predicted[counts] - target[counts]).abs()
    weights = torch.ones(target.shape[2]) if weights is None else weights
    weights = weights.expand_as(errors)
    if weights.sum() == 0:
        return torch.zeros((), dtype=target.dtype)
    return (errors * weights).sum() / weights.sum()


@wrong("detached")
def chunk_loss(predicted, target, mask, committed, weights=None):
    if predicted.shape != target.shape:
        raise ValueError("shapes")
    counts = mask & (torch.arange(target.shape[1]) >= committed[:, None])
    errors = (predicted.detach()[counts] - target[counts]).abs()
    weights = torch.ones(target.shape[2]) if weights is None else weights
    weights = weights.expand_as(errors)
    return (errors * weights).sum() / weights.sum().clamp(min=1e-9)


@wrong("broadcast")
def chunk_loss(predicted, target, mask, committed, weights=None):
    counts = mask & (torch.arange(target.shape[1]) >= committed[:, None])
    predicted = predicted.expand_as(target)
    errors = (predicted[counts] - target[counts]).abs()
    weights = torch.ones(target.shape[2]) if weights is None else weights
    weights = weights.expand_as(errors)
    return (errors * weights).sum() / weights.sum().clamp(min=1e-9)


@wrong("another-type")
def chunk_loss(predicted, target, mask, committed, weights=None):
    if predicted.shape != target.shape:
        raise ValueError("shapes")
    counts = mask & (torch.arange(target.shape[1]) >= committed[:, None])
    errors = functional.l1_loss(predicted[counts], target[counts].to(predicted.dtype), reduction="none")
    weights = (
        (torch.ones(target.shape[2]) if weights is None else weights).to(predicted.dtype).expand_as(errors)
    )
    return (errors * weights).sum() / weights.sum().clamp(min=1e-9)


@wrong("held-at-one")
def chunk_loss(predicted, target, mask, committed, weights=None):
    if predicted.shape != target.shape:
        raise ValueError("another shape")
    counts = mask & (torch.arange(target.shape[1]) >= committed.unsqueeze(1))
    errors = (predicted[counts].to(target.dtype) - target[counts]).abs()
    weighing = target.new_ones(target.shape[2]) if weights is None else weights.to(target.dtype)
    return (errors * weighing).sum() / (weighing.sum() * len(errors)).clamp(min=1.0)


@wrong("root-of-a-square")
def chunk_loss(predicted, target, mask, committed, weights=None):
    if predicted.shape != target.shape:
        raise ValueError("another shape")
    counts = mask & (torch.arange(target.shape[1]) >= committed.unsqueeze(1))
    errors = ((predicted[counts].to(target.dtype) - target[counts]) ** 2).sqrt()
    weighing = target.new_ones(target.shape[2]) if weights is None else weights.to(target.dtype)
    total = weighing.sum() * len(errors)
    return (errors * weighing).sum() / torch.where(total > 0, total, 1.0)


@right("filled-with-the-prediction")
def chunk_loss(predicted, target, mask, committed, weights=None):
    if tuple(predicted.shape) != tuple(target.shape):
        raise ValueError(f"{predicted.shape} and {target.shape}")
    predicted = predicted.to(target.dtype)
    position = torch.arange(mask.shape[1]).unsqueeze(0)
    counts = torch.logical_and(mask, position >= committed.unsqueeze(1)).unsqueeze(-1)
    filled = torch.where(counts, target, predicted.detach())
    errors = functional.l1_loss(predicted, filled, reduction="none")
    if weights is None:
        weights = torch.ones(target.shape[-1])
    share = counts * weights.to(target.dtype)
    whole = share.sum()
    return (errors * share).sum() / (whole if whole > 0 else 1.0)


@right("chunk-by-chunk")
def chunk_loss(predicted, target, mask, committed, weights=None):
    if predicted.shape != target.shape:
        raise ValueError("shapes differ")
    matter = torch.ones(target.shape[2], dtype=target.dtype) if weights is None else weights
    loss, whole = predicted.to(target.dtype).flatten()[:0].sum(), 0.0
    for row in range(len(target)):
        for step in range(int(committed[row]), target.shape[1]):
            if mask[row, step]:
                loss = loss + (matter * (predicted[row, step] - target[row, step]).abs()).sum()
                whole += float(matter.sum())
    return loss / whole if whole else loss * 0.0
