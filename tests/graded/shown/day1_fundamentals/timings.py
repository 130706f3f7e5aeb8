"""Runs whose time is known, what a stopwatch should make of them, and what others make of them."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shown.slips import Case
from vla_course.course.checking.beside import beside
from vla_course.course.checking.judging import Mismatch, expect
from vla_course.learning.model.machine import LatencyReport
from vla_course.learning.model.scripted_time import ScriptedWork

MS = 1e3
"""ms in a second"""

Numbers = NDArray[np.float64]


def some_runs(rng: np.random.Generator, count: int) -> list[float]:
    """Times of that many runs, s: most alike, some late, in no order."""
    return list(rng.uniform(0.010, 0.020, count) * np.where(rng.random(count) < 0.15, 4.0, 1.0))


def coarse_runs(rng: np.random.Generator, count: int) -> list[float]:
    """Times of runs, s, by a clock that moves in but some of them: most are 0."""
    return list(rng.permuted(np.where(np.arange(count) < count // 4, 0.015, 0.0)))


def none_late(seconds: Sequence[float]) -> list[float]:
    """The runs without those that took very long."""
    return [second for second in seconds if second < 0.2]


def some_starts(rng: np.random.Generator, count: int) -> list[float]:
    """Times of the first runs, s: each far beyond those that follow."""
    return list(rng.uniform(0.5, 3.0, count))


def done_by(seconds: Sequence[float], share: float) -> float:
    """The time within which that share of the runs is done, linear between the two runs beside it."""
    ordered = sorted(seconds)
    place = share * (len(ordered) - 1)
    before = int(place)
    after = min(before + 1, len(ordered) - 1)
    return (1.0 - (place - before)) * ordered[before] + (place - before) * ordered[after]


def percentiles_of(seconds: Sequence[float]) -> Numbers:
    """p50, p95 and p99, in the unit that came in."""
    return np.array([done_by(seconds, share) for share in (0.50, 0.95, 0.99)])


def measured(
    student: Any, seconds: Sequence[float], warm_up: int, repeats: int, tick: float = 0.0, **further: int
) -> tuple[LatencyReport, list[str]]:
    """The student's report on work that takes these times, and what was called meanwhile, in order."""
    work = beside(student, ScriptedWork)(list(seconds), tick)
    report = student.measure_latency(work.step, warm_up, repeats, clock=work.clock, **further)
    if not isinstance(report, LatencyReport):
        raise Mismatch("measure_latency should return a LatencyReport", got=type(report).__name__)
    return report, list(work.history)


def percentile_case(student: Any, starts: list[float], runs: list[float]) -> Case:
    """p50, p95 and p99 of runs after starts that should not count."""
    report, _ = measured(student, starts + runs, len(starts), len(runs))
    right = MS * percentiles_of(runs)
    n = len(runs)
    in_order = np.array([runs[min(int(share * n), n - 1)] for share in (0.50, 0.95, 0.99)])
    mistakes = {
        "start-counted": MS * percentiles_of(starts + runs),
        "no-warm-up": MS * percentiles_of((starts + runs)[:n]),
        "seconds-for-milliseconds": right / MS,
        "mean-called-p50": np.array([MS * np.mean(runs), *right[1:]]),
        "slowest-called-p99": np.array([*right[:2], MS * max(runs)]),
        "not-sorted": MS * in_order,
        "outliers-left-out": MS * percentiles_of(none_late(runs)),
        "still-runs-left-out": MS * percentiles_of([second for second in runs if second > 0.0]),
    }
    got = [report.p50, report.p95, report.p99]
    return Case(f"p50, p95, p99 of {n} runs", got, right, mistakes)


def rate_case(student: Any, starts: list[float], runs: list[float], batch: int) -> Case:
    """Throughput, samples/s, and control rate, Hz."""
    report, _ = measured(student, starts + runs, len(starts), len(runs), batch=batch)
    p50, _, p99 = percentiles_of(runs)
    together, rate = batch * len(runs) / sum(runs), 1.0 / p99
    prompt, moved = none_late(runs), [second for second in runs if second > 0.0]
    mistakes = {
        "batch-forgotten": np.array([together / batch, rate]),
        "rate-in-kilohertz": np.array([together, rate / MS]),
        "rate-of-the-median": np.array([together, 1.0 / p50 if p50 else np.inf]),
        "rate-of-a-batch": np.array([together, batch * rate]),
        "outliers-left-out": np.array([batch * len(prompt) / sum(prompt), 1.0 / percentiles_of(prompt)[2]]),
        "still-runs-left-out": np.array([batch * len(moved) / sum(moved), 1.0 / percentiles_of(moved)[2]]),
        "rates-averaged": np.array([batch * sum(1.0 / second for second in moved) / len(moved), rate]),
        "throughput-of-the-median": np.array([batch / p50 if p50 else np.inf, rate]),
        "rate-of-the-mean": np.array([together, len(runs) / sum(runs)]),
    }
    got = [report.throughput, report.control_rate]
    return Case(f"throughput, control rate of {len(runs)} runs of {batch}", got, [together, rate], mistakes)


def expect_history(history: Sequence[str], warm_up: int, repeats: int) -> None:
    """Expect the warm-up first, then each run between two looks at the clock."""
    expected = ["step"] * warm_up + ["clock", "step", "clock"] * repeats
    steps, looks = history.count("step"), history.count("clock")
    mistake = None
    if looks == 0:
        mistake = "clock-ignored"
    elif steps == repeats < warm_up + repeats:
        mistake = "no-warm-up"
    elif looks == 2 < 2 * repeats:
        mistake = "timed-as-a-whole"
    elif looks == repeats + 1 < 2 * repeats:
        mistake = "clock-shared"
    elif looks == 2 * (warm_up + repeats):
        mistake = "start-counted"
    expect(
        list(history) == expected,
        f"with warm_up {warm_up} and repeats {repeats}, steps and looks at the clock come in another order",
        got=" ".join(history),
        expected=" ".join(expected),
        mistake=mistake,
    )
