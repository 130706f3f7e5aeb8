"""Accidents for the flight recorder: a walking robot, and one thing that goes wrong at a moment drawn by chance.

Nothing is staged: the floor loses its grip, a motor its torque, a bag hangs on a hand, and what follows is physics.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vla_course.deployment.recorder.accidents.evidence import Cause, Diagnosis, Evidence
from vla_course.deployment.recorder.accidents.faulty import FaultyHumanoid
from vla_course.motion.walking.step_sources import VelocityCommand
from vla_course.motion.walking.walker import Walker
from vla_course.simulation.robot.humanoid import HOME_POSTURE
from vla_course.simulation.robot.layout import SIDES
from vla_course.simulation.robot.model import RobotModel
from vla_course.simulation.robot.state import RobotState
from vla_course.simulation.world.world import World

Array = NDArray[np.float64]

SAMPLE: Final = 2
"""ticks of 4 ms from one sample of the robot to the next"""
LAB: Final = 3
"""ticks from one picture of the laboratory's cameras to the next"""
BEGINS: Final = 0.4
"""s, from when on is recorded: a robot that has just been set down rattles"""
EARLIEST, LATEST = 1.3, 2.3
"""s, between which something goes wrong; by the first the robot is on its way"""
LONGEST: Final = 5.0
"""s, after which a robot that has not fallen is let off: that was no accident"""
LIES: Final = 0.2
"""s, for which a robot that fell is recorded"""
_TRIES: Final = 25
_SLIDES, _CARRIES, _LACKS = 0.1, 100.0, 10.0
"""m/s, N, N m: a sole that carries and truly moves so fast has lost the floor; a motor that truly lacks so much, its
torque"""
_FORCE, _ACCELERATION, _TORQUE, _POSITION = 2.0, 0.05, 0.2, 1e-4
"""N, m/s^2, N m and m: white noise of what is recorded, along each axis"""


@dataclass(frozen=True)
class Sample:
    """The robot at one moment of its clock; what is sensed has its noise."""

    believed: RobotState
    """what its controller was told"""
    true: RobotState
    """privileged"""
    com_acceleration: Array
    sole_forces: Array
    asked_torques: Array


@dataclass(frozen=True)
class Accident:
    """What was recorded, and what truly happened."""

    samples: list[Sample]
    lab: list[tuple[float, Array]]
    """s of the laboratory's clock and (2, 3) m, where it saw the soles"""
    lab_ahead: float
    mass: float
    gravity: float
    torque_limits: Array
    truth: Diagnosis
    fell_at: float
    """s"""

    def evidence(self) -> Evidence:
        """Return the recording as plain arrays."""
        return Evidence(
            time=np.array([s.true.time for s in self.samples]),
            com_acceleration=np.array([s.com_acceleration for s in self.samples]),
            sole_forces=np.array([s.sole_forces for s in self.samples]),
            asked_torques=np.array([s.asked_torques for s in self.samples]),
            given_torques=np.array([s.believed.joint_torques for s in self.samples]),
            torque_limits=self.torque_limits,
            lab_time=np.array([time for time, _ in self.lab]),
            sole_positions=np.array([soles for _, soles in self.lab]),
            lab_ahead=self.lab_ahead,
            mass=self.mass,
            gravity=self.gravity,
        )


Watcher = Callable[[FaultyHumanoid, Sample], object]


def accident(cause: Cause, rng: np.random.Generator, watch: Watcher | None = None) -> Accident:
    """Let a robot walk until `cause` makes it fall, and return what was recorded of it.

    Args:
        cause: one of `CAUSES`.
        rng: draws all that differs from one accident to the next. A robot that stays on its feet is started anew.
        watch: is shown the robot at every sample, for instance to take pictures.

    Raises:
        ValueError: there is no such cause.
    """
    for _ in range(_TRIES):
        seed = int(rng.integers(2**31))
        found = _try(cause, np.random.default_rng(seed), None)
        if found is not None:
            return found if watch is None else _try(cause, np.random.default_rng(seed), watch) or found
    raise RuntimeError(f"no fall came of {cause!r} in {_TRIES} tries")


