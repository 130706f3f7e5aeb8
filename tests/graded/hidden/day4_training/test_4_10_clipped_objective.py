"""4.10, hidden: the first step, a single sample, plain numbers."""

from dataclasses import replace

import numpy as np
import torch

from shown.day4_training.trials import Trials, some_trials
from vla_course.course.checking.gradients import gradients
from vla_course.course.checking.judging import expect, expect_close, graded


@graded(
    "4.10",
    points=1,
    says="while the policy is still the old one, the gradient is that of the log probability",
)
def test_first_step(student, rng):
    trials = some_trials(rng, 10)
    same = replace(trials, new=trials.old)
    told = gradients(
        student.clipped_objective, same.tensors(), cotangent=torch.ones((), dtype=torch.float64), of="loss"
    )
    expect_close(told.inputs[0], -trials.gains / 10.0, what="the gradient of the first step")
    got = same.asked(student)
    expect_close([got.clipped, got.kl], [0.0, 0.0], what="clipped and kl of the same policy")


@graded("4.10", points=1, says="a sample that has gone far enough is let go, and one that went astray is not")
def test_where_it_stops(student, rng):
    clip = float(rng.uniform(0.1, 0.3))
    for ratio, gain, goes_on in (
        (1.0 + 2.0 * clip, 1.0, False),
        (1.0 + 2.0 * clip, -1.0, True),
        (1.0 - 2.0 * clip, 1.0, True),
        (1.0 - 2.0 * clip, -1.0, False),
    ):
        old = rng.normal(size=1)
        trials = Trials(old + np.log(ratio), old, np.array([gain]), clip)
        told = gradients(
            student.clipped_objective,
            trials.tensors(),
            cotangent=torch.ones((), dtype=torch.float64),
            of="loss",
        )
        right = -ratio * gain if goes_on else 0.0
        expect_close(
            told.inputs[0], [right], what=f"the gradient at a ratio of {ratio:.2f} and a gain of {gain:g}"
        )


@graded("4.10", points=1, says="clipped and kl are plain numbers, kl never negative")
def test_plain_numbers(student, rng):
    got = some_trials(rng, 40, 0.05).asked(student)
    kinds = [type(got.clipped).__name__, type(got.kl).__name__]
    expect(
        kinds == ["float"] * 2, "clipped and kl should be plain numbers", got=kinds, mistake="tensors-kept"
    )
    expect(got.kl >= 0.0, "kl is negative", got=got.kl, mistake="plain-divergence")
