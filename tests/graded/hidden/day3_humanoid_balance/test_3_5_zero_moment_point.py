"""3.5, hidden: hopping, other planets, and the very moment in which the feet come off the ground."""

from dataclasses import replace

import numpy as np

from shown.day3_humanoid_balance.test_3_5_zero_moment_point import swing, zmp_case
from shown.slips import expect_all
from vla_course.course.checking.judging import expect, expect_close, expect_raises, graded


@graded(
    "3.5",
    points=1,
    says="rising presses the ZMP towards the centre of mass, sinking drives it away, swinging arms move it too",
)
def test_rising_and_sinking(student, rng):
    robot = swing(rng, lift=0.0)
    hops = [
        replace(robot, accelerations=robot.accelerations + np.array([0.0, 0.0, lift])) for lift in (6.0, -6.0)
    ]
    expect_all(*(zmp_case(student, hop, "the ZMP of a robot that hops") for hop in hops), unit="m")
    com, spin = rng.uniform((-0.3, -0.3, 0.6), (0.3, 0.3, 0.9)), rng.uniform(-5.0, 5.0, 3)
    got = student.zero_moment_point(50.0, com, np.zeros(3), spin)
    expected = com[:2] - np.array([spin[1], -spin[0]]) / (50.0 * 9.81)
    expect_close(got, expected, what="the ZMP of a robot that stays and swings its arms", unit="m")


@graded("3.5", points=1, says="the ZMP is right under any gravity and far from the origin")
def test_elsewhere(student, rng):
    robot = swing(rng, lift=0.5)
    cases = [
        zmp_case(student, robot, f"the ZMP under gravity {gravity} m/s^2", gravity)
        for gravity in (1.62, 3.71, 24.8)
    ]
    far = np.append(rng.uniform(40.0, 80.0, 2), 0.0)
    away = replace(robot, positions=robot.positions + far)
    expect_all(*cases, zmp_case(student, away, "the ZMP far away"), unit="m")
    whole = np.array([1, 2, 3]), np.array([2, -4, 2]), np.array([5, 10, 1])
    given = [array.copy() for array in whole]
    got = student.zero_moment_point(1, *given, 8)
    expect_close(got, [1 - 1.6, 2 + 1.7], what="the ZMP of whole numbers", unit="m")
    expect(all(map(np.array_equal, given, whole)), "the arrays that were handed in have been changed")


@graded("3.5", points=1, says="the moment the feet come off counts as free fall, any moment before does not")
def test_take_off(student, rng):
    com, spin = rng.uniform((-0.3, -0.3, 0.6), (0.3, 0.3, 0.9)), rng.uniform(-1.0, 1.0, 3)
    for gravity in (9.81, 1.62):
        expect_raises(
            ValueError,
            student.zero_moment_point,
            45.0,
            com,
            np.array([0.5, 0.2, -gravity]),
            spin,
            gravity,
            what="a robot whose feet just come off",
            mistake="free-fall-accepted",
        )
        mass = 45.0
        for share in (0.5, 0.999, 1.0 - 1e-6):
            pull = share * gravity
            expected = com[:2] - np.array([spin[1], -spin[0]]) / (mass * (gravity - pull))
            got = student.zero_moment_point(mass, com, np.array([0.0, 0.0, -pull]), spin, gravity)
            what = f"the ZMP of a robot that sinks at {share} of gravity"
            expect_close(got, expected, what=what, unit="m", rtol=1e-8)
