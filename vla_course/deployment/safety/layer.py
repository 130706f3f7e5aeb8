"""The safety layer: between any policy's actions and the body, at every control tick.

An action is read, held against every limit, and changed as little as it takes; what cannot be mended is replaced by
standing still. The order in which limits count, where several bind:

1. emergency stop, a malformed action, low confidence: nothing of the action is carried out, the robot stands
2. people: everything slows down alike, to a stop within the protective separation distance
3. balance: arms and trunk slow down alike as the DCM comes near the edge of the soles
4. position, speed and acceleration of joints, and room round the arms: the nearest rates that keep all of them
5. where no rates keep all of them, arms brake as hard as they may

To brake and to stand is always possible: the speeds that are admitted are those from which one can still stop.
"""

from collections.abc import Iterator
from dataclasses import replace
from math import hypot, isfinite
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vla_course.deployment.safety.approval import Approval
from vla_course.deployment.safety.arm_guard import ArmGuard
from vla_course.deployment.safety.arm_space import ArmSpace
from vla_course.deployment.safety.balance_margin import dcm_margin, pace_for
from vla_course.deployment.safety.emergency import EmergencyStop
from vla_course.deployment.safety.feet import slowed
from vla_course.deployment.safety.interventions import Intervention, Limit, Told
from vla_course.deployment.safety.limits import SafetyLimits
from vla_course.deployment.safety.parts import SafetyParts
from vla_course.deployment.safety.surroundings import Surroundings
from vla_course.deployment.safety.trunk import stance_rates
from vla_course.learning.environment.action_space import VELOCITIES, BodyCommand, read_action
from vla_course.learning.environment.commanded_body import STANCE_SPEEDS, UPRIGHT, CommandedBody
from vla_course.learning.model.joint_range import joint_range
from vla_course.simulation.robot.layout import ARMS, HEAD
from vla_course.simulation.robot.model import RobotModel

Array = NDArray[np.float64]

_AT_REST: Final = 0.05
"""m/s of the centre of mass, and rad/s of each joint of the arms, of a robot that is calm"""


