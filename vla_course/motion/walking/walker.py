"""The walker: which foot carries, which one swings, and when; step by step along the way of its source.

One cycle: in *shift* both feet carry and the zero moment point goes to the stance foot; in *single* the
other foot swings; when it lands the next shift begins. With no step to make the walker *stands*.

The weight of a robot that lifts a foot, or lands in mid-stride, cannot be brought to the middle in the time of a
double support. So standing begins only after a step that was planned to be the last: whoever has no step left
before that makes one on the spot.
"""

from collections.abc import Sequence
from dataclasses import replace
from math import cos, sin, sqrt
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from vla_course.motion.footsteps.footstep import Footstep
from vla_course.motion.polygon import nearest_point
from vla_course.motion.standing.balance_state import BalanceCommands
from vla_course.motion.standing.senses import SenseNoise, Senses
from vla_course.motion.walking.body import WalkingBody
from vla_course.motion.walking.gait import GaitConfig, ZmpKnots, zmp_knots
from vla_course.motion.walking.landing import moved_landing
from vla_course.motion.walking.parts import WalkingParts
from vla_course.motion.walking.reference import WalkingReference
from vla_course.motion.walking.step_sources import AHEAD, StepSource
from vla_course.motion.walking.strides import beside
from vla_course.motion.walking.swing_foot import SwingFoot
from vla_course.motion.walking.trunk_goal import TrunkGoal
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.robot.model import RobotModel
from vla_course.simulation.robot.state import Side

Array = NDArray[np.float64]

SIDES: tuple[Side, Side] = ("left", "right")
_TOUCH = 50.0
"""N, a swing foot that feels this has landed"""
_MOMENT = 0.01
"""s, how far ahead a standing robot looks whether its DCM leaves the soles: then it makes a step"""
_RESTLESS = 0.1
"""m/s of the centre of mass, or rad of the trunk's tilt: with more a standing robot does not begin to walk"""
_ASKEW = 1.0
"""s, for which a standing robot may be askew and not come to rest upright; then it puts one foot beside the other.
What balance can right it rights in that time"""
_BESIDE = 0.1
"""m, by which a foot that closes may land beside its place: one that stands so needs no other step"""
_LOST = 6.0
"""s without a moment in which it could have obeyed: then a robot counts as lost. Two steps to right itself fit in"""


