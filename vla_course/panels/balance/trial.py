"""One push as an experiment: which way, how hard, under whose controller - and the run that comes of it.

A student's controller runs in a process of its own, on the files as they are saved, with limits: a loop
without end or a robot that explodes costs a card, not the kernel.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import traceback
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final, Literal

import numpy as np

from vla_course.course.checking.child import run_bounded
from vla_course.course.errors import CourseError
from vla_course.course.exercise import NotAttempted
from vla_course.course.root import CourseRoot
from vla_course.motion.standing.balance_config import BalanceConfig
from vla_course.motion.standing.balance_state import BalanceCommands, BalanceState
from vla_course.motion.standing.loop import Balancer, Push, stand
from vla_course.motion.standing.record import MotionRecord
from vla_course.panels.drawing.record_file import load_record, save_record
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.world.world import World

Who = Literal["off", "reference", "student"]
WHO: Final[tuple[Who, ...]] = ("off", "reference", "student")

PUSHED_AT: Final = 0.5
"""s, when the hand comes"""
PULLED_AFTER: Final = 0.4
"""s from push to pull: about when a robot that rocks on its soles is on its way back"""
SETTLING: Final = 0.75
"""s from setting the robot down to the start: a statue rattles on its soles at first"""
SECONDS: Final = 30.0
"""s of computing that a student's controller gets; the reference needs about two"""
_OUTPUT = 1_000_000
"""bytes that a student's controller may print"""


@dataclass(frozen=True)
class Trial:
    """A robot that stands, and a hand.

    Raises:
        ValueError: a number is outside its range, or `config` names no field of `BalanceConfig`.
    """

    direction: float = 0.0
    """degrees, 0 forward, 90 to the left"""
    impulse: float = 0.34
    """N s/kg: N s for every kg of the robot, which is the speed in m/s that it gives"""
    pull_back: bool = False
    """whether the hand pulls back as hard as it pushed, `PULLED_AFTER` s later"""
    duration: float = 3.0
    """s"""
    config: Mapping[str, float] = field(default_factory=dict)
    """fields of `BalanceConfig` that differ from its defaults"""

    def __post_init__(self) -> None:
        if not 0.0 <= self.impulse <= 5.0:
            raise ValueError(f"impulse is {self.impulse}, expected 0 to 5 N s/kg")
        if not 0.0 < self.duration <= 30.0:
            raise ValueError(f"duration is {self.duration}, expected more than 0 and at most 30 s")
        if not np.isfinite(self.direction):
            raise ValueError(f"direction is {self.direction}, expected degrees")
        unknown = sorted(set(self.config) - set(asdict(BalanceConfig())))
        if unknown:
            raise ValueError(f"config names {unknown}, expected fields of BalanceConfig")
        BalanceConfig(**self.config)

    def pushes(self, mass: float) -> list[Push]:
        """Return what the hand does to a robot of `mass` kg."""
        if self.impulse == 0.0:
            return []
        angle = np.radians(self.direction)
        x, y = (float(self.impulse * mass * part) for part in (np.cos(angle), np.sin(angle)))
        back = [Push(PUSHED_AT + PULLED_AFTER, (-x, -y, 0.0))] if self.pull_back else []
        return [Push(PUSHED_AT, (x, y, 0.0)), *back]


class TrialFailed(CourseError):
    """A student's controller could not be run to the end; the message says what it did."""


def simulate(trial: Trial, controller: Balancer | None) -> MotionRecord:
    """Run a trial in this process under any controller; None is the statue."""
    with World() as world:
        humanoid = Humanoid(world)
        world.run(SETTLING)
        guarded = None if controller is None else Guarded(controller)
        return stand(humanoid, guarded, trial.duration, trial.pushes(humanoid.mass))


def run_trial(trial: Trial, who: Who) -> MotionRecord:
    """Run a trial under nobody, the reference or the student.

    Raises:
        NotAttempted: the student's controller needs an exercise that is not solved yet.
        TrialFailed: it raised, ran too long or printed too much.
    """
    if who == "off":
        return simulate(trial, None)
    if who == "reference":
        from vla_course.reference.day3_humanoid_balance.balance import BalanceController

        return simulate(trial, BalanceController(BalanceConfig(**trial.config)))
    if who != "student":
        raise ValueError(f"controller is {who!r}, expected one of {WHO}")
    return run_student("vla_course.panels.balance.trial", json.dumps(asdict(trial)))


