"""How long may a step be at its pace? Walks of one stride and one pace, to their end or to a fall."""

from collections.abc import Iterable
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from itertools import product
from math import exp, hypot

import numpy as np
from report import Figure, share

from vla_course.motion.footsteps.footstep import Footstep
from vla_course.motion.footsteps.plan import STEP_WIDTH, Stance
from vla_course.motion.pipeline.locomotion import STOPS_AT
from vla_course.motion.pipeline.perform import Setting, perform
from vla_course.motion.pipeline.plans import FootstepSequence
from vla_course.motion.pipeline.situation import feet_of
from vla_course.motion.planning.step_safety import LEAN, OMEGA
from vla_course.motion.walking.strides import beside
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.robot.model import RobotModel
from vla_course.simulation.world.world import World

PACES = (0.30, 0.35, 0.40, 0.45, 0.50, 0.55)
"""s a step"""
STRIDES = np.linspace(0.15, 0.35, 11).tolist()
"""m, straight ahead"""


@dataclass(frozen=True)
class Walk:
    """So many equal steps: how the middle between the feet moves with each, as in `beside`."""

    pace: float
    """s a step"""
    ahead: float = 0.0
    """m"""
    leftward: float = 0.0
    """m"""
    turning: float = 0.0
    """rad, to the left"""
    count: int = 8
    closes: bool = True
    """whether the last of the steps puts the feet side by side, as every plan of a `FootstepPlanner` does"""


@dataclass(frozen=True)
class Walked:
    """What came of it."""

    walk: Walk
    longest: float
    """m, from sole to sole"""
    apart: float
    """m, from sole to sole at the end"""
    fell: bool

    @property
    def lean(self) -> float:
        """m, how far the DCM has to lean at the start of the longest step: `LEAN` is the most allowed."""
        return self.longest * exp(-OMEGA * self.walk.pace)


def run(walk: Walk) -> Walked:
    """Carry out a walk on level ground, nothing in its way."""
    with World(0) as world:
        humanoid = Humanoid(world)
        start = feet_of(humanoid.state(), RobotModel.of(humanoid))
        steps = _steps(start, walk)
        plan = FootstepSequence(start, steps, walk.pace)
        bearing = (start.right if steps[0].side == "left" else start.left, *steps)
        lengths = [hypot(b.x - a.x, b.y - a.y) for a, b in zip(bearing, steps, strict=False)]
        harm = perform(plan, Setting(humanoid)).harm
    return Walked(walk, max(lengths), lengths[-1], harm == "fell")


def _steps(start: Stance, walk: Walk) -> tuple[Footstep, ...]:
    foot = start.right if walk.leftward > 0.0 or walk.turning > 0.0 else start.left
    steps: list[Footstep] = []
    for number in range(1, walk.count + 1):
        stays = walk.closes and number == walk.count
        motion = (0.0, 0.0, 0.0) if stays else (walk.ahead, walk.leftward, walk.turning)
        x, y, yaw = beside(foot, "left" if foot.side == "right" else "right", STEP_WIDTH, motion)
        foot = Footstep("left" if foot.side == "right" else "right", x, y, 0.0, yaw)
        steps.append(foot)
    return tuple(steps)


def pace_figures(pool: Executor, quick: bool) -> list[Figure]:
    """Return how far walks had to lean, those that stood and those that fell, straight on, in a curve and aside.

    Then walks that are slow enough, but end in mid-stride.
    """
    paces, strides, counts = (PACES[::2], STRIDES[1::4], (8,)) if quick else (PACES, STRIDES, (5, 8))
    straight = [Walk(T, stride, count=n) for T, stride, n in product(paces, strides, counts)]
    curved = [Walk(T, stride, turning=0.2) for T, stride in product(paces, strides[::2])]
    aside = [Walk(T, leftward=way) for T, way in product(paces, (0.03, 0.05, 0.07))]
    open_ended = [replace(w, closes=False) for w in straight if w.pace >= 0.5 and w.count == 8]
    figures = []
    for name, walks in (("straight on", straight), ("in a curve", curved), ("aside", aside)):
        figures += _figures(name, pool.map(run, walks))
    ended = list(pool.map(run, open_ended))
    wide = [w.fell for w in ended if w.apart > STOPS_AT]
    close = [w.fell for w in ended if w.apart <= STOPS_AT]
    figures.append(share(f"ends in mid-stride, soles up to {STOPS_AT} m apart: falls", close))
    figures.append(share("  farther apart: falls", wide))
    return figures


def _figures(name: str, walked: Iterable[Walked]) -> list[Figure]:
    every = list(walked)
    fell = [w.lean for w in every if w.fell]
    stood = [w.lean for w in every if not w.fell]
    least = min(fell, default=np.inf)
    figures = [
        share(f"{name}, leaning up to {LEAN} m: falls", [w.fell for w in every if w.lean <= LEAN], "<= 0"),
        share("  farther: falls", [w.fell for w in every if w.lean > LEAN]),
        Figure("  the greatest lean of a walk that stood", max(stood), "m", n=len(stood)),
    ]
    if fell:
        below = max(lean for lean in stood if lean < least)
        figures.append(Figure("  the least lean of a walk that fell", least, "m", n=len(fell)))
        figures.append(Figure("  all walks stood up to", below, "m", n=len(every)))
    return figures
