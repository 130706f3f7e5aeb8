"""The humanoid as Pinocchio sees it: centroidal quantities, frames and Jacobians in our conventions.

Generalised velocities, everywhere outside this file (34 numbers):

    v = [ base linear velocity (3), base angular velocity (3), joint velocities (28) ]

with the base velocities in *world* axes and taken at the origin of the pelvis frame, as `RobotState`
gives them, and the joints in the order of `layout.JOINT_NAMES`.

Pinocchio's free-flyer counts the base velocities in the *pelvis's own* axes, and sorts joints by
name. With R the rotation of the pelvis frame in the world, v_pin = T v with

    T = blockdiag(R^T, R^T, P),        P: the permutation of the joints

so that a Jacobian J_pin of Pinocchio turns into J = J_pin T: its first six columns are multiplied by
R^T and the others reordered. Nobody outside needs to know.
"""

import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping
from typing import Self

import numpy as np
import pinocchio as pin
from numpy.typing import NDArray

from vla_course.simulation.robot.description import HumanoidDescription
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.robot.humanoid_urdf import urdf_text
from vla_course.simulation.robot.layout import JOINT_COUNT, JOINT_NAMES
from vla_course.simulation.robot.state import RobotState
from vla_course.simulation.world.rotation import rotation_matrix

FloatArray = NDArray[np.float64]
VELOCITY_SIZE = 6 + JOINT_COUNT
_FINGERS = ("left_finger_1", "left_finger_2", "right_finger_1", "right_finger_2")


