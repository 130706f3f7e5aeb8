"""Answers to 4.4 as students write them."""

import contextlib
import math

import numpy as np
import torch
from torch import nn

from vla_course.course.source.variants import right, wrong


@wrong("autocast-forgotten")
def training_step(policy, batch, optimiser, accelerator, *, max_norm):
    loss = policy(batch)
    if not torch.isfinite(loss):
        raise FloatingPointError(f"loss {loss}")
    accelerator.backward(loss)
    norm = accelerator.clip_grad_norm_(policy.parameters(), max_norm)
    if not torch.isfinite(norm):
        optimiser.zero_grad()
        raise FloatingPointError(f"norm {norm}")
    optimiser.step()
    optimiser.zero_grad()
    return loss.item()


@wrong("all-under-autocast")
def training_step(policy, batch, optimiser, accelerator, *, max_norm):
    with accelerator.autocast():
        loss = policy(batch)
        if not torch.isfinite(loss):
            raise FloatingPointError(f"loss {loss}")
        accelerator.backward(loss)
    norm = accelerator.clip_grad_norm_(policy.parameters(), max_norm)
    if not torch.isfinite(norm):
        optimiser.zero_grad()
        raise FloatingPointError(f"norm {norm}")
    optimiser.step()
    optimiser.zero_grad()
    return loss.item()


@wrong("backward-of-its-own")
def training_step(policy, batch, optimiser, accelerator, *, max_norm):
    with accelerator.autocast():
        loss = policy(batch)
    if not torch.isfinite(loss):
        raise FloatingPointError(f"loss {loss}")
    loss.backward()
    norm = accelerator.clip_grad_norm_(policy.parameters(), max_norm)
    if not torch.isfinite(norm):
        optimiser.zero_grad()
        raise FloatingPointError(f"norm {norm}")
    optimiser.step()
    optimiser.zero_grad()
    return loss.item()


@wrong("no-step")
def training_step(policy, batch, optimiser, accelerator, *, max_norm):
    with accelerator.autocast():
        loss = policy(batch)
    if not torch.isfinite(loss):
        raise FloatingPointError(f"loss {loss}")
    accelerator.backward(loss)
    norm = accelerator.clip_grad_norm_(policy.parameters(), max_norm)
    if not torch.isfinite(norm):
        optimiser.zero_grad()
        raise FloatingPointError(f"norm {norm}")
    optimiser.zero_grad()
    return loss.item()


@wrong("not-clipped")
def training_step(policy, batch, optimiser, accelerator, *, max_norm):
    with accelerator.autocast():
        loss = policy(batch)
    if not torch.isfinite(loss):
        raise FloatingPointError(f"loss {loss}")
    accelerator.backward(loss)
    optimiser.step()
    optimiser.zero_grad()
    return loss.item()


@wrong("clipped-too-late")
def training_step(policy, batch, optimiser, accelerator, *, max_norm):
    with accelerator.autocast():
        loss = policy(batch)
    if not torch.isfinite(loss):
        raise FloatingPointError(f"loss {loss}")
    accelerator.backward(loss)
    optimiser.step()
    norm = accelerator.clip_grad_norm_(policy.parameters(), max_norm)
    optimiser.zero_grad()
    return loss.item()


@wrong("clipped-too-early")
def training_step(policy, batch, optimiser, accelerator, *, max_norm):
    with accelerator.autocast():
        loss = policy(batch)
    if not torch.isfinite(loss):
        raise FloatingPointError(f"loss {loss}")
    norm = accelerator.clip_grad_norm_(policy.parameters(), max_norm)
    accelerator.backward(loss)
    optimiser.step()
    optimiser.zero_grad()
    return loss.item()


@wrong("not-unscaled")
def training_step(policy, batch, optimiser, accelerator, *, max_norm):
    with accelerator.autocast():
        loss = policy(batch)
    if not torch.isfinite(loss):
        raise FloatingPointError(f"loss {loss}")
    accelerator.backward(loss)
    # as in every tutorial
    norm = nn.utils.clip_grad_norm_(policy.parameters(), max_norm)
    if not torch.isfinite(norm):
        optimiser.zero_grad()
        raise FloatingPointError(f"norm {norm}")
    optimiser.step()
    optimiser.zero_grad()
    return loss.item()


@wrong("clipped-by-value")
def training_step(policy, batch, optimiser, accelerator, *, max_norm):
    with accelerator.autocast():
        loss = policy(batch)
    if not torch.isfinite(loss):
        raise FloatingPointError(f"loss {loss}")
    accelerator.backward(loss)
    norm = accelerator.clip_grad_norm_(policy.parameters(), float("inf"))
    if not torch.isfinite(norm):
        optimiser.zero_grad()
        raise FloatingPointError(f"norm {norm}")
    nn.utils.clip_grad_value_(policy.parameters(), max_norm)
    optimiser.step()
    optimiser.zero_grad()
    return loss.item()


@wrong("loss-not-looked-at")
def training_step(policy, batch, optimiser, accelerator, *, max_norm):
    with accelerator.autocast():
        loss = policy(batch)
    accelerator.backward(loss)
    norm = accelerator.clip_grad_norm_(policy.parameters(), max_norm)
    optimiser.step()
    optimiser.zero_grad()
    return loss.item()


