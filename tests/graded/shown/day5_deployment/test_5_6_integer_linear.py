"""5.6: a layer whose products are summed in whole numbers."""

import numpy as np

from shown.day5_deployment.matrices import STEPS, farthest, nearest
from shown.slips import Case, expect_all
from vla_course.course.checking.judging import expect, expect_close, expect_raises, graded
from vla_course.deployment.runtimes.quantized import Quantized


def weights_of(rng, m, n):
    """Weights of a layer, every one of them as large as it can be in some place."""
    values = rng.integers(-127, 128, size=(m, n)).astype(np.int8)
    values[:, 0] = 127
    return Quantized(values, 10.0 ** rng.uniform(-3.0, -1.0, size=m))


def case(student, rng, what, batch, m, n):
    """One layer asked, beside what Python's own whole numbers, which never overflow, make of it."""
    weights, bias = weights_of(rng, m, n), 3.0 * rng.normal(size=m)
    inputs = 10.0 ** rng.uniform(-1.0, 1.0, size=(batch, 1)) * rng.normal(size=(batch, n))
    inputs[:, 0] = farthest(inputs)
    steps = farthest(inputs) / 127.0
    whole = nearest(inputs, steps)
    exact = np.array(
        [
            [
                sum(a * b for a, b in zip(left.tolist(), right.tolist(), strict=True))
                for right in weights.values
            ]
            for left in whole
        ]
    )
    both = np.outer(steps, weights.scales)
    products = whole[:, None].astype(np.int64) * weights.values
    together = farthest(inputs.reshape(1, -1)) / 127.0
    at_once = nearest(inputs.reshape(1, -1), together).reshape(batch, n) @ weights.values.T.astype(np.int64)
    columns = farthest(inputs.T) / 127.0
    by_columns = nearest(inputs.T, columns).T * columns
    stand = (weights.values * weights.scales[:, None]).T
    return Case(
        what,
        student.integer_linear(inputs, weights, bias),
        exact * both + bias,
        {
            "sums-in-8-bits": exact.astype(np.int8) * both + bias,
            "sums-in-16-bits": exact.astype(np.int16) * both + bias,
            "products-in-8-bits": products.astype(np.int8).sum(axis=-1, dtype=np.int64) * both + bias,
            "saturated": np.clip(exact, -(2**15), 2**15 - 1) * both + bias,
            "inputs-as-they-are": inputs @ stand + bias,
            "inputs-scale-forgotten": exact * weights.scales + bias,
            "weights-scale-forgotten": exact * steps[:, None] + bias,
            "one-scale-for-the-batch": at_once * together * weights.scales + bias,
            "scale-a-column": by_columns @ stand + bias,
            "bias-scaled": (exact + bias) * both,
            "bias-forgotten": exact * both,
        },
    )


@graded(
    "5.6",
    points=4,
    says="sums of whole numbers, made numbers again by the scales of both, and the bias as it is",
)
def test_layer(student, rng):
    expect_all(
        case(student, rng, "a small layer", 2, 3, 6),
        case(student, rng, "a layer of eighty inputs", 3, 4, 80),
        case(student, rng, "one decision", 1, 5, 24),
        unit="",
        atol=2e-5,
        rtol=1e-6,
    )


@graded("5.6", points=1, says="32 bits hold the sum of 133,144 of the largest products; more are refused")
def test_longest(student):
    most = (2**31 - 1) // 127**2
    all_of_them = np.ones((1, most))
    weights = Quantized(np.full((1, most), 127, dtype=np.int8), np.array([1.0 / 127.0]))
    got = student.integer_linear(all_of_them, weights, np.zeros(1))
    expect_close(
        got, [[float(most)]], what="the sum of 133,144 ones", rtol=1e-6, mistakes={"sums-in-16-bits": None}
    )
    longer = Quantized(np.full((1, most + 1), 127, dtype=np.int8), np.array([1.0]))
    expect_raises(
        ValueError,
        student.integer_linear,
        np.ones((1, most + 1)),
        longer,
        np.zeros(1),
        what="133,145 inputs",
        mistake="too-long-accepted",
    )


@graded("5.6", points=1, says="what does not fit together is refused, and the answer is float32")
def test_refusals(student, rng):
    weights, inputs, bias = weights_of(rng, 3, 5), rng.normal(size=(2, 5)), np.zeros(3)
    for what, arguments in (
        ("an input too many", (rng.normal(size=(2, 6)), weights, bias)),
        ("a row alone", (inputs[0], weights, bias)),
        ("a bias for each input", (inputs, weights, np.zeros(5))),
        ("one bias for all", (inputs, weights, np.zeros(1))),
    ):
        expect_raises(ValueError, student.integer_linear, *arguments, what=what, mistake="anything-accepted")
    got = student.integer_linear(inputs, weights, bias)
    kind = str(getattr(got, "dtype", type(got).__name__))
    expect(
        kind == "float32",
        "the answer should be float32",
        got=kind,
        expected="float32",
        mistake="another-type",
    )


assert STEPS[0] == -127
