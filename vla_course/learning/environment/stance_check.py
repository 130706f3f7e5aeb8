"""Can the legs take a stance? Solved for the feet as they stand, before anything moves."""

from dataclasses import replace
from math import degrees
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vla_course.learning.environment.action_space import HIGHEST_STANCE, LOWEST_STANCE
from vla_course.motion.hands.reach import StandingReach
from vla_course.motion.standing.balance_config import STANDING
from vla_course.motion.walking.body import WalkingBody
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.robot.layout import JOINT_NAMES, LEGS, RIGHT_ARM
from vla_course.simulation.robot.model import RobotModel

Array = NDArray[np.float64]

LEG_MARGIN: Final = 0.03
"""rad, that a leg in a stance keeps from the limits of its joints"""
_ROUNDED: Final = 1e-6
"""rad or m, by which a stance at its limit may be beyond: actions are float32"""


class StanceCheck:
    """Judges stances of one robot by a model of its own."""

    def __init__(self, humanoid: Humanoid) -> None:
        self._model = RobotModel.of(humanoid)
        self._limits = humanoid.joint_limits[LEGS]

    def fault(self, stance: Array, body: WalkingBody) -> str:
        """Return why a robot cannot take `stance` (3,) on the feet it stands on; empty where it can.

        Asked is whether the soles can stay where they are, the centre of mass above the middle between them, with
        no joint of a leg at its limit.
        """
        for name, part, least, most in zip(
            ("bow", "turn", "height"), stance, LOWEST_STANCE, HIGHEST_STANCE, strict=True
        ):
            if not least - _ROUNDED <= part <= most + _ROUNDED:
                return f"stance: {name} is {part:.2f}, expected {least:.2f} to {most:.2f}"
        polygon = body.balance.support_polygon
        state = replace(body.state, joint_positions=body.state.joint_positions.copy())
        said = f"stance: bowed by {degrees(stance[0]):.0f} and turned by {degrees(stance[1]):.0f} degrees"
        try:
            reach = StandingReach(
                "right", state, self._model, polygon.mean(axis=0), STANDING.com_height, body.heading or 0.0
            )
            reach.move(np.concatenate((state.joint_positions[RIGHT_ARM], stance)))
        except ValueError:
            return f"{said} the legs do not reach the ground"
        joints = reach.joints()[LEGS]
        lower, upper = self._limits.T
        beyond = np.flatnonzero((joints < lower + LEG_MARGIN) | (joints > upper - LEG_MARGIN))
        if len(beyond):
            return f"{said} the joint {JOINT_NAMES[beyond[0]]} is at its limit"
        return ""
