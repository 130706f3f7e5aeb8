"""The walker: steps in time, references for the controller, and the swing foot on its way."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from vla_course.motion.balance_config import BalanceConfig
from vla_course.motion.balance_state import BalanceCommands, BalanceState
from vla_course.motion.footsteps import Footstep
from vla_course.motion.gait import GaitConfig, ZmpKnots, beside, within_reach, zmp_knots
from vla_course.motion.walking_body import SwingTarget, WalkingBody
from vla_course.simulation.humanoid import Humanoid
from vla_course.simulation.robot_model import RobotModel

Array = NDArray[np.float64]
SIDES = ("left", "right")


class StepSource(Protocol):
    """Says where the feet go next: a velocity, a plan, a recovery."""

    def upcoming(self, stance: Footstep, other: Footstep, count: int) -> Sequence[Footstep]:
        """Return the next steps, at most `count`, the first for the foot `other`; none to stand."""


@dataclass
class VelocityCommand:
    """Steps that make the middle between the feet move: ahead and leftward m/s, turning rad/s."""

    forward: float = 0.0
    leftward: float = 0.0
    turning: float = 0.0
    config: GaitConfig = GaitConfig()

    def upcoming(self, stance: Footstep, other: Footstep, count: int) -> Sequence[Footstep]:
        period = self.config.single_support + self.config.double_support
        motion = np.array([self.forward, self.leftward, self.turning]) * period
        width = self.config.step_width
        steps: list[Footstep] = []
        if not motion.any():
            x, y, yaw = beside(stance, other.side, width)
            if np.hypot(other.x - x, other.y - y) > 0.01 or abs(other.yaw - yaw) > 0.02:
                steps.append(Footstep(other.side, x, y, stance.z, yaw, self.config.swing_height))
            return steps
        side = other.side
        for _ in range(count):
            x, y, yaw = beside(stance, side, width, motion)
            steps.append(Footstep(side, x, y, stance.z, yaw, self.config.swing_height))
            side, stance = stance.side, steps[-1]
        return steps


class Walker:
    """Walks a humanoid wherever `source` says, under a controller that follows a moving DCM."""

    def __init__(
        self,
        humanoid: Humanoid,
        source: StepSource,
        controller=None,
        gait: GaitConfig | None = None,
        model: RobotModel | None = None,
        preview=None,
        swing_motion=None,
        steps_per_tick: int = 2,
    ) -> None:
        from vla_course.reference.day3_humanoid_balance.preview import PreviewController
        from vla_course.reference.day3_humanoid_balance.swing import swing_motion as reference_swing
        from vla_course.reference.day3_humanoid_balance.walking import WalkingController

        self.gait = gait or GaitConfig()
        self.source = source
        self.controller = controller or WalkingController()
        self.body = WalkingBody(humanoid, model or RobotModel.of(humanoid), steps_per_tick)
        self._steps_per_tick = steps_per_tick
        self._world = humanoid.world
        dt = self.body.tick
        height = self.controller.config.pendulum_height
        self.preview = preview or PreviewController(dt, height, self.gait.preview_horizon)
        self._swing_motion = swing_motion or reference_swing
        self._omega = np.sqrt(humanoid.world.gravity / height)
        self._times = dt * np.arange(self.preview.samples + 1)

        self.phase: Literal["stand", "shift", "single"] = "stand"
        self.feet = [self._measured(0), self._measured(1)]
        self.stance = 0
        self.time_left = 0.0
        self.adjusting = True
        self.pending: list[Footstep] = []
        self._rest = self._middle()
        self.phase, self.time_left, self._shift_time = "stand", 0.0, 1.0
        self._leaving = self._rest
        self._restart()

    # ---- the plan of the zero moment point -----------------------------------------------------

    def _restart(self) -> None:
        """Let the reference begin anew where the robot is, on its way to the steps that are planned now."""
        c = self.body.balance.center_of_mass[:2]
        knots = self._knots()
        zmp = knots.sample(self._times)
        velocity = self._omega * (knots.dcm(self._omega) - c)
        self._reference = np.stack((c, velocity, self._omega**2 * (c - zmp[0])))
        # The integral of the errors stands for the jerk that the motion has already.
        jerk = self._omega**2 * (velocity - (zmp[1] - zmp[0]) / self.body.tick)
        preview, origin = self.preview, zmp[0]
        state = self._reference - np.array([origin, [0, 0], [0, 0]])
        feedback = preview.state_gain @ state + preview.preview_gains @ (zmp[1:] - origin)
        self._errors = -(jerk + feedback) / preview.error_gain

    def _middle(self) -> Array:
        return (self._load_point(self.feet[0]) + self._load_point(self.feet[1])) / 2.0

    def _load_point(self, step: Footstep) -> Array:
        """Return the point (2,) m of a sole on which the weight is to rest: its middle."""
        return np.array([step.x - 0.0044 * np.cos(step.yaw), step.y - 0.0044 * np.sin(step.yaw)])

    def _knots(self) -> ZmpKnots:
        shift = (self.time_left - self._shift_time, self.time_left)
        if self.phase == "stand":
            return ZmpKnots(np.array(shift), np.stack((self._leaving, self._rest)))
        stance = self._load_point(self.feet[self.stance])
        landings = [self._load_point(step) for step in self.pending]
        if self.phase == "shift":
            return zmp_knots(self.gait, self._leaving, shift, stance, self.gait.single_support, landings)
        return zmp_knots(self.gait, stance, (-1.0, 0.0), stance, self.time_left, landings)

    def _shift(self, phase, duration: float) -> None:
        """Begin to move the zero moment point elsewhere."""
        self._leaving = self._reference[0] - self._reference[2] / self._omega**2
        self.phase, self.time_left, self._shift_time = phase, duration, duration

    # ---- one tick ------------------------------------------------------------------------------

    def tick(self) -> BalanceCommands:
        """Decide, drive, let the world go on, and sense."""
        self._advance()
        self._adjust()
        reference = self._knots().sample(self._times)
        # Relative to the first point: what lies beyond the horizon counts as 0, and is not at the world's origin.
        origin = reference[0]
        for axis in (0, 1):
            state = self._reference[:, axis] - [origin[axis], 0.0, 0.0]
            state, self._errors[axis] = self.preview.step(
                state, self._errors[axis], reference[:, axis] - origin[axis]
            )
            self._reference[:, axis] = state + [origin[axis], 0.0, 0.0]
        c, v, a = self._reference
        self.controller.zmp_reference = c - a / self._omega**2
        self.controller.dcm_reference = c + v / self._omega
        commands = self.controller.calculate_balance_commands(self.body.balance)
        self.body.walk(commands, self.controller.config.pendulum_height)
        for _ in range(self._steps_per_tick):
            self._world.step()
        self.body.swing = self._next_swing()
        self.body.sense()
        self.time_left -= self.body.tick
        return commands

    def _advance(self) -> None:
        """Go on to the next phase where this one is over."""
        if self.phase == "stand" and self.time_left <= 0.0:
            stance, other = self._first_foot()
            steps = list(self.source.upcoming(self.feet[stance], self.feet[other], 4))
            if steps:
                self.pending, self.stance = steps, stance
                self._shift("shift", self.gait.first_shift)
        elif self.phase == "shift" and self.time_left <= 1e-9:
            self.phase, self.time_left = "single", self.gait.single_support
            self._lift()
        elif self.phase == "single":
            foot = 1 - self.stance
            force = self.body.contacts[foot].force
            if self.time_left <= 1e-9 or (force > 50.0 and self._progress > 0.6):
                self._land(foot)

    def _adjust(self) -> None:
        """Put the landing where the robot falls, and land sooner where that is too far away."""
        if not self.adjusting or self.phase != "single":
            return
        step, stance = self.pending[0], self.feet[self.stance]
        planned = np.array([step.x, step.y])
        balance, controller = self.body.balance, self.controller
        c, v, a = self._reference
        controller.zmp_reference, controller.dcm_reference = c - a / self._omega**2, c + v / self._omega
        wanted = controller.adjust_landing(planned, self.time_left, balance)
        shift = wanted - planned
        if np.hypot(*shift) < 1e-3 or self.time_left < self.gait.quickest_landing / 2:
            return
        now = shift * np.exp(-self._omega * self.time_left)
        foot = self._way[0][:2]
        earliest = min(self.time_left, self.gait.quickest_landing)
        best = np.inf
        for time_left in np.linspace(self.time_left, earliest, 8).tolist():
            wanted = planned + now * np.exp(self._omega * time_left)
            landing = within_reach(self.gait, stance, wanted)
            way, far = landing - foot, self.gait.swing_speed * time_left / 1.875
            landing = foot + way * min(1.0, far / max(np.hypot(*way), 1e-9))
            missed = np.hypot(*(landing - wanted))
            if missed < best - 0.005:
                best, found = missed, (time_left, landing)
        self.time_left, (x, y) = found
        self.pending = [replace(step, x=float(x), y=float(y))]
        self.pending += list(self.source.upcoming(self.pending[0], stance, 3))
        self._restart()

    def _first_foot(self) -> tuple[int, int]:
        left_first = getattr(self.source, "leftward", 0.0) > 0.0 or getattr(self.source, "turning", 0.0) > 0.0
        return (1, 0) if left_first else (0, 1)

    def _lift(self) -> None:
        foot = 1 - self.stance
        self.feet = [self._measured(0), self._measured(1)]
        self.pending = list(self.source.upcoming(self.feet[self.stance], self.feet[foot], 4))
        position, yaw = self.body.foot_pose(foot)
        self._restart()
        self._start = np.array([*position, yaw])
        self._progress = 0.0
        self._way = [np.array([position[0], position[1], yaw]), np.zeros(3), np.zeros(3)]
        self.body.swing = self._next_swing()
        self.body.sense()

    def _land(self, foot: int) -> None:
        # A foot that has only just touched may still hang in the air: its height is known once it carries.
        landed = self.pending.pop(0)
        self.feet[foot] = replace(self._measured(foot), z=landed.z)
        self.body.swing = None
        steps = list(self.source.upcoming(self.feet[foot], self.feet[1 - foot], 4))
        self.pending = steps
        if steps:
            self.stance = foot
            self._shift("shift", self.gait.double_support + max(self.time_left, 0.0))
        else:
            self._shift("stand", self.gait.double_support + max(self.time_left, 0.0))
            self._rest = self._middle()
        self._restart()

    def _next_swing(self) -> SwingTarget | None:
        if self.phase != "single":
            return None
        goal = self.pending[0]
        dt = self.body.tick
        left = max(self.time_left - dt, 0.0)
        yaw = self._start[3] + (goal.yaw - self._start[3] + np.pi) % (2 * np.pi) - np.pi
        self._way = list(
            self._swing_motion(*self._way, np.array([goal.x, goal.y, yaw]), max(left, 1e-9), dt)
        )
        rate = (1.0 - self._progress) / max(left, dt)
        self._progress = s = min(1.0, self._progress + rate * dt)
        z0, z1 = self._start[2], goal.z
        u = s - s * s
        b, db, ddb = 64 * u**3, 192 * u**2 * (1 - 2 * s), 384 * u * (1 - 2 * s) ** 2 - 384 * u**2
        m, dm, ddm = s**3 * (10 - 15 * s + 6 * s * s), 30 * u * u, 60 * u * (1 - 2 * s)
        height = max(z0, z1) + goal.swing_height - (z0 + z1) / 2
        z = z0 + (z1 - z0) * m + height * b
        dz, ddz = ((z1 - z0) * dm + height * db) * rate, ((z1 - z0) * ddm + height * ddb) * rate**2
        (x, y, yaw), (vx, vy, w), (ax, ay, _) = self._way
        return SwingTarget(
            1 - self.stance, np.array([x, y, z]), np.array([vx, vy, dz]), np.array([ax, ay, ddz]), yaw, w
        )

    def _measured(self, foot: int) -> Footstep:
        (x, y, z), yaw = self.body.foot_pose(foot)
        return Footstep(SIDES[foot], float(x), float(y), float(z), float(yaw))
