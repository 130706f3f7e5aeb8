"""The two grippers: four sliding fingers driven by one opening a hand."""

from typing import Final

from vla_course.simulation.anatomy import FINGER_FORCE, FINGER_STROKE
from vla_course.simulation.engine import pybullet
from vla_course.simulation.robot_body import RobotBody

GRIPPER_SPEED: Final = 0.12
"""How fast the commanded finger position moves, m/s."""

GripperMemory = tuple[tuple[float, float], tuple[float, float]]

_FORCES: Final = (FINGER_FORCE, FINGER_FORCE, 4 * FINGER_FORCE, 4 * FINGER_FORCE)
_POSITION_GAINS: Final = (0.3, 0.3, 0.3, 0.3)
_VELOCITY_GAINS: Final = (1.0, 1.0, 1.0, 1.0)


class Grippers:
    """Mimic drive: finger 1 goes where it is told, finger 2 follows where finger 1 really is.

    The follower may use four times the force. Two fingers of equal force, both saturated on an
    object, would let the pair drift sideways with whatever they hold.
    """

    def __init__(self, body: RobotBody, timestep: float) -> None:
        self._client = body.client
        self._body = body.id
        self._leaders = body.leaders
        self._fingers = [*body.leaders, *body.followers]
        self._stride = GRIPPER_SPEED * timestep
        self._goal = (0.0, 0.0)
        self._command = (0.0, 0.0)

    def set_goal(self, left: float, right: float) -> None:
        """Set the openings wanted, 0 closed to 1 open.

        Raises:
            ValueError: an opening is outside 0..1.
        """
        for name, opening in (("left", left), ("right", right)):
            if not 0.0 <= opening <= 1.0:
                raise ValueError(f"{name} opening is {opening}, expected 0 (closed) to 1 (open)")
        self._goal = (left * FINGER_STROKE, right * FINGER_STROKE)

    def drive(self) -> None:
        """Set the fingers' motors for the next step."""
        if self._command != self._goal:
            (left, right), (left_goal, right_goal) = self._command, self._goal
            self._command = (self._approach(left, left_goal), self._approach(right, right_goal))
        left_leader, right_leader = pybullet.getJointStates(
            self._body, self._leaders, physicsClientId=self._client
        )
        pybullet.setJointMotorControlArray(
            self._body,
            self._fingers,
            pybullet.POSITION_CONTROL,
            targetPositions=(*self._command, left_leader[0], right_leader[0]),
            forces=_FORCES,
            positionGains=_POSITION_GAINS,
            velocityGains=_VELOCITY_GAINS,
            physicsClientId=self._client,
        )

    def _approach(self, value: float, goal: float) -> float:
        return min(goal, value + self._stride) if goal > value else max(goal, value - self._stride)

    def capture(self) -> GripperMemory:
        """Return goal and command, m."""
        return self._goal, self._command

    def reinstate(self, memory: GripperMemory) -> None:
        """Return to a memory of `capture`."""
        self._goal, self._command = memory
