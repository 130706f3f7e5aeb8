"""1.10: the roof over a piece of work."""

from math import nan

from shown.day1_fundamentals.roofs import Work, some_machine, some_work
from shown.slips import expect_all
from vla_course.course.checking.judging import expect, expect_raises, graded
from vla_course.learning.model.machine import MachineCeiling


@graded("1.10", points=2, says="work takes as long as the slower of its arithmetic and its bytes")
def test_numbers(student, rng):
    machine = some_machine(rng)
    what = "intensity, attainable rate and time of work"
    expect_all(
        some_work(rng, machine, float(rng.uniform(0.02, 0.4))).case(student, f"{what} that waits for memory"),
        some_work(rng, machine, float(rng.uniform(3.0, 40.0))).case(student, f"{what} full of arithmetic"),
        some_work(rng, machine, 0.97).case(student, f"{what} just left of the ridge"),
        some_work(rng, machine, 1.03).case(student, f"{what} just right of the ridge"),
        unit="flop/byte, Gflop/s, ms",
    )


@graded("1.10", points=1, says="bound says what decides: memory left of the ridge, arithmetic from it on")
def test_bound(student, rng):
    machine = some_machine(rng)
    waits, reckons = (some_work(rng, machine, ease).answer(student).bound for ease in (0.7, 1.5))
    swapped = "bound-swapped" if (waits, reckons) == ("compute", "memory") else None
    expect(
        waits == "memory",
        "its bytes take longer than its arithmetic",
        got=waits,
        expected="memory",
        mistake=swapped,
    )
    expect(
        reckons == "compute", "its arithmetic takes longer than its bytes", got=reckons, expected="compute"
    )
    for ease, right in ((0.998, "memory"), (1.002, "compute")):
        bound = some_work(rng, machine, ease).answer(student).bound
        expect(
            bound == right,
            f"the arithmetic takes {ease} times as long as the bytes",
            got=bound,
            expected=right,
        )
    ridge = Work(3.0 * 2.0**30, 3.0 * 2.0**24, MachineCeiling(2.0**40, 2.0**34)).answer(student).bound
    expect(ridge == "compute", "on the ridge", got=ridge, expected="compute", mistake="ridge-is-memory")


@graded("1.10", points=1, says="work without operations or bytes is refused, and so is a nan")
def test_refusals(student, rng):
    machine = some_machine(rng)
    for number in (0.0, -1e6):
        for name, flops, moved in (("flops", number, 1e6), ("moved_bytes", 1e6, number)):
            what = f"{name} of {number:g}"
            expect_raises(
                ValueError, student.roofline, flops, moved, machine, what=what, mistake="accepts-nothing"
            )
    what = "work of a negative number of both"
    expect_raises(ValueError, student.roofline, -2e6, -1e6, machine, what=what, mistake="accepts-nothing")
    for name, flops, moved in (("flops", nan, 1e6), ("moved_bytes", 1e6, nan)):
        what = f"{name} of nan"
        expect_raises(ValueError, student.roofline, flops, moved, machine, what=what, mistake="accepts-nan")
    for flops in (0.5, 2.0**-60):
        least = student.roofline(flops, flops / 2.0, machine)
        expect(least.intensity == 2.0, "any number above 0 will do", got=least.intensity, expected=2.0)
