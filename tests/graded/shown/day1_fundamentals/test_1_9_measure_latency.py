"""1.9: what a stopwatch says of work whose time is known."""

from shown.day1_fundamentals.timings import (
    coarse_runs,
    expect_history,
    measured,
    percentile_case,
    rate_case,
    some_runs,
    some_starts,
)
from shown.slips import expect_all
from vla_course.course.checking.beside import beside
from vla_course.course.checking.judging import expect_raises, graded
from vla_course.learning.model.scripted_time import ScriptedWork


@graded("1.9", points=1, says="first the warm-up, then each run alone between two looks at the clock")
def test_order(student, rng):
    warm_up, repeats = (int(number) for number in rng.integers(2, 5, 2))
    _, history = measured(student, some_runs(rng, 12), warm_up, repeats)
    expect_history(history, warm_up, repeats)


@graded("1.9", points=2, says="p50, p95 and p99 say by when so many of the runs are done, in ms")
def test_percentiles(student, rng):
    expect_all(percentile_case(student, some_starts(rng, 1), [*some_runs(rng, 40), 2.0]), unit="ms")
    expect_all(
        percentile_case(student, some_starts(rng, 2), some_runs(rng, 20)),
        percentile_case(student, some_starts(rng, 4), some_runs(rng, 37)),
        unit="ms",
    )
    expect_all(percentile_case(student, [], coarse_runs(rng, 40)), unit="ms")


@graded("1.9", points=2, says="throughput counts every sample, and the control rate heeds the slow runs")
def test_rates(student, rng):
    late = [*some_runs(rng, 40), 2.0]
    expect_all(rate_case(student, some_starts(rng, 1), late, batch=4), unit="samples/s, Hz")
    expect_all(
        rate_case(student, some_starts(rng, 2), some_runs(rng, 25), batch=int(rng.integers(2, 9))),
        rate_case(student, some_starts(rng, 1), some_runs(rng, 40), batch=3),
        unit="samples/s, Hz",
    )
    expect_all(rate_case(student, [], coarse_runs(rng, 40), batch=2), unit="samples/s, Hz")


@graded(
    "1.9",
    points=1,
    says="counts that measure nothing, and a clock too coarse for 99 of 100 runs, are refused",
)
def test_refusals(student):
    for what, warm_up, repeats, batch in (
        ("a warm-up of -1 runs", -1, 3, 1),
        ("a measurement of no runs", 1, 0, 1),
        ("a batch of no samples", 1, 3, 0),
    ):
        work = beside(student, ScriptedWork)([0.01])
        arguments = (work.step, warm_up, repeats, batch, work.clock)
        expect_raises(ValueError, student.measure_latency, *arguments, what=what, mistake="nonsense-accepted")
    for what, repeats, runs in (
        ("a clock that has not moved in any run", 3, [0.0]),
        ("a clock that has moved in one of 300 runs, p99 is 0,", 300, [0.0] * 100 + [0.02, 0.0]),
    ):
        work = beside(student, ScriptedWork)(runs)
        arguments = (work.step, 1, repeats, 1, work.clock)
        expect_raises(ValueError, student.measure_latency, *arguments, what=what, mistake="no-time-at-all")
