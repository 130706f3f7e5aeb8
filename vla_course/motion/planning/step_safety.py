"""Single steps under scrutiny: what is wrong with one, and the nearest that is right.

A step that is mended moves the foot from which the next one starts: who verifies whole plans is
`FootstepVerifier` (exercise 3.26).
"""

from dataclasses import dataclass, replace
from math import inf

import numpy as np

from vla_course.motion.footsteps.footstep import Footstep
from vla_course.motion.footsteps.plan import Stance
from vla_course.motion.footsteps.step_reach import AHEAD, OUTWARD, TURN, step_between, within_reach
from vla_course.motion.planning.foothold_graph import FootholdGraph, middles
from vla_course.motion.planning.swing_clearance import swing_height

_TURN_COUNTS = 0.2
"""m per rad: how many metres beside its place a foothold may be for a radian less of wrong heading"""
_CANDIDATES = np.meshgrid(
    np.linspace(*AHEAD, 23), np.linspace(*OUTWARD, 9), np.linspace(*TURN, 12), indexing="ij"
)
"""ahead, outward (m) and turn (rad) of the steps among which a mended one is looked for"""
_AT_ONCE = 128
"""of these, rated together, the nearest first"""
_LEVEL = 0.005
"""m, by which a footstep's height may differ from the ground's"""
OMEGA = 3.41
"""1/s, of the pendulum as which the robot falls: sqrt(g / 0.845 m), the walking controller's"""
LEAN = 0.08
"""m, how far the DCM may lean away from the origin of the sole that bears the robot, so that its ankle can still
stop the fall. Of walks on level ground with strides of 15 to 35 cm and steps of 0.30 to 0.55 s all stood that asked for
no more; the first to fall asked for 0.087 m in a curve, for 0.094 m straight on (`benchmarks/safety.py`)"""


@dataclass(frozen=True, slots=True)
class Mended:
    """A step that was replaced."""

    number: int
    """which step of the plan, 0 the first"""
    asked: Footstep
    instead: Footstep
    reason: str
    """why it could not stay as it was"""


@dataclass(frozen=True, slots=True)
class VerifiedSteps:
    """What is left of a footstep plan when every step has been looked at, each from where the plan then stands."""

    steps: tuple[Footstep, ...]
    """all of them safe, in turn"""
    changes: tuple[Mended, ...]
    """the steps that were replaced"""
    reason: str
    """why the steps end before the plan did; empty where they do not"""


def fault_of_step(graph: FootholdGraph, stance: Stance, step: Footstep) -> str:
    """Say in one sentence why `step` must not be taken from `stance`; nothing where it may.

    Looked at: its ground, its height, the reach of the legs, obstacles on the body's way, the swing.
    """
    standing = stance.foot("right" if step.side == "left" else "left")
    pose, place = np.array((step.x, step.y, step.yaw)), np.array((standing.x, standing.y, standing.yaw))
    cost, height = graph.rate(pose[None])
    if not np.isfinite(height[0]):
        return "the ground below it is not known"
    if not np.isfinite(cost[0]):
        return "the ground below it is not safe to stand on"
    if abs(step.z - height[0]) > _LEVEL:
        return f"it is planned at {step.z:.3f} m, the ground there is at {height[0]:.3f} m"
    relative = step_between(place, pose, step.side == "left")
    low, high = graph.reach.rises(*relative)
    if not within_reach(*relative) or not low - 1e-9 <= step.z - standing.z <= high + 1e-9:
        return "it is out of reach from the foot that bears the robot"
    begin = middles(place[None], np.array([standing.side == "left"]))[0]
    end = middles(pose[None], np.array([step.side == "left"]))
    if not graph.field.passes(begin[:2], end[:, :2])[0]:
        return "the body would touch an obstacle on the way"
    if step.swing_height < swing_height(graph.footing, stance.foot(step.side), step) - 1e-9:
        return "the foot would kick the ground on its way"
    return ""


def nearest_safe_step(
    graph: FootholdGraph, stance: Stance, step: Footstep, longest: float = inf
) -> Footstep | None:
    """Return the safe step of the same foot from `stance` that ends nearest to `step`; None where there is none.

    It ends at most `longest` m from the foot that bears the robot, sole to sole.
    """
    standing = stance.foot("right" if step.side == "left" else "left")
    sign = 1.0 if step.side == "left" else -1.0
    ahead, outward, around = (part.reshape(-1) for part in _CANDIDATES)
    c, s = np.cos(standing.yaw), np.sin(standing.yaw)
    poses = np.column_stack(
        (
            standing.x + c * ahead - sign * s * outward,
            standing.y + s * ahead + sign * c * outward,
            standing.yaw + sign * around,
        )
    )
    turn = (poses[:, 2] - step.yaw + np.pi) % (2.0 * np.pi) - np.pi
    away = np.hypot(poses[:, 0] - step.x, poses[:, 1] - step.y) + _TURN_COUNTS * np.abs(turn)
    short = np.flatnonzero(np.hypot(ahead, outward) <= longest)
    order = short[np.argsort(away[short], kind="stable")]
    for some in np.array_split(order, max(1, len(order) // _AT_ONCE)):
        cost, height = graph.rate(poses[some])
        low, high = graph.reach.rises(ahead[some], outward[some], around[some])
        rise = height - standing.z
        with np.errstate(invalid="ignore"):
            good = np.isfinite(cost) & (rise >= low) & (rise <= high)
        for (x, y, yaw), z in zip(poses[some[good]].tolist(), height[good].tolist(), strict=True):
            candidate = Footstep(step.side, x, y, z, yaw)
            lift = swing_height(graph.footing, stance.foot(step.side), candidate)
            candidate = replace(candidate, swing_height=max(lift, step.swing_height))
            if not fault_of_step(graph, stance, candidate):
                return candidate
    return None
