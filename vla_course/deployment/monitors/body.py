"""What a body should feel next: arms that follow their commands, and soles that stand and do not turn."""

from functools import cache
from typing import Final

import numpy as np
import pinocchio as pin
from numpy.typing import NDArray

from vla_course.deployment.monitors.reading import PERIOD, Floats
from vla_course.learning.environment.commanded_body import ARM_SPEED
from vla_course.learning.environment.proprioception import STATE
from vla_course.learning.model.joint_range import joint_range
from vla_course.simulation.robot.description import HumanoidDescription
from vla_course.simulation.robot.humanoid_urdf import urdf_text
from vla_course.simulation.robot.layout import ACTION, ARMS, JOINT_NAMES

Array = NDArray[np.float64]

FARTHEST: Final = PERIOD * ARM_SPEED
"""rad, by which an arm's joint moves in a period at most"""
OPENED: Final = 0.1
"""of its opening: a gripper that is wider is at work"""
INPUTS, MISSES = 45, 14
"""numbers that a one-step prediction goes by, and that it makes"""
STANDS: Final = 0.002
"""m, a sole that is no higher than that over the lower one stands"""
POSITIONS: Final = slice(14, 28)
"""of the inputs of a step: where the joints of both arms are"""


def reached(state: Floats, action: Floats) -> Array:
    """Return where the joints of both arms (14,) rad can be a period after a state (75,), following an action (36,)."""
    joints = joint_range()
    lower, upper = np.asarray(joints.lower, np.float64), np.asarray(joints.upper, np.float64)
    goal = (lower + (action[ACTION.joints] + 1.0) / 2.0 * (upper - lower))[ARMS]
    now = state[STATE.positions][ARMS].astype(np.float64)
    return now + np.clip(goal - now, -FARTHEST, FARTHEST)


def step_of(before: Floats, action: Floats, after: Floats) -> tuple[Array, Array]:
    """Return what a one-step prediction of the arms goes by, and what it ought to say.

    Args:
        before: (75,), the state at the decision.
        action: (36,) that was carried out then.
        after: (75,), the state one period later.

    Returns:
        Inputs (45,): where the 14 joints can be rad, where they are rad, how fast they move rad/s, the stance (3,).
        And by how much (14,) rad they missed where they could be.
    """
    goal = reached(before, action)
    position = before[STATE.positions][ARMS].astype(np.float64)
    inputs = np.concatenate(
        (goal, position, before[STATE.velocities][ARMS], before[STATE.stance]), dtype=np.float64
    )
    return inputs, after[STATE.positions][ARMS].astype(np.float64) - goal


@cache
def _model() -> pin.Model:
    """Return the robot, read once and never written to; what is computed with it is each caller's own."""
    return pin.buildModelFromXML(urdf_text(HumanoidDescription()))


class Hands:
    """How much higher or lower hands are, where joints of the arms miss where they should be."""

    def __init__(self) -> None:
        self._model = _model()
        self._data = self._model.createData()
        joints = [self._model.joints[self._model.getJointId(name)] for name in np.array(JOINT_NAMES)[ARMS]]
        self._in_q, self._in_v = [joint.idx_q for joint in joints], [joint.idx_v for joint in joints]
        self._frames = [self._model.getFrameId(f"{side}_tool") for side in ("left", "right")]

    def raised(self, positions: Array, missed: Array) -> Array:
        """Return how much higher m both hands are (2,), in the pelvis' frame, than without what joints missed.

        To first order: z' dq, the height's row of the Jacobian times the misses.

        Args:
            positions: (14,) rad, of both arms.
            missed: (14,) rad, where they are less where they should be.
        """
        q = pin.neutral(self._model)
        q[self._in_q] = positions
        pin.computeJointJacobians(self._model, self._data, q)
        pin.updateFramePlacements(self._model, self._data)
        height = [
            pin.getFrameJacobian(self._model, self._data, frame, pin.LOCAL_WORLD_ALIGNED)[2, self._in_v]
            for frame in self._frames
        ]
        return np.array(height) @ missed


class Soles:
    """Where both soles are in the world's directions, from joints, gravity and gyro alone."""

    def __init__(self) -> None:
        self._model = _model()
        self._data = self._model.createData()
        self._in_q = [self._model.joints[self._model.getJointId(name)].idx_q for name in JOINT_NAMES]
        self._frames = [
            self._model.getFrameId(f"{side}_sole", pin.FrameType.BODY) for side in ("left", "right")
        ]

    def poses(self, state: Floats) -> Array:
        """Return of each sole its heading rad and how high m it is over the lower one, (2, 2)."""
        q = pin.neutral(self._model)
        q[self._in_q] = state[STATE.positions]
        pin.forwardKinematics(self._model, self._data, q)
        up = -state[STATE.gravity].astype(np.float64)
        up /= np.linalg.norm(up)
        ahead = np.array((1.0, 0.0, 0.0)) - up[0] * up
        ahead /= np.linalg.norm(ahead)
        level, turn = np.array((ahead, np.cross(up, ahead), up)), float(state[STATE.odometry][2])
        found = []
        for frame in self._frames:
            place = pin.updateFramePlacement(self._model, self._data, frame)
            x, y, _ = level @ place.rotation[:, 0]
            found.append((turn + np.arctan2(y, x), level[2] @ place.translation))
        poses = np.array(found)
        poses[:, 1] -= poses[:, 1].min()
        return poses

    def twist(self, before: Floats, after: Floats) -> float:
        """Return by how much rad the sole that stood from one state (75,) to the next has turned; nan where none did.

        A foot that carries does not turn on a floor that holds it. Legs say how the pelvis turned over the foot, the
        gyro how it turned in the world: what is between the two is slip. Of two soles that stood it is the lesser.
        """
        first, then = self.poses(before), self.poses(after)
        stood = (first[:, 1] < STANDS) & (then[:, 1] < STANDS)
        if not stood.any():
            return np.nan
        turned = np.angle(np.exp(1j * (then[:, 0] - first[:, 0])))
        return float(np.abs(turned[stood]).min())
