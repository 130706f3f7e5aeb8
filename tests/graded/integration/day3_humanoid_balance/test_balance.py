"""Day 3, your own parts together: every answer is yours, and the humanoid is pushed."""

from shown.day3_humanoid_balance.shoves import expect_stands
from vla_course.course.checking.judging import graded


@graded("day3-balance", points=2, says="on your own parts alone, the humanoid takes a push in the chest")
def test_takes_a_push(student, rng):
    impulse = rng.uniform(14.0, 16.0)
    expect_stands(student.BalanceController(), heading=0.0, along=(1.0, 0.0), impulse=impulse)


@graded("day3-balance", points=2, says="on your own parts alone, the humanoid takes a push from the side")
def test_takes_a_push_from_the_side(student, rng):
    side, impulse = rng.choice((-1.0, 1.0)), rng.uniform(14.0, 16.0)
    expect_stands(student.BalanceController(), heading=0.0, along=(0.0, side), impulse=impulse)