class Walker:
    """Walks `humanoid` wherever `source` says.

    `model` is what the frame believes about the robot, by default the masses it really has. A tick lasts
    `steps_per_tick` steps of the world. `noise` is what is wrong with what it senses; nothing by default. `senses` is
    where it reads its state from instead; the humanoid itself by default.

    Attributes:
        body: the robot as sensed; its `upper_posture` is free for arms and head.
        humanoid: the robot.
        source: where to go; exchange it at any time.
        phase: "stand", "shift" or "single"; `time_left` s until it ends.
        feet: where left and right sole stand, as measured when they last carried.
        stance: the foot (0 left, 1 right) that carries next or now.
        pending: the steps planned, the one under way first.
        lean: (2,) rad, about the x and y axes, how a trunk that stands is meant to tilt; upright by default.
        moves_steps: whether a push may move a step, or make a robot that stands step.
        unable: s, for how long by now it could not have obeyed its source: it stood askew or was not at rest, or its
            steps were its own, to catch itself.
    """

    def __init__(
        self,
        humanoid: Humanoid,
        source: StepSource,
        parts: WalkingParts | None = None,
        gait: GaitConfig | None = None,
        model: RobotModel | None = None,
        steps_per_tick: int = 2,
        noise: SenseNoise | None = None,
        senses: Senses | None = None,
    ) -> None:
        parts = parts or WalkingParts.reference()
        self.gait = gait or GaitConfig()
        self.source, self.humanoid = source, humanoid
        self.controller, self.standing = parts.controller, parts.balancer()
        self.body = WalkingBody(
            humanoid, model or RobotModel.of(humanoid), steps_per_tick, noise=noise, senses=senses
        )
        self.lean = np.zeros(2)
        self.moves_steps = True
        self._world = humanoid.world
        self._swing_motion = parts.swing_motion
        self._height = self.controller.config.pendulum_height
        self._omega = sqrt(humanoid.world.gravity / self._height)
        self.preview = parts.preview(self.body.tick, self._height, self.gait.preview_horizon)
        self._reference = WalkingReference(self.controller, self.preview, self.body.tick, self._omega)

        description = humanoid.description
        self._sole_middle = (0.5 - description.ankle_from_heel) * description.foot_length
        self.phase: Literal["stand", "shift", "single"] = "stand"
        self.time_left, self._shift_time = 0.0, 1.0
        self.feet = [self.measured(0), self.measured(1)]
        self.stance = 0
        self.pending: list[Footstep] = []
        self._swing: SwingFoot | None = None
        self._own_step, self._closes, self.unable = False, False, 0.0
        self._rest = self._leaving = self._middle()
        self._trunk = TrunkGoal(
            self.controller.config,
            self.feet[0],
            self.feet[1],
            float(self.body.balance.center_of_mass[2]),
            self._world.time,
        )
        self.body.heading = self._trunk.heading
        self._restart()

    # ---- one tick ------------------------------------------------------------------------------

    def tick(self) -> BalanceCommands:
        """Decide, drive, let the world go on for a tick, and sense. Returns what was commanded."""
        self._go_on()
        obeys = self._calm() if self.phase == "stand" else not self._own_step
        self.unable = 0.0 if obeys else self.unable + self.body.tick
        self._reference.follow(self._knots())
        if self.moves_steps and self.phase == "single" and self.time_left >= self.gait.committed:
            self._move_landing()
        if self.body.stands:
            commands = self.standing.calculate_balance_commands(self.body.balance)
            self.body.drive(commands.joint_adjustments)
        else:
            commands = self.controller.calculate_balance_commands(self.body.balance)
            self.body.walk(commands, self._height)
        self.body.advance()
        self.time_left -= self.body.tick
        self.body.stands = self.phase == "stand" and self.time_left <= 0.0
        self._aim()
        self.body.sense()
        return commands

    def close_feet(self) -> None:
        """Land beside the foot that carries, while a quarter of the swing is left: sooner no robot stands.

        For who has stopped its source and cannot wait for the step under way and the one that closes.
        """
        if self.phase != "single" or self._closes or self.time_left < self._stays()[0] / 4.0:
            return
        self._closes = self._own_step = True
        self.pending = [self._beside(self.feet[self.stance])]
        self._restart()

    @property
    def lost(self) -> bool:
        """Whether it can no longer obey: on its feet perhaps, but for `_LOST` s neither at rest nor on its way."""
        return self.unable > _LOST

    def measured(self, foot: int) -> Footstep:
        """Return where a sole, 0 left, 1 right, is now."""
        (x, y, z), yaw = self.body.foot_pose(foot)
        return Footstep(SIDES[foot], float(x), float(y), float(z), float(yaw))

    # ---- phases --------------------------------------------------------------------------------

    def _go_on(self) -> None:
        """Begin the next phase where this one is over."""
        if self.phase == "stand" and self.moves_steps and (away := self._overshoot()).any():
            self._catch(away)
        elif self.phase == "stand" and self.time_left <= 0.0:
            if self._calm():
                self._start()
            elif self.unable > _ASKEW and self._rests():
                self._right()
        elif self.phase == "shift" and self.time_left <= 1e-9:
            self._lift()
        elif self.phase == "single" and self._swing is not None:
            touches = self.body.contacts[1 - self.stance].force > _TOUCH
            if self.time_left <= 1e-9 or (touches and self._swing.progress > 0.6):
                self._land()

    def _start(self) -> None:
        """Shift the weight for a first step, if there is one to make."""
        other = SIDES.index(self.source.first_side())
        self.feet = [self.measured(0), self.measured(1)]
        steps = list(self.source.upcoming(self.feet[1 - other], self.feet[other]))
        if steps:
            self.pending, self.stance, self._own_step = steps, 1 - other, False
            self._begin_to_walk()

    def _begin_to_walk(self) -> None:
        self._shift("shift", self.gait.first_shift)
        # Half of that time the zero moment point rests: a start that nobody announced would jerk it to an edge.
        self._shift_time = self.gait.first_shift / 2.0
        self._restart()

    def _calm(self) -> bool:
        """Return whether the robot is at rest enough to go: who fends off a push does not set out for a walk."""
        balance = self.body.balance
        askew = np.hypot(*(balance.trunk_tilt[:2] - self.lean))
        return max(np.hypot(*balance.com_velocity[:2]), askew) < _RESTLESS

    def _rests(self) -> bool:
        """Return whether the robot moves no more, upright or not."""
        balance = self.body.balance
        return (
            max(np.hypot(*balance.com_velocity[:2]), np.hypot(*balance.trunk_angular_velocity[:2]))
            < _RESTLESS
        )

    def _right(self) -> None:
        """Make a step to stand upright again: the foot that carries less goes beside the other."""
        foot = int(self.body.contacts[1].force < self.body.contacts[0].force)
        self.feet = [self.measured(0), self.measured(1)]
        self.pending, self.stance, self._own_step = [self._beside(self.feet[1 - foot])], 1 - foot, True
        self._begin_to_walk()

    def _overshoot(self) -> Array:
        """Return how far (2,) m the DCM will soon be out of the soles: ankles and hips do not hold it for long."""
        balance = self.body.balance
        speed = balance.com_velocity[:2] + balance.com_acceleration[:2] / self._omega
        dcm = balance.center_of_mass[:2] + balance.com_velocity[:2] / self._omega + _MOMENT * speed
        away: Array = dcm - nearest_point(balance.support_polygon, dcm)
        return away

    def _catch(self, overshoot: Array) -> None:
        """Make a step at once: with the foot towards which the robot falls, the right one where it is neither."""
        self.feet = [self.measured(0), self.measured(1)]
        leftward = overshoot @ (-sin(self._trunk.heading), cos(self._trunk.heading))
        foot = 0 if leftward > 0.0 else 1
        step = self._beside(self.feet[1 - foot])
        self.pending = [step, self._beside(step)]
        self.stance, self._own_step = 1 - foot, True
        self._shift("shift", self.gait.double_support / 6.0)
        self._restart()

    def _lift(self) -> None:
        """Both feet carry now, so their places are certain: plan from them and lift one."""
        foot = 1 - self.stance
        self.feet = [self.measured(0), self.measured(1)]
        if not self._own_step:
            self._follow(self.source.upcoming(self.feet[self.stance], self.feet[foot]), foot)
        self.phase, self.time_left = "single", self._stays()[0]
        position, yaw = self.body.foot_pose(foot)
        upright = self.gait.upright if self.gait.climbs(self.feet[foot], self.pending[0]) else 0.0
        self._swing = SwingFoot(foot, position, yaw, self._swing_motion, upright)
        self._restart()
        self._aim()
        self.body.sense()

    def _land(self) -> None:
        """The swing foot stands: the weight may come."""
        foot, landed, stops = 1 - self.stance, self.pending[0], len(self.pending) == 1
        if not self._own_step:
            self.source.landed()
        # A foot that has only just touched may still hang a little: its height is known once it carries.
        self.feet[foot] = replace(self.measured(foot), z=landed.z)
        lasts = self.gait.double_support + max(self.time_left, 0.0)
        if stops:
            # Who has come to rest between the feet starts anew: for the next step the weight is on the wrong side.
            self.pending, self._own_step = [], False
            self._stand(lasts)
        else:
            self._follow(self.source.upcoming(self.feet[foot], self.feet[1 - foot]), 1 - foot)
            self.stance = foot
            self._shift("shift", lasts)
            self._restart()
        self._swing = self.body.swing = None
        self._closes = False

    def _follow(self, steps: Sequence[Footstep], foot: int) -> None:
        """Plan to make `steps`, the first with `foot`; with none of them one on the spot, the walker's own."""
        self._own_step = not steps
        self.pending = list(steps) or [self.feet[foot]]

    def _stand(self, lasts: float) -> None:
        self._rest = self._middle()
        self._shift("stand", lasts)
        self._restart()

    def _shift(self, phase: Literal["stand", "shift"], duration: float) -> None:
        """Begin to move the zero moment point elsewhere."""
        self._leaving = self._reference.zmp
        self.body.stands = False
        self.phase, self.time_left, self._shift_time = phase, duration, duration

    # ---- the reference -------------------------------------------------------------------------

    def _restart(self) -> None:
        """Let the reference begin anew where the robot is, on its way to the steps that are planned now."""
        self._reference.restart(self._knots(), self.body.balance.center_of_mass[:2])

    def _knots(self) -> ZmpKnots:
        """Return the zero moment point that the phase and the planned steps ask for, from now on."""
        shift = (self.time_left - self._shift_time, self.time_left)
        if self.phase == "stand":
            return ZmpKnots(np.array(shift), np.stack((self._leaving, self._rest)))
        stance = self._load_point(self.feet[self.stance])
        landings = [self._load_point(step) for step in self.pending]
        stays = self._stays()
        if self.phase == "shift":
            return zmp_knots(self.gait, self._leaving, shift, stance, stays, landings)
        return zmp_knots(
            self.gait, stance, (-1.0, 0.0), stance, [max(self.time_left, 0.0), *stays[1:]], landings
        )

    def _stays(self) -> list[float]:
        """Return how long, s, the swing of each of the planned steps takes."""
        feet = [self.feet[1 - self.stance], self.feet[self.stance], *self.pending]
        return [
            self.gait.swing_time(start, landing) for start, landing in zip(feet, self.pending, strict=False)
        ]

    # ---- steps that move -----------------------------------------------------------------------

    def _move_landing(self) -> None:
        """Land where the robot falls, and sooner where that is out of reach by then."""
        assert self._swing is not None
        step, stance = self.pending[0], self.feet[self.stance]
        planned = np.array([step.x, step.y])
        shift = self.controller.adjust_landing(planned, self.time_left, self.body.balance) - planned
        if np.hypot(*shift) < 1e-3:
            return
        (x, y), sooner = moved_landing(
            self.gait, stance, self._swing, planned, shift, self.time_left, self._omega
        )
        first = replace(step, x=float(x), y=float(y))
        if self._closes and np.hypot(*shift) < _BESIDE:
            later: Sequence[Footstep] = ()
        else:
            later = [self._beside(first)] if self._own_step else self.source.upcoming(first, stance)
        self.pending, self.time_left = [first, *later[: AHEAD - 1]], sooner
        self._restart()

    # ---- the body's targets --------------------------------------------------------------------

    def _aim(self) -> None:
        """Set swing foot, heading and ground height for the coming tick."""
        body, dt = self.body, self.body.tick
        body.swing = None
        body.awaited = (0, 1) if self.phase == "stand" else (self.stance,)
        if self._swing is not None:
            body.swing = self._swing.advance(self.pending[0], self.time_left, dt)
        other = self.pending[0] if self.phase == "single" else self.feet[1 - self.stance]
        body.heading, body.ground = self._trunk.follow(self.feet[self.stance], other, self._world.time, dt)

    def _beside(self, step: Footstep) -> Footstep:
        """Return the step that puts the other foot beside `step`."""
        side = SIDES[1 - SIDES.index(step.side)]
        x, y, yaw = beside(step, side, self.gait.step_width)
        return Footstep(side, x, y, step.z, yaw, self.gait.swing_height)

    def _load_point(self, step: Footstep) -> Array:
        """Return the middle of a sole (2,) m, where its load is to rest."""
        ahead = self._sole_middle
        return np.array([step.x + ahead * cos(step.yaw), step.y + ahead * sin(step.yaw)])

    def _middle(self) -> Array:
        return (self._load_point(self.feet[0]) + self._load_point(self.feet[1])) / 2.0
