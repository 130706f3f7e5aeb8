"""5.6, hidden: the layer beside the one that it stands for."""

import numpy as np

from vla_course.course.checking.judging import expect, expect_close, graded
from vla_course.deployment.runtimes.quantized import Quantized


@graded(
    "5.6",
    points=1,
    says="a robot that feels nothing gets the bias; and a decision is the same alone or in a batch",
)
def test_nothing(student, rng):
    weights = Quantized(rng.integers(-127, 128, size=(4, 9)).astype(np.int8), rng.uniform(0.01, 0.1, size=4))
    bias, inputs = rng.normal(size=4), rng.normal(size=(3, 9))
    expect_close(
        student.integer_linear(np.zeros((1, 9)), weights, bias), bias[None], what="no inputs", atol=1e-6
    )
    together = student.integer_linear(inputs, weights, bias)
    alone = np.concatenate([student.integer_linear(row[None], weights, bias) for row in inputs])
    expect_close(
        together, alone, what="a batch beside its rows", atol=1e-6, mistakes={"one-scale-for-the-batch": None}
    )


@graded(
    "5.6",
    points=1,
    says="it is off the layer in floating point by the rounding of inputs and weights, and no more",
)
def test_error(student, rng):
    true, inputs, n = rng.normal(size=(30, 200)), rng.normal(size=(5, 200)), 200
    scales = np.abs(true).max(axis=1) / 127.0
    weights = Quantized(np.rint(true / scales[:, None]).astype(np.int8), scales)
    got = student.integer_linear(inputs, weights, np.zeros(30))
    steps = np.abs(inputs).max(axis=1) / 127.0
    most = (
        np.abs(inputs).sum(axis=1)[:, None] * scales / 2.0
        + steps[:, None] / 2.0 * np.abs(true).sum(axis=1)
        + n * np.outer(steps, scales) / 4.0
    )
    off = np.abs(got - inputs @ true.T)
    expect(
        bool((off <= most * 1.001).all()),
        "an output is farther off than roundings allow",
        got=float((off / most).max()),
    )
