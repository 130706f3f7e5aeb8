"""4.8: what a layer says with a thin change beside it."""

import numpy as np
import torch

from shown.day4_training.low_ranks import SIDE, some_adapted
from shown.slips import expect_all
from vla_course.course.checking.beside import beside
from vla_course.course.checking.gradients import expect_gradients
from vla_course.course.checking.judging import expect_close, graded
from vla_course.learning.training.layers import linear_of, with_weights


@graded("4.8", points=2, says="what the frozen layer says, and the change weighed by alpha over rank")
def test_values(student, rng):
    two, three = some_adapted(student, rng, 2), some_adapted(student, rng, 3)
    expect_all(
        two.case(rng.normal(size=(4, SIDE)), "four answers with rank 2"),
        three.case(rng.normal(size=(3, SIDE)), "three answers with rank 3"),
        unit="",
    )
    x = rng.normal(size=(2, SIDE))
    expect_close(
        two.layer.eval()(torch.tensor(x)),
        two.right(x),
        what="what the layer says when it is used, after `eval()`",
        mistakes={"only-while-learning": two.before(x)},
    )


@graded("4.8", points=1, says="untaught, it says what the frozen layer says")
def test_beginning(student, rng):
    weight, bias = torch.tensor(rng.normal(size=(4, 6))), torch.tensor(rng.normal(size=4))
    layer = student.LoRALinear(beside(student, linear_of)(weight, bias), 2, 16.0)
    x = rng.normal(size=(3, 6))
    expect_close(
        layer(torch.tensor(x)),
        x @ np.asarray(weight).T + np.asarray(bias),
        what="what an untaught layer says",
    )


@graded("4.8", points=1, says="the frozen layer is only read: asked again, it says the same")
def test_twice(student, rng):
    adapted = some_adapted(student, rng, 2)
    x = rng.normal(size=(3, 5))
    adapted.layer(torch.tensor(x))
    again = adapted.layer(torch.tensor(x))
    before, change = adapted.before(x), adapted.alpha / adapted.rank * adapted.change(x)
    expect_close(
        again, before + change, what="the second answer", mistakes={"base-changed": before + 2.0 * change}
    )
    weight = adapted.layer.state_dict()["base.weight"]
    expect_close(weight, adapted.weight, what="the frozen weights after two answers")


@graded("4.8", points=1, says="both thin matrices are taught, and what comes before them")
def test_gradients(student, rng):
    adapted = some_adapted(student, rng, 2, inputs=6, outputs=4)
    weights = {"down": torch.tensor(adapted.down), "up": torch.tensor(adapted.up)}
    expect_gradients(
        beside(student, with_weights),
        [adapted.layer, weights, torch.tensor(rng.normal(size=(3, 6)))],
        reach={"what takes x down": (1, "down"), "what takes it up": (1, "up"), "the input": 2},
        rng=rng,
        detached="detached",
    )
