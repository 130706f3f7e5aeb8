"""What is said of a gradient that is not what the slope says."""

import numpy as np
import pytest
import torch

from vla_course.course.checking.gradients import expect_gradients
from vla_course.course.checking.judging import Mismatch
from vla_course.learning.training.layers import method_with_weights


def expect_of(function) -> None:
    rng = np.random.default_rng(3)
    x = torch.from_numpy(rng.normal(size=(4, 3)))
    expect_gradients(function, [x], reach={"the input": 0}, rng=rng, detached="detached")


def test_numbers_that_are_rounded_on_the_way_are_told_from_a_gradient_that_is_cut() -> None:
    expect_of(lambda x: x.tanh() * x)
    with pytest.raises(Mismatch, match="rounding") as rounded:
        expect_of(lambda x: (x.float().tanh() * x.float()).double())
    assert rounded.value.mistake is None
    for cut in (lambda x: x.tanh() * x.detach(), lambda x: x.float().tanh() * x.float().detach()):
        with pytest.raises(Mismatch, match="only part of the gradient") as detached:
            expect_of(lambda x, cut=cut: cut(x).double())
        assert detached.value.mistake == "detached"


def test_a_method_of_a_model_is_taught_through_other_weights() -> None:
    class Scaled(torch.nn.Linear):
        def twice(self, x: torch.Tensor) -> torch.Tensor:
            return 2.0 * self(x)

    model, x = Scaled(2, 1, bias=False), torch.tensor([[3.0, 4.0]])
    before = model.weight.detach().clone()
    weight = torch.tensor([[1.0, 10.0]], requires_grad=True)
    told = method_with_weights(model, "twice", {"weight": weight}, x)
    (pull,) = torch.autograd.grad(told.sum(), weight)
    assert told.item() == 86.0
    assert pull.tolist() == [[6.0, 8.0]]
    assert torch.equal(model.weight, before)
