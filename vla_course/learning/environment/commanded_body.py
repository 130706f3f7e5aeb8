"""A policy's commands carried out by a body whose legs are planned: arms, head and grippers are the policy's.

The walker of Day 3 owns the legs. It gets the base velocity and the stance, and either may be refused.
"""

from collections.abc import Iterator
from math import atan2, cos, degrees, hypot
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vla_course.learning.environment.action_space import BodyCommand, write_action
from vla_course.learning.environment.hand_loads import HandLoads
from vla_course.learning.environment.proprioception import proprioception
from vla_course.learning.environment.stance_check import StanceCheck
from vla_course.learning.model.joint_range import joint_range
from vla_course.motion.arms.chain import ARM_SIZE
from vla_course.motion.footsteps.plan import GoalPose, way_to
from vla_course.motion.hands.plan import SPEED_LIMITS
from vla_course.motion.hands.run import STIFFNESS
from vla_course.motion.hands.stance import Stance, StancedBalance
from vla_course.motion.planning.step_safety import OMEGA
from vla_course.motion.polygon import nearest_point
from vla_course.motion.standing.odometry import LegOdometry
from vla_course.motion.standing.senses import Senses
from vla_course.motion.walking.footing import footing_of, here
from vla_course.motion.walking.step_sources import VelocityCommand
from vla_course.motion.walking.walker import Walker
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.robot.layout import ARMS, HEAD
from vla_course.simulation.world.rotation import rotation_matrix

Array = NDArray[np.float64]

ARM_SPEED: Final = 2.4
"""rad/s, the greatest of each arm joint, as hands work on Day 3: at 4 arms that flail at random topple the robot"""
HEAD_SPEED: Final = 1.5
"""rad/s, the greatest of each joint of the head"""
STANCE_SPEEDS: Final = SPEED_LIMITS[ARM_SIZE:]
"""(3,) rad/s, rad/s and m/s, the greatest of bow, turn and height"""
UPRIGHT: Final = np.array((0.03, 0.03, 0.01))
"""(3,) rad, rad and m, a stance nearer to home than that is one to walk from"""
MOST_TILT: Final = 0.2
"""rad, of a trunk beside its stance that may be sent somewhere; as it is commanded it leans by 0.05 at most"""
FASTEST: Final = 0.85
"""m/s, of the centre of mass of a robot that may be sent somewhere; as it is commanded it goes at 0.73 at most"""

_SPEEDS: Final = np.array([*[ARM_SPEED] * 14, *[HEAD_SPEED] * 2])


