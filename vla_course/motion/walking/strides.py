"""How a velocity becomes steps: the step that makes a motion, how quickly steps may change, which velocities can be walked."""

from collections.abc import Iterator
from math import cos, hypot, isfinite, sin

from vla_course.motion.footsteps.footstep import Footstep
from vla_course.motion.walking.gait import GaitConfig
from vla_course.simulation.robot.state import Side
from vla_course.simulation.world.rotation import wrapped

Motion = tuple[float, float, float]
"""how the middle between the feet moves with a step: ahead m, leftward m, turn rad"""

LONGEST = 0.54
"""m, the longest step, sole to sole, of a velocity that is walked on and on. Of walks on a grid of velocities all
stood that made steps of up to 0.58 m; the first to fall made one of 0.60 m (`benchmarks/body.py`)"""
REACH_BACK = 0.36
"""m, the longest step backward: the knee, bent forward, folds or stretches in the way of a longer one"""
MOST_TURN = 0.5
"""rad, the most that a step turns"""
LONGER, MORE_TURN = 0.2, 0.3
"""m and rad, by how much a step may be longer or shorter, or turn more or less, than the one before. A step that is
dl longer asks for a DCM that is dl / (e^(omega T) - 1) farther ahead, 4 cm for these 20: so much the ankles give, and
no landing has to be moved for it"""


def beside(step: Footstep, side: Side, width: float, motion: Motion = (0.0, 0.0, 0.0)) -> tuple[float, float, float]:
    """Return x, y m and yaw rad for foot `side`, `width` m from the foot of `step` when their middle moves.

    `motion` is how the middle between the feet moves: ahead m, leftward m, turn rad. A foot that stands on
    the side to which the middle goes moves twice as far, the other not at all: feet do not cross.
    """
    ahead, left, turn = motion
    # Sideways, only the foot ahead of the motion opens the stance; the other closes it.
    opening = 2.0 * left if (left > 0.0) == (side == "left") else 0.0
    out = width if side == "left" else -width
    middle = step.yaw + turn / 2.0
    yaw = step.yaw + turn
    x, y = ahead, out / 2.0
    across = out / 2.0 + opening
    return (
        step.x + cos(middle) * x - sin(step.yaw) * y - sin(yaw) * across,
        step.y + sin(middle) * x + cos(step.yaw) * y + cos(yaw) * across,
        wrapped(yaw),
    )


def motion_of_step(before: Footstep, landed: Footstep) -> Motion:
    """Return the motion of the step that went from beside `before` to `landed`; leftward is not told from the width."""
    turn = wrapped(landed.yaw - before.yaw)
    middle = before.yaw + turn / 2.0
    ahead = cos(middle) * (landed.x - before.x) + sin(middle) * (landed.y - before.y)
    return ahead, 0.0, turn


def eased(now: Motion, goal: Motion) -> Motion:
    """Return the motion nearest to `goal` that a step may have after one that had `now`."""
    return (
        now[0] + min(LONGER, max(-LONGER, goal[0] - now[0])),
        goal[1],
        now[2] + min(MORE_TURN, max(-MORE_TURN, goal[2] - now[2])),
    )


def motion_of_velocity(gait: GaitConfig, forward: float, leftward: float, turning: float) -> Motion:
    """Return the motion of each step at a velocity (m/s, m/s, rad/s).

    Raises:
        ValueError: a number is not finite, or the three of them together are faster than the legs reach.
    """
    velocity = (forward, leftward, turning)
    for name, speed in zip(("forward", "leftward", "turning"), velocity, strict=True):
        if not isfinite(speed):
            raise ValueError(f"VelocityCommand.{name} is {speed}, expected a finite number")
    wrong = _fault(gait, velocity)
    if wrong:
        most = _admitted_part(gait, velocity)
        slower = ", ".join(f"{most * speed:.2f}" for speed in velocity)
        raise ValueError(
            f"VelocityCommand.forward is {forward:g}, leftward {leftward:g}, turning {turning:g}: {wrong}; "
            f"this way at most ({slower}) can be walked"
        )
    return _motion(gait, velocity)


def _motion(gait: GaitConfig, velocity: Motion) -> Motion:
    period = gait.single_support + gait.double_support
    return period * velocity[0], period * velocity[1], period * velocity[2]


def _fault(gait: GaitConfig, velocity: Motion) -> str:
    """Say why a velocity cannot be walked; nothing where it can."""
    motion = _motion(gait, velocity)
    ahead, _, turn = motion
    longest = max(hypot(x, y) for x, y in _landings(gait, motion))
    for what, value, most in (
        ("its steps go {} m ahead", ahead, gait.reach_ahead),
        ("its steps go {} m back", -ahead, REACH_BACK),
        ("its steps turn by {} rad", abs(turn), MOST_TURN),
        ("its longest step is {} m from sole to sole", longest, LONGEST),
    ):
        if value > most + 1e-9:
            return f"{what.format(f'{value:.2f}')}, expected at most {most:g}"
    return ""


def _landings(gait: GaitConfig, motion: Motion) -> Iterator[tuple[float, float]]:
    """Yield where a foot lands (m) as seen from the one that carries: the left one, and the right one."""
    for foot, side in ((Footstep("right", 0.0, 0.0), "left"), (Footstep("left", 0.0, 0.0), "right")):
        x, y, _ = beside(foot, "left" if side == "left" else "right", gait.step_width, motion)
        yield x, y


def _admitted_part(gait: GaitConfig, velocity: Motion) -> float:
    """Return the greatest part of a velocity, 0 to 1, that can be walked."""
    low, high = 0.0, 1.0
    for _ in range(30):
        part = (low + high) / 2.0
        scaled = (part * velocity[0], part * velocity[1], part * velocity[2])
        low, high = (low, part) if _fault(gait, scaled) else (part, high)
    return low
