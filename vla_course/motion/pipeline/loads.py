"""What a hand holds pulls at the whole robot: where the parts are, what they weigh, and where the body must go."""

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vla_course.motion.arms.chain import ARMS_IN_JOINTS
from vla_course.motion.hands.plan import Stage
from vla_course.motion.hands.reach import StandingReach
from vla_course.motion.pipeline.plans import BalanceEstimate, Compensation
from vla_course.simulation.robot.layout import ARM_JOINTS, LEG_JOINTS
from vla_course.simulation.robot.model import RobotModel
from vla_course.simulation.robot.state import Side

Array = NDArray[np.float64]

HOLDS: Final = 3.0
"""kg, that friction of two fingers holds while the arm moves: three things of three were carried, of 4 kg none
(`benchmarks/safety_grip.py`)"""
ROOM: Final = 0.06
"""m, how far the legs let the pelvis go, level, and still reach everything they reach"""
_LEG: Final = (0.9, 0.9, 0.75, 0.3, 0.05, 0.0)
"""shares of the pelvis's way that the links of a leg follow, from the hip down: they turn about an ankle at rest"""
_ARM: Final = (0.9, 0.8, 0.6, 0.3, 0.1, 0.05, 0.0)
"""the same of the arm whose hand stays where it is, from the shoulder down"""


def body_parts(model: RobotModel, side: Side) -> tuple[Array, Array, Array]:
    """Return masses (n,) kg, places (n, 3) m, and shares (n,) of the pelvis's way, of the robot's links.

    `model` is where the robot is; `side` is the arm whose hand stays at what it holds.
    """
    pin, data = model.model, model.data
    masses, places, shares = [], [], []
    for joint in range(1, pin.njoints):
        inertia = pin.inertias[joint]
        masses.append(float(inertia.mass))
        places.append(data.oMi[joint].act(inertia.lever))
        shares.append(_share(str(pin.names[joint]), side))
    return np.array(masses), np.array(places), np.array(shares)


def compensate(
    formula: Callable[[Array, Array, Array, Array, float], Array],
    reach: StandingReach,
    model: RobotModel,
    estimate: BalanceEstimate,
    stage: Stage,
    load: float,
) -> Compensation:
    """Return how the body makes room at the end of a stage for a load (kg); `reach` moves `model`."""
    from vla_course.reference.day3_humanoid_balance.support import stability_margin

    polygon = estimate.support_polygon
    home = polygon.mean(axis=0)
    try:
        reach.move(np.append(stage.joints, stage.stance.array()))
    except ValueError:
        return Compensation(stage.name, np.zeros(2), np.zeros(2), -np.inf)
    masses, places, shares = body_parts(model, reach.side)
    held = load if stage.carries else 0.0
    center = masses @ places / masses.sum()
    moves = float(masses @ shares) / float(masses.sum())
    pelvis = np.zeros(2)
    if held > 0.0:
        pelvis = formula(
            np.append(masses, held),
            np.vstack((places, reach.pose.position)),
            np.append(shares, 0.0),
            home,
            ROOM,
        )
    body = moves * pelvis
    together = masses.sum() * (center[:2] + body) + held * reach.pose.position[:2]
    margin = stability_margin(together / (masses.sum() + held), polygon)
    return Compensation(stage.name, pelvis, body, float(margin))


def arm_torques(reach: StandingReach, model: RobotModel, held: float) -> Array:
    """Return the torques (7,) N m that keep the reaching arm still against its weight and `held` kg at the tool."""
    rows = 6 + np.arange(ARMS_IN_JOINTS[reach.side].start, ARMS_IN_JOINTS[reach.side].stop)
    still = model.generalized_force(np.zeros(6 + 28))[rows]
    pull = np.array((0.0, 0.0, -9.81 * held))
    torques: Array = still - pull @ model.frame_jacobian(f"{reach.side}_tool")[:3, rows]
    return torques


def _share(joint: str, side: Side) -> float:
    """Return how much of the pelvis's way a link goes, by the joint that carries it."""
    limb = joint.removeprefix("left_").removeprefix("right_")
    if limb in LEG_JOINTS:
        return _LEG[LEG_JOINTS.index(limb)]
    if joint.startswith(side) and limb in ARM_JOINTS:
        return _ARM[ARM_JOINTS.index(limb)]
    return 1.0
