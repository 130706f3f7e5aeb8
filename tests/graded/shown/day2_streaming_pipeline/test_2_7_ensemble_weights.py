"""2.7: how much each of several predictions of a moment counts."""

import numpy as np

from shown.day2_streaming_pipeline.said_for_a_moment import some_predictions
from shown.slips import expect_all
from vla_course.course.checking.judging import expect_close, graded


@graded(
    "2.7", points=3, says="the prediction that was decided first weighs most, and all weights add up to 1"
)
def test_weights(student, rng):
    expect_all(
        some_predictions(rng, 7).case(student, "the weights of seven predictions"),
        some_predictions(rng, 4).case(student, "the weights of four"),
        unit="",
    )


@graded("2.7", points=1, says="with m = 0 all count alike, and below 0 the newest counts most")
def test_other_rates(student, rng):
    decided = rng.permutation(np.linspace(0.0, 0.5, 5))
    expect_close(student.ensemble_weights(decided, 0.0), np.full(5, 0.2), what="the weights with m = 0")
    expect_all(some_predictions(rng, 5, -0.5).case(student, "the weights with m below 0"), unit="")
