"""2.7, hidden: no prediction, one, two of the same time, rates far from 0."""

import numpy as np

from shown.day2_streaming_pipeline.said_for_a_moment import Predictions
from shown.slips import expect_all
from vla_course.course.checking.judging import expect, expect_close, graded


@graded(
    "2.7", points=1, says="of two that were decided at the same time the one that stands first is the older"
)
def test_ties(student, rng):
    times = np.repeat(rng.uniform(0.0, 1.0, 3), 2)[rng.permutation(6)]
    many = np.repeat(rng.uniform(0.0, 1.0, 12), 4)[rng.permutation(48)]
    expect_all(
        Predictions(times, 0.4).case(student, "the weights of three pairs"),
        Predictions(many, 0.05).case(student, "the weights of a dozen times four"),
        unit="",
    )


@graded("2.7", points=1, says="whatever m is weights are numbers, and of no prediction there is none")
def test_extremes(student, rng):
    times = rng.uniform(0.0, 1.0, 30)
    for m, chosen in ((-60.0, times.argmax()), (60.0, times.argmin())):
        got = np.asarray(student.ensemble_weights(times, m))
        expect(
            got.shape == (30,) and bool(np.isfinite(got).all()),
            f"with m = {m:g} a weight is no number",
            got=got,
            mistake="overflows",
        )
        alone = np.zeros(30)
        alone[chosen] = 1.0
        expect_close(got, alone, what=f"the weights with m = {m:g}", atol=1e-12)
    expect_close(
        student.ensemble_weights([0.7], 0.3), [1.0], what="the weight of a single prediction, in a list"
    )
    expect(np.shape(student.ensemble_weights(times[:0], 0.3)) == (0,), "of no prediction there is no weight")
