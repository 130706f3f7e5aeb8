"""3.15, hidden: no time left, the way in two parts, one axis or many."""

import numpy as np

from shown.day3_humanoid_balance.swings import Swing, some_swing
from shown.day3_humanoid_balance.test_3_15_swing_motion import FINE
from shown.slips import expect_all
from vla_course.course.checking.judging import expect, expect_close, graded


@graded(
    "3.15",
    points=1,
    says="a foot with no time left, or less than none, rests on its goal, however little is asked",
)
def test_no_time_left(student, rng):
    swing = some_swing(rng)
    over = Swing(swing.position, swing.velocity, swing.acceleration, swing.goal, 0.0)
    late = Swing(swing.position, swing.velocity, swing.acceleration, swing.goal, -0.1)
    for ahead in (0.0, 0.004):
        resting = late.ask(student, ahead)
        expect_close(resting, late.resting(), what="where the foot is when its time is long over", atol=FINE)
        with np.errstate(all="ignore"):
            got = over.ask(student, ahead)
        expect(
            bool(np.isfinite(got).all()),
            "with no time left something is divided by it",
            mistake="no-time-left",
        )
        unmoved = np.allclose(got[0], over.position)
        expect(not unmoved, "with no time left the foot is not on its goal", mistake="never-rests")
        expect_close(got, over.resting(), what="position, velocity or acceleration", atol=FINE)


@graded("3.15", points=1, says="asking again half-way changes nothing about the path")
def test_in_two_parts(student, rng):
    for _ in range(3):
        swing = some_swing(rng)
        first, second = rng.uniform(0.1, 0.4, 2) * swing.time_left
        between = swing.ask(student, first)
        rest = Swing(*between, goal=swing.goal, time_left=swing.time_left - first)
        got = rest.ask(student, second)
        what = "position, velocity or acceleration, asked in two parts"
        expect_close(got, swing.at(first + second), what=what, atol=1e-7)


@graded(
    "3.15", points=1, says="one axis or five, slow or quick, to any goal; what was handed in stays as it was"
)
def test_any_axes(student, rng):
    cases = []
    for axes, time_left in ((1, 0.05), (5, 3.0), (2, 0.5), (3, 0.006)):
        swing = some_swing(rng, axes)
        swing = Swing(swing.position, swing.velocity, swing.acceleration, swing.goal, time_left)
        cases.append(swing.case(student, 0.6 * time_left, "position, velocity or acceleration"))
        now = swing.ask(student, 0.0)
        given = [swing.position, swing.velocity, swing.acceleration]
        expect_close(now, given, what="where the foot is now, and how it moves", atol=FINE)
        parts = [*given, swing.goal]
        copies = [part.copy() for part in parts]
        student.swing_motion(*copies, time_left, 0.3 * time_left)
        kept = all(np.array_equal(copy, part) for copy, part in zip(copies, parts, strict=True))
        expect(kept, "the arrays that were handed in have been changed")
        back = Swing(swing.goal, swing.velocity, swing.acceleration, swing.goal, time_left)
        cases.append(back.case(student, 0.5 * time_left, "the path of a foot that passes its goal now"))
        moved = Swing(*given, swing.goal + 0.1, time_left)
        cases.append(moved.case(student, 0.5 * time_left, "the path from the same place to another goal"))
    expect_all(*cases, unit="", atol=1e-7)
