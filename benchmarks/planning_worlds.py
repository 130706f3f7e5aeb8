"""Random ground to plan on, and a judge of plans who knows the truth and shares no code with the planner."""

from dataclasses import dataclass

import numpy as np
import pinocchio as pin

from vla_course.motion.footsteps.footstep import Footstep
from vla_course.motion.footsteps.plan import FootstepPlan, GoalPose, Stance
from vla_course.motion.ground.obstacles import Block, Obstacle, Pillar
from vla_course.motion.ground.terrain_map import TerrainMap
from vla_course.simulation.robot.description import HumanoidDescription
from vla_course.simulation.robot.humanoid_urdf import urdf_text
from vla_course.simulation.scene.terrain import Terrain

SOLE = (-0.1144, 0.1056, 0.055)
"""m: heel, toe and half width of the course's robot"""
MAX_SLOPE, MAX_GAP, BODY = 0.17, 0.02, 0.28
"""rad, m, m: what no step may exceed; a little more than the planner allows itself, for the map is a grid of 2 cm"""


@dataclass(frozen=True)
class Question:
    """Where to walk, over what."""

    truth: Terrain
    terrain: TerrainMap
    obstacles: tuple[Obstacle, ...]
    start: Stance
    goal: GoalPose


def garden(seed: int, episode: int) -> Question:
    """Level ground of 8 x 6 m with ten obstacles between start and goal."""
    rng = np.random.default_rng((seed, episode))
    obstacles: list[Obstacle] = []
    while len(obstacles) < 10:
        x, y = rng.uniform((0.8, -2.0), (5.2, 2.0)).tolist()
        if rng.random() < 0.5:
            obstacles.append(Pillar(x, y, float(rng.uniform(0.1, 0.35))))
        else:
            long, wide = rng.uniform(0.2, 0.8, 2).tolist()
            obstacles.append(Block(x, y, long, wide, float(rng.uniform(-np.pi, np.pi))))
    goal = GoalPose(*rng.uniform((5.5, -2.0, -np.pi), (6.5, 2.0, np.pi)).tolist())
    truth = Terrain.flat()
    return Question(
        truth, TerrainMap.of(truth, (-1.0, 7.0), (-3.0, 3.0)), tuple(obstacles), Stance.at(0.0, 0.0), goal
    )


def rough_question(seed: int, episode: int) -> Question:
    """Bumps, a ramp, stairs or a kerb of random size, three obstacles, a random start heading and a random goal."""
    rng = np.random.default_rng((seed, episode))
    kind = int(rng.integers(4))
    if kind == 0:
        truth = Terrain.bumps(float(rng.uniform(0.005, 0.03)), 0.1, rng)
    elif kind == 1:
        truth = Terrain.slope(float(rng.uniform(0.02, 0.2)))
    elif kind == 2:
        truth = Terrain.stairs(float(rng.uniform(0.03, 0.12)), float(rng.uniform(0.26, 0.5)), count=3)
    else:
        truth = Terrain.kerb(float(rng.uniform(0.02, 0.15)))
    places = rng.uniform((0.8, -1.3, 0.05), (3.0, 1.3, 0.2), (3, 3)).tolist()
    obstacles = tuple(Pillar(x, y, radius) for x, y, radius in places)
    start = Stance.at(0.0, 0.0, float(rng.uniform(-np.pi, np.pi)))
    goal = GoalPose(*rng.uniform((-0.3, -1.2, -np.pi), (3.5, 1.2, np.pi)).tolist())
    return Question(truth, TerrainMap.of(truth, (-0.8, 4.0), (-1.5, 1.5)), obstacles, start, goal)


def faults(question: Question, plan: FootstepPlan) -> list[str]:
    """Return what is wrong with a plan, step by step."""
    found = []
    feet = {"left": question.start.left, "right": question.start.right}
    last = ""
    for number, step in enumerate(plan.steps):
        bearing = feet["right" if step.side == "left" else "left"]
        for fault in (
            "steps twice with one foot" if step.side == last else "",
            _bad_ground(question, step),
            _out_of_reach(bearing, step),
            _touches(question, step),
            _kicks(question, feet[step.side], step),
        ):
            if fault:
                found.append(f"step {number}: {fault}")
        feet[step.side], last = step, step.side
    if plan.reached:
        for side, foot in feet.items():
            x, y, yaw = question.goal.foot("left" if side == "left" else "right")
            if np.hypot(foot.x - x, foot.y - y) > 1e-6 or abs(np.sin((foot.yaw - yaw) / 2.0)) > 1e-6:
                found.append(f"the {side} foot does not end at the goal")
    return found


def _sole(step: Footstep, spacing: float = 0.004) -> tuple[np.ndarray, np.ndarray]:
    heel, toe, half = SOLE
    ahead, left = np.meshgrid(np.arange(heel, toe + 1e-9, spacing), np.arange(-half, half + 1e-9, spacing))
    place = np.exp(1j * step.yaw) * (ahead + 1j * left) + complex(step.x, step.y)
    return place.real.ravel(), place.imag.ravel()


