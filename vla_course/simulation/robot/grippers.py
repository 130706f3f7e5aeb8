"""The two grippers: four sliding fingers driven by one opening a hand."""

from math import cos, radians
from typing import Final

from vla_course.simulation.robot.anatomy import FINGER_FORCE, FINGER_STROKE
from vla_course.simulation.robot.body import RobotBody
from vla_course.simulation.world.engine import pybullet
from vla_course.simulation.world.rotation import Quaternion

GRIPPER_SPEED: Final = 0.12
"""How fast the commanded finger position moves, m/s."""

TURN: Final = radians(3.0)
"""How far a hand turns before its contacts are made anew, rad."""
LOOK: Final = 10
"""steps between two looks at how it has turned"""

GripperMemory = tuple[tuple[float, float], tuple[float, float], tuple[Quaternion, ...], int]

_ALIKE: Final = cos(TURN / 2.0)
_GROUP_AND_MASK: Final = (1, -1)
"""Bullet's own for things that move: they meet everything."""
_FORCES: Final = (FINGER_FORCE, FINGER_FORCE, 4 * FINGER_FORCE, 4 * FINGER_FORCE)
_POSITION_GAINS: Final = (0.3, 0.3, 0.3, 0.3)
_VELOCITY_GAINS: Final = (1.0, 1.0, 1.0, 1.0)


class Grippers:
    """Mimic drive: finger 1 goes where it is told, finger 2 follows where finger 1 really is.

    The follower may use four times the force. Two fingers of equal force, both saturated on an
    object, would let the pair drift sideways with whatever they hold.

    Bullet keeps the normal of a contact in world axes for as long as the contact lasts. A thing that turns
    together with the hand that holds it would soon be pushed in wrong directions, and after half a turn glued
    to the fingers. So the contacts of a hand that has turned are made anew.
    """

    def __init__(self, body: RobotBody, timestep: float) -> None:
        self._client = body.client
        self._body = body.id
        self._leaders = body.leaders
        self._fingers = [*body.leaders, *body.followers]
        self._stride = GRIPPER_SPEED * timestep
        self._goal = (0.0, 0.0)
        self._command = (0.0, 0.0)
        self._turned, self._steps = self._orientations(), 0

    def set_goal(self, left: float, right: float) -> None:
        """Set the openings wanted, 0 closed to 1 open.

        Raises:
            ValueError: an opening is outside 0..1.
        """
        for name, opening in (("left", left), ("right", right)):
            if not 0.0 <= opening <= 1.0:
                raise ValueError(f"{name} opening is {opening}, expected 0 (closed) to 1 (open)")
        self._goal = (left * FINGER_STROKE, right * FINGER_STROKE)

    @property
    def goal(self) -> tuple[float, float]:
        """The openings wanted, 0 closed to 1 open."""
        left, right = self._goal
        return left / FINGER_STROKE, right / FINGER_STROKE

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
        self._steps = (self._steps + 1) % LOOK
        if self._steps == 0:
            self._renew_contacts()

    def _renew_contacts(self) -> None:
        """Let Bullet forget the contacts of a hand that has turned; the next step finds them again."""
        for hand, now in enumerate(self._orientations()):
            if abs(sum(a * b for a, b in zip(now, self._turned[hand], strict=True))) < _ALIKE:
                self._turned[hand] = now
                for finger in self._fingers[hand::2]:
                    # Whatever joins its collision group, be it the same as before, begins without contacts.
                    pybullet.setCollisionFilterGroupMask(
                        self._body, finger, *_GROUP_AND_MASK, physicsClientId=self._client
                    )

    def _orientations(self) -> list[Quaternion]:
        """Return how the left and the right hand are turned."""
        states = pybullet.getLinkStates(self._body, self._leaders, physicsClientId=self._client)
        return [state[5] for state in states]

    def _approach(self, value: float, goal: float) -> float:
        return min(goal, value + self._stride) if goal > value else max(goal, value - self._stride)

    def capture(self) -> GripperMemory:
        """Return goal and command, m, how hands were turned when their contacts were made, steps since a look."""
        return self._goal, self._command, tuple(self._turned), self._steps

    def reinstate(self, memory: GripperMemory) -> None:
        """Return to a memory of `capture`."""
        self._goal, self._command, turned, self._steps = memory
        self._turned = list(turned)
