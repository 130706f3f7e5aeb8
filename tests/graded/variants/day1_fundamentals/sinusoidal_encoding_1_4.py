"""Answers to 1.4 as students write them."""

# ruff: noqa: F821  (they see the names of the module that they stand in)

import math

import torch

from vla_course.course.source.variants import right, wrong


@wrong("sine-by-cosine")
def sinusoidal_encoding(positions, width, base=10_000.0):
    n, axes = positions.shape
    if width % (2 * axes):
        raise ValueError("width")
    k = width // (2 * axes)
    phases = positions.float()[..., None] * base ** (-torch.arange(k) / k)
    return torch.stack([phases.sin(), phases.cos()], dim=-1).reshape(n, width)


@wrong("cosines-first")
def sinusoidal_encoding(positions, width, base=10_000.0):
    n, axes = positions.shape
    if width % (2 * axes):
        raise ValueError("width")
    k = width // (2 * axes)
    phases = positions.float()[..., None] * base ** (-torch.arange(k) / k)
    return torch.cat([phases.cos(), phases.sin()], dim=-1).reshape(n, width)


@wrong("shares-mixed")
def sinusoidal_encoding(positions, width, base=10_000.0):
    n, axes = positions.shape
    if width % (2 * axes):
        raise ValueError("width")
    k = width // (2 * axes)
    phases = (positions.float()[..., None] * base ** (-torch.arange(k) / k)).flatten(1)
    return torch.cat([phases.sin(), phases.cos()], dim=1)


@wrong("axes-interleaved")
def sinusoidal_encoding(positions, width, base=10_000.0):
    n, axes = positions.shape
    if width % (2 * axes):
        raise ValueError("width")
    k = width // (2 * axes)
    phases = positions.float()[:, None, :] * (base ** (-torch.arange(k) / k))[:, None]
    return torch.cat([phases.sin(), phases.cos()], dim=1).reshape(n, width)


@wrong("one-axis-only")
def sinusoidal_encoding(positions, width, base=10_000.0):
    n, axes = positions.shape
    if width % (2 * axes):
        raise ValueError("width")
    k = width // (2 * axes)
    phases = positions.float()[:, :1] * base ** (-torch.arange(k) / k)
    return torch.cat([phases.sin(), phases.cos()], dim=1).repeat(1, axes)


@wrong("frequencies-upside-down")
def sinusoidal_encoding(positions, width, base=10_000.0):
    n, axes = positions.shape
    if width % (2 * axes):
        raise ValueError("width")
    k = width // (2 * axes)
    phases = positions.double()[..., None] * base ** (torch.arange(k, dtype=torch.float64) / k)
    return torch.cat([phases.sin(), phases.cos()], dim=-1).reshape(n, width).float()


@wrong("exponent-twice")
def sinusoidal_encoding(positions, width, base=10_000.0):
    n, axes = positions.shape
    if width % (2 * axes):
        raise ValueError("width")
    k = width // (2 * axes)
    phases = positions.float()[..., None] * base ** (-2 * torch.arange(k) / k)
    return torch.cat([phases.sin(), phases.cos()], dim=-1).reshape(n, width)


@wrong("frequencies-of-the-whole-width")
def sinusoidal_encoding(positions, width, base=10_000.0):
    n, axes = positions.shape
    if width % (2 * axes):
        raise ValueError("width")
    k = width // (2 * axes)
    phases = positions.float()[..., None] * base ** (-2 * torch.arange(k) / width)
    return torch.cat([phases.sin(), phases.cos()], dim=-1).reshape(n, width)


@wrong("base-reached")
def sinusoidal_encoding(positions, width, base=10_000.0):
    n, axes = positions.shape
    if width % (2 * axes):
        raise ValueError("width")
    k = width // (2 * axes)
    phases = positions.float()[..., None] * torch.logspace(0, -math.log10(base), k)
    return torch.cat([phases.sin(), phases.cos()], dim=-1).reshape(n, width)


@wrong("base-fixed")
def sinusoidal_encoding(positions, width, base=10_000.0):
    n, axes = positions.shape
    if width % (2 * axes):
        raise ValueError("width")
    k = width // (2 * axes)
    phases = positions.float()[..., None] * torch.exp(-math.log(10_000.0) * torch.arange(k) / k)
    return torch.cat([phases.sin(), phases.cos()], dim=-1).reshape(n, width)


@wrong("turns-for-radians")
def sinusoidal_encoding(positions, width, base=10_000.0):
    n, axes = positions.shape
    if width % (2 * axes):
        raise ValueError("width")
    k = width // (2 * axes)
    phases = 2 * math.pi * positions.double()[..., None] * base ** (-torch.arange(k).double() / k)
    return torch.cat([phases.sin(), phases.cos()], dim=-1).reshape(n, width).float()


@wrong("fractions-cut")
def sinusoidal_encoding(positions, width, base=10_000.0):
    n, axes = positions.shape
    if width % (2 * axes):
        raise ValueError("width")
    k = width // (2 * axes)
    phases = positions.long()[..., None] * base ** (-torch.arange(k) / k)
    return torch.cat([phases.sin(), phases.cos()], dim=-1).reshape(n, width)


@wrong("another-type")
def sinusoidal_encoding(positions, width, base=10_000.0):
    n, axes = positions.shape
    if width % (2 * axes):
        raise ValueError("width")
    k = width // (2 * axes)
    phases = positions[..., None] * base ** (-torch.arange(k) / k)
    return torch.cat([phases.sin(), phases.cos()], dim=-1).reshape(n, width)


@wrong("any-width-accepted")
def sinusoidal_encoding(positions, width, base=10_000.0):
    n, axes = positions.shape
    k = width // (2 * axes)
    phases = positions.float()[..., None] * base ** (-torch.arange(k) / k)
    waves = torch.zeros(n, width)
    waves[:, : 2 * k * axes] = torch.cat([phases.sin(), phases.cos()], dim=-1).reshape(n, -1)
    return waves


@right("axis-by-axis")
def sinusoidal_encoding(positions, width, base=10_000.0):
    share, rest = divmod(width, positions.shape[1])
    if rest or share % 2:
        raise ValueError(f"{width} numbers cannot be shared out to {positions.shape[1]} axes in pairs")
    speeds = torch.tensor([math.exp(-2 * j / share * math.log(base)) for j in range(share // 2)])
    shares = []
    for x in positions.to(torch.float32).unbind(dim=1):
        phase = torch.outer(x, speeds)
        shares += [torch.sin(phase), torch.cos(phase)]
    return torch.cat(shares, dim=1)


@right("turned-numbers")
def sinusoidal_encoding(positions, width, base=10_000.0):
    # A hand of a clock is a complex number that turns.
    n, axes = positions.shape
    if width % (2 * axes) != 0:
        raise ValueError(f"width {width} for {axes} axes")
    k = width // axes // 2
    phases = torch.einsum("na,k->nak", positions.double(), base ** (-torch.arange(k).double() / k))
    turned = torch.polar(torch.ones_like(phases), phases)
    return torch.hstack([torch.hstack([turned[:, a].imag, turned[:, a].real]) for a in range(axes)]).float()
