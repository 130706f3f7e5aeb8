"""4.4, hidden: two steps in a row, what is returned, a gradient that is not finite."""

import numpy as np

from shown.day4_training.descents import Lesson, some_lesson, some_training
from vla_course.course.checking.judging import expect, expect_close, expect_raises, graded


@graded("4.4", points=1, says="gradients of one batch are not added to those of the next")
def test_two_steps(student, rng):
    training, gradients = some_training(student, rng, scale=1.0), []
    weights = kept = training.weights
    for lesson in (some_lesson(rng), some_lesson(rng)):
        training.step(lesson, 1e3)
        gradients.append(lesson.gradient(weights))
        kept = training.moved(kept, sum(gradients), 1e3)
        weights = training.moved(weights, gradients[-1], 1e3)
    expect_close(
        training.now(),
        weights,
        what="the weights after two batches",
        atol=1e-6,
        mistakes={"gradients-kept": kept},
    )
    left = float(training.work.leftover())
    expect(left == 0.0, "gradients are left after the step", got=left, expected=0.0, mistake="gradients-left")


@graded("4.4", points=1, says="the loss before the step is returned, as a plain number")
def test_returned(student, rng):
    training, lesson = some_training(student, rng), some_lesson(rng)
    got = training.step(lesson, 1.0)
    expect(
        type(got) is float,
        "training_step should return a plain number",
        got=type(got).__name__,
        expected="float",
        mistake="tensor-returned",
    )
    expect_close(
        got,
        lesson.loss(training.weights),
        what="the loss",
        mistakes={"loss-after-the-step": lesson.loss(training.now())},
    )


@graded("4.4", points=1, says="a gradient that is not finite is refused as well, and nothing of it is left")
def test_gradient_not_finite(student, rng):
    training, lesson = some_training(student, rng), some_lesson(rng)
    fitting = Lesson(np.eye(3), training.weights)  # the loss is 0, and the root has no slope there
    expect_raises(
        FloatingPointError,
        training.step,
        fitting,
        1.0,
        what="a loss of 0 whose gradient is nan",
        mistake="gradient-not-looked-at",
    )
    expect_close(
        training.now(),
        training.weights,
        what="the weights after it",
        mistakes={"looked-at-too-late": [np.nan] * 3},
    )
    expect(
        "step" not in list(training.work.history),
        "the optimiser was asked for a step although the gradient is not finite",
        mistake="looked-at-too-late",
    )
    left = float(training.work.leftover())
    expect(left == 0.0, "gradients are left after it", got=left, expected=0.0, mistake="gradients-left")
    training.step(lesson, 1e3)
    expect_close(
        training.now(),
        training.moved(training.weights, lesson.gradient(training.weights), 1e3),
        what="the weights after a good batch that follows",
        atol=1e-6,
        mistakes={"gradients-left": [np.nan] * 3},
    )
