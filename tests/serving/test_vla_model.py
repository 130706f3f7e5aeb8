"""The model of Day 1 behind a stream: what it says of a packet is what it says of the same things without one."""

import asyncio
from dataclasses import replace

import numpy as np
import pytest
import torch

from vla_course.learning.model.vla_config import VLAConfig
from vla_course.reference.day1_fundamentals.humanoid_vla import HumanoidVLA
from vla_course.reference.day1_fundamentals.preprocessing import preprocess_image
from vla_course.serving.packets.codes import Code, PacketError
from vla_course.serving.packets.packet import VLAPacket
from vla_course.serving.packets.pictures import encode_picture
from vla_course.serving.packets.response import VLAResponse
from vla_course.serving.stream.pipeline import StreamingVLAPipeline, StreamSettings
from vla_course.serving.stream.vla_model import StreamedVLA
from vla_course.simulation.robot.layout import ACTION
from vla_course.simulation.scene.cameras import PLACES

PATIENT = StreamSettings(deadline=30.0, stale=30.0)
RNG = np.random.default_rng(0)
VIEWS = {place: RNG.integers(0, 256, (96, 96, 3), dtype=np.uint8) for place in PLACES}
STATE = RNG.normal(size=75).astype(np.float32)


@pytest.fixture(scope="module")
def model():
    torch.manual_seed(0)
    return HumanoidVLA.from_config(VLAConfig())


def packet(frame=0, **changes):
    fields = {
        "frame_id": frame,
        "correlation_id": f"robot:{frame}",
        "timestamp": 1.0 * frame,
        "query": "pick up the red cup",
        "images": {place: encode_picture(view, "PNG") for place, view in VIEWS.items()},
        "robot_state": STATE,
    }
    return VLAPacket(**(fields | changes))


def test_it_says_what_the_model_says(model):
    streamed = StreamedVLA(model)
    said = streamed.infer(streamed.prepare(packet()))
    eyes = model.vision_encoder
    pixels = [preprocess_image(VIEWS[place], eyes.image_size, eyes.mean, eyes.std)[None] for place in PLACES]
    state = torch.from_numpy(STATE)[None]
    with torch.no_grad():
        expected = model.predict(pixels, [packet().query], state, sequence_length=model.config.chunk)
    np.testing.assert_allclose(said.actions[:, ACTION.joints], expected.actions[0].numpy(), atol=1e-5)
    np.testing.assert_array_equal(said.actions[:, ACTION.joints.stop :], 0.0)
    np.testing.assert_allclose(said.confidences, np.full(8, float(expected.confidence[0])), atol=1e-6)


def test_its_sources_are_where_its_actions_looked(model):
    streamed = StreamedVLA(model)
    ready = streamed.prepare(packet())
    sources = streamed.infer(ready).sources
    looked = model.attention(ready.pictures, [packet().query], ready.state, sequence_length=8).actions
    patches = looked.patches[0].mean(dim=0).numpy()
    assert sources.grids == dict.fromkeys(PLACES, model.vision_encoder.grid)
    camera, row, column = np.unravel_index(patches.argmax(), patches.shape)
    best = sources.patches[0]
    assert (best.camera, best.row, best.column) == (PLACES[camera], row, column)
    assert best.weight == pytest.approx(float(patches.max() / patches.sum()), rel=1e-4)
    assert {one.word for one in sources.words} == {"pick", "up", "the", "red", "cup"}
    assert sum(one.weight for one in sources.words) == pytest.approx(1.0)
    assert StreamedVLA(model, sources=False).infer(ready).sources is None


def test_a_stream_of_it_answers_each_packet_with_all_that_it_knows(model):
    lost = {place: picture for place, picture in packet().images.items() if place != "chest"}
    sent = [packet(0), packet(1, images=lost), packet(2, query="cup " * 200), packet(3)]

    async def arriving():
        for one in sent:
            yield one.to_wire()

    async def answered():
        async with StreamingVLAPipeline(StreamedVLA(model, steps=4), settings=PATIENT) as pipeline:
            return [one async for one in pipeline.process_stream(arriving())]

    came = asyncio.run(answered())
    assert [one.code for one in came] == [Code.OK, Code.CAMERA_LOST, Code.BAD_TEXT, Code.OK]
    assert VLAResponse.from_wire(came[0].to_wire()) == came[0]
    assert came[0].actions.shape == (4, 36)
    assert came[0].sources.patches
    assert {"prepare", "infer"} <= set(came[0].timings_ms)
    np.testing.assert_array_equal(came[0].actions, came[3].actions)


def test_in_half_the_precision_it_says_nearly_the_same(model):
    whole, half = StreamedVLA(model), StreamedVLA(model, precision=torch.bfloat16)
    ready = whole.prepare(packet())
    said, rounded = whole.infer(ready), half.infer(ready)
    assert not np.array_equal(said.actions, rounded.actions)
    np.testing.assert_allclose(rounded.actions, said.actions, atol=0.05)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no GPU here")
def test_on_a_gpu_it_says_the_same(model):
    expected = StreamedVLA(model)
    said = expected.infer(expected.prepare(packet()))
    there = HumanoidVLA.from_config(VLAConfig()).to("cuda")
    there.load_state_dict(model.state_dict())
    streamed = StreamedVLA(there)
    for _ in range(3):
        np.testing.assert_allclose(
            streamed.infer(streamed.prepare(packet())).actions, said.actions, atol=2e-3
        )


def test_a_model_that_does_not_fit_is_refused(model):
    with pytest.raises(ValueError, match="num_joints is 14, expected 28"):
        StreamedVLA(HumanoidVLA.from_config(replace(VLAConfig(), num_joints=14)))
    with pytest.raises(ValueError, match="steps is 0"):
        StreamedVLA(model, steps=0)
    with pytest.raises(PacketError, match="is no JPEG or PNG"):
        StreamedVLA(model).prepare(packet(images=dict.fromkeys(PLACES, b"no picture")))
