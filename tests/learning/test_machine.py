"""What work costs, counted by hand, and what a machine can do, held against a script and against itself."""

import functools

import pytest
import torch

from vla_course.learning.encoders.backbones import BACKBONES, backbone
from vla_course.learning.model.machine import MachineCeiling, count_flops, measure_ceiling, weight_bytes
from vla_course.learning.model.scripted_time import ScriptedWork
from vla_course.learning.model.transformer import Attention, TokenTransformer
from vla_course.learning.model.vla_config import VLAConfig
from vla_course.reference.day1_fundamentals.fusion import ModalityFusion
from vla_course.reference.day1_fundamentals.latency import measure_latency, roofline
from vla_course.reference.day1_fundamentals.positions import PLACE_WIDTH
from vla_course.reference.day1_fundamentals.temporal import TemporalDecoder


def linear(rows, inner, outer):
    return 2 * rows * inner * outer


def attention(queries, tokens, width):
    """Projections of queries and answers, of keys and values, and the two products of all pairs."""
    return (
        2 * linear(queries, width, width)
        + linear(tokens, width, 2 * width)
        + 2 * linear(queries, width, tokens)
    )


def transformer(tokens, width, intermediate, layers):
    return layers * (attention(tokens, tokens, width) + 2 * linear(tokens, width, intermediate))


def test_attention_with_and_without_a_mask():
    part, tokens = Attention(32, 4).eval(), torch.randn(2, 10, 32)
    mask = torch.ones(2, 10, dtype=torch.bool)
    assert count_flops(lambda: part(tokens, tokens)) == 2 * attention(10, 10, 32)
    assert count_flops(lambda: part(tokens[:, :3], tokens, mask)) == 2 * attention(3, 10, 32)


def test_fusion_as_computed():
    config = VLAConfig(hidden_size=32, intermediate_size=48, num_fusion_layers=3)
    fusion = ModalityFusion(config, 24, 20, (4, 4)).eval()
    inputs = torch.randn(1, 16, 24), torch.randn(1, 5, 20), torch.randn(1, 75), torch.ones(1, 5)
    expected = linear(16, 24, 32) + linear(16, PLACE_WIDTH, 32) + linear(5, 20, 32) + linear(1, 75, 32)
    expected += transformer(22, 32, 48, 3)
    assert count_flops(lambda: fusion.fuse_modalities(*inputs)) == expected


def test_both_decoders_as_computed():
    tokens, mask, steps, layers = torch.randn(1, 22, 32), torch.ones(1, 22), 6, 2
    read = linear(steps, 32, 32) + attention(steps, 22, 32)
    memories = {
        "lstm": layers * linear(steps, 2 * 32, 4 * 32),
        "transformer": transformer(steps, 32, 48, layers),
    }
    for kind, memory in memories.items():
        config = VLAConfig(hidden_size=32, intermediate_size=48, num_decoder_layers=layers, decoder=kind)
        step = functools.partial(TemporalDecoder(config).eval(), tokens, mask, steps)
        assert count_flops(step) == read + memory, kind


def test_weights_as_counted():
    layer = 2 * 2 * 32 + 4 * (32 * 32 + 32) + (32 * 48 + 48) + (48 * 32 + 32)
    model = TokenTransformer(32, 4, 48, 3)
    assert weight_bytes(model) == 4 * (3 * layer + 2 * 32)
    assert weight_bytes(model.bfloat16()) == 2 * (3 * layer + 2 * 32)


@pytest.mark.parametrize("kind", BACKBONES)
def test_a_backbone_costs_less_than_a_gigaflop_and_grows_with_the_picture(kind):
    costs = []
    for size in (64, 128):
        encoder = backbone(kind, size).eval()
        pixels = torch.zeros(1, 3, size, size)
        costs.append(count_flops(functools.partial(encoder, pixels)))
    assert 1e6 < costs[0] < 1e9
    assert costs[1] > 3.9 * costs[0]


def test_a_stopwatch_on_scripted_work():
    work = ScriptedWork([5.0, 0.1, 0.2, 0.3])
    report = measure_latency(work.step, 1, 3, batch=2, clock=work.clock)
    assert (report.p50, report.p99) == pytest.approx((200.0, 298.0))
    assert report.throughput == pytest.approx(2 * 3 / 0.6)
    assert work.history == ["step", *["clock", "step", "clock"] * 3]


def test_work_lies_under_the_roof_of_its_machine():
    machine = MachineCeiling(1e11, 1e10)
    assert roofline(1e9, 1e9, machine).attainable == 1e10
    assert roofline(1e9, 1e7, machine).bound == "compute"
    with pytest.raises(ValueError, match="MachineCeiling.bandwidth is 0.0, expected more than 0"):
        MachineCeiling(1e11, 0.0)


def test_the_ceiling_of_this_machine_is_that_of_a_computer_of_our_days():
    ceiling = measure_ceiling(0.1)
    assert 1e8 < ceiling.flops < 1e15
    assert 1e8 < ceiling.bandwidth < 1e13
