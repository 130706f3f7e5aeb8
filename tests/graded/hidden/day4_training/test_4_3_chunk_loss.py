"""4.3, hidden: without weights, nothing that counts, half precision."""

from dataclasses import replace

import numpy as np
import torch

from shown.day4_training.chunk_errors import some_batch
from shown.slips import expect_all
from vla_course.course.checking.gradients import gradients
from vla_course.course.checking.judging import expect, expect_close, graded


@graded(
    "4.3", points=1, says="without weights all numbers matter alike, and a prefix may be longer than a chunk"
)
def test_without_weights(student, rng):
    one, other = some_batch(rng, weighed=False), some_batch(rng)
    longer = replace(other, committed=other.committed + np.array([0, 20, 0, 0, 8]))
    expect_all(
        one.case(student, "the loss without weights"),
        longer.case(student, "the loss with long prefixes"),
        replace(other, weights=1e-3 * other.weights).case(student, "the loss with small weights"),
        unit="",
    )


@graded("4.3", points=1, says="where nothing counts, loss and gradient are 0")
def test_nothing(student, rng):
    batch = some_batch(rng)
    for what, some in (
        ("all is padding", replace(batch, mask=np.zeros_like(batch.mask))),
        ("all is given", replace(batch, committed=np.full(5, 8))),
        ("no number matters", replace(batch, weights=np.zeros(4))),
    ):
        given = some.tensors()
        got = student.chunk_loss(*given)
        expect_close(got, 0.0, what=f"the loss where {what}", mistakes={"nothing-divided": np.nan})
        told = gradients(student.chunk_loss, given, cotangent=torch.ones((), dtype=torch.float64))
        expect(
            told.inputs[0] is not None, f"where {what}, the loss has no gradient", mistake="nothing-detached"
        )
        expect_close(told.inputs[0], np.zeros(given[0].shape), what=f"the gradient where {what}")


@graded("4.3", points=1, says="predictions of bfloat16 are compared in the type of the target")
def test_types(student, rng):
    batch = some_batch(rng)
    predicted, target, *rest = batch.tensors(torch.float32)
    half = predicted.to(torch.bfloat16)
    got = student.chunk_loss(half, target, *rest)
    expect(
        isinstance(got, torch.Tensor) and got.dtype is torch.float32,
        "the loss is of another type than the target",
        got=getattr(got, "dtype", type(got)),
        expected=torch.float32,
        mistake="another-type",
    )
    right = replace(batch, predicted=half.double().numpy(), target=target.double().numpy()).loss()
    expect_close(got, right, what="the loss of predictions in bfloat16", rtol=1e-5)