class CommandedBody:
    """A robot that does what commands say, `seconds` at a time.

    Args:
        humanoid: the robot.
        rng: draws the errors of its gyro; None: it has none.
        senses: what it balances and walks by; by default the humanoid itself, the truth. A `senses` that errs has a
            gyro of its own, so `rng` is None then.

    Attributes:
        walker: who owns the legs.
        odometry: how far it has come.
        stance: (3,) bow rad, turn rad, height m, as the balance stack carries it out now.
        loads: what its hands seem to hold, which the servo carries.
        veto: what of the last command was refused and why, empty where nothing was.
    """

    def __init__(
        self, humanoid: Humanoid, rng: np.random.Generator | None = None, senses: Senses | None = None
    ) -> None:
        self._velocity = VelocityCommand()
        self.walker = Walker(humanoid, self._velocity, senses=senses)
        self._balance = StancedBalance(self.walker.standing)
        self.walker.standing = self._balance
        self.walker.body.upper_stiffness[:14] = STIFFNESS
        self._check = StanceCheck(humanoid)
        self.stance, self.veto = np.zeros(3), ""
        self.odometry = LegOdometry(rng, humanoid.description)
        self._count(0.0)
        self._owed = 0.0
        self.loads = HandLoads(humanoid, self.walker.body)

    def carry_out(self, command: BodyCommand, seconds: float) -> Iterator[None]:
        """Let the world go on for `seconds` s, in whole ticks that add up to it over time; yields after every tick.

        Arms, head and stance move evenly, to be where they should at the end or as near as their speeds allow. A
        robot straightens up before it sets out, and stays upright while it walks. A stance that its legs cannot take
        is refused, and it keeps the one it has. A robot that is about to leave the safe set stands still, arms,
        trunk and fingers as they are.

        Raises:
            ValueError: the base velocity is one that cannot be walked; no action asks for one.
        """
        body = self.walker.body
        self._owed += seconds
        ticks = max(1, round(self._owed / body.tick))
        self._owed -= ticks * body.tick
        self.veto = self._unsafe()
        velocity, stance, posture = np.zeros(3), self.stance, body.upper_posture.copy()
        if not self.veto:
            self.walker.humanoid.grip(*command.grippers.tolist())
            posture = np.concatenate((command.joints[ARMS], command.joints[HEAD]))
            walks = not body.stands or bool(command.base_velocity.any())
            stance = np.zeros(3) if walks else self._admitted(command.stance)
            if (np.abs(self.stance) <= UPRIGHT).all():
                velocity = command.base_velocity
        self._velocity.forward, self._velocity.leftward, self._velocity.turning = velocity.tolist()
        lasts = ticks * body.tick
        rate = np.clip((posture - body.upper_posture) / lasts, -_SPEEDS, _SPEEDS)
        stance_rate = np.clip((stance - self.stance) / lasts, -STANCE_SPEEDS, STANCE_SPEEDS)
        body.upper_velocity[:] = rate
        for _ in range(ticks):
            self._stand_as(stance_rate)
            self.loads.tick()
            self.walker.tick()
            body.upper_posture += rate * body.tick
            self._count(body.tick)
            yield

    def as_it_is(self) -> NDArray[np.float32]:
        """Return the action (36,) that changes nothing and goes nowhere."""
        joints = self.walker.body.state.joint_positions.copy()
        joints[ARMS], joints[HEAD] = np.split(self.walker.body.upper_posture, [ARMS.stop - ARMS.start])
        grippers = np.array(self.walker.humanoid.gripper_goals)
        return write_action(BodyCommand(joints, np.zeros(3), self.stance, grippers), joint_range())

    def feel(self) -> NDArray[np.float32]:
        """Return the state vector (75,), as `proprioception` lays it out."""
        odometry = (*self.odometry.position, self.odometry.turn, self.odometry.steps)
        return proprioception(self.walker.body.state, odometry, self.stance, self._footing())

    def _footing(self) -> Array:
        """Return where it would stand if it closed its feet now (4,), as `STATE.footing` has it."""
        walker, state = self.walker, self.walker.body.state
        ahead = rotation_matrix(state.base_orientation)[:, 0]
        x, y, _ = state.base_position.tolist()
        way = way_to(GoalPose(x, y, atan2(ahead[1], ahead[0])), here(walker))
        stands = walker.phase == "stand"
        return np.append(way, 0.0 if stands else 1.0 if footing_of(walker).swings == "left" else -1.0)

    def _count(self, dt: float) -> None:
        """Let the odometry take in what the sensors say `dt` s after the last time."""
        body = self.walker.body
        to_pelvis = rotation_matrix(body.state.base_orientation).T
        left, right = body.contacts
        self.odometry.observe(
            body.state.joint_positions,
            -to_pelvis[:, 2],
            to_pelvis @ body.state.base_angular_velocity,
            (left.force, right.force),
            dt,
        )

    def _stand_as(self, rate: Array) -> None:
        """Move the stance a tick on, at `rate` (3,); one that walks or is about to is upright."""
        body = self.walker.body
        if not body.stands:
            rate, self.stance = np.zeros(3), np.zeros(3)
        self.stance = self.stance + rate * body.tick
        self._balance.stance, self._balance.rate = Stance(*self.stance.tolist()), rate
        if body.heading is not None:
            self._balance.heading = body.heading
        self.walker.lean = self._balance.tilt[:2]

    def _admitted(self, stance: Array) -> Array:
        """Return a stance (3,), or the one that the robot has where its legs cannot take that."""
        if (np.abs(stance - self.stance) < 1e-9).all():
            return stance
        self.veto = self._check.fault(stance, self.walker.body)
        return self.stance if self.veto else stance

    def _unsafe(self) -> str:
        """Return why the robot had better stand still, empty where it is safe."""
        body = self.walker.body
        if self.walker.lost:
            return f"the robot has neither been at rest nor on its way for {self.walker.unable:.0f} s"
        upright = float(rotation_matrix(body.state.base_orientation)[:, 2] @ self._axis())
        if upright < cos(MOST_TILT):
            return f"the trunk leans by {degrees(np.arccos(upright)):.0f} degrees"
        balance = body.balance
        speed = hypot(*balance.com_velocity[:2])
        if speed > FASTEST:
            return f"the centre of mass goes at {speed:.1f} m/s"
        dcm = balance.center_of_mass[:2] + balance.com_velocity[:2] / OMEGA
        out = hypot(*(dcm - nearest_point(balance.support_polygon, dcm)))
        if body.stands and out > 0.0:
            return f"the DCM is {100 * out:.1f} cm outside of the soles of a robot that stands"
        return ""

    def _axis(self) -> Array:
        """Return where the trunk's z axis (3,) points in the stance that the robot has."""
        bow, yaw = self.stance[0], self._balance.heading + self.stance[1]
        return np.array((np.sin(bow) * np.cos(yaw), np.sin(bow) * np.sin(yaw), np.cos(bow)))