@wrong("looked-at-too-late")
def training_step(policy, batch, optimiser, accelerator, *, max_norm):
    with accelerator.autocast():
        loss = policy(batch)
    accelerator.backward(loss)
    norm = accelerator.clip_grad_norm_(policy.parameters(), max_norm)
    optimiser.step()
    optimiser.zero_grad()
    if not torch.isfinite(loss) or not torch.isfinite(norm):
        raise FloatingPointError(f"loss {loss}")
    return loss.item()


@wrong("gradients-kept")
def training_step(policy, batch, optimiser, accelerator, *, max_norm):
    with accelerator.autocast():
        loss = policy(batch)
    if not torch.isfinite(loss):
        raise FloatingPointError(f"loss {loss}")
    accelerator.backward(loss)
    norm = accelerator.clip_grad_norm_(policy.parameters(), max_norm)
    if not torch.isfinite(norm):
        raise FloatingPointError(f"norm {norm}")
    optimiser.step()
    return loss.item()


@wrong("tensor-returned")
def training_step(policy, batch, optimiser, accelerator, *, max_norm):
    with accelerator.autocast():
        loss = policy(batch)
    if not torch.isfinite(loss):
        raise FloatingPointError(f"loss {loss}")
    accelerator.backward(loss)
    norm = accelerator.clip_grad_norm_(policy.parameters(), max_norm)
    if not torch.isfinite(norm):
        optimiser.zero_grad()
        raise FloatingPointError(f"norm {norm}")
    optimiser.step()
    optimiser.zero_grad()
    return loss


@wrong("loss-after-the-step")
def training_step(policy, batch, optimiser, accelerator, *, max_norm):
    with accelerator.autocast():
        loss = policy(batch)
    if not torch.isfinite(loss):
        raise FloatingPointError(f"loss {loss}")
    accelerator.backward(loss)
    norm = accelerator.clip_grad_norm_(policy.parameters(), max_norm)
    if not torch.isfinite(norm):
        optimiser.zero_grad()
        raise FloatingPointError(f"norm {norm}")
    optimiser.step()
    optimiser.zero_grad()
    with torch.no_grad(), accelerator.autocast():
        return float(policy(batch))


@wrong("gradient-not-looked-at")
def training_step(policy, batch, optimiser, accelerator, *, max_norm):
    with accelerator.autocast():
        loss = policy(batch)
    if not torch.isfinite(loss):
        raise FloatingPointError(f"loss {loss}")
    accelerator.backward(loss)
    norm = accelerator.clip_grad_norm_(policy.parameters(), max_norm)
    optimiser.step()
    optimiser.zero_grad()
    return loss.item()


@wrong("gradients-left")
def training_step(policy, batch, optimiser, accelerator, *, max_norm):
    with accelerator.autocast():
        loss = policy(batch)
    if not torch.isfinite(loss):
        raise FloatingPointError(f"loss {loss}")
    accelerator.backward(loss)
    norm = accelerator.clip_grad_norm_(policy.parameters(), max_norm)
    if not torch.isfinite(norm):
        raise FloatingPointError(f"norm {norm}")
    optimiser.step()
    optimiser.zero_grad()
    return loss.item()


@wrong("forward-by-hand")
def training_step(policy, batch, optimiser, accelerator, *, max_norm):
    with accelerator.autocast():
        loss = policy.forward(batch)
    value = float(loss.detach())
    if not math.isfinite(value):
        raise FloatingPointError("loss")
    accelerator.backward(loss)
    norm = float(accelerator.clip_grad_norm_(policy.parameters(), max_norm))
    if math.isfinite(norm):
        optimiser.step()
    optimiser.zero_grad()
    if not math.isfinite(norm):
        raise FloatingPointError("norm")
    return value


@right("cleared-whatever-comes")
def training_step(policy, batch, optimiser, accelerator, *, max_norm):
    try:
        with accelerator.autocast():
            loss = policy(batch)
        if not loss.isfinite().all():
            raise FloatingPointError("the loss is not finite")
        accelerator.backward(loss)
        length = accelerator.clip_grad_norm_(policy.parameters(), max_norm)
        if not np.isfinite(float(length)):
            raise FloatingPointError("the gradient is not finite")
        optimiser.step()
        return float(loss.detach())
    finally:
        optimiser.zero_grad(set_to_none=True)


@right("cleared-before-too")
def training_step(policy, batch, optimiser, accelerator, *, max_norm):
    optimiser.zero_grad()
    with accelerator.autocast():
        loss = policy(batch)
    told = loss.detach().cpu().item()
    if told != told or told in (float("inf"), float("-inf")):
        raise FloatingPointError(told)
    accelerator.backward(loss)
    length = accelerator.clip_grad_norm_([*policy.parameters()], max_norm=max_norm)
    good = bool(torch.isfinite(length))
    with contextlib.nullcontext():
        if good:
            optimiser.step()
    policy.zero_grad()
    if not good:
        raise FloatingPointError(length)
    return told
