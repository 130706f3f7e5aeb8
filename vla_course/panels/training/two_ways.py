"""Two good ways round a cup, and what is learnt of them: by regression one between them, by flow matching either."""

from __future__ import annotations

from typing import Final

import numpy as np
import torch
from matplotlib.patches import Circle
from numpy.typing import NDArray
from torch import Tensor, nn

from vla_course.panels.drawing import style
from vla_course.panels.drawing.style import Picture, picture

Array = NDArray[np.float32]

STEPS: Final = 8
"""of a chunk"""
ASIDE: Final = 0.12
"""m, how far beside the cup a hand passes"""
CUP: Final = 0.05
"""m, its radius and the hand's"""
_LESSONS, _BATCH, _PARTS = 400, 128, 10


def demonstrated(count: int, rng: np.random.Generator) -> Array:
    """Return ways (count, STEPS) m: how far aside a hand is on its way ahead; about half on either side."""
    along = np.sin(np.linspace(0.0, np.pi, STEPS))
    side = np.where(rng.random((count, 1)) < 0.5, -1.0, 1.0)
    wide = ASIDE * (1.0 + 0.15 * rng.standard_normal((count, 1)))
    return (side * wide * along + 0.005 * rng.standard_normal((count, STEPS))).astype(np.float32)


def regressed(ways: Array) -> Array:
    """Return the way (STEPS,) whose squared error against all of them is the least, their mean."""
    found: Array = ways.mean(axis=0)
    return found


class Flow(nn.Module):
    """Says which way noise has to go to become a demonstration (flow matching, Lipman et al. 2023)."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            *(nn.Linear(STEPS + 1, 64), nn.GELU(), nn.Linear(64, 64), nn.GELU(), nn.Linear(64, STEPS))
        )

    def forward(self, ways: Tensor, time: Tensor) -> Tensor:
        """Return velocities (B, STEPS) of ways (B, STEPS) at times (B, 1), 0 for noise to 1 for a demonstration."""
        velocity: Tensor = self.layers(torch.cat((ways, time), 1))
        return velocity

    @torch.no_grad()
    def sample(self, count: int, chance: torch.Generator) -> Array:
        """Return `count` ways (count, STEPS) m, each from noise of its own, in ten steps of Euler."""
        ways = torch.randn(count, STEPS, generator=chance)
        for part in range(_PARTS):
            ways = ways + self(ways, torch.full((count, 1), part / _PARTS)) / _PARTS
        found: Array = (ASIDE * ways).numpy()
        return found


def flow_of(ways: Array, seed: int = 0) -> Flow:
    """Teach a flow some ways (n, STEPS): from noise straight to a demonstration, at the velocity of that line."""
    rng, chance = np.random.default_rng(seed), torch.Generator().manual_seed(seed)
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        flow = Flow()
    optimiser = torch.optim.Adam(flow.parameters(), 5e-3)
    for _ in range(_LESSONS):
        target = torch.from_numpy(ways[rng.integers(0, len(ways), _BATCH)]) / ASIDE
        noise, time = torch.randn(target.shape, generator=chance), torch.rand(_BATCH, 1, generator=chance)
        velocity = flow((1.0 - time) * noise + time * target, time)
        loss = (velocity - (target - noise)).square().mean()
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step()
    return flow


def two_ways_picture(seed: int = 0, count: int = 30) -> Picture:
    """Draw demonstrations on both sides of a cup, the way of least squares, that of a network of flows."""
    rng = np.random.default_rng(seed)
    ways = demonstrated(200, rng)
    chance = torch.Generator().manual_seed(seed)
    shown = {
        "demonstrations": ways[:count],
        "regression": regressed(ways)[None],
        "flow matching": flow_of(ways, seed).sample(count, chance),
    }
    figure, panes = picture(1, len(shown), height=3.2, alt="", sharex=True, sharey=True)
    told = []
    for pane, (name, some), colour in zip(
        panes, shown.items(), (style.EXPERT, style.LEARNER, style.LEARNER), strict=True
    ):
        hits = int((np.abs(some[:, STEPS // 2 - 1 : STEPS // 2 + 1]).min(axis=1) < CUP).sum())
        told.append(f"{name}: {hits} of {len(some)} ways go through the cup")
        pane.add_patch(Circle((0.0, 17.5), 100 * CUP, color=style.GROUND))
        for way in some:
            pane.plot(
                100 * way, np.linspace(0.0, 35.0, STEPS), color=colour, lw=2.5 if len(some) == 1 else 0.9
            )
        pane.set_title(f"{name}: {hits} of {len(some)} hit", loc="left", fontsize=10.5)
        pane.set(xlabel="aside (cm)", xlim=(-22, 22), aspect="equal")
    panes[0].set_ylabel("ahead (cm)")
    figure.alt = "A hand on its way round a cup. " + "; ".join(told) + "."
    return figure
