"""Can the legs take a stance? Solved for the feet as they stand, before anything moves."""

from math import degrees
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vla_course.learning.environment.action_space import HIGHEST_STANCE, LOWEST_STANCE
from vla_course.motion.hands.clearance import leg_balls, legs_apart
from vla_course.motion.hands.reach import StandingReach
from vla_course.motion.standing.balance_config import STANDING
from vla_course.motion.walking.body import WalkingBody
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.robot.layout import RIGHT_ARM
from vla_course.simulation.robot.model import RobotModel

Array = NDArray[np.float64]

APART: Final = 0.004
"""m, the least distance of the legs from each other; plans of hands keep three times as much"""
_ROUNDED: Final = 1e-6
"""rad or m, by which a stance at its limit may be beyond: actions are float32"""


class StanceCheck:
    """Judges stances of one robot by a model of its own."""

    def __init__(self, humanoid: Humanoid) -> None:
        self._model = RobotModel.of(humanoid)

    def fault(self, stance: Array, body: WalkingBody) -> str:
        """Return why a robot cannot take `stance` (3,) on the feet it stands on; empty where it can.

        Asked is whether the soles can stay where they are with the centre of mass above the middle between them, no
        joint of a leg at its limit, and the legs clear of each other.
        """
        for name, part, least, most in zip(
            ("bow", "turn", "height"), stance, LOWEST_STANCE, HIGHEST_STANCE, strict=True
        ):
            if not least - _ROUNDED <= part <= most + _ROUNDED:
                return f"stance: {name} is {part:.2f}, expected {least:.2f} to {most:.2f}"
        middle = body.balance.support_polygon.mean(axis=0)
        said = (
            f"stance: bowed by {degrees(stance[0]):.0f} degrees, turned by {degrees(stance[1]):.0f} and "
            f"{100 * stance[2]:.0f} cm higher"
        )
        try:
            reach = StandingReach(
                "right", body.state, self._model, middle, STANDING.com_height, body.heading or 0.0
            )
            reach.move(np.append(body.state.joint_positions[RIGHT_ARM], stance))
        except ValueError:
            return f"{said} the legs do not reach the ground"
        if not reach.legs_within_limits():
            return f"{said} the legs are at their limits"
        left, right = (leg_balls(leg) for leg in reach.legs())
        if legs_apart(left, right) < APART:
            return f"{said} the legs meet"
        return ""
