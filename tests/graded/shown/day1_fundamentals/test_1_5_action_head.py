"""1.5: whatever the network says, the joints stay within their limits."""

import numpy as np
import torch

from shown.day1_fundamentals.heads import NAMES, asked, constant_head, some_head
from shown.slips import expect_all
from vla_course.course.checking.gradients import expect_gradients
from vla_course.course.checking.judging import expect, expect_close, graded


@graded("1.5", points=3, says="actions are bent into -1 to 1, and lie on a straight line between the limits")
def test_actions(student, rng):
    head = some_head(rng, 6)
    features = rng.normal(0.0, 1.5, (5, head.width))
    expect_all(*head.cases(student, features, "five samples"), unit="")


@graded(
    "1.5", points=1, says="no logit is large enough to carry a joint over its limit, not by a rounding either"
)
def test_limits(student, rng):
    sides = rng.choice([-1.0, 1.0], 600)
    head = constant_head(rng, 1e4 * sides)
    got = asked(head.built(student, torch.float32), torch.zeros(2, head.width))
    lower, upper = head.limits.lower, head.limits.upper
    targets = np.asarray(got.targets)
    expect(targets.shape == (2, 600), "there should be a target for each joint", got=targets.shape)
    large, reached = np.stack([1e4 * sides] * 2), float(np.abs(np.asarray(got.logits)).max())
    bounded = np.clip(large, -reached, reached)
    expect_close(got.logits, large, what="logits that are large", mistakes={"logits-bounded": bounded})
    end = np.where(sides > 0.0, upper, lower)
    expect_close(got.targets, np.stack([end, end]), what="a joint sent to its limit", unit="rad", atol=1e-5)
    over = float(np.maximum(targets - upper, lower - targets).max())
    expect(
        over <= 0.0,
        "a joint is sent beyond its limit, if only by a rounding",
        got=over,
        unit="rad",
        mistake="over-by-a-rounding",
    )
    expect(bool((np.abs(np.asarray(got.actions)) <= 1.0).all()), "an action is beyond 1")


@graded("1.5", points=1, says="logits, actions and targets all teach the layers before them")
def test_gradients(student, rng):
    head = some_head(rng, 4)
    built, features = head.built(student), torch.from_numpy(rng.normal(size=(3, head.width)))
    for name in NAMES:
        expect_gradients(built, [features], of=name, reach={"the features": 0}, rng=rng, detached="detached")