def _try(cause: Cause, rng: np.random.Generator, watch: Watcher | None) -> Accident | None:
    """Return an accident, or None where the robot stays on its feet."""
    with World(int(rng.integers(2**31))) as world:
        robot = FaultyHumanoid(world)
        walker = Walker(robot, VelocityCommand(rng.uniform(0.08, 0.2), 0.0, rng.uniform(-0.1, 0.1)))
        run = _Run(robot, rng, walker.body.tick)
        begins = rng.uniform(EARLIEST, LATEST)
        happened_at = fell_at = None
        for tick in range(round(LONGEST / walker.body.tick)):
            if happened_at is None and world.time >= begins:
                robot.suffer(cause, rng)
                happened_at = world.time
            if fell_at is None:
                walker.tick()
            else:
                robot.command(HOME_POSTURE)
                walker.body.advance()
                walker.body.sense()
            run.note(tick, watch)
            if happened_at is not None and run.shown_at is None and run.shows(cause):
                run.shown_at = world.time
            if fell_at is None and robot.has_fallen():
                fell_at = world.time
            if fell_at is not None and world.time > fell_at + LIES:
                break
        if fell_at is None or run.shown_at is None:
            return None
        return Accident(
            run.samples,
            run.lab,
            run.lab_ahead,
            run.model.mass,
            world.gravity,
            robot.joint_efforts.copy(),
            Diagnosis(cause, run.shown_at),
            fell_at,
        )


class _Run:
    """Notes what a robot's sensors and the laboratory's cameras say."""

    def __init__(self, robot: FaultyHumanoid, rng: np.random.Generator, tick: float) -> None:
        self.samples: list[Sample] = []
        self.lab: list[tuple[float, Array]] = []
        self.lab_ahead = float(rng.choice((-1.0, 1.0)) * rng.uniform(0.3, 0.9))
        self.model = RobotModel.of(robot)
        self.shown_at: float | None = None
        self._robot, self._rng, self._tick = robot, rng, tick
        self._velocity: Array | None = None
        self._soles: Array | None = None

    def note(self, tick: int, watch: Watcher | None) -> None:
        """Take a sample and a picture where it is time for them."""
        if self._robot.world.time < BEGINS:
            self._robot.felt()
            return
        if tick % LAB == 0:
            seen = self._where() + _POSITION * self._rng.standard_normal((2, 3))
            self.lab.append((self._robot.world.time + self.lab_ahead, seen))
        if tick % SAMPLE == 0:
            self.samples.append(self._sample())
            if watch is not None:
                watch(self._robot, self.samples[-1])

    def _sample(self) -> Sample:
        draw, robot = self._rng.standard_normal, self._robot
        believed, true = robot.state(), robot.true_state()
        self.model.update(true)
        velocity = self.model.com_velocity
        before, self._velocity = self._velocity if self._velocity is not None else velocity, velocity
        return Sample(
            replace(believed, joint_torques=true.joint_torques + _TORQUE * draw(28)),
            true,
            (velocity - before) / (SAMPLE * self._tick) + _ACCELERATION * draw(3),
            robot.felt() + _FORCE * draw((2, 3)),
            robot.asked_torques,
        )

    def shows(self, cause: Cause) -> bool:
        """Tell whether what went wrong has an effect by now, by the engine's own numbers: privileged."""
        soles, before = self._where(), self._soles
        self._soles = soles
        if cause == "slip" and before is not None:
            speeds = np.linalg.norm((soles - before)[:, :2], axis=1) / self._tick
            loads = np.array([contact.force for contact in self._robot.sole_contacts()])
            return bool(((speeds > _SLIDES) & (loads > _CARRIES)).any())
        if cause == "motor":
            limit = self._robot.joint_efforts
            asked = np.clip(self._robot.asked_torques, -limit, limit)
            return bool(np.abs(asked - self._robot.true_state().joint_torques).max() > _LACKS)
        return cause != "slip"

    def _where(self) -> Array:
        return np.array([self._robot.link_pose(f"{side}_sole")[0] for side in SIDES])
