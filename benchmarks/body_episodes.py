"""Episodes of the body benchmark: walks at the whim of a command, described by plain numbers for any process to run."""

from dataclasses import dataclass, field
from math import hypot
from unittest.mock import patch

import numpy as np

from vla_course.motion.standing.senses import SenseNoise
from vla_course.motion.walking import step_sources
from vla_course.motion.walking.gait import GaitConfig
from vla_course.motion.walking.step_sources import VelocityCommand
from vla_course.motion.walking.strides import Motion, longest_step, motion_of_velocity, step_of
from vla_course.motion.walking.walker import Walker
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.world.world import World

WIDEST: Motion = (0.9, 0.4, 1.0)
"""m/s, m/s and rad/s either way: what commands are drawn from, beyond what is admitted in every direction"""
ASKED: Motion = (0.4, 0.0, 0.0)
"""the velocity asked for in the end, to see whether the robot still obeys"""
_AT_REST = 0.35
"""-, the fraction of commands that ask to stand"""
_BACK_ON_ITS_WAY, _COUNTED = 5, 8
"""steps that a robot has to come up to `ASKED`, and steps over which its velocity is measured then"""


@dataclass(frozen=True)
class Whim:
    """A walk whose command changes at random, from any admitted velocity to any other or to none."""

    seed: int
    seconds: float = 30.0
    shortest: float = 0.1
    longest: float = 2.5
    """s, how long a command holds"""


@dataclass(frozen=True)
class Beyond:
    """A walk at an admitted velocity that is then asked for one which is not."""

    seed: int


@dataclass(frozen=True)
class Imperfect:
    """A walk at 0.4 m/s and curves to both sides, with imperfect senses or motors."""

    seed: int
    noise: SenseNoise = field(default_factory=SenseNoise)
    torques: float = 1.0
    """-, the fraction of their greatest torques that the motors have"""
    seconds: float = 10.0


@dataclass(frozen=True)
class Steady:
    """A walk at one velocity, whether it is admitted or not."""

    velocity: Motion
    """m/s, m/s, rad/s"""
    seconds: float = 8.0

    @property
    def admitted(self) -> bool:
        """Whether a `VelocityCommand` takes it."""
        return _admitted(GaitConfig(), self.velocity)

    @property
    def longest(self) -> float:
        """m, its longest step, sole to sole."""
        gait = GaitConfig()
        return longest_step(gait, step_of(gait, self.velocity))


@dataclass(frozen=True)
class Outcome:
    """How it went."""

    fell: bool
    fastest: float
    """rad/s, of any joint"""
    hardest: float
    """-, the greatest torque over the joint's effort"""
    waited: float = 0.0
    """s, the longest for which a robot stood although a velocity was commanded"""
    obeys: bool = True
    """whether in the end it goes as it is told"""
    refused: bool = False
    """whether the command beyond was refused"""


def drawn(rng: np.random.Generator, gait: GaitConfig, admitted: bool = True) -> Motion:
    """Return a velocity (m/s, m/s, rad/s) that is admitted, or one that is not."""
    while True:
        forward, leftward, turning = (rng.uniform(-1.0, 1.0, 3) * WIDEST).tolist()
        if _admitted(gait, (forward, leftward, turning)) == admitted:
            return forward, leftward, turning


def _admitted(gait: GaitConfig, velocity: Motion) -> bool:
    try:
        motion_of_velocity(gait, *velocity)
    except ValueError:
        return False
    return True


def obey_whims(whim: Whim) -> Outcome:
    """Run a walk of random commands, and in the end ask for a velocity and see."""
    rng = np.random.default_rng(whim.seed)
    with World(whim.seed) as world:
        watch = _Watch(Walker(Humanoid(world), VelocityCommand()))
        command = watch.command
        while world.time < whim.seconds and not watch.fell:
            velocity = (0.0, 0.0, 0.0) if rng.random() < _AT_REST else drawn(rng, command.gait)
            watch.go(velocity, float(rng.uniform(whim.shortest, whim.longest)))
        return watch.outcome(obeys=not watch.fell and watch.obeys())


