"""3.25, hidden: other units, other places; nothing handed in is changed."""

import numpy as np

from shown.day3_humanoid_balance.test_3_25_calculate_balance_compensation import (
    FAR,
    balance_point,
    reaching,
    room_case,
)
from shown.slips import expect_all
from vla_course.course.checking.judging import expect, expect_close, graded


@graded("3.25", points=1, says="kilograms or grams, here or far away, the displacement is the same")
def test_elsewhere(student, rng):
    masses, places, shares, home = reaching(rng)
    far = np.array((31.0, -17.0))
    here = room_case(student, masses, places, shares, home)
    there = room_case(
        student, masses, places + np.append(far, 0.0), shares, home + far, what="the way, far away"
    )
    grams = room_case(
        student, 1000.0 * masses, places, shares, home, what="the way of parts weighed in grams"
    )
    expect_all(here, there, grams, unit="m", atol=1e-8)
    expect_close(there.got, here.got, what="the way, far away", unit="m", atol=1e-8)


@graded(
    "3.25",
    points=1,
    says="light loads, heavy loads, short ways, whole numbers; and what was handed in stays as it was",
)
def test_loads(student, rng):
    expect_all(*(room_case(student, *reaching(rng, load)) for load in (0.01, 12.0)), unit="m")
    masses, places, shares, home = reaching(rng)
    near = balance_point(masses, places) + [2e-5, -1e-5]
    expect_all(
        room_case(student, masses, places, shares, near, what="a hair's way"),
        room_case(student, masses, places, 0.03 * shares, home, what="the way if hardly anything follows"),
        unit="m",
    )
    whole = np.array((3, 1)), np.array(((0, 0, 1), (4, 0, 1))), np.array((1, 0)), np.array((0, 0))
    got = student.calculate_balance_compensation(*whole, 2)
    expect_close(got, (-4.0 / 3.0, 0.0), what="the way in whole numbers", unit="m")
    got = student.calculate_balance_compensation(*whole, 1)
    expect_close(got, (-1.0, 0.0), what="the way in whole numbers, cut", unit="m")
    given = reaching(rng)
    kept = [array.copy() for array in given]
    student.calculate_balance_compensation(*given, FAR)
    expect(all(map(np.array_equal, given, kept)), "the arrays that were handed in have been changed")
