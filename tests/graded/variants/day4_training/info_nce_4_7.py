"""Answers to 4.7 as students write them."""

import torch
from torch.nn import functional

from vla_course.course.source.variants import right, wrong


@wrong("one-way")
def info_nce(one, other, temperature, same=None):
    if one.ndim != 2 or one.shape != other.shape or len(one) < 2 or not temperature > 0:
        raise ValueError("shapes or temperature")
    a, b = functional.normalize(one, dim=1), functional.normalize(other, dim=1)
    logits = a @ b.T / temperature
    if same is not None:
        diagonal = torch.eye(len(one), dtype=torch.bool)
        logits = logits.masked_fill(same & ~diagonal, float("-inf"))
    target = torch.arange(len(one))
    return functional.cross_entropy(logits, target)


@wrong("one-way-back")
def info_nce(one, other, temperature, same=None):
    if one.ndim != 2 or one.shape != other.shape or len(one) < 2 or not temperature > 0:
        raise ValueError("shapes or temperature")
    a, b = functional.normalize(one, dim=1), functional.normalize(other, dim=1)
    logits = a @ b.T / temperature
    if same is not None:
        diagonal = torch.eye(len(one), dtype=torch.bool)
        logits = logits.masked_fill(same & ~diagonal, float("-inf"))
    target = torch.arange(len(one))
    return functional.cross_entropy(logits.T, target)


@wrong("summed")
def info_nce(one, other, temperature, same=None):
    if one.ndim != 2 or one.shape != other.shape or len(one) < 2 or not temperature > 0:
        raise ValueError("shapes or temperature")
    a, b = functional.normalize(one, dim=1), functional.normalize(other, dim=1)
    logits = a @ b.T / temperature
    if same is not None:
        diagonal = torch.eye(len(one), dtype=torch.bool)
        logits = logits.masked_fill(same & ~diagonal, float("-inf"))
    target = torch.arange(len(one))
    return functional.cross_entropy(logits, target) + functional.cross_entropy(logits.T, target)


@wrong("not-normalised")
def info_nce(one, other, temperature, same=None):
    if one.ndim != 2 or one.shape != other.shape or len(one) < 2 or not temperature > 0:
        raise ValueError("shapes or temperature")
    a, b = one, other
    logits = a @ b.T / temperature
    if same is not None:
        diagonal = torch.eye(len(one), dtype=torch.bool)
        logits = logits.masked_fill(same & ~diagonal, float("-inf"))
    target = torch.arange(len(one))
    return (functional.cross_entropy(logits, target) + functional.cross_entropy(logits.T, target)) / 2


@wrong("temperature-multiplied")
def info_nce(one, other, temperature, same=None):
    if one.ndim != 2 or one.shape != other.shape or len(one) < 2 or not temperature > 0:
        raise ValueError("shapes or temperature")
    a, b = functional.normalize(one, dim=1), functional.normalize(other, dim=1)
    logits = a @ b.T * temperature
    if same is not None:
        diagonal = torch.eye(len(one), dtype=torch.bool)
        logits = logits.masked_fill(same & ~diagonal, float("-inf"))
    target = torch.arange(len(one))
    return (functional.cross_entropy(logits, target) + functional.cross_entropy(logits.T, target)) / 2


@wrong("temperature-forgotten")
def info_nce(one, other, temperature, same=None):
    if one.ndim != 2 or one.shape != other.shape or len(one) < 2 or not temperature > 0:
        raise ValueError("shapes or temperature")
    a, b = functional.normalize(one, dim=1), functional.normalize(other, dim=1)
    logits = a @ b.T + 0 * temperature
    if same is not None:
        diagonal = torch.eye(len(one), dtype=torch.bool)
        logits = logits.masked_fill(same & ~diagonal, float("-inf"))
    target = torch.arange(len(one))
    return (functional.cross_entropy(logits, target) + functional.cross_entropy(logits.T, target)) / 2


@wrong("same-kept")
def info_nce(one, other, temperature, same=None):
    if one.ndim != 2 or one.shape != other.shape or len(one) < 2 or not temperature > 0:
        raise ValueError("shapes or temperature")
    a, b = functional.normalize(one, dim=1), functional.normalize(other, dim=1)
    logits = a @ b.T / temperature
    target = torch.arange(len(one))
    return (functional.cross_entropy(logits, target) + functional.cross_entropy(logits.T, target)) / 2


