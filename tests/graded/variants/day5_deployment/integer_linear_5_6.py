"""Answers to 5.6 as students write them."""

# ruff: noqa: F821  (they see the names of the module that they stand in)

import numpy as np

from vla_course.course.source.variants import right, wrong


@wrong("sums-in-8-bits")
def integer_linear(inputs, weights, bias):
    values, scales, n = weights.values, weights.scales, weights.values.shape[1]
    if inputs.ndim != 2 or inputs.shape[1] != n or bias.shape != (len(values),):
        raise ValueError("shapes")
    if n * 127 * 127 > 2**31 - 1:
        raise ValueError("too many inputs")
    given = quantize_rows(inputs)
    sums = given.values @ values.T
    return (sums * given.scales[:, None] * scales + bias).astype(np.float32)


@wrong("sums-in-16-bits")
def integer_linear(inputs, weights, bias):
    values, scales, n = weights.values, weights.scales, weights.values.shape[1]
    if inputs.ndim != 2 or inputs.shape[1] != n or bias.shape != (len(values),):
        raise ValueError("shapes")
    if n * 127 * 127 > 2**31 - 1:
        raise ValueError("too many inputs")
    given = quantize_rows(inputs)
    sums = given.values.astype(np.int16) @ values.T.astype(np.int16)
    return (sums * given.scales[:, None] * scales + bias).astype(np.float32)


@wrong("products-in-8-bits")
def integer_linear(inputs, weights, bias):
    values, scales, n = weights.values, weights.scales, weights.values.shape[1]
    if inputs.ndim != 2 or inputs.shape[1] != n or bias.shape != (len(values),):
        raise ValueError("shapes")
    if n * 127 * 127 > 2**31 - 1:
        raise ValueError("too many inputs")
    given = quantize_rows(inputs)
    sums = (given.values[:, None] * values).sum(axis=-1, dtype=np.int32)
    return (sums * given.scales[:, None] * scales + bias).astype(np.float32)


@wrong("saturated")
def integer_linear(inputs, weights, bias):
    values, scales, n = weights.values, weights.scales, weights.values.shape[1]
    if inputs.ndim != 2 or inputs.shape[1] != n or bias.shape != (len(values),):
        raise ValueError("shapes")
    if n * 127 * 127 > 2**31 - 1:
        raise ValueError("too many inputs")
    given = quantize_rows(inputs)
    sums = np.clip(given.values.astype(np.int32) @ values.T.astype(np.int32), -32768, 32767)
    return (sums * given.scales[:, None] * scales + bias).astype(np.float32)


@wrong("inputs-as-they-are")
def integer_linear(inputs, weights, bias):
    values, scales, n = weights.values, weights.scales, weights.values.shape[1]
    if inputs.ndim != 2 or inputs.shape[1] != n or bias.shape != (len(values),):
        raise ValueError("shapes")
    if n * 127 * 127 > 2**31 - 1:
        raise ValueError("too many inputs")
    return (inputs @ (values * scales[:, None]).T + bias).astype(np.float32)


@wrong("inputs-scale-forgotten")
def integer_linear(inputs, weights, bias):
    values, scales, n = weights.values, weights.scales, weights.values.shape[1]
    if inputs.ndim != 2 or inputs.shape[1] != n or bias.shape != (len(values),):
        raise ValueError("shapes")
    if n * 127 * 127 > 2**31 - 1:
        raise ValueError("too many inputs")
    given = quantize_rows(inputs)
    return ((given.values.astype(np.int32) @ values.T.astype(np.int32)) * scales + bias).astype(np.float32)


@wrong("weights-scale-forgotten")
def integer_linear(inputs, weights, bias):
    values, scales, n = weights.values, weights.scales, weights.values.shape[1]
    if inputs.ndim != 2 or inputs.shape[1] != n or bias.shape != (len(values),):
        raise ValueError("shapes")
    if n * 127 * 127 > 2**31 - 1:
        raise ValueError("too many inputs")
    given = quantize_rows(inputs)
    return (
        (given.values.astype(np.int32) @ values.T.astype(np.int32)) * given.scales[:, None] + bias
    ).astype(np.float32)


@wrong("one-scale-for-the-batch")
def integer_linear(inputs, weights, bias):
    values, scales, n = weights.values, weights.scales, weights.values.shape[1]
    if inputs.ndim != 2 or inputs.shape[1] != n or bias.shape != (len(values),):
        raise ValueError("shapes")
    if n * 127 * 127 > 2**31 - 1:
        raise ValueError("too many inputs")
    step = np.abs(inputs).max() / 127 or 1.0
    whole = np.clip(np.rint(inputs / step), -127, 127).astype(np.int32)
    return (whole @ values.T.astype(np.int32) * step * scales + bias).astype(np.float32)