def _bad_ground(question: Question, step: Footstep) -> str:
    x, y = _sole(step)
    height = question.truth.height(x, y)
    table = np.column_stack((x - step.x, y - step.y, np.ones(len(x))))
    fit = np.linalg.lstsq(table, height, rcond=None)[0]
    gap = float(np.abs(height - table @ fit).max())
    slope = float(np.arctan(np.hypot(fit[0], fit[1])))
    if gap > MAX_GAP:
        return f"stands over a gap of {1e3 * gap:.0f} mm"
    if slope > MAX_SLOPE:
        return f"stands on a slope of {np.degrees(slope):.1f} degrees"
    if abs(step.z - fit[2]) > 0.008:
        return f"planned {1e3 * (step.z - fit[2]):.0f} mm beside the ground"
    inside = question.terrain
    (ox, oy), (columns, rows) = inside.origin, inside.shape
    off = (
        x.min() < ox
        or y.min() < oy
        or x.max() > ox + columns * inside.cell
        or y.max() > oy + rows * inside.cell
    )
    return "stands beyond the map" if off else ""


def _touches(question: Question, step: Footstep) -> str:
    x, y = _sole(step)
    out = 0.1 if step.side == "left" else -0.1
    middle = step.x + out * np.sin(step.yaw), step.y - out * np.cos(step.yaw)
    for obstacle in question.obstacles:
        if float(obstacle.distance(x, y).min()) < 0.0:
            return "treads on an obstacle"
        if float(obstacle.distance(*middle)) < BODY - 1e-9:
            return "the body touches an obstacle"
    return ""


def _kicks(question: Question, start: Footstep, step: Footstep) -> str:
    """Carry the sole straight over, at the height that the step allows, and look at ground and obstacles below."""
    top = max(start.z, step.z) + step.swing_height
    for part in np.linspace(0.0, 1.0, 9):
        turn = (step.yaw - start.yaw + np.pi) % (2.0 * np.pi) - np.pi
        over = Footstep(
            step.side,
            start.x + part * (step.x - start.x),
            start.y + part * (step.y - start.y),
            0.0,
            start.yaw + part * turn,
        )
        x, y = _sole(over, 0.01)
        if question.truth.height(x, y).max() > top - 0.01:
            return "kicks the ground on its way"
        if any(float(obstacle.distance(x, y).min()) < 0.0 for obstacle in question.obstacles):
            return "kicks an obstacle on its way"
    return ""


def _out_of_reach(bearing: Footstep, step: Footstep) -> str:
    """Judge by the limits agreed with the walking controller, and by Pinocchio: some pose of the legs must do it."""
    out = 1.0 if step.side == "left" else -1.0
    way = complex(step.x - bearing.x, step.y - bearing.y) * np.exp(-1j * bearing.yaw)
    turn = out * float(np.angle(np.exp(1j * (step.yaw - bearing.yaw))))
    aside, rise = out * way.imag, step.z - bearing.z
    if not -0.2 - 1e-6 <= way.real <= 0.35 + 1e-6:
        return f"{way.real:.3f} m ahead"
    if not 0.16 - 1e-6 <= aside <= 0.32 + 1e-6:
        return f"{aside:.3f} m to the side"
    if not -0.15 - 1e-6 <= turn <= 0.40 + 1e-6:
        return f"turned by {turn:.3f} rad"
    if abs(rise) > 0.10 + 1e-6:
        return f"{rise:.3f} m up"
    return "" if _legs_reach(bearing, step) else "no pose of the legs reaches it"


_MODEL = pin.buildModelFromXML(urdf_text(HumanoidDescription()), pin.JointModelFreeFlyer())
_DATA = _MODEL.createData()


def _legs_reach(bearing: Footstep, step: Footstep) -> bool:
    """Solve for both legs at once by damped least squares, the pelvis between the feet, and look at the limits."""
    lower = min(bearing.z, step.z)
    turn = (step.yaw - bearing.yaw + np.pi) % (2.0 * np.pi) - np.pi
    for height in (0.72, 0.74):
        pelvis = pin.SE3(
            pin.utils.rotate("z", bearing.yaw + turn / 2.0),
            np.array([(bearing.x + step.x) / 2.0, (bearing.y + step.y) / 2.0, lower + height]),
        )
        for foot in (bearing, step):
            target = pin.SE3(pin.utils.rotate("z", foot.yaw), np.array([foot.x, foot.y, foot.z]))
            if not _leg_reaches(foot.side, pelvis.inverse() * target):
                return False
    return True


def _leg_reaches(side: str, target: pin.SE3) -> bool:
    joints = [_MODEL.joints[_MODEL.getJointId(f"{side}_{name}")] for name in _LEG]
    frame = _MODEL.getFrameId(f"{side}_sole")
    rows_q, rows_v = [joint.idx_q for joint in joints], [joint.idx_v for joint in joints]
    q = pin.neutral(_MODEL)
    q[rows_q] = (0.0, 0.0, -0.5, 0.9, -0.4, 0.0)
    for _ in range(60):
        pin.forwardKinematics(_MODEL, _DATA, q)
        pin.updateFramePlacement(_MODEL, _DATA, frame)
        error = pin.log6(_DATA.oMf[frame].actInv(target)).vector
        if np.abs(error).max() < 1e-6:
            low, high = _MODEL.lowerPositionLimit[rows_q], _MODEL.upperPositionLimit[rows_q]
            return bool(np.all(q[rows_q] > low) and np.all(q[rows_q] < high))
        jacobian = pin.computeFrameJacobian(_MODEL, _DATA, q, frame)[:, rows_v]
        q[rows_q] += jacobian.T @ np.linalg.solve(jacobian @ jacobian.T + 1e-6 * np.eye(6), error)
    return False


_LEG = ("hip_yaw", "hip_roll", "hip_pitch", "knee", "ankle_pitch", "ankle_roll")
