"""2.12: a link that was handed in broken."""

from shown.day2_streaming_pipeline.exchanges import expect_ages, expect_thrown_away, some_exchange
from vla_course.course.checking.judging import graded


@graded("2.12", points=2, says="the age of a picture is told by the clock that it was taken by")
def test_clock(student, rng):
    expect_ages(student, some_exchange(rng))


@graded("2.12", points=2, says="a late answer is not taken for that of the packet which lies in its slot now")
def test_slot(student, rng):
    late = sorted(int(one) for one in rng.choice(4, 2, replace=False))
    expect_thrown_away(student, some_exchange(rng, late))


@graded("2.12", points=1, says="each packet is answered once")
def test_once(student, rng):
    twice = [int(one) for one in rng.choice(10, 4, replace=False)]
    expect_thrown_away(student, some_exchange(rng, twice=twice))
