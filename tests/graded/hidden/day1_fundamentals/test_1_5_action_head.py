"""1.5, hidden: chunks, single samples, half precision, each joint for itself."""

import numpy as np
import torch

from shown.day1_fundamentals.heads import NAMES, asked, constant_head, some_head
from shown.slips import expect_all
from vla_course.course.checking.judging import expect, expect_close, graded


@graded("1.5", points=1, says="a chunk, a batch and a single sample get the same actions")
def test_shapes(student, rng):
    head = some_head(rng, 5)
    features = rng.normal(size=(2, 3, head.width))
    cases = [
        case
        for some, what in (
            (features, "two chunks of three steps"),
            (features[1], "a batch"),
            (features[0, 2], "one sample"),
        )
        for case in head.cases(student, some, what)
    ]
    expect_all(*cases, unit="")
    built = head.built(student)
    built.train()
    told = asked(built, torch.tensor(features)).targets
    expect_close(told, head.answer(features)[2], what="the targets in training", unit="rad")
    lone = some_head(rng, 1)
    expect_all(
        *lone.cases(student, rng.normal(size=(2, 3, lone.width)), "two chunks for a single joint"), unit=""
    )


@graded("1.5", points=1, says="of logits in bfloat16 actions and targets are made in float32")
def test_half_precision(student, rng):
    head = some_head(rng, 60)
    built = head.built(student, torch.float32)
    built.perceptron.bfloat16()
    features = torch.tensor(rng.normal(size=(4, head.width))).bfloat16()
    got = asked(built, features)
    for name in ("actions", "targets"):
        value = getattr(got, name)
        expect(
            value.dtype is torch.float32,
            f"the {name} are not float32",
            got=value.dtype,
            expected=torch.float32,
            mistake="another-type",
        )
    expect_close(got.logits, head.logits(features.double().numpy()), what="the logits", atol=0.1)
    rounded = got.logits.to(torch.bfloat16)
    actions, late = torch.tanh(rounded.double()), torch.tanh(rounded).double()
    expect_close(
        got.actions,
        actions,
        what="the actions of logits in bfloat16",
        atol=1e-6,
        mistakes={"bent-in-bfloat16": late},
    )
    expect_close(got.targets, head.targets(actions.numpy()), what="the targets", unit="rad", atol=1e-5)


@graded("1.5", points=1, says="each joint listens to its own logit alone, and follows it upward")
def test_each_joint(student, rng):
    logits = rng.normal(size=7)
    head, which = constant_head(rng, logits), int(rng.integers(7))
    other = {**head.weights, "perceptron.2.bias": logits + 0.5 * (np.arange(7) == which)}
    features = torch.zeros(1, head.width, dtype=torch.float64)
    before = asked(head.built(student), features)
    after = asked(type(head)(head.limits, other).built(student), features)
    for name in NAMES:
        moved = np.asarray(getattr(after, name) - getattr(before, name))[0]
        expect(
            bool(moved[which] > 1e-3 and np.abs(np.delete(moved, which)).max() < 1e-12),
            f"one logit was raised: of the {name} only that of the same joint may grow",
            got=moved,
        )
