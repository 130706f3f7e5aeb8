"""Ground with holes in it, plans over it, and what becomes of a plan that is looked over rightly - or not quite."""

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from vla_course.course.checking.judging import expect
from vla_course.motion.footsteps.footstep import Footstep
from vla_course.motion.footsteps.plan import Stance
from vla_course.motion.ground.terrain_map import TerrainMap
from vla_course.motion.planning.foothold_graph import FootholdGraph, PlannerConfig
from vla_course.motion.planning.step_safety import (
    LEAN,
    OMEGA,
    Mended,
    VerifiedSteps,
    fault_of_step,
    nearest_safe_step,
)
from vla_course.reference.day3_humanoid_balance.footing import rate_footing
from vla_course.reference.day3_humanoid_balance.leg_ik import solve_leg
from vla_course.reference.day3_humanoid_balance.terrain import analyze_terrain

CELL = 0.02
AT_HOME = Stance.at(0.0, 0.0)
CALM = 0.55
"""s a step: no step in reach is too long"""


def holed(*holes, x=(-0.5, 2.4), y=(-0.8, 0.8), shift=(0.0, 0.0), rise=0.0):
    """Level ground that nobody has seen in the rectangles `holes` (x0, x1, y0, y1) m; it rises at x = 1 by `rise` m."""
    shape = [round((high - low) / CELL) + 1 for low, high in (x, y)]
    heights = np.zeros(shape)
    columns, rows = (
        low + CELL * np.arange(size)[:, None] for (low, _), size in zip((x, y), shape, strict=True)
    )
    heights[columns[:, 0] >= 1.0] = rise
    across = rows.T
    for x0, x1, y0, y1 in holes:
        inside = (columns >= x0) & (columns <= x1) & (across >= y0) & (across <= y1)
        heights[inside] = np.nan
    return TerrainMap(heights, CELL, (x[0] + shift[0], y[0] + shift[1]))


def strides(stride, count, first="left", place=(0.0, 0.0)):
    """Steps straight ahead from a stance at `place`, each `stride` m beyond the last."""
    side, steps = first, []
    for k in range(1, count + 1):
        out = 0.1 if side == "left" else -0.1
        steps.append(Footstep(side, place[0] + k * stride, place[1] + out, swing_height=0.06))
        side = "right" if side == "left" else "left"
    return steps


@dataclass(frozen=True)
class Look:
    """A plan to look over."""

    terrain: TerrainMap
    steps: list[Footstep]
    start: Stance = AT_HOME
    step_time: float = CALM
    obstacles: tuple = ()

    def ask(self, student):
        """The student's answer, if it is one."""
        verifier = student.FootstepVerifier(self.terrain, self.obstacles)
        got = verifier.verify(self.start, self.steps, self.step_time)
        expect(
            isinstance(got, VerifiedSteps),
            "verify should return VerifiedSteps(steps, changes, reason)",
            got=type(got).__name__,
        )
        return got


@lru_cache(maxsize=8)
def graph_of(terrain, obstacles):
    """The ground as the frame sees it; a map is known by which one it is."""
    return FootholdGraph(
        terrain, analyze_terrain(terrain), obstacles, PlannerConfig(), rate_footing, solve_leg
    )


_fault = lru_cache(maxsize=4096)(fault_of_step)
_nearest = lru_cache(maxsize=4096)(nearest_safe_step)
"""The same questions are asked for every slip that is looked for."""