class SafetyLayer:
    """Carries out what a policy asks for, as far as it is safe. It stands in for the `CommandedBody` that it leads:
    what else that has (`feel`, `walker`, `stance`, `odometry` ...) is found here as well.

    Args:
        robot: the body; its own veto stays as it is.
        limits: what is never exceeded.
        emergency: the stop; one of its own by default.
        parts: the pieces that are exercises, the reference's by default.
        approval: who is asked where the policy is unsure; None: the robot just holds still then.

    Attributes:
        surroundings: tables and people, to be set anew whenever something was seen.
        interventions: of the last decision, each limit once, at its worst.
        stopped: why the last decision was not carried out at all, or only to a stop; empty where it went on.
        decisions, limited, halted: how many there were, in how many something was changed, and how many were stopped.
    """

    def __init__(
        self,
        robot: CommandedBody,
        limits: SafetyLimits | None = None,
        emergency: EmergencyStop | None = None,
        parts: SafetyParts | None = None,
        approval: Approval | None = None,
    ) -> None:
        self.robot, self.limits = robot, limits or SafetyLimits()
        self.emergency, self.approval = emergency or EmergencyStop(), approval
        self.surroundings = Surroundings()
        self.interventions: tuple[Intervention, ...] = ()
        self.stopped = ""
        self.decisions = self.limited = self.halted = 0
        humanoid = robot.walker.humanoid
        self._parts = parts or SafetyParts.reference()
        self._space = ArmSpace(RobotModel.of(humanoid))
        self._guard = ArmGuard(humanoid.joint_limits, self._space, self.limits, self._parts)
        self._stance_rate = np.zeros(3)
        self._velocity, self._asked_at, self._goal = np.zeros(3), "", np.zeros(16)
        self._owed, self._emergency_seen = 0.0, False

    def __getattr__(self, name: str) -> Any:
        if name == "robot":  # a copy that is being made has none yet
            raise AttributeError(name)
        return getattr(self.robot, name)

    @property
    def calm(self) -> bool:
        """Whether the robot is at rest on both feet: then an emergency stop may be released."""
        body = self.robot.walker.body
        speed = hypot(*body.balance.com_velocity[:2])
        resting = float(np.abs(body.upper_velocity).max()) < _AT_REST
        return self.robot.walker.phase == "stand" and body.stands and resting and speed < _AT_REST

    def carry_out(
        self, action: BodyCommand | ArrayLike, seconds: float, confidence: float | None = None
    ) -> Iterator[None]:
        """Let the world go on for `seconds` s, in whole ticks that add up to it over time; yields after every tick.

        Args:
            action: (36,) in -1 to 1 (`read_action`), or the same in units. One that is malformed makes the robot stand.
            seconds: until the next decision.
            confidence: of the policy in this action, 0 to 1; None where it does not tell.

        Raises:
            ValueError: `seconds` is not finite.
        """
        if not isfinite(seconds):
            raise ValueError(f"seconds is {seconds}, expected a finite number of s")
        body = self.robot.walker.body
        self._owed += seconds
        ticks = max(1, round(self._owed / body.tick))
        self._owed -= ticks * body.tick
        told, self.stopped, self.interventions = Told(), "", ()
        command = self._checked(action, confidence, told)
        self._asked_at = ""
        if command is not None:
            goal = np.concatenate((command.joints[ARMS], command.joints[HEAD]))
            posture, rates = body.upper_posture, body.upper_velocity
            self._goal = self._guard.reachable(goal, posture, rates, ticks * body.tick, told)
        for left in range(ticks, 0, -1):
            self.interventions = told.all()
            yield from self._tick(command, left, told)
            self.interventions = told.all()
        self.decisions += 1
        self.limited += bool(self.interventions)
        self.halted += bool(self.stopped)

    # ---- once a decision ---------------------------------------------------------------------------

    def _checked(
        self, action: BodyCommand | ArrayLike, confidence: float | None, told: Told
    ) -> BodyCommand | None:
        """Return what the action asks for; None where nothing of it may be carried out."""
        try:
            command = action if isinstance(action, BodyCommand) else read_action(action, joint_range())
            command = _cut(command)
            sure = 1.0 if confidence is None else float(confidence)
        except (ValueError, TypeError) as why:
            self._stop("malformed action", str(why), told)
            return None
        least = self.limits.least_confidence
        if confidence is None or sure >= least:
            return command
        try:
            decided = None if self.approval is None else self.approval.decide(command)
            if decided is not None:
                return _cut(decided)
        except Exception as why:  # whatever somebody's edit raises or returns
            self._stop("malformed action", f"what was approved: {why}", told)
            return None
        asked = "" if self.approval is None else "; somebody was asked"
        self._stop("low confidence", f"{sure:.2f}, expected at least {least:.2f}{asked}", told)
        return None

    def _stop(self, limit: Limit, why: str, told: Told) -> None:
        """Note that nothing of the action is carried out; that comes before whatever else was in its way."""
        self.stopped = f"{limit}: {why}"
        told.tell(Intervention(limit, "the robot", 0.0, "", 0.0, 0.0, why))

    # ---- every tick --------------------------------------------------------------------------------

    def _tick(self, command: BodyCommand | None, left: int, told: Told) -> Iterator[None]:
        """Carry out one tick of a command, of which `left` ticks are left; None: come to a stand."""
        pressed = self.emergency.pressed
        if pressed:
            command = None
            self._stop("emergency stop", self.emergency.reason, told)
            if self.emergency.category == 0:
                yield from self._power_off()
                return
        walker, body, dt = self.robot.walker, self.robot.walker.body, self.robot.walker.body.tick
        if pressed:
            walker.close_feet()
        # Fingers that are told to open will soon be where they are not yet.
        self._space.update(body.state, np.maximum(body.state.gripper_openings, walker.humanoid.gripper_goals))
        before = body.upper_velocity.copy()
        asked, stance, velocity = np.zeros(16), np.zeros(3), np.zeros(3)
        if command is not None:
            velocity = self._base_velocity(command, told)
            fastest = self._guard.fastest
            asked = np.clip((self._goal - body.upper_posture) / (left * dt), -fastest, fastest)
            upright = bool(velocity.any()) or not body.stands
            goal = np.zeros(3) if upright else command.stance
            stance = np.clip((goal - self.robot.stance) / (left * dt), -STANCE_SPEEDS, STANCE_SPEEDS)
            slow, steady = self._pace_near_people(asked, told), self._pace_in_balance(told)
            asked, stance = slow * steady * asked, slow * steady * stance
            if self.surroundings.people:
                # All joints change alike: so the hands, on their way from one speed to another, exceed neither.
                change = asked - before
                most = self.limits.acceleration * dt / max(float(np.abs(change).max()), 1e-9)
                asked = before + min(1.0, most) * change
        rates, brakes = self._guard.rates(asked, body.upper_posture, before, self.surroundings, dt, told)
        if brakes and command is not None:
            self.stopped = self.stopped or "collision: no motion of the arms keeps all distances"
        self._stance_rate = stance_rates(
            stance, self.robot.stance, self._stance_rate, body.state, self.surroundings, self.limits,
            self._parts.clip_rates, dt, told,
        )  # fmt: skip
        if (np.abs(self.robot.stance) > UPRIGHT).any() and body.stands:
            velocity = np.zeros(3)
        body.upper_acceleration[:] = (rates - before) / dt
        if pressed and not self._emergency_seen:
            # What was sensed a moment ago foresaw the motion that is over now.
            body.upper_velocity[:] = rates
            body.sense()
        self._emergency_seen = pressed
        posture = body.upper_posture + dt * rates
        joints = np.concatenate((body.state.joint_positions[: ARMS.start], posture))
        grippers = np.array(walker.humanoid.gripper_goals) if command is None else command.grippers
        safe = BodyCommand(joints, velocity, self.robot.stance + dt * self._stance_rate, grippers)
        yield from self.robot.carry_out(safe, dt)
        if self.robot.veto:
            self._stance_rate = np.zeros(3)
            self.stopped = self.stopped or f"veto: {self.robot.veto}"
            told.tell(Intervention("veto", "the body", 0.0, "", 0.0, 0.0, self.robot.veto))

    def _base_velocity(self, command: BodyCommand, told: Told) -> Array:
        """Return the base velocity (3,); what the feet may do is asked anew in every phase of a step."""
        walker = self.robot.walker
        if walker.phase != self._asked_at:
            self._asked_at = walker.phase
            self._velocity, limit, why = slowed(
                command.base_velocity, walker, self.surroundings, self.limits, self._parts.allowed_speed
            )
            if limit:
                asked, given = (float(np.abs(v).max()) for v in (command.base_velocity, self._velocity))
                told.tell(Intervention(limit, "the feet", asked - given, "m/s", asked, given, why))
                if not self._velocity.any():
                    self.stopped = self.stopped or f"{limit}: {why}"
        return self._velocity

    def _pace_near_people(self, asked: Array, told: Told) -> float:
        """Return the fraction, 0 to 1, of their speed that people leave to arms and trunk."""
        pace = 1.0
        for person in self.surroundings.people:
            distance = person.distance(self._space.points())
            allowed = self._parts.allowed_speed(distance, person.speed, self.limits.hands)
            most = max(allowed - self.limits.sway, 0.0)
            by_arms, by_trunk = self._space.hand_speeds(asked[:-2])
            fast = by_arms + by_trunk
            if fast > most:
                pace = min(pace, max(most - by_trunk, 0.0) / max(by_arms, 1e-9))
                why = f"a person is {distance:.2f} m from an arm, that may go at {most:.2f} m/s"
                told.tell(Intervention("people", "the arms", fast - most, "m/s", fast, most, why))
                if most == 0.0:
                    self.stopped = self.stopped or f"people: {why}"
        return min(pace, 1.0)

    def _pace_in_balance(self, told: Told) -> float:
        """Return the fraction, 0 to 1, of their speed that balance leaves to arms and trunk of a robot that stands."""
        body = self.robot.walker.body
        if not body.stands:
            return 1.0
        margin = dcm_margin(body.balance)
        steady = pace_for(margin, self.limits)
        if steady < 1.0:
            why = f"the DCM is {100 * margin:.1f} cm from the edge of the soles"
            told.tell(Intervention("balance", "arms and trunk", 1.0 - steady, "", 1.0, steady, why))
            if steady == 0.0:
                self.stopped = self.stopped or f"balance: {why}"
        return steady

    def _power_off(self) -> Iterator[None]:
        """Take the power from all motors: category 0."""
        body, humanoid = self.robot.walker.body, self.robot.walker.humanoid
        humanoid.drive(np.zeros(len(humanoid.joint_efforts)))
        body.advance()
        body.state = humanoid.state()
        yield


def _cut(command: BodyCommand) -> BodyCommand:
    """Return a command in units, its base velocity and grippers cut to what an action can ask for.

    Raises:
        ValueError: a part has a wrong shape, or a number that is not finite.
    """
    for name, count in (("joints", 28), ("base_velocity", 3), ("stance", 3), ("grippers", 2)):
        part = np.asarray(getattr(command, name), dtype=np.float64)
        if part.shape != (count,) or not np.isfinite(part).all():
            raise ValueError(f"BodyCommand.{name} is {part}, expected ({count},) finite numbers")
    velocity = np.clip(command.base_velocity, np.negative(VELOCITIES), VELOCITIES)
    return replace(command, base_velocity=velocity, grippers=np.clip(command.grippers, 0.0, 1.0))
