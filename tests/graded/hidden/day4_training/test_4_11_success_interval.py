"""4.11, hidden: another library's interval, for every count, and its default."""

import numpy as np
from scipy.stats import binomtest

from shown.day4_training.rates import Experiment
from vla_course.course.checking.judging import expect, expect_close, graded


@graded(
    "4.11", points=1, says="for every number of successes it is the interval of Wilson, by default of 95 %"
)
def test_every_count(student, rng):
    n = int(rng.integers(5, 16))
    right = [binomtest(k, n).proportion_ci(method="wilson") for k in range(n + 1)]
    got = [student.success_interval(k, n) for k in range(n + 1)]
    expect_close(
        np.array(got), np.array([(ends.low, ends.high) for ends in right]), what="the intervals", atol=1e-9
    )


@graded(
    "4.11",
    points=1,
    says="a single episode, and a hundred thousand, have their interval; both ends are numbers",
)
def test_sizes(student, rng):
    many = 100_000
    some_of_them = int(rng.integers(2, many - 1))
    for k, n, sure in (
        (0, 1, 0.9),
        (1, 1, 0.9),
        *((k, many, 0.9) for k in (1, some_of_them, many - 1)),
        (29, 30, 0.01),
        (1, 30, 0.999999),
    ):
        some = Experiment(k, n, sure)
        answer = student.success_interval(k, n, sure)
        what = f"the interval of {k} of {n}, {100.0 * sure:g} % sure"
        expect_close(answer, some.ends(some.sigmas()), what=what, atol=1e-7)
        kinds = [isinstance(end, float) for end in answer]
        expect(all(kinds), "both ends should be numbers", got=[type(end).__name__ for end in answer])
        expect(
            0.0 <= answer[0] <= answer[1] <= 1.0, "both ends lie from 0 to 1", got=answer, mistake="not-quite"
        )