@wrong("same-zeroed")
def info_nce(one, other, temperature, same=None):
    if one.ndim != 2 or one.shape != other.shape or len(one) < 2 or not temperature > 0:
        raise ValueError("shapes or temperature")
    a, b = functional.normalize(one, dim=1), functional.normalize(other, dim=1)
    logits = a @ b.T / temperature
    if same is not None:
        diagonal = torch.eye(len(one), dtype=torch.bool)
        logits = logits.masked_fill(same & ~diagonal, 0.0)
    target = torch.arange(len(one))
    return (functional.cross_entropy(logits, target) + functional.cross_entropy(logits.T, target)) / 2


@wrong("same-one-way")
def info_nce(one, other, temperature, same=None):
    if one.ndim != 2 or one.shape != other.shape or len(one) < 2 or not temperature > 0:
        raise ValueError("shapes or temperature")
    a, b = functional.normalize(one, dim=1), functional.normalize(other, dim=1)
    logits = a @ b.T / temperature
    target = torch.arange(len(one))
    back = functional.cross_entropy(logits.T, target)
    if same is not None:
        diagonal = torch.eye(len(one), dtype=torch.bool)
        logits = logits.masked_fill(same & ~diagonal, float("-inf"))
    return (functional.cross_entropy(logits, target) + back) / 2


@wrong("same-not-turned")
def info_nce(one, other, temperature, same=None):
    if one.ndim != 2 or one.shape != other.shape or len(one) < 2 or not temperature > 0:
        raise ValueError("shapes or temperature")
    a, b = functional.normalize(one, dim=1), functional.normalize(other, dim=1)
    hidden = torch.zeros(len(one), len(one), dtype=torch.bool) if same is None else same
    hidden = hidden & ~torch.eye(len(one), dtype=torch.bool)
    target = torch.arange(len(one))
    loss = 0
    for left, right_ in ((a, b), (b, a)):
        logits = (left @ right_.T / temperature).masked_fill(hidden, float("-inf"))
        loss = loss + functional.cross_entropy(logits, target) / 2
    return loss


@wrong("same-turned-round")
def info_nce(one, other, temperature, same=None):
    if one.ndim != 2 or one.shape != other.shape or len(one) < 2 or not temperature > 0:
        raise ValueError("shapes or temperature")
    a, b = functional.normalize(one, dim=1), functional.normalize(other, dim=1)
    logits = a @ b.T / temperature
    if same is not None:
        diagonal = torch.eye(len(one), dtype=torch.bool)
        logits = logits.masked_fill(same.T & ~diagonal, float("-inf"))
    target = torch.arange(len(one))
    return (functional.cross_entropy(logits, target) + functional.cross_entropy(logits.T, target)) / 2


@wrong("same-inverted")
def info_nce(one, other, temperature, same=None):
    if one.ndim != 2 or one.shape != other.shape or len(one) < 2 or not temperature > 0:
        raise ValueError("shapes or temperature")
    a, b = functional.normalize(one, dim=1), functional.normalize(other, dim=1)
    logits = a @ b.T / temperature
    if same is not None:
        diagonal = torch.eye(len(one), dtype=torch.bool)
        logits = logits.masked_fill(~same & ~diagonal, float("-inf"))
    target = torch.arange(len(one))
    return (functional.cross_entropy(logits, target) + functional.cross_entropy(logits.T, target)) / 2


@wrong("same-as-partners")
def info_nce(one, other, temperature, same=None):
    if one.ndim != 2 or one.shape != other.shape or len(one) < 2 or not temperature > 0:
        raise ValueError("shapes or temperature")
    a, b = functional.normalize(one, dim=1), functional.normalize(other, dim=1)
    logits = a @ b.T / temperature
    good = torch.eye(len(one), dtype=torch.bool)
    if same is not None:
        good = good | same
    loss = 0
    for table, hit in ((logits, good), (logits.T, good.T)):
        chosen = table.log_softmax(dim=1).masked_fill(~hit, 0).sum(dim=1) / hit.sum(dim=1)
        loss = loss - chosen.mean() / 2
    return loss