@wrong("scale-a-column")
def integer_linear(inputs, weights, bias):
    values, scales, n = weights.values, weights.scales, weights.values.shape[1]
    if inputs.ndim != 2 or inputs.shape[1] != n or bias.shape != (len(values),):
        raise ValueError("shapes")
    if n * 127 * 127 > 2**31 - 1:
        raise ValueError("too many inputs")
    steps = np.abs(inputs).max(axis=0) / 127
    steps[steps == 0] = 1.0
    whole = np.clip(np.rint(inputs / steps), -127, 127)
    return ((whole * steps) @ (values * scales[:, None]).T + bias).astype(np.float32)


@wrong("bias-scaled")
def integer_linear(inputs, weights, bias):
    values, scales, n = weights.values, weights.scales, weights.values.shape[1]
    if inputs.ndim != 2 or inputs.shape[1] != n or bias.shape != (len(values),):
        raise ValueError("shapes")
    if n * 127 * 127 > 2**31 - 1:
        raise ValueError("too many inputs")
    given = quantize_rows(inputs)
    sums = given.values.astype(np.int32) @ values.T.astype(np.int32)
    return ((sums + bias) * given.scales[:, None] * scales).astype(np.float32)


@wrong("bias-forgotten")
def integer_linear(inputs, weights, bias):
    values, scales, n = weights.values, weights.scales, weights.values.shape[1]
    if inputs.ndim != 2 or inputs.shape[1] != n or bias.shape != (len(values),):
        raise ValueError("shapes")
    if n * 127 * 127 > 2**31 - 1:
        raise ValueError("too many inputs")
    given = quantize_rows(inputs)
    sums = given.values.astype(np.int32) @ values.T.astype(np.int32)
    return (sums * given.scales[:, None] * scales).astype(np.float32)


@wrong("too-long-accepted")
def integer_linear(inputs, weights, bias):
    values, scales, n = weights.values, weights.scales, weights.values.shape[1]
    if inputs.ndim != 2 or inputs.shape[1] != n or bias.shape != (len(values),):
        raise ValueError("shapes")
    given = quantize_rows(inputs)
    sums = given.values.astype(np.int32) @ values.T.astype(np.int32)
    return (sums * given.scales[:, None] * scales + bias).astype(np.float32)


@wrong("anything-accepted")
def integer_linear(inputs, weights, bias):
    given = quantize_rows(np.atleast_2d(inputs))
    n = min(given.values.shape[1], weights.values.shape[1])
    if n * 127 * 127 > 2**31 - 1:
        raise ValueError("too many inputs")
    sums = given.values[:, :n].astype(np.int32) @ weights.values[:, :n].T.astype(np.int32)
    bias = np.resize(bias, len(weights.values))
    return (sums * given.scales[:, None] * weights.scales + bias).astype(np.float32)


@wrong("another-type")
def integer_linear(inputs, weights, bias):
    values, scales, n = weights.values, weights.scales, weights.values.shape[1]
    if inputs.ndim != 2 or inputs.shape[1] != n or bias.shape != (len(values),):
        raise ValueError("shapes")
    if n * 127 * 127 > 2**31 - 1:
        raise ValueError("too many inputs")
    given = quantize_rows(inputs)
    return (given.values.astype(np.int32) @ values.T.astype(np.int32)) * given.scales[:, None] * scales + bias


@right("einsum")
def integer_linear(inputs, weights, bias):
    values, scales, n = weights.values, weights.scales, weights.values.shape[1]
    if inputs.ndim != 2 or inputs.shape[1] != n or bias.shape != (len(values),):
        raise ValueError("shapes")
    if n * 127 * 127 > 2**31 - 1:
        raise ValueError("too many inputs")
    given = quantize_rows(inputs)
    sums = np.einsum("bn,mn->bm", given.values, values, dtype=np.int32, casting="safe")
    return np.float32(sums * np.outer(given.scales, scales) + bias)


@right("term-by-term")
def integer_linear(inputs, weights, bias):
    values, scales, n = weights.values, weights.scales, weights.values.shape[1]
    if inputs.ndim != 2 or inputs.shape[1] != n or bias.shape != (len(values),):
        raise ValueError("shapes")
    if n * 127 * 127 > 2**31 - 1:
        raise ValueError("too many inputs")
    given = quantize_rows(inputs)
    sums = np.zeros((len(inputs), len(values)), dtype=np.int32)
    for left, weight in zip(given.values.T.astype(np.int32), values.T.astype(np.int32)):
        sums += np.outer(left, weight)
    made = sums.astype(np.float64) * given.scales.reshape(-1, 1)
    made *= scales
    return (made + bias).astype(np.float32)
