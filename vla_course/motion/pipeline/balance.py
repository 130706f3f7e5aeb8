"""Balance as an action: how the robot stands, and whether standing still, bracing or a step is right for it."""

from collections.abc import Iterator

import numpy as np

from vla_course.motion.footsteps.step_reach import AHEAD
from vla_course.motion.pipeline.actions import BalanceAction
from vla_course.motion.pipeline.plans import BalanceControl, BalanceEstimate, Planned, Replacement
from vla_course.motion.pipeline.situation import RobotSituation
from vla_course.motion.planning.step_safety import OMEGA
from vla_course.motion.standing.body import sole_corners
from vla_course.simulation.robot.description import HumanoidDescription
from vla_course.simulation.robot.model import RobotModel
from vla_course.simulation.robot.state import RobotState

CROUCH = 0.06
"""m, how far a robot that braces goes down: a lower pendulum falls faster, but its knees have room both ways"""
SPARE = 0.01
"""m, that the DCM keeps from the edge of the soles of a robot that does not move its feet"""
AT_REST = 0.05
"""m/s, of the centre of mass: faster is not standing still"""
_LIFTED = 0.02
"""m, a sole that hangs so much higher than the other does not carry"""


def estimate_balance(state: RobotState, model: RobotModel) -> BalanceEstimate:
    """Return how the robot stands, `model` being what it believes about itself; it is moved to `state`."""
    from vla_course.reference.day3_humanoid_balance.dcm import divergent_component_of_motion
    from vla_course.reference.day3_humanoid_balance.support import stability_margin, support_polygon

    model.update(state)
    foot, corners, heights = sole_corners(HumanoidDescription()), [], []
    for sole in ("left_sole", "right_sole"):
        position = model.frame_position(sole)
        corners.append(position[:2] + foot @ model.frame_rotation(sole)[:2].T)
        heights.append(float(position[2]))
    low = min(heights)
    standing = [c for c, height in zip(corners, heights, strict=True) if height < low + _LIFTED]
    polygon = support_polygon(np.concatenate(standing))
    com, velocity = model.center_of_mass - (0.0, 0.0, low), model.com_velocity
    dcm = divergent_component_of_motion(com, velocity)
    return BalanceEstimate(
        com, velocity, dcm, polygon, stability_margin(com, polygon), stability_margin(dcm, polygon)
    )


class BalanceBranch:
    """Plans and judges balance actions."""

    def __init__(self, model: RobotModel) -> None:
        self._model = model

    def plan(self, action: BalanceAction, situation: RobotSituation) -> BalanceControl:
        """Return the control of a skill: only one that recovers may move its feet, only one that braces goes down."""
        crouch = CROUCH if action.skill == "brace" else 0.0
        return BalanceControl(action.skill, action.seconds, crouch, action.skill == "recover")

    def fault(self, planned: BalanceControl, situation: RobotSituation) -> str:
        """Say why this keeps no balance: the DCM leaves the soles, or is beyond every step."""
        estimate = estimate_balance(situation.robot, self._model)
        if planned.moves_feet:
            # It has grown by e^(omega T) until a quick step lands.
            if -estimate.dcm_margin > AHEAD[1] * np.exp(-OMEGA * 0.3):
                outside = -100.0 * estimate.dcm_margin
                return f"the robot falls too fast: its DCM is {outside:.0f} cm outside of the soles, beyond any step"
            return ""
        if estimate.dcm_margin < SPARE:
            margin = 100.0 * estimate.dcm_margin
            where = f"{margin:.1f} cm inside" if margin >= 0.0 else f"{-margin:.1f} cm outside"
            return f"the DCM is {where} of the soles: without a step the robot falls"
        return ""

    def doubt(self, planned: BalanceControl, situation: RobotSituation) -> str:
        """A robot in motion may still tip: hips and ankles have limits that no pendulum knows."""
        speed = float(np.hypot(*estimate_balance(situation.robot, self._model).com_velocity[:2]))
        return f"the robot is in motion, {speed:.2f} m/s" if speed > AT_REST else ""

    def alternatives(
        self, planned: BalanceControl, situation: RobotSituation, fault: str
    ) -> Iterator[tuple[Planned, tuple[Replacement, ...]]]:
        """Yield a recovery with a step, and bracing for a fall that no step prevents."""
        for other in (
            BalanceControl("recover", planned.seconds, moves_feet=True),
            BalanceControl("brace", planned.seconds, CROUCH),
        ):
            if other.skill != planned.skill:
                yield other, (Replacement(planned, other, fault),)
