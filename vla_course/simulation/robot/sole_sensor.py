"""Reading the forces of the ground on the two soles from the engine's contact points."""

from typing import Any

import numpy as np

from vla_course.simulation.robot.body import RobotBody
from vla_course.simulation.robot.state import Side, SoleContact
from vla_course.simulation.world.engine import pybullet

_NO_POINTS = np.zeros((0, 3))
_NO_FORCES = np.zeros(0)
_NO_POINTS.flags.writeable = False
_NO_FORCES.flags.writeable = False


class SoleSensor:
    """Contact forces on the soles of one robot.

    Trap: pybullet turns normal and points round so that the body asked for comes first, but not the
    friction, which stays the force on the first body of Bullet's own pair. Which of the two is first
    depends on the shapes and on who was made first, so it is looked up once for every body stepped on.
    """

    def __init__(self, body: RobotBody) -> None:
        self._client = body.client
        self._body = body.id
        self._soles = body.soles
        self._friction_signs: dict[int, float] = {}

    def read(self) -> tuple[SoleContact, SoleContact]:
        """Return the contacts of the last step, left and right."""
        left, right = self._soles
        return self._read_one(*left), self._read_one(*right)

    def _read_one(self, side: Side, link: int) -> SoleContact:
        contacts = pybullet.getContactPoints(bodyA=self._body, linkIndexA=link, physicsClientId=self._client)
        # Points still up to 2 cm away are listed too, with no force.
        pressed = [contact for contact in contacts if contact[9] > 0.0]
        if not pressed:
            return SoleContact(side, _NO_POINTS, _NO_FORCES, _NO_POINTS)
        signs = self._friction_signs
        for contact in pressed:
            if contact[2] not in signs:
                signs[contact[2]] = self._friction_sign(contact[2])
        rows = np.array([(*point[5], point[9], *_force(point, signs[point[2]])) for point in pressed])
        return SoleContact(side, points=rows[:, :3], normal_forces=rows[:, 3], forces=rows[:, 4:])

    def _friction_sign(self, other: int) -> float:
        for contact in pybullet.getContactPoints(physicsClientId=self._client):
            if contact[1] == self._body and contact[2] == other:
                return 1.0
            if contact[1] == other and contact[2] == self._body:
                return -1.0
        raise RuntimeError(f"body {other} presses on a sole but pybullet lists no contact with it")


def _force(contact: Any, sign: float) -> tuple[float, float, float]:
    """Return the ground's force (3,) N at one point: along the normal and the two directions of friction."""
    (nx, ny, nz), normal = contact[7], contact[9]
    (ax, ay, az), (bx, by, bz) = contact[11], contact[13]
    along, across = sign * contact[10], sign * contact[12]
    return (
        normal * nx + along * ax + across * bx,
        normal * ny + along * ay + across * by,
        normal * nz + along * az + across * bz,
    )