def ask_beyond(beyond: Beyond) -> Outcome:
    """Walk, be asked for what cannot be walked, and go on."""
    rng = np.random.default_rng(beyond.seed)
    with World(beyond.seed) as world:
        watch = _Watch(Walker(Humanoid(world), VelocityCommand()))
        watch.go(drawn(rng, watch.command.gait), float(rng.uniform(0.5, 4.0)))
        refused = False
        try:
            watch.go(drawn(rng, watch.command.gait, admitted=False), 4.0)
        except ValueError:
            refused = True
        watch.go((0.0, 0.0, 0.0), 2.0)
        return watch.outcome(obeys=not watch.fell and watch.obeys(), refused=refused)


def walk_imperfect(imperfect: Imperfect) -> Outcome:
    """Walk straight on, to the left, and to the right, with what is wrong."""
    with World(imperfect.seed) as world:
        humanoid = Humanoid(world)
        humanoid.joint_efforts = imperfect.torques * humanoid.joint_efforts
        watch = _Watch(Walker(humanoid, VelocityCommand(), noise=imperfect.noise))
        part = imperfect.seconds / 4.0
        for velocity in ((0.4, 0.0, 0.0), (0.4, 0.0, 0.4), (0.4, 0.0, -0.4), (0.3, 0.1, 0.0)):
            watch.go(velocity, part)
        return watch.outcome()


def walk_steadily(steady: Steady) -> Outcome:
    """Walk at one velocity, the limits taken away for once."""
    with World(0) as world, patch.object(step_sources, "motion_of_velocity", _unlimited):
        watch = _Watch(Walker(Humanoid(world), VelocityCommand()))
        watch.go(steady.velocity, steady.seconds)
        return watch.outcome()


def _unlimited(gait: GaitConfig, forward: float, leftward: float, turning: float) -> Motion:
    return step_of(gait, (forward, leftward, turning))


class _Watch:
    """Leads a walker and looks on, tick by tick; the robot's own numbers, not what its senses say."""

    def __init__(self, walker: Walker) -> None:
        assert isinstance(walker.source, VelocityCommand)
        self.walker, self.command = walker, walker.source
        self.humanoid = walker.humanoid
        self.fell = False
        self._fastest, self._hardest, self._waits, self._waited = 0.0, 0.0, 0.0, 0.0

    def go(self, velocity: Motion, seconds: float) -> None:
        """Command a velocity and let it hold."""
        command, walker = self.command, self.walker
        command.forward, command.leftward, command.turning = velocity
        end = self.humanoid.world.time + seconds
        while self.humanoid.world.time < end and not self.fell:
            walker.tick()
            state = self.humanoid.state()
            self._fastest = max(self._fastest, float(np.abs(state.joint_velocities).max()))
            torques = np.abs(state.joint_torques) / self.humanoid.joint_efforts
            self._hardest = max(self._hardest, float(torques.max()))
            self._waits = self._waits + walker.body.tick if any(velocity) and walker.phase == "stand" else 0.0
            self._waited = max(self._waited, self._waits)
            self.fell = self.humanoid.has_fallen()

    def obeys(self) -> bool:
        """Ask for `ASKED` and tell whether the robot then goes so fast, within a tenth."""
        gait = self.command.gait
        step = gait.single_support + gait.double_support
        self.go(ASKED, gait.first_shift + _BACK_ON_ITS_WAY * step)
        before = self.humanoid.state().base_position
        self.go(ASKED, _COUNTED * step)
        way = self.humanoid.state().base_position - before
        speed = hypot(way[0], way[1]) / (_COUNTED * step)
        return not self.fell and abs(speed / ASKED[0] - 1.0) < 0.1

    def outcome(self, obeys: bool = True, refused: bool = False) -> Outcome:
        """How it went."""
        return Outcome(self.fell, self._fastest, self._hardest, self._waited, obeys, refused)
