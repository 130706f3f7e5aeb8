"""What came of a sentence: all that a page, a terminal and a notebook show of a run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vla_course.deployment.executor.executor import Pursuit
from vla_course.obey.guarding import Guarding

if TYPE_CHECKING:
    from vla_course.learning.planned.policy import PlannedPolicy


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """A picture (h, w, 3) of the run, what the robot's cameras saw, and what it was about."""

    time: float
    doing: str
    aside: NDArray[np.uint8]
    eyes: tuple[NDArray[np.uint8], ...]


@dataclass
class Run:
    """What came of a sentence.

    Attributes:
        success, failure: what the task's rule of physics says; failure is empty where nothing went wrong.
        seconds: of the simulation.
        lines: what the policy heard, named and did, for people.
        pictures: of the film.
        policy: which, for people.
        understood: what was understood, a line for each part.
        planned: whether a plan was made of it.
        pursuit: the plans and the attempts, and what the robot itself says in the end.
        moments: key frames, the first of whatever it was about and one every few s.
        margins: (n, 2), s and m: how far the DCM was inside of the soles; nan while the robot walked.
        guarding: what stood between policy and body, and what it did; None for nothing.
        recording: of the flight; None where there is none.
    """

    sentence: str
    success: bool = False
    failure: str = ""
    seconds: float = 0.0
    lines: list[str] = field(default_factory=list)
    pictures: int = 0
    policy: str = ""
    understood: list[str] = field(default_factory=list)
    planned: bool = False
    pursuit: Pursuit = field(default_factory=lambda: Pursuit("", 0.0))
    moments: list[Moment] = field(default_factory=list)
    margins: NDArray[np.float64] = field(default_factory=lambda: np.empty((0, 2)))
    guarding: Guarding | None = None
    recording: Path | None = None

    @property
    def ending(self) -> str:
        """In a few words how it ended: by physics, and where that is no success by what the robot says."""
        if self.success:
            return "done"
        return self.failure or self.pursuit.reason or "not done"

    @property
    def least_margin(self) -> float:
        """The least margin m of the DCM while the robot stood; nan where it never did."""
        stood = self.margins[np.isfinite(self.margins[:, 1]), 1]
        return float(stood.min()) if len(stood) else float("nan")


def told(policy: PlannedPolicy, done: Run) -> Iterator[str]:
    """Say what a policy heard, named and did."""
    for line in done.understood:
        yield f"understood: {line}"
    if done.planned:
        for _, why, steps in done.pursuit.plans:
            yield f"planned: {', '.join(steps)}" + (f"; because {why}" if why else "")
        for one in done.pursuit.attempts:
            yield f"{one.step}: {one.ended} after {one.end:.1f} s" + (f", {one.reason}" if one.reason else "")
    if policy.question:
        yield f"asked: do you mean: {policy.question}? {'no' if policy.body is None else 'yes'}"
    if reason := done.pursuit.reason or policy.refusal:
        yield f"said: {reason}"
    if done.guarding is not None:
        yield from _guarded(done.guarding)
    ending = "done" if done.success else done.failure or "not done"
    yield f"{ending} after {done.seconds:.1f} s, by the task's own rule of physics"


def named(policy: PlannedPolicy) -> list[str]:
    """Return what a policy has named: what it understood, where that is, and how sure it is."""
    lines = []
    for one in policy.named:
        where = ""
        if one.target is not None:
            x, y, z = one.target.tolist()
            where = f", seen at ({x:.2f}, {y:.2f}, {z:.2f}) m"
        lines.append(f"{one.instruction}{where}, {100 * one.confidence:.0f} % sure")
    return lines


def _guarded(guarding: Guarding) -> Iterator[str]:
    if guarding.decisions:
        yield (
            f"safety: {guarding.decisions} decisions, {guarding.limited} of them limited, "
            f"{guarding.halted} stopped"
        )
    yield from (f"alarm: {alarm.says}" for alarm in guarding.alarms)