class Guarded:
    """A controller whose every command is looked at, so that nonsense is named where it arises."""

    def __init__(self, controller: Balancer) -> None:
        self._controller = controller

    def calculate_balance_commands(self, current_state: BalanceState) -> BalanceCommands:
        """Return the controller's commands. Raises ValueError where they cannot move a robot."""
        commands = self._controller.calculate_balance_commands(current_state)
        when = f"at {current_state.time:.3f} s"
        if not isinstance(commands, BalanceCommands):
            raise ValueError(
                f"{when} the controller gave {type(commands).__name__}, expected BalanceCommands"
            )
        joints = np.asarray(commands.joint_adjustments, dtype=float)
        if joints.shape != (28,):
            raise ValueError(f"{when} joint_adjustments had shape {joints.shape}, expected (28,)")
        if not np.isfinite(joints).all():
            raise ValueError(
                f"{when} joint_adjustments was not finite in {np.sum(~np.isfinite(joints))} of 28 joints"
            )
        return commands


def run_student(module: str, question: str) -> MotionRecord:
    """Run `python -m MODULE QUESTION FOLDER`, which ends in `answer`, in a process of its own, with limits.

    Raises:
        NotAttempted: the student's controller needs an exercise that is not solved yet.
        TrialFailed: it raised, ran too long or printed too much.
    """
    root = CourseRoot.current()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        command = [sys.executable, "-m", module, question, str(folder)]
        quiet = os.environ | {"PYTHONWARNINGS": "ignore", "PYTHONIOENCODING": "utf-8"}
        ended = run_bounded(command, cwd=root.folder, env=quiet, seconds=SECONDS, output_bytes=_OUTPUT)
        if ended.how == "time":
            raise TrialFailed(
                f"your controller was stopped after {SECONDS:.0f} s of computing; the reference needs about 2 s. "
                "Is there a loop that does not end?"
            )
        if ended.how == "sleep":
            raise TrialFailed(
                f"your controller was stopped after {ended.seconds:.0f} s: it only waits. Does it sleep?"
            )
        if ended.how == "busy":
            raise TrialFailed(
                f"this machine is too busy: it gave your controller {ended.processor:.0f} s in "
                f"{ended.seconds:.0f}. Try again"
            )
        if ended.how == "output":
            raise TrialFailed("your controller was stopped: it printed more than a megabyte")
        answer = folder / "answer.json"
        if not answer.exists():
            last = (ended.output.strip().splitlines() or ["it said nothing"])[-1]
            raise TrialFailed(f"the process that ran your controller ended before it was done: {last}")
        told = json.loads(answer.read_text(encoding="utf-8"))
        if told["status"] == "not attempted":
            raise NotAttempted(told["says"])
        if told["status"] == "failed":
            raise TrialFailed(told["says"])
        return load_record(folder / "record.npz")


def answer(folder: Path, run: Callable[[], MotionRecord]) -> int:
    """Run a student's controller and leave the record, or what went wrong, in `folder`."""
    told = {"status": "ran", "says": ""}
    try:
        save_record(run(), folder / "record.npz")
    except NotAttempted as missing:
        told = {"status": "not attempted", "says": missing.exercise_id}
    except Exception as fault:
        told = {"status": "failed", "says": _tell(fault)}
    (folder / "answer.json").write_text(json.dumps(told), encoding="utf-8")
    return 0


def main(arguments: list[str]) -> int:
    """Run the student's controller: `python -m vla_course.panels.balance.trial TRIAL_AS_JSON FOLDER`."""
    trial = Trial(**json.loads(arguments[0]))

    def run() -> MotionRecord:
        from vla_course.exercises.day3_humanoid_balance.balance import BalanceController

        return simulate(trial, BalanceController(BalanceConfig(**trial.config)))

    return answer(Path(arguments[1]), run)


def _tell(fault: BaseException) -> str:
    """Say what went wrong and on which line of the student's."""
    desk = CourseRoot.current().desk()
    name = type(fault).__name__
    if isinstance(fault, SyntaxError) and fault.filename:
        return f"{Path(fault.filename).name}, line {fault.lineno}: {name}: {fault.msg}"
    theirs = [
        line for line in traceback.extract_tb(fault.__traceback__) if Path(line.filename).is_relative_to(desk)
    ]
    place = (
        f"{Path(theirs[-1].filename).name}, line {theirs[-1].lineno}, in {theirs[-1].name}: "
        if theirs
        else ""
    )
    return f"{place}{name}: {fault}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
