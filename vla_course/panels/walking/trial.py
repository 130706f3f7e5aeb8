"""One push in mid-walk as an experiment: which way, how hard, in which part of the step, steps allowed or not."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, Literal

import numpy as np

from vla_course.motion.standing.loop import Push
from vla_course.motion.standing.record import MotionRecord
from vla_course.motion.walking.gait import GaitConfig
from vla_course.motion.walking.parts import WalkingParts
from vla_course.motion.walking.step_sources import VelocityCommand
from vla_course.panels.balance.trial import answer, run_student
from vla_course.panels.walking.stroll import walk

Walks = Literal["reference", "student"]
WALKS: Final[tuple[Walks, ...]] = ("reference", "student")

_GAIT = GaitConfig()
STEP: Final = _GAIT.single_support + _GAIT.double_support
"""s, from one lift of a foot to the next of the other"""
FIRST: Final = _GAIT.first_shift + 2.0 * STEP
"""s, when the right foot is lifted for the second time: by then it walks"""
_AFTER: Final = 2.2
"""s that one watches after the push"""


@dataclass(frozen=True)
class WalkTrial:
    """A robot that walks, and a hand. Raises ValueError: a number is outside its range."""

    direction: float = 90.0
    """degrees, 0 forward, 90 to the left"""
    impulse: float = 0.3
    """N s/kg"""
    phase: float = 0.0
    """of a double step: at 0 the right foot leaves the ground, at 0.5 the left one"""
    speed: float = 0.3
    """m/s, forward"""
    moves_steps: bool = True
    """whether the robot may put its foot elsewhere than planned"""

    def __post_init__(self) -> None:
        if not np.isfinite(self.direction):
            raise ValueError(f"direction is {self.direction}, expected degrees")
        for name, low, high in (("impulse", 0.0, 5.0), ("phase", 0.0, 1.0), ("speed", 0.0, 0.8)):
            value = getattr(self, name)
            if not low <= value <= high:
                raise ValueError(f"{name} is {value}, expected {low:g} to {high:g}")

    @property
    def pushed_at(self) -> float:
        """s, when the hand comes."""
        return FIRST + 2.0 * STEP * self.phase

    @property
    def both_feet(self) -> bool:
        """Whether both feet are on the ground then."""
        return (self.phase * 2.0 % 1.0) * STEP > _GAIT.single_support


def simulate_walk(trial: WalkTrial, parts: Callable[[], WalkingParts]) -> MotionRecord:
    """Run a trial in this process with the pieces that `parts` makes."""
    angle = np.radians(trial.direction)
    size = trial.impulse * robot_mass()
    push = Push(trial.pushed_at, (float(size * np.cos(angle)), float(size * np.sin(angle)), 0.0))
    return walk(
        VelocityCommand(forward=trial.speed),
        trial.pushed_at + _AFTER,
        parts(),
        [push] if trial.impulse > 0.0 else [],
        moves_steps=trial.moves_steps,
    )


def robot_mass() -> float:
    """Return the mass of the course's robot, kg."""
    from vla_course.simulation.robot.model import RobotModel

    return float(RobotModel().mass)


def run_walk_trial(trial: WalkTrial, who: Walks) -> MotionRecord:
    """Run a trial under the reference, or under the student in a process of its own.

    Raises:
        NotAttempted: the student's pieces need an exercise that is not solved yet.
        TrialFailed: they raised, ran too long or printed too much.
    """
    if who == "reference":
        return simulate_walk(trial, WalkingParts.reference)
    if who != "student":
        raise ValueError(f"controller is {who!r}, expected one of {WALKS}")
    return run_student("vla_course.panels.walking.trial", json.dumps(asdict(trial)))


def student_parts() -> WalkingParts:
    """Return the pieces of a walk that are on the student's desk."""
    from vla_course.exercises.day3_humanoid_balance.preview import PreviewController
    from vla_course.exercises.day3_humanoid_balance.swing import swing_motion
    from vla_course.exercises.day3_humanoid_balance.walking import WalkingController

    return WalkingParts(WalkingController(), PreviewController, swing_motion)


def main(arguments: list[str]) -> int:
    """Run the student's pieces: `python -m vla_course.panels.walking.trial TRIAL_AS_JSON FOLDER`."""
    trial = WalkTrial(**json.loads(arguments[0]))
    return answer(Path(arguments[1]), lambda: simulate_walk(trial, student_parts))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
