"""The policy with layers in whole numbers: what 8 bits do to it, and the pictures that show it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from vla_course.deployment.runtimes.by_hand import IntegerLinear, in_whole_numbers
from vla_course.deployment.runtimes.networks import Shipped
from vla_course.deployment.runtimes.parts import RuntimeParts
from vla_course.learning.model.machine import MachineCeiling
from vla_course.learning.policy.chunk_policy import ChunkPolicy, ChunkPolicyConfig
from vla_course.learning.policy.files import load_policy
from vla_course.panels.deployment.roofs import ORIN, SEVEN_BILLION, one_decision, roofs_picture
from vla_course.panels.deployment.rounding import rounding_picture, scales_picture
from vla_course.reference.day1_fundamentals.latency import roofline

PARTS = RuntimeParts.reference()


def test_every_linear_layer_is_in_whole_numbers_and_the_policy_itself_is_as_it_was() -> None:
    policy = ChunkPolicy(ChunkPolicyConfig(width=16, layers=2)).eval()
    before = {name: value.clone() for name, value in policy.state_dict().items()}
    made = in_whole_numbers(policy)
    assert not any(isinstance(one, nn.Linear) for one in made.modules())
    assert sum(isinstance(one, IntegerLinear) for one in made.modules()) == sum(
        isinstance(one, nn.Linear) for one in policy.modules()
    )
    assert all(torch.equal(value, before[name]) for name, value in policy.state_dict().items())


def test_a_layer_is_off_by_its_roundings() -> None:
    rng = np.random.default_rng(0)
    layer = nn.Linear(64, 24)
    features = torch.from_numpy(rng.normal(size=(3, 5, 64)).astype(np.float32))
    made = IntegerLinear(layer, PARTS)(features)
    assert made.shape == (3, 5, 24)
    assert 0.0 < float((made - layer(features)).detach().abs().max()) < 0.05
    assert IntegerLinear(layer, PARTS).weights.bytes < layer.weight.numel() * 4 / 3.5


def test_a_scale_for_each_row_is_nearer_than_one_for_all_in_every_layer_that_ships() -> None:
    policy = load_policy()
    for layer in (one for one in policy.modules() if isinstance(one, nn.Linear)):
        weight = layer.weight.numpy()
        each = PARTS.quantize(weight)
        one = PARTS.quantize(weight, np.full(len(weight), np.abs(weight).max()))  # type: ignore[call-arg]
        near, far = (np.abs(some.dequantized() - weight).mean() for some in (each, one))
        assert near < far


def test_parts_are_taken_as_they_are_given() -> None:
    asked = []

    def linear(inputs, weights, bias):  # type: ignore[no-untyped-def]
        asked.append(inputs.shape)
        return PARTS.linear(inputs, weights, bias)

    policy = ChunkPolicy(ChunkPolicyConfig(width=16, layers=1)).eval()
    made = in_whole_numbers(policy, replace(PARTS, linear=linear))
    made.words(torch.zeros(1, policy.words[0].in_features))
    assert len(asked) == 2


@pytest.mark.parametrize("ours_is", ["compute", "memory"])
def test_the_roofs_say_who_waits_for_what(ours_is: str) -> None:
    machine = MachineCeiling(50e9, 10e9) if ours_is == "compute" else MachineCeiling(50e12, 1e9)
    ours = one_decision(Shipped.load().networks, 0.005)
    shown = roofs_picture([(ours, machine), (SEVEN_BILLION, ORIN)], roofline)
    assert f"{ours_is} bound" in shown.alt.split("; ")[0]
    assert "1.4e+02 ms at least in float32, memory bound, 17 in int4" in shown.alt.split("; ")[1]
    assert shown.png()


def test_rounding_is_drawn() -> None:
    rng = np.random.default_rng(0)
    matrix = 10.0 ** rng.uniform(-1.5, 0.0, size=(40, 1)) * rng.normal(size=(40, 30))
    got = PARTS.quantize(matrix)
    one = rounding_picture(matrix[0], got.dequantized()[0], float(got.scales[0]))
    assert "steps off at most" in one.alt
    assert scales_picture(matrix, PARTS.quantize).png()
