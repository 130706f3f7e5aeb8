"""3.19, hidden: other legs, a stretched one, and what was handed in stays as it is."""

import numpy as np

from shown.day3_humanoid_balance.legs import HIGH, LOW, UP, sole_pose
from shown.day3_humanoid_balance.test_3_19_solve_leg import expect_leg
from vla_course.course.checking.judging import expect, expect_close, expect_raises, graded
from vla_course.simulation.robot.description import HumanoidDescription

_RANGE = [-1.0, -0.4, -2.0, 0.4, -1.2, -0.6], [1.0, 0.4, 0.8, 2.3, 0.2, 0.6]
"""rad: between these the joints of a leg can move"""


@graded(
    "3.19",
    points=1,
    says="a robot of other measures gets other angles, and so does a leg bent as far as it goes",
)
def test_other_bodies(student, rng):
    for side in ("left", "right"):
        body = HumanoidDescription(
            leg_length=float(rng.uniform(0.72, 0.88)),
            ankle_height=float(rng.uniform(0.065, 0.12)),
            hip_width=float(rng.uniform(0.16, 0.24)),
        )
        expect_leg(student, side, rng.uniform(LOW, HIGH), f"the {side} leg of another robot", body)
    body = HumanoidDescription()
    # The thigh is lifted higher than level.
    lifted = [0.3, 0.1, -2.0, 2.2, -0.3, 0.1], [-0.9, -0.3, -1.9, 2.39, 0.3, -0.4]
    for angles in (*lifted, *rng.uniform(*_RANGE, (4, 6))):
        expect_leg(student, "left", np.array(angles), "a leg bent as far as its joints go", body)


@graded(
    "3.19",
    points=1,
    says="a leg may be stretched to its very end, and no farther; nothing handed in is changed",
)
def test_stretched(student, rng):
    body = HumanoidDescription()
    for _ in range(20):
        straight = np.append(rng.uniform(-0.3, 0.3, 3), [0.0, *rng.uniform(-0.2, 0.2, 2)])
        got = student.solve_leg("left", *sole_pose("left", straight), body)
        expect_close(got, straight, what="the angles of a straight leg", unit="rad", atol=1e-6)
    place = np.array([0.0, -body.hip_width / 2.0, -body.leg_length])
    got = student.solve_leg("right", place, np.eye(3), body)
    expect(
        bool(np.abs(np.asarray(got, dtype=float)).max() < 1e-3), "a straight leg has angles near 0", got=got
    )
    rounded = student.solve_leg("right", place - [0.0, 0.0, 5e-10], np.eye(3), body)
    expect(
        bool(np.abs(np.asarray(rounded, dtype=float)).max() < 1e-3),
        "half a nanometre beyond its end is rounding, and the leg is straight",
        got=rounded,
    )
    for more, what in ((1e-4, "0.1 mm more"), (5e-6, "0.005 mm more")):
        expect_raises(ValueError, student.solve_leg, "right", place - more * UP, np.eye(3), body, what=what)
    place, rotation = sole_pose("left", rng.uniform(LOW, HIGH), body)
    given = place.copy(), rotation.copy()
    student.solve_leg("left", place, rotation, body)
    same = np.array_equal(place, given[0]) and np.array_equal(rotation, given[1])
    expect(same, "what was handed in has been changed")
