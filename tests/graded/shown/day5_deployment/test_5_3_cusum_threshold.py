"""5.3: from where on a CUSUM is an alarm."""

import numpy as np

from shown.day5_deployment.vigils import Vigil, some_vigil
from shown.slips import expect_all
from vla_course.course.checking.judging import expect_close, expect_raises, graded


@graded(
    "5.3",
    points=3,
    says="of each episode its highest sum counts, and a new one exceeds the threshold so seldom",
)
def test_threshold(student, rng):
    expect_all(
        some_vigil(rng).case(student, "the threshold for one false alarm in ten episodes"),
        some_vigil(rng, n=25, rate=0.2, slack=0.3).case(student, "that for one in five"),
        some_vigil(rng, n=11, rate=0.3, slack=0.8).case(student, "that for three in ten"),
        unit="",
        atol=1e-9,
    )


@graded(
    "5.3", points=1, says="sums begin at 0, never fall below it, and the scores of quiet times are forgotten"
)
def test_by_hand(student, rng):
    quiet = -float(rng.uniform(3.0, 9.0))
    vigil = Vigil([np.array([1.0, 1.0, *[quiet] * 4, 2.0, 1.25])], 0.5, 0.5)
    expect_close(
        vigil.asked(student),
        2.25,
        what="the highest sum of 1, 1, a quiet time, 2, 1.25 with a slack of 0.5",
        atol=1e-9,
        mistakes={
            "never-reset": 1.0,
            "slack-forgotten": 3.25,
            "slack-taken-late": 1.75,
            "scores-not-sums": 2.0 - 0.5,
            "two-sided": 1.25 - quiet * 4 + 4.0 - 8 * 0.5,
        },
    )


@graded(
    "5.3", points=1, says="nine episodes promise one false alarm in ten, and nobody makes them promise less"
)
def test_promise(student, rng):
    vigil = some_vigil(rng, n=9, rate=0.1)
    expect_close(vigil.asked(student), max(vigil.maxima()), what="what nine episodes promise", atol=1e-9)
    for n, rate in ((9, 0.09), (9, 0.01), (1, 0.4)):
        few = some_vigil(rng, n=n, rate=rate)
        expect_raises(
            ValueError,
            few.asked,
            student,
            what=f"a rate of {rate} from {n} episodes",
            mistake="promised-anyway",
        )
