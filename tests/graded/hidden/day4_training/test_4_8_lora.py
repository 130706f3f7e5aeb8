"""4.8, hidden: other shapes, and one plain layer that says the same."""

import numpy as np
import torch

from shown.day4_training.low_ranks import some_adapted
from vla_course.course.checking.judging import expect_close, graded


@graded(
    "4.8", points=1, says="one input, a batch, and rows of tokens are answered alike, with a bias or without"
)
def test_shapes(student, rng):
    for shape, bias in (((7,), True), ((3, 7), False), ((2, 3, 7), True), ((0, 7), True)):
        adapted = some_adapted(student, rng, 1, inputs=7, outputs=4, bias=bias)
        x = rng.normal(size=shape)
        expect_close(adapted.layer(torch.tensor(x)), adapted.right(x), what=f"the answer to {shape} numbers")


@graded("4.8", points=1, says="merged into one plain layer it says the same")
def test_merged(student, rng):
    for bias in (True, False):
        adapted = some_adapted(student, rng, 3, inputs=6, outputs=4, bias=bias)
        x = rng.normal(size=(5, 6))
        merged = adapted.layer.merged()
        expect_close(merged(torch.tensor(x)), adapted.right(x), what="what the merged layer says", atol=1e-8)
        whole = adapted.weight + adapted.alpha / adapted.rank * np.einsum(
            "or,ri->oi", adapted.up, adapted.down
        )
        expect_close(merged.weight, whole, what="the weights of the merged layer", atol=1e-8)
