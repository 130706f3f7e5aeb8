"""4.3: how wrong a batch of chunks is."""

from dataclasses import replace

import numpy as np
import torch

from shown.day4_training.chunk_errors import some_batch
from shown.slips import expect_all
from vla_course.course.checking.gradients import expect_gradients, gradients
from vla_course.course.checking.judging import expect, expect_close, expect_raises, graded


@graded("4.3", points=3, says="the loss is one weighted mean over the numbers that count")
def test_mean(student, rng):
    expect_all(
        some_batch(rng).case(student, "the loss of five chunks, weighed"),
        some_batch(rng).case(student, "the loss of five others"),
        unit="",
    )


@graded(
    "4.3", points=1, says="what stands where nothing counts does not matter, be it nan, and does not teach"
)
def test_padding(student, rng):
    batch = some_batch(rng)
    counts = batch.mask & (np.arange(8) >= batch.committed[:, None])
    target = np.where(counts[..., None], batch.target, np.nan)
    given = replace(batch, target=target).tensors()
    got = student.chunk_loss(*given)
    expect_close(
        got, batch.loss(), what="the loss with nan where nothing counts", mistakes={"nan-multiplied": np.nan}
    )
    infinite = replace(batch, target=np.where(counts[..., None], batch.target, np.inf))
    expect_close(
        student.chunk_loss(*infinite.tensors()),
        batch.loss(),
        what="the loss with infinity where nothing counts",
        mistakes={"nan-multiplied": np.nan},
    )
    told = gradients(student.chunk_loss, given, cotangent=torch.ones((), dtype=torch.float64))
    plain = gradients(student.chunk_loss, batch.tensors(), cotangent=torch.ones((), dtype=torch.float64))
    spoilt = np.where(counts[..., None], np.asarray(plain.inputs[0]), np.nan)
    expect_close(
        told.inputs[0],
        np.nan_to_num(spoilt),
        what="the gradient with nan where nothing counts",
        mistakes={"nan-multiplied": spoilt},
    )


@graded("4.3", points=1, says="the gradient reaches what was predicted, and is finite where that is right")
def test_gradient(student, rng):
    batch = some_batch(rng)
    expect_gradients(
        student.chunk_loss,
        batch.tensors(),
        reach={"the prediction": 0},
        rng=rng,
        detached="detached",
    )
    right = replace(batch, predicted=np.where(rng.random(batch.target.shape) < 0.5, batch.target, 0.0))
    told = gradients(student.chunk_loss, right.tensors(), cotangent=torch.ones((), dtype=torch.float64))
    expect(
        bool(np.isfinite(np.asarray(told.inputs[0])).all()),
        "where the prediction is exactly right, its gradient is not finite",
        mistake="root-of-a-square",
    )


@graded("4.3", points=1, says="chunks of another shape than the target's are refused")
def test_shapes(student, rng):
    predicted, *rest = some_batch(rng).tensors()
    for what, some in (
        ("a prediction of one step", predicted[:, :1]),
        ("a prediction of one chunk", predicted[:1]),
        ("a prediction of one number", predicted[..., :1]),
        ("a prediction with steps and numbers swapped", predicted.transpose(1, 2)),
    ):
        expect_raises(ValueError, student.chunk_loss, some, *rest, what=what, mistake="broadcast")
