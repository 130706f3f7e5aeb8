"""1.2, hidden: types, masks of numbers, and the way back."""

import numpy as np
import torch

from shown.day1_fundamentals.sentences import some_sentences
from vla_course.course.checking.gradients import expect_gradients, gradients
from vla_course.course.checking.judging import expect, expect_close, graded


@graded("1.2", points=1, says="the mean has the type of the tokens, and what was handed in stays as it was")
def test_types(student, rng):
    some = some_sentences(rng, 3, 7)
    for dtype, rtol in ((torch.float32, 1e-5), (torch.bfloat16, 0.02), (torch.float64, 1e-12)):
        for kind in (torch.bool, torch.int64, torch.float32):
            tokens, there = some.tensors(dtype)
            tokens, mask = tokens + 3.0, there.to(kind)
            given = tokens.clone(), mask.clone()
            got = student.masked_mean(tokens, mask)
            is_right = isinstance(got, torch.Tensor) and got.dtype is dtype
            expect(
                is_right,
                f"the mean of tokens of {dtype} with a mask of {kind} is of another type",
                got=getattr(got, "dtype", type(got)),
                expected=dtype,
                mistake="another-type",
            )
            what = f"the mean of tokens of {dtype} with a mask of {kind}"
            expect_close(got, some.means() + 3.0, what=what, rtol=rtol)
            same = torch.equal(tokens, given[0]) and torch.equal(mask, given[1])
            expect(same, "the tokens that were handed in have been changed", mistake="tokens-changed")


@graded("1.2", points=1, says="every word of a sentence is pulled on alike, and padding not at all")
def test_gradients(student, rng):
    some = some_sentences(rng, 3, 6)
    some.there[1] = np.arange(6) == int(rng.integers(6))
    tokens, there = some.tensors()
    expect_gradients(
        student.masked_mean, [tokens, there], reach={"the tokens": 0}, rng=rng, detached="detached"
    )
    filled = tokens.masked_fill(there.logical_not()[..., None], np.nan)
    pull = torch.from_numpy(rng.normal(size=(3, 5)))
    told = gradients(student.masked_mean, [filled, there], cotangent=pull)
    share = some.there / some.there.sum(axis=1, keepdims=True)
    expect_close(
        told.inputs[0],
        np.asarray(pull)[:, None] * share[..., None],
        what="the gradient for the tokens, with nan in the padding",
    )
