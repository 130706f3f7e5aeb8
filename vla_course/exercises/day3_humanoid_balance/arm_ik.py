"""Inverse kinematics: from where the hand should be to what the joints must do."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vla_course.course.exercise import NotAttempted, exercise
from vla_course.motion.arms.ik_config import Chain, InverseKinematicsAnswer, InverseKinematicsConfig
from vla_course.motion.arms.pose import Pose, pose_error
from vla_course.motion.hands.things import Graspable

from .reach import grasp_thing

if TYPE_CHECKING:
    from vla_course.motion.hands.held import Held
    from vla_course.motion.hands.plan import ManipulationPlan
    from vla_course.motion.hands.planner import ReachPlanner
    from vla_course.motion.hands.reach import StandingReach
    from vla_course.motion.hands.ways import Situation

Array = NDArray[np.float64]


class InverseKinematicsSolver:
    """Finds joints that bring a tool to a pose, step by step, within their limits."""

    def __init__(self, config: InverseKinematicsConfig | None = None) -> None:
        self.config = config or InverseKinematicsConfig()

    @exercise("3.22")
    def step(
        self, jacobian: Array, error: Array, joints: Array, lower: Array, upper: Array, rest: Array
    ) -> Array:
        """Return the change (n,) rad of the joints that takes most of the tool's `error` (6,) away.

        `jacobian` J (6, n) says how joints move the tool, `error` e is the displacement (3) m and the rotation
        (3) rad that are left. `joints`, `lower`, `upper`, `rest` are (n,) rad.

        1. Where the arm is redundant its joints are drawn to `rest`, p = pull (rest - joints). Damped least
           squares do the tool's part and take back what p does to the tool; what is left of p lies, but for the
           damping, in the null space of J (`config.pull`, `config.damping`, `config.least_damping`):

               dq = p + J^T (J J^T + lambda^2 I)^-1 (e - J p),   lambda^2 = damping^2 e.e + least_damping^2

        2. All joints that would end outside of [lower, upper] go just to their limit and stay there, also from
           beyond it: what they do is taken off e, their columns leave J, and 1. is done again for the others, lambda
           as it was - until none of these would end outside.

        (Levenberg 1944; for arms Nakamura and Hanafusa 1986, with Sugihara's 2011 damping.)
        """
        raise NotAttempted("3.22")

    def solve(
        self, chain: Chain, target: Pose, seed: Array, rest: Array | None = None, restarts: int = 0
    ) -> InverseKinematicsAnswer:
        """Walk the chain's tool to `target`, from `seed` (n,) and then from `restarts` other postures.

        Spare freedom is pulled to `rest` (n,), by default the seed. Returns where it arrived, or the
        nearest it came; the chain stands there.
        """
        rest = seed if rest is None else rest
        best, rounds = None, 0
        for attempt in range(restarts + 1):
            start = seed if attempt == 0 else scattered(attempt, chain.lower, chain.upper)
            answer = self._walk(chain, target, start, rest)
            rounds += answer.rounds
            if best is None or _miss(answer) < _miss(best):
                best = answer
            if best.reached:
                break
        assert best is not None
        chain.move(best.joints)
        return InverseKinematicsAnswer(
            best.joints, best.reached, best.position_error, best.rotation_error, rounds
        )

    def plan_reach_motion(self, reach: StandingReach, target: Pose, situation: Situation) -> ManipulationPlan:
        """Plan to bring the tool of a standing robot to `target`. Raises NoPlan: it cannot be reached safely."""
        return self._planner(reach, situation).reach(target)

    def plan_grasp_motion(
        self, reach: StandingReach, thing: Graspable, situation: Situation
    ) -> tuple[ManipulationPlan, Held]:
        """Plan to take `thing` and lift it; also says how it will be held. Raises NoPlan: no grasp is safe."""
        return self._planner(reach, situation).grasp(thing)

    def plan_transport_motion(
        self, reach: StandingReach, held: Held, place: Array, situation: Situation
    ) -> ManipulationPlan:
        """Plan to put what is held down at `place` (2,) m, and to go home. Raises NoPlan: there is no safe path."""
        return self._planner(reach, situation).transport(held, place)

    def _planner(self, reach: StandingReach, situation: Situation) -> ReachPlanner:
        from vla_course.motion.hands.planner import ReachPlanner

        return ReachPlanner(reach, situation, self, grasp_thing)

    def _walk(self, chain: Chain, target: Pose, seed: Array, rest: Array) -> InverseKinematicsAnswer:
        config = self.config
        joints = np.minimum(np.maximum(seed, chain.lower), chain.upper)
        for round_ in range(config.rounds + 1):
            chain.move(joints)
            error = pose_error(target, chain.pose)
            far, turned = sqrt(error[:3] @ error[:3]), sqrt(error[3:] @ error[3:])
            reached = far < config.position_tolerance and turned < config.rotation_tolerance
            if reached or round_ == config.rounds:
                return InverseKinematicsAnswer(joints, reached, far, turned, round_)
            error *= min(1.0, config.stride / max(sqrt(error @ error), 1e-12))
            joints = joints + self.step(chain.jacobian, error, joints, chain.lower, chain.upper, rest)
        raise AssertionError("the last round returns")


def scattered(number: int, lower: Array, upper: Array) -> Array:
    """Return posture `number` (n,) of a sequence that fills the box of the limits evenly (Roberts 2018)."""
    size = len(lower)
    ratio = 2.0
    for _ in range(40):
        ratio = (1.0 + ratio) ** (1.0 / (size + 1))
    fraction = (0.5 + number * ratio ** -np.arange(1.0, size + 1)) % 1.0
    return lower + fraction * (upper - lower)


def _miss(answer: InverseKinematicsAnswer) -> float:
    return answer.position_error + answer.rotation_error
