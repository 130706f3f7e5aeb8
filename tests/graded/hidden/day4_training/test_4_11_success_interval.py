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
    for k, n in ((0, 1), (1, 1), (int(rng.integers(1, 99_999)), 100_000)):
        some = Experiment(k, n, 0.9)
        answer = student.success_interval(k, n, 0.9)
        expect_close(answer, some.ends(some.sigmas()), what=f"the interval of {k} of {n}", atol=1e-7)
        kinds = [isinstance(end, float) for end in answer]
        expect(all(kinds), "both ends should be numbers", got=[type(end).__name__ for end in answer])
        expect(
            0.0 <= answer[0] <= answer[1] <= 1.0, "both ends lie from 0 to 1", got=answer, mistake="not-quite"
        )