class RobotModel:
    """A model of the robot's dynamics, independent of the physics engine. Fingers count as closed.

    Call `update` with a state; the properties then speak of that state.

    Args:
        description: the robot (default: the course's).
        link_masses: masses in kg of links that differ from the description's; their inertias change
            in proportion.
    """

    def __init__(
        self,
        description: HumanoidDescription | None = None,
        link_masses: Mapping[str, float] | None = None,
    ) -> None:
        text = _with_masses(urdf_text(description), link_masses or {})
        full = pin.buildModelFromXML(text, pin.JointModelFreeFlyer())
        locked = [full.getJointId(name) for name in _FINGERS]
        self.model = pin.buildReducedModel(full, locked, pin.neutral(full))
        self.data = self.model.createData()
        self.mass: float = float(pin.computeTotalMass(self.model))
        joints = [self.model.joints[self.model.getJointId(name)] for name in JOINT_NAMES]
        self._in_q = np.array([joint.idx_q for joint in joints])
        self._in_v = np.array([joint.idx_v for joint in joints])
        self._columns = np.concatenate([np.arange(6), self._in_v])
        self._q = pin.neutral(self.model)
        self._v = np.zeros(self.model.nv)
        self._to_base = np.eye(3)
        self._frames: dict[str, int] = {}
        self._update()

    @classmethod
    def of(cls, humanoid: Humanoid) -> Self:
        """Model a simulated robot with the link masses that it really has."""
        return cls(humanoid.description, humanoid.link_masses)

    def update(self, state: RobotState) -> None:
        """Compute kinematics, momentum and joint Jacobians at `state`."""
        self._q[:3] = state.base_position
        self._q[3:7] = state.base_orientation
        self._q[self._in_q] = state.joint_positions
        self._to_base = rotation_matrix(state.base_orientation).T
        self._v[:3] = self._to_base @ state.base_linear_velocity
        self._v[3:6] = self._to_base @ state.base_angular_velocity
        self._v[self._in_v] = state.joint_velocities
        self._update()

    def _update(self) -> None:
        # ccrba fills oMi, the world Jacobian, the centroidal momentum and its matrix in one pass.
        pin.ccrba(self.model, self.data, self._q, self._v)

    @property
    def center_of_mass(self) -> FloatArray:
        """Whole-body centre of mass (3,), m."""
        return np.array(self.data.com[0])

    @property
    def com_velocity(self) -> FloatArray:
        """Velocity of the centre of mass (3,), m/s."""
        return np.array(self.data.hg.linear) / self.mass

    @property
    def angular_momentum(self) -> FloatArray:
        """Angular momentum about the centre of mass (3,), N m s, world axes."""
        return np.array(self.data.hg.angular)

    @property
    def com_jacobian(self) -> FloatArray:
        """(3, 34) m/s per unit of v: com_velocity = com_jacobian @ v."""
        return self._ours(self.data.Ag[:3]) / self.mass

    @property
    def angular_momentum_matrix(self) -> FloatArray:
        """(3, 34): angular_momentum = angular_momentum_matrix @ v (Orin and Goswami 2008)."""
        return self._ours(self.data.Ag[3:])

    def generalized_force(self, acceleration: FloatArray) -> FloatArray:
        """Return M v' + h (34,), N and N m: what it takes to accelerate by `acceleration` (34,) = dv/dt.

        h holds gravity, centrifugal and Coriolis forces; the rows stand for the same motions as those of
        v (recursive Newton-Euler algorithm, Featherstone 2008). Contact forces are not counted.
        """
        inner = np.empty(VELOCITY_SIZE)
        # v_pin = R^T v, hence v_pin' = R^T v' - omega x v_pin in the pelvis's axes.
        inner[:3] = self._to_base @ acceleration[:3] - _cross(self._v[3:6], self._v[:3])
        inner[3:6] = self._to_base @ acceleration[3:6]
        inner[self._in_v] = acceleration[6:]
        found = pin.rnea(self.model, self.data, self._q, self._v, inner)
        force = found[self._columns]
        force[:3], force[3:6] = found[:3] @ self._to_base, found[3:6] @ self._to_base
        return force

    def frame_position(self, name: str) -> FloatArray:
        """Return the origin of a link's frame in the world (3,), m."""
        return np.array(self._placement(name).translation)

    def frame_rotation(self, name: str) -> FloatArray:
        """Return the rotation of a link's frame (3, 3): its columns are the frame's axes in the world."""
        return np.array(self._placement(name).rotation)

    def frame_pose(self, name: str) -> tuple[FloatArray, FloatArray]:
        """Return `frame_position` and `frame_rotation` of a link's frame."""
        place = self._placement(name)
        return np.array(place.translation), np.array(place.rotation)

    def frame_jacobian(self, name: str) -> FloatArray:
        """Return (6, 34): linear velocity of the frame's origin, then angular velocity, in world axes."""
        frame = self._frame(name)
        pin.updateFramePlacement(self.model, self.data, frame)
        jacobian = pin.getFrameJacobian(self.model, self.data, frame, pin.ReferenceFrame.LOCAL_WORLD_ALIGNED)
        return self._ours(jacobian)

    def stacked_jacobian(self, *frames: str) -> FloatArray:
        """Return (6 n + 3, 34): the Jacobians of n frames one below the other, then that of the CoM.

        The same numbers as `frame_jacobian` and `com_jacobian` give, in a third of the time.
        """
        count = 6 * len(frames)
        stack = np.empty((count + 3, VELOCITY_SIZE))
        axes = pin.ReferenceFrame.LOCAL_WORLD_ALIGNED
        for row, name in zip(range(0, count, 6), frames, strict=True):
            frame = self._frame(name)
            pin.updateFramePlacement(self.model, self.data, frame)
            stack[row : row + 6] = pin.getFrameJacobian(self.model, self.data, frame, axes)
        stack[count:] = self.data.Ag[:3] / self.mass
        return self._ours(stack)

    def stacked_drift(self, *frames: str) -> FloatArray:
        """Return (6 n + 3,): how the velocities of `stacked_jacobian` change while v' = 0, m/s^2 and rad/s^2.

        This is J' v, what turning links do to their far ends. Acceleration = J v' + J' v.
        """
        still = np.zeros(VELOCITY_SIZE)
        still[:3] = -_cross(self._v[3:6], self._v[:3])  # our v' = 0, in the pelvis's axes
        pin.forwardKinematics(self.model, self.data, self._q, self._v, still)
        drift = np.empty(6 * len(frames) + 3)
        axes = pin.ReferenceFrame.LOCAL_WORLD_ALIGNED
        for row, name in zip(range(0, 6 * len(frames), 6), frames, strict=True):
            drift[row : row + 6] = pin.getFrameClassicalAcceleration(
                self.model, self.data, self._frame(name), axes
            )
        pin.computeCentroidalMomentumTimeVariation(self.model, self.data)
        drift[-3:] = np.array(self.data.dhg.linear) / self.mass
        return drift

    def _placement(self, name: str) -> pin.SE3:
        return pin.updateFramePlacement(self.model, self.data, self._frame(name))

    def _frame(self, name: str) -> int:
        """Raises ValueError: there is no link of this name."""
        index = self._frames.get(name)
        if index is None:
            index = self.model.getFrameId(name, pin.FrameType.BODY)
            if index == self.model.nframes:
                links = [f.name for f in self.model.frames if f.type == pin.FrameType.BODY]
                raise ValueError(f"frame is {name!r}, expected one of {links}")
            self._frames[name] = index
        return index

    def _ours(self, jacobian: FloatArray) -> FloatArray:
        columns: FloatArray = jacobian.take(self._columns, axis=1)
        columns[:, :6] = (columns[:, :6].reshape(-1, 3) @ self._to_base).reshape(-1, 6)
        return columns


def _cross(a: FloatArray, b: FloatArray) -> FloatArray:
    """Return a x b; np.cross takes ten times as long."""
    (ax, ay, az), (bx, by, bz) = a.tolist(), b.tolist()
    return np.array([ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx])


def _with_masses(text: str, masses: Mapping[str, float]) -> str:
    robot = ElementTree.fromstring(text)
    links = {str(link.get("name")): link for link in robot.iter("link")}
    for name, mass in masses.items():
        if name not in links:
            raise ValueError(f"link_masses names {name!r}, expected one of {sorted(links)}")
        weight = links[name].find("inertial/mass")
        inertia = links[name].find("inertial/inertia")
        if weight is None or inertia is None:
            raise ValueError(f"link {name} has no inertial element")
        factor = mass / float(weight.attrib["value"])
        weight.set("value", repr(mass))
        for entry, value in inertia.attrib.items():
            inertia.set(entry, repr(factor * float(value)))
    return ElementTree.tostring(robot, encoding="unicode")
