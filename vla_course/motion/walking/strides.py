"""How a velocity becomes steps: the step of a motion, how quickly steps may change, which velocities can be walked."""

from math import cos, hypot, isfinite, sin, trunc

from vla_course.motion.footsteps.footstep import Footstep
from vla_course.motion.walking.gait import GaitConfig
from vla_course.simulation.robot.state import Side
from vla_course.simulation.world.rotation import wrapped

Motion = tuple[float, float, float]
"""how the middle between the feet moves with a step: ahead m, leftward m, turn rad"""

REACH_AHEAD, REACH_BACK = 0.43, 0.36
"""m, the longest step ahead, and back: the knee is all but straight at its end, and a robot that is told to stop while
it swings brakes before its foot has landed so far ahead"""
MOST_TURN, TURN_AHEAD = 0.5, 0.68
"""rad, the most that a step turns; and what a turn counts against where the step goes ahead or back as well. A leg
that turns in passes close to the other thigh and does not reach as far: (ahead / 0.43)^2 + (turn / 0.68)^2 <= 1"""
LONGEST = 0.54
"""m, the longest step, sole to sole: with a longer one, aside and ahead, the legs are stretched before it lands. Of
steady walks on a grid of velocities that keep to the limits above all stood up to 0.58 m, and fell from 0.60 m on"""
CHANGES: Motion = (0.18, 0.06, 0.3)
"""m, m and rad, by how much a step may go farther ahead, aside or around than the one before, or less. A step that is
dl longer asks for a DCM that is dl / (e^(omega T) - 1) farther ahead, 4 cm for 18: so much the ankles give, and no
landing has to be moved for it. Aside, where a sole is half as long, every second step takes twice the way"""
STILL: Motion = (0.0, 0.0, 0.0)
"""the motion of a step on the spot"""


def beside(
    step: Footstep, side: Side, width: float, motion: Motion = (0.0, 0.0, 0.0)
) -> tuple[float, float, float]:
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


def eased(now: Motion, goal: Motion) -> Motion:
    """Return the motion nearest to `goal` that a step may have after one that had `now`."""
    ahead, left, turn = (
        was + min(most, max(-most, wanted - was))
        for was, wanted, most in zip(now, goal, CHANGES, strict=True)
    )
    return ahead, left, turn


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
        # Cut, not rounded: what is named can be walked.
        slower = ", ".join(f"{trunc(100.0 * most * speed) / 100.0:.2f}" for speed in velocity)
        raise ValueError(
            f"VelocityCommand.forward is {forward}, leftward {leftward}, turning {turning}: {wrong}; "
            f"this way at most ({slower}) can be walked"
        )
    return step_of(gait, velocity)


def step_of(gait: GaitConfig, velocity: Motion) -> Motion:
    """Return the motion of a step at a velocity (m/s, m/s, rad/s), whether the legs reach so far or not."""
    period = gait.single_support + gait.double_support
    return period * velocity[0], period * velocity[1], period * velocity[2]


def _fault(gait: GaitConfig, velocity: Motion) -> str:
    """Say why a velocity cannot be walked; nothing where it can."""
    motion = step_of(gait, velocity)
    ahead, _, turn = motion
    reach = min(REACH_AHEAD, gait.reach_ahead) if ahead > 0.0 else REACH_BACK
    for what, value, most in (
        ("its steps go {} m ahead", ahead, reach),
        ("its steps go {} m back", -ahead, reach),
        ("its steps turn by {} rad", abs(turn), MOST_TURN),
        ("its longest step is {} m from sole to sole", longest_step(gait, motion), LONGEST),
        (
            "the length and the turn of its steps together are {} of what the legs reach",
            _together(motion, reach),
            1.0,
        ),
    ):
        if value > most + 1e-9:
            return f"{what.format(f'{value:.2f}')}, expected at most {most:g}"
    return ""


def _together(motion: Motion, reach: float) -> float:
    return hypot(motion[0] / reach, motion[2] / TURN_AHEAD)


def longest_step(gait: GaitConfig, motion: Motion) -> float:
    """Return how far (m) from sole to sole the longer of a left and a right step of `motion` is."""
    right_x, right_y, _ = beside(Footstep("left", 0.0, 0.0), "right", gait.step_width, motion)
    left_x, left_y, _ = beside(Footstep("right", 0.0, 0.0), "left", gait.step_width, motion)
    return max(hypot(right_x, right_y), hypot(left_x, left_y))


def _admitted_part(gait: GaitConfig, velocity: Motion) -> float:
    """Return the greatest part of a velocity, 0 to 1, that can be walked."""
    low, high = 0.0, 1.0
    for _ in range(30):
        part = (low + high) / 2.0
        scaled = (part * velocity[0], part * velocity[1], part * velocity[2])
        low, high = (low, part) if _fault(gait, scaled) else (part, high)
    return low
