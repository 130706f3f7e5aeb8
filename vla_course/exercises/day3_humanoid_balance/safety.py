"""What the robot asks itself before it moves: where must my weight go, and is every step of the plan safe?"""

from collections.abc import Sequence
from dataclasses import replace
from math import dist, exp

import numpy as np
from numpy.typing import NDArray

from vla_course.course.exercise import NotAttempted, exercise
from vla_course.motion.footsteps.footstep import Footstep
from vla_course.motion.footsteps.plan import Stance
from vla_course.motion.ground.obstacles import Obstacle
from vla_course.motion.ground.terrain_map import TerrainMap
from vla_course.motion.planning.foothold_graph import FootholdGraph, PlannerConfig
from vla_course.motion.planning.step_safety import (
    LEAN,
    OMEGA,
    Mended,
    VerifiedSteps,
    fault_of_step,
    nearest_safe_step,
)

from .footing import rate_footing
from .leg_ik import solve_leg
from .terrain import analyze_terrain

Array = NDArray[np.float64]


@exercise("3.25")
def calculate_balance_compensation(
    masses: Array, positions: Array, follows: Array, home: Array, largest: float
) -> Array:
    """Return how far (2,) m the pelvis must move, level, so that all that the feet carry balances above `home` (2,) m.

    The parts of the robot, as a reach puts them, and the load in its hand: `masses` (n,) kg at `positions` (n, 3)
    m. Not all of them go where the pelvis goes. The trunk does, the soles stay on the ground, and the hand stays at
    the cup: part i moves by the fraction `follows[i]` of the pelvis's displacement, 1 for the trunk, 0 for soles,
    hand and load.

        c = sum_i m_i r_i / sum_i m_i              where the weight acts now; level, its x and y
        s = sum_i m_i follows_i / sum_i m_i        how far that goes for each metre of the pelvis
        d = (home - c) / s

    The legs allow `largest` m. Where d is longer, go that far in the same direction.
    """
    raise NotAttempted("3.25")


class FootstepVerifier:
    """Looks over footstep plans on a piece of ground with obstacles on it, as often as asked."""

    def __init__(
        self, terrain: TerrainMap, obstacles: Sequence[Obstacle] = (), config: PlannerConfig | None = None
    ) -> None:
        self.graph = FootholdGraph(
            terrain, analyze_terrain(terrain), obstacles, config or PlannerConfig(), rate_footing, solve_leg
        )

    @exercise("3.26")
    def verify(self, start: Stance, steps: Sequence[Footstep], step_time: float) -> VerifiedSteps:
        """Return what is left of a plan, `steps` from `start`, when it is as safe as its worst step must be.

        A step takes `step_time` T s. Meanwhile the foot at p bears the robot and the DCM runs away from it,
        xi(T) = p + (xi(0) - p) e^(OMEGA T). To be at q, where the other foot lands, it begins (q - p) e^(-OMEGA T)
        away from p. Of walks in which that was at most LEAN m none fell (`benchmarks/safety.py`): so far the ankle can
        still stop the robot. So a step may be this long, sole to sole:

            longest = LEAN e^(OMEGA T)

        (LEAN and OMEGA are those of walks on level ground; nothing else was tried.)

        Look at every step, from the stance in which the plan stands by then (`Stance.foot(side)`;
        `replace(stance, left=step)` is the stance after a step of the left foot). The other foot bears the robot
        meanwhile, also where one foot steps twice. A step is safe where both say so:

        - `fault_of_step(self.graph, stance, step)`, in one sentence, for ground, reach, obstacles, swing; "" is safe
        - from the foot that bears the robot to the step, in x and y, it is at most `longest`; else name that fault

        An unsafe step number k (0 the first) is replaced by `nearest_safe_step(self.graph, stance, step, longest)`,
        and that is reported: `Mended(k, step, instead, fault)`. Where it is None, the plan ends before this step.

        Return `VerifiedSteps(steps, changes, reason)`: the safe steps, what was mended, and the fault before which
        the plan ends, "" if it does not.
        """
        raise NotAttempted("3.26")