def answer(look, slip=""):
    """What the plan becomes, or what a known slip makes of it: one step, and then the rest of the plan."""
    graph, growth = graph_of(look.terrain, look.obstacles), OMEGA * look.step_time
    if slip == "growth-sign":
        growth = -growth
    if slip == "omega-forgotten":
        growth = look.step_time
    longest = np.inf if slip == "pace-ignored" else LEAN * float(np.exp(growth))
    told = []

    def judged(stance, step):
        foot = step.side if slip == "measured-from-its-own-foot" else _other(step.side)
        bearing = stance.foot(foot)
        far = abs(complex(step.x - bearing.x, step.y - bearing.y)) > longest
        return _fault(graph, stance, step) or ("too long" if far else "")

    def rest(stance, left, number):
        if not left:
            return [], ""
        step, later = left[0], left[1:]
        looked_at = slip != "unsafe-passes" and not (slip == "first-step-only" and number > 0)
        fault = judged(stance, step) if looked_at else ""
        done = step
        if fault:
            room = np.inf if slip == "mended-too-long" else longest
            done = None if slip == "never-mends" else _nearest(graph, stance, step, room)
            if done is None and slip == "skips-the-step":
                return rest(stance, later, number + 1)
            if done is None or slip == "throws-all-away":
                return ("away" if slip == "throws-all-away" else []), fault
            pair = (done, step) if slip == "asked-for-instead" else (step, done)
            told.append(Mended(number + (slip == "counts-from-one"), *pair, fault))
        moved = {"judged-from-the-start": None, "later-steps-not-rechecked": step}.get(slip, done)
        onward = stance if moved is None else replace(stance, **{moved.side: moved})
        steps, reason = rest(onward, later, number + 1)
        return ("away" if steps == "away" else [done, *steps]), reason

    steps, reason = rest(look.start, list(look.steps), 0)
    if steps == "away":
        steps, told = [], []
    if slip == "tells-nothing":
        told = []
    return VerifiedSteps(tuple(steps), tuple(told), "" if slip == "silent-end" else reason)


SLIPS = (
    "unsafe-passes",
    "first-step-only",
    "judged-from-the-start",
    "later-steps-not-rechecked",
    "never-mends",
    "throws-all-away",
    "skips-the-step",
    "pace-ignored",
    "mended-too-long",
    "growth-sign",
    "omega-forgotten",
    "measured-from-its-own-foot",
    "tells-nothing",
    "silent-end",
    "counts-from-one",
    "asked-for-instead",
)


def expect_looks(student, *looks):
    """Expect every plan to become what it should; a slip is named only where it explains all the answers."""
    answers = [look.ask(student) for look in looks]
    rights = [answer(look) for look in looks]
    if all(_same(got, right) for got, right in zip(answers, rights, strict=True)):
        return
    named = next((slip for slip in SLIPS if _explains(slip, looks, answers)), None)
    for got, right in zip(answers, rights, strict=True):
        expect(_same(got, right), _difference(got, right), got=got.steps, expected=right.steps, mistake=named)


def _explains(slip, looks, answers):
    return all(_same(got, answer(look, slip)) for look, got in zip(looks, answers, strict=True))


def _same(got, right):
    return not _difference(got, right)


def _difference(got, right):
    """Say what is not as it should be, in one sentence; nothing where all is."""
    for number, (one, other) in enumerate(zip(got.steps, right.steps, strict=False), start=1):
        if one.side != other.side or not np.allclose(_numbers(one), _numbers(other), atol=1e-9):
            return f"step {number} of the verified plan should be another one"
    if len(got.steps) != len(right.steps):
        return f"the verified plan has {len(got.steps)} steps; it should have {len(right.steps)}"
    if bool(got.reason) != bool(right.reason):
        return "`reason` should say why the plan ends early, and be empty where it does not"
    if [change.number for change in got.changes] != [change.number for change in right.changes]:
        return "`changes` should tell every step that was replaced, by its number (0 the first), and no other"
    for mine, theirs in zip(got.changes, right.changes, strict=True):
        same = np.allclose(_numbers(mine.asked), _numbers(theirs.asked)) and np.allclose(
            _numbers(mine.instead), _numbers(theirs.instead)
        )
        if not same or not mine.reason:
            return f"the change of step number {mine.number} should hold what was asked, what is done instead, and why"
    return ""


def _numbers(step):
    return step.x, step.y, step.z, step.yaw, step.swing_height


def _other(side):
    return "right" if side == "left" else "left"
