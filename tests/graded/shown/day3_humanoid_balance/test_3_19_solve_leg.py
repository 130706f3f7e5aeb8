"""3.19: six angles that put the sole where it should be, judged by moving a leg and asking for its angles back."""

import numpy as np

from shown.day3_humanoid_balance.legs import HIGH, LOW, UP, named_mistake, sole_pose
from vla_course.course.checking.judging import expect, expect_close, graded
from vla_course.simulation.robot.description import HumanoidDescription

MIRROR = np.array([-1.0, -1.0, 1.0, 1.0, 1.0, -1.0])


def expect_leg(student, side, angles, what, body=None):
    """Put a leg into a posture, hand over where its sole is, and expect the posture back."""
    body = body or HumanoidDescription()
    place, rotation = sole_pose(side, angles, body)
    got = student.solve_leg(side, place, rotation, body)
    mistakes = named_mistake(side, body, angles, got)
    expect_close(got, angles, what=what, unit="rad", atol=1e-8, mistakes=mistakes)


@graded("3.19", points=4, says="the angles of a leg come back from where its sole is")
def test_angles_come_back(student, rng):
    for side in ("left", "right", "left", "right"):
        expect_leg(student, side, rng.uniform(LOW, HIGH), f"the {side} leg")


@graded("3.19", points=1, says="what the left leg does, the right one does mirrored")
def test_mirrored(student, rng):
    angles = rng.uniform(LOW, HIGH)
    expect_leg(student, "left", angles, "the left leg")
    expect_leg(student, "right", MIRROR * angles, "the right leg, mirrored")


@graded("3.19", points=2, says="a sole out of reach is refused, and the refusal says by how many metres")
def test_out_of_reach(student, rng):
    body = HumanoidDescription()
    for side, sign in (("left", 1.0), ("right", -1.0)):
        too_far = rng.uniform(0.01, 0.2)
        hip, ankle = np.array([0.0, sign * body.hip_width / 2.0, 0.0]), -body.ankle_height * UP
        reach = 2.0 * body.thigh_length + too_far
        aside = rng.uniform(0.2, 0.5, 2) * rng.choice((-1, 1), 2)
        for ahead, left in (np.zeros(2), aside):
            down = np.array([ahead, left, -1.0]) / np.sqrt(1.0 + ahead**2 + left**2)
            refused(student, side, hip + reach * down + ankle, body, too_far)


def refused(student, side, place, body, too_far):
    """Expect a ValueError that names the distance."""
    try:
        got = student.solve_leg(side, place, np.eye(3), body)
    except ValueError as fault:
        numbers = [word.strip(".,:;()") for word in str(fault).split()]
        told = [number for number in map(_number, numbers) if number is not None]
        expect(
            any(abs(number - too_far) < 6e-3 for number in told),
            "the message should say by how many metres the sole is out of reach",
            got=str(fault),
            expected=round(too_far, 4),
            unit="m",
            mistake="says-not-how-far" if not told or _whole(told, too_far, body) else None,
        )
    else:
        expect(
            False,
            f"a sole {too_far:.3f} m out of reach should raise ValueError",
            got=got,
            expected="ValueError",
            mistake="cut-without-a-word",
        )


def _whole(told, too_far, body):
    """Whether it says how long the leg would have to be, and not how much longer."""
    return any(abs(number - too_far - 2.0 * body.thigh_length) < 6e-3 for number in told)


def _number(word):
    try:
        return float(word.removesuffix("m"))
    except ValueError:
        return None


@graded(
    "3.19",
    points=1,
    says="a sole flat below its hip bends the leg in pitch only, and the ankle undoes the hip",
)
def test_straight_below(student, rng):
    body, height = HumanoidDescription(), rng.uniform(0.55, 0.75)
    got = student.solve_leg("left", np.array([0.0, body.hip_width / 2.0, 0.0]) - height * UP, np.eye(3), body)
    values = np.asarray(got, dtype=float)
    expect(values.shape == (6,), "the answer should be six angles", got=got)
    expect_close(values[[0, 1, 5]], np.zeros(3), what="yaw and rolls", unit="rad", atol=1e-9)
    expect_close(values[[2, 3, 4]].sum(), 0.0, what="hip pitch + knee + ankle pitch", unit="rad", atol=1e-9)