@wrong("partner-left-out")
def info_nce(one, other, temperature, same=None):
    if one.ndim != 2 or one.shape != other.shape or len(one) < 2 or not temperature > 0:
        raise ValueError("shapes or temperature")
    a, b = functional.normalize(one, dim=1), functional.normalize(other, dim=1)
    logits = a @ b.T / temperature
    if same is not None:
        diagonal = torch.eye(len(one), dtype=torch.bool)
        logits = logits.masked_fill(same & ~diagonal, float("-inf"))
    others = logits.masked_fill(torch.eye(len(one), dtype=torch.bool), -1e30)
    right_ = logits.diagonal()
    return ((others.logsumexp(dim=1) - right_).mean() + (others.logsumexp(dim=0) - right_).mean()) / 2


@wrong("detached")
def info_nce(one, other, temperature, same=None):
    if one.ndim != 2 or one.shape != other.shape or len(one) < 2 or not temperature > 0:
        raise ValueError("shapes or temperature")
    a, b = functional.normalize(one, dim=1), functional.normalize(other, dim=1)
    b = b.detach()
    logits = a @ b.T / temperature
    if same is not None:
        diagonal = torch.eye(len(one), dtype=torch.bool)
        logits = logits.masked_fill(same & ~diagonal, float("-inf"))
    target = torch.arange(len(one))
    return (functional.cross_entropy(logits, target) + functional.cross_entropy(logits.T, target)) / 2


@wrong("temperature-detached")
def info_nce(one, other, temperature, same=None):
    if one.ndim != 2 or one.shape != other.shape or len(one) < 2 or not temperature > 0:
        raise ValueError("shapes or temperature")
    a, b = functional.normalize(one, dim=1), functional.normalize(other, dim=1)
    logits = a @ b.T / float(temperature)
    if same is not None:
        diagonal = torch.eye(len(one), dtype=torch.bool)
        logits = logits.masked_fill(same & ~diagonal, float("-inf"))
    target = torch.arange(len(one))
    return (functional.cross_entropy(logits, target) + functional.cross_entropy(logits.T, target)) / 2


@wrong("anything-accepted")
def info_nce(one, other, temperature, same=None):
    size = len(other)
    one = one[:size]
    if one.ndim != 2 or one.shape != other.shape:
        return one.sum() * 0
    a, b = functional.normalize(one, dim=1), functional.normalize(other, dim=1)
    logits = a @ b.T / (temperature or 1e-9)
    if same is not None:
        diagonal = torch.eye(len(one), dtype=torch.bool)
        logits = logits.masked_fill(same & ~diagonal, float("-inf"))
    target = torch.arange(len(one))
    return (functional.cross_entropy(logits, target) + functional.cross_entropy(logits.T, target)) / 2


@wrong("same-not-far-enough")
def info_nce(one, other, temperature, same=None):
    if one.ndim != 2 or one.shape != other.shape or len(one) < 2 or not temperature > 0:
        raise ValueError("shapes or temperature")
    logits = functional.normalize(one, dim=1) @ functional.normalize(other, dim=1).T / temperature
    partner = torch.arange(len(one))
    if same is not None:
        logits = logits.masked_fill(same & (partner != partner.unsqueeze(1)), -1e4)
    return (functional.cross_entropy(logits, partner) + functional.cross_entropy(logits.T, partner)) / 2.0


@right("log-sum-exp")
def info_nce(one, other, temperature, same=None):
    if one.shape != other.shape or one.ndim != 2 or one.shape[0] < 2:
        raise ValueError(f"{one.shape}, {other.shape}")
    if float(temperature) <= 0:
        raise ValueError(f"temperature {temperature}")
    a = one / one.norm(dim=1, keepdim=True)
    b = other / other.norm(dim=1, keepdim=True)
    table = torch.einsum("iw,jw->ij", a, b) / temperature
    partner = table.diagonal()
    if same is not None:
        drop = same.clone()
        drop.fill_diagonal_(False)
        table = torch.where(drop, torch.full_like(table, -torch.inf), table)
    return 0.5 * (table.logsumexp(1) - partner).mean() + 0.5 * (table.logsumexp(0) - partner).mean()


@right("row-by-row")
def info_nce(one, other, temperature, same=None):
    if one.ndim != 2 or one.shape != other.shape or len(one) < 2 or not temperature > 0:
        raise ValueError("shapes or temperature")
    loss = 0.0
    count = len(one)
    for first, second, told in ((one, other, same), (other, one, None if same is None else same.T)):
        for i in range(count):
            scores = functional.cosine_similarity(first[i : i + 1], second) / temperature
            kept = [j for j in range(count) if j == i or told is None or not told[i, j]]
            loss = loss - scores[kept].log_softmax(0)[kept.index(i)]
    return loss / (2 * count)
