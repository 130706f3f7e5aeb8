"""4.4: one step of learning on a policy whose every number is known."""

from dataclasses import replace

import numpy as np

from shown.day4_training.descents import Lesson, expect_order, some_lesson, some_training
from shown.slips import is_close
from vla_course.course.checking.judging import expect, expect_close, expect_raises, graded


@graded(
    "4.4", points=2, says="loss under autocast, then gradients, clipping and a step, through the accelerator"
)
def test_order(student, rng):
    training, lesson = some_training(student, rng), some_lesson(rng, 30.0)
    training.step(lesson, max_norm=0.5)
    scaled = training.clipped_scaled(training.weights, lesson.gradient(training.weights), 0.5)
    expect_order(training.work.history, is_close(training.now(), scaled, 1e-6))


@graded(
    "4.4", points=2, says="the weights go downhill by the gradient, which is shortened where it is too long"
)
def test_weights(student, rng):
    for what, size, max_norm in (("a gentle batch", 0.3, 50.0), ("a violent batch", 3000.0, 0.5)):
        training, lesson = some_training(student, rng), some_lesson(rng, size)
        training.step(lesson, max_norm)
        weights, gradient = training.weights, lesson.gradient(training.weights)
        expect_close(
            training.now(),
            training.moved(weights, gradient, max_norm),
            what=f"the weights after {what}",
            atol=1e-6,
            mistakes={
                "not-clipped": weights - training.rate * gradient,
                "clipped-by-value": weights - training.rate * np.clip(gradient, -max_norm, max_norm),
                "not-unscaled": training.clipped_scaled(weights, gradient, max_norm),
            },
        )


@graded("4.4", points=1, says="a loss that is not finite is refused before anything has moved")
def test_loss_not_finite(student, rng):
    lesson = some_lesson(rng)
    spoilt = Lesson(lesson.inputs, np.where(np.arange(6) == 2, np.inf, lesson.wanted))
    for bad, what in (
        (spoilt, "a batch that holds inf"),
        (replace(lesson, penalty=np.nan), "a loss of nan whose gradient is finite"),
        (replace(lesson, penalty=np.inf), "a loss of inf whose gradient is finite"),
    ):
        training = some_training(student, rng)
        expect_raises(
            FloatingPointError,
            training.step,
            bad,
            1.0,
            what=what,
            mistake="loss-not-looked-at",
        )
        expect_close(
            training.now(),
            training.weights,
            what=f"the weights after {what}",
            mistakes={"looked-at-too-late": np.full(3, np.nan)},
        )
        expect(
            "step" not in list(training.work.history),
            "the optimiser was asked for a step although the loss is not finite",
            mistake="looked-at-too-late",
        )
