"""1.9, hidden: few runs, quick runs, and a clock that takes its time."""

import numpy as np

from shown.day1_fundamentals.timings import MS, expect_history, measured, percentiles_of, some_runs
from vla_course.course.checking.judging import expect_close, graded


@graded(
    "1.9", points=1, says="one run without warm-up is enough for a report, be it of a microsecond or less"
)
def test_one_quick_run(student, rng):
    for second in (float(rng.uniform(1e-6, 5e-6)), float(rng.uniform(1e-10, 3e-10))):
        report, history = measured(student, [second], 0, 1)
        expect_history(history, 0, 1)
        got = [report.p50, report.p95, report.p99, report.throughput, report.control_rate]
        right = [MS * second] * 3 + [1.0 / second] * 2
        expect_close(got, right, what="report of one run, whole", atol=0.0, rtol=1e-9)


@graded("1.9", points=1, says="what passes between two runs is not the step's time")
def test_between_the_runs(student, rng):
    runs, tick = some_runs(rng, 16), float(rng.uniform(0.01, 0.05))
    report, _ = measured(student, [2.0, *runs], 1, len(runs), tick)
    seen = np.array(runs) + tick  # a look at the clock takes a tick: one of the two is inside
    expect_close(
        [report.p50, report.p95, report.p99], MS * percentiles_of(list(seen)), what="percentiles", unit="ms"
    )
    expect_close(report.throughput, 1.0 / seen.mean(), what="throughput", unit="samples/s", atol=1e-9)
