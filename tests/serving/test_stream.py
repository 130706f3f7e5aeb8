"""Streams of packets: one response each, in order; faults are told, bridged, and forgotten when all is well again."""

import asyncio
import threading
from contextlib import aclosing
from dataclasses import replace

import numpy as np
import pytest

from vla_course.learning.environment.proprioception import STATE
from vla_course.serving.inference.fallback import Patience
from vla_course.serving.packets.codes import Code, PacketError
from vla_course.serving.packets.packet import VLAPacket
from vla_course.serving.packets.pictures import encode_picture
from vla_course.serving.stream.model import Decided
from vla_course.serving.stream.pipeline import StreamingVLAPipeline, StreamSettings
from vla_course.simulation.robot.layout import ACTION

WAIT = 20.0
PATIENT = StreamSettings(deadline=WAIT, stale=WAIT, patience=Patience(hold=WAIT))
ACTIONS = np.full((4, ACTION.size), 0.25, dtype=np.float32)


def packet(number, **fields):
    plain = {
        "frame_id": number,
        "correlation_id": f"p-{number}",
        "timestamp": float(number),
        "query": "pick up the red cup",
        "images": {"head": encode_picture(np.full((8, 8, 3), 200, dtype=np.uint8))},
        "robot_state": np.zeros(STATE.size, dtype=np.float32),
    }
    return VLAPacket(**(plain | fields))


class Model:
    """Prepares the head's picture; answers, or does what is scripted for a frame."""

    period = 0.1

    def __init__(self, script=None):
        self.script, self.asked = script or {}, []

    def prepare(self, packet):
        packet.pixels("head")
        return packet

    def infer(self, packet):
        self.asked.append(packet.frame_id)
        does = self.script.get(packet.frame_id)
        if isinstance(does, BaseException):
            raise does
        if callable(does):
            return does()
        return Decided(ACTIONS if does is None else does)


def answered(packets, model, **options):
    """Return the responses to packets, and the pipeline."""

    async def run():
        async def stream():
            for one in packets:
                yield one

        options.setdefault("settings", PATIENT)
        async with StreamingVLAPipeline(model, **options) as pipeline:
            return [response async for response in pipeline.process_stream(stream())], pipeline

    return asyncio.run(run())


def test_every_packet_gets_one_response_of_its_own_in_order_whatever_is_wrong_with_it():
    torn = {"head": encode_picture(np.zeros((8, 8, 3), dtype=np.uint8))[:40]}
    nan = packet(3).to_tree() | {"observation/state": np.full(STATE.size, np.nan, dtype=np.float32)}
    from vla_course.serving.packets.wire import pack

    packets = [
        packet(0),
        packet(1, images=torn),
        packet(2, images={"chest": packet(2).images["head"]}),
        pack_nan(nan, pack),
        b"\x93garbage",
        packet(5),
        packet(6),
        packet(7).to_wire(),
    ]
    model = Model({5: RuntimeError("secret path /home/me"), 6: np.full((4, ACTION.size), np.nan)})
    found, pipeline = answered(packets, model)
    assert [one.code for one in found] == [
        Code.OK,
        Code.BAD_PICTURE,
        Code.CAMERA_LOST,
        Code.NOT_FINITE,
        Code.MALFORMED,
        Code.MODEL_FAILED,
        Code.MODEL_FAILED,
        Code.OK,
    ]
    assert [one.frame_id for one in found] == [0, 1, 2, 3, 4, 5, 6, 7]
    assert found[2].correlation_id == "p-2"
    assert "secret" not in found[5].message
    assert all(one.fallback == "last_chunk" for one in found[1:7])
    assert found[0].fallback is found[7].fallback is None
    assert np.array_equal(found[7].actions, ACTIONS)
    assert pipeline.report().answered == 8
    assert {"wait", "prepare", "queue", "infer", "whole"} <= set(found[0].timings_ms)
    assert "infer" not in found[1].timings_ms


def pack_nan(tree, pack):
    """Return a message whose state is not finite: no packet of ours could be made of it."""
    good = pack({**tree, "observation/state": np.zeros(STATE.size, dtype=np.float32)})
    nan = np.full(STATE.size, np.nan, dtype=np.float32).tobytes()
    return good.replace(np.zeros(STATE.size, dtype=np.float32).tobytes(), nan)


def test_the_robot_is_told_to_hold_and_then_to_stand_where_faults_go_on_and_all_is_well_after():
    now = [0.0]

    class Clocked(Model):
        def prepare(self, packet):
            now[0] = packet.timestamp
            return super().prepare(packet)

    async def run():
        async def stream():
            for number in range(10):
                now[0] = number * 0.2
                yield packet(number, images={"chest": packet(0).images["head"]} if 0 < number < 8 else good)

        good = packet(0).images
        settings = StreamSettings(patience=Patience(hold=0.9))
        async with StreamingVLAPipeline(Model(), settings=settings, clock=lambda: now[0]) as pipeline:
            return [response async for response in pipeline.process_stream(stream())]

    found = asyncio.run(run())
    told = [one.fallback for one in found]
    assert told[0] is None
    assert told[1] == "last_chunk"
    assert "hold" in told[2:5]
    assert told[7] == "stand"
    assert told[8] is None
    assert [told.index(one) for one in ("last_chunk", "hold", "stand")] == sorted(
        told.index(one) for one in ("last_chunk", "hold", "stand")
    )
    assert (found[7].actions[0, ACTION.base_velocity] == 0.0).all()


def test_before_any_good_answer_the_robot_stands():
    found, _ = answered([packet(0)], Model({0: RuntimeError()}))
    assert (found[0].fallback, found[0].actions) == ("stand", None)


def test_a_model_that_hangs_is_not_waited_for_and_nobody_queues_behind_it():
    let, model = threading.Event(), Model()
    model.script[1] = lambda: let.wait(WAIT) and Decided(ACTIONS)

    async def run():
        async def stream():
            yield packet(0)
            yield packet(1, deadline=0.05)
            yield packet(2)
            let.set()
            while pipeline._thinking.busy_seconds:
                await asyncio.sleep(0.001)
            yield packet(3)

        async with StreamingVLAPipeline(model, settings=PATIENT) as pipeline:
            return [response async for response in pipeline.process_stream(stream())]

    found = asyncio.run(run())
    assert found[0].code is Code.OK
    assert found[1].code is Code.DEADLINE_MISSED
    assert found[2].code is Code.OVERLOADED
    assert model.asked == [0, 1, 3]
    assert found[3].code is Code.OK
    assert found[1].fallback == "last_chunk"


def test_after_faults_in_a_row_the_smaller_model_answers_until_the_larger_one_does_well():
    now = [0.0]
    model = Model({number: RuntimeError() for number in range(6)})
    small = Model()

    async def run():
        async def stream():
            for number in range(12):
                now[0] = number * 0.1
                yield packet(number)
                await asyncio.sleep(0)

        settings = replace(PATIENT, patience=Patience(faults=3, again=0.45))
        async with StreamingVLAPipeline(model, small, settings, clock=lambda: now[0]) as pipeline:
            return [response async for response in pipeline.process_stream(stream())]

    found = asyncio.run(run())
    assert [one.frame_id for one in found] == list(range(12))
    assert all(one.code is Code.MODEL_FAILED for one in found[:3])
    assert len(small.asked) >= 3
    by_small = [one for one in found if one.fallback == "smaller_model"]
    assert {one.code for one in by_small} == {Code.OK}
    assert found[-1].fallback is None
    assert found[-1].code is Code.OK
    assert model.asked[-1] == 11


def test_a_packet_that_waited_too_long_is_not_shown_to_the_model():
    now = [0.0]

    class Slow(Model):
        def prepare(self, packet):
            now[0] += 0.3 if packet.frame_id == 1 else 0.0
            return super().prepare(packet)

    model = Slow()
    found, _ = answered(
        [packet(0), packet(1), packet(2)], model, clock=lambda: now[0], settings=StreamSettings()
    )
    assert [one.code for one in found][1] is Code.STALE
    assert 1 not in model.asked


def test_without_memory_no_packet_reaches_the_model_and_with_it_again_the_next_one_does():
    pressure = iter(["none", "full", "high"])
    found, _ = answered([packet(0), packet(1), packet(2)], Model(), memory=lambda: next(pressure))
    assert [one.code for one in found] == [Code.OK, Code.OVERLOADED, Code.OK]
    assert found[1].fallback == "last_chunk"


def test_whoever_stops_listening_leaves_no_task_and_no_thread():
    async def run():
        before = asyncio.all_tasks(), threading.active_count()

        async def endless():
            number = 0
            while True:
                yield packet(number)
                number += 1

        pipeline = StreamingVLAPipeline(Model(), settings=PATIENT)
        async with pipeline:
            responses = pipeline.process_stream(endless())
            assert (await anext(responses)).success
            with pytest.raises(RuntimeError, match="one at a time"):
                await anext(pipeline.process_stream(endless()))
            await responses.aclose()
            assert asyncio.all_tasks() == before[0]
            again = pipeline.process_stream(endless())
            assert (await anext(again)).frame_id == 0
            await again.aclose()
        assert (asyncio.all_tasks(), threading.active_count()) == before

    asyncio.run(run())


def test_confidences_and_what_is_no_decision():
    def sure():
        return Decided(ACTIONS, np.array([0.9, 0.8, 0.7, 0.6], dtype=np.float32))

    found, _ = answered(
        [packet(0), packet(1), packet(2)], Model({0: sure, 1: lambda: "left", 2: lambda: None})
    )
    assert found[0].confidences == pytest.approx([0.9, 0.8, 0.7, 0.6])
    assert [one.code for one in found[1:]] == [Code.MODEL_FAILED] * 2


def test_a_model_may_say_of_a_packet_what_is_wrong_with_it():
    fault = PacketError(Code.CAMERA_LOST, "observation/image/chest", "no picture")
    found, _ = answered([packet(0)], Model({0: fault}))
    assert found[0].code is Code.CAMERA_LOST
    with pytest.raises(ValueError, match=r"StreamSettings\.stale is 0"):
        StreamSettings(stale=0.0)


@pytest.mark.parametrize(
    "says",
    [
        lambda: Decided([[0.1] * ACTION.size, [0.1]]),
        lambda: Decided(np.zeros((2, 1, ACTION.size), np.float32)),
        lambda: Decided(np.zeros((0, ACTION.size), np.float32)),
        lambda: Decided(np.zeros((2000, ACTION.size), np.float32)),
        lambda: Decided(ACTIONS.astype(complex)),
        lambda: Decided(ACTIONS.astype(object)),
        lambda: Decided(np.full_like(ACTIONS, np.nan)),
        lambda: Decided(ACTIONS, np.ones(3, np.float32)),
        lambda: Decided(ACTIONS, np.full(4, 2.0, np.float32)),
        lambda: Decided(ACTIONS, np.full(4, np.nan, np.float32)),
        lambda: Decided(ACTIONS, "sure"),
        lambda: Decided(ACTIONS, None, "the cup"),
        lambda: Decided("left"),
        lambda: Decided(None),
        TimeoutError("of a socket"),
        SystemExit("of a model"),
    ],
)
def test_whatever_a_model_says_that_cannot_be_sent_is_its_fault_and_no_good_answer(says, caplog):
    found, _ = answered([packet(0), packet(1), packet(2)], Model({1: says}))
    assert [one.code for one in found] == [Code.OK, Code.MODEL_FAILED, Code.OK]
    assert found[1].fallback == "last_chunk"
    np.testing.assert_array_equal(found[1].actions, ACTIONS)


def test_what_is_no_packet_is_answered_as_well():
    found, _ = answered([packet(0), None, "a packet", bytearray(3), {"frame_id": 4}, 7, packet(6)], Model())
    assert [one.code for one in found] == [Code.OK, *[Code.WRONG_TYPE] * 5, Code.OK]


def test_a_packet_that_is_never_ready_is_not_waited_for():
    let, model = threading.Event(), Model()
    model.prepare = lambda packet: let.wait(WAIT) if packet.frame_id == 1 else packet

    async def run():
        async def stream():
            yield packet(0)
            yield packet(1)
            yield packet(2)
            let.set()
            while pipeline._preparing.busy_seconds:
                await asyncio.sleep(0.001)
            yield packet(3)

        settings = StreamSettings(deadline=0.25, stale=WAIT)
        async with StreamingVLAPipeline(model, settings=settings) as pipeline:
            return [response async for response in pipeline.process_stream(stream())]

    found = asyncio.run(run())
    assert [one.code for one in found[:3]] == [Code.OK, Code.DEADLINE_MISSED, Code.DEADLINE_MISSED]
    assert found[3].code is Code.OK
    assert model.asked == [0, 3]


def test_a_pipeline_that_does_not_run_answers_with_an_error_and_does_not_hang():
    async def run():
        pipeline = StreamingVLAPipeline(Model(), settings=PATIENT)

        async def stream():
            yield packet(0)

        before = [response async for response in pipeline.process_stream(stream())]
        async with pipeline:
            during = [response async for response in pipeline.process_stream(stream())]
        after = [response async for response in pipeline.process_stream(stream())]
        return before + during + after

    found = asyncio.run(asyncio.wait_for(run(), WAIT))
    assert [one.code for one in found] == [Code.INTERNAL, Code.OK, Code.INTERNAL]


def test_models_of_different_periods_and_of_none_are_refused():
    slow, still = Model(), Model()
    slow.period, still.period = 0.2, float("nan")
    with pytest.raises(ValueError, match=r"smaller.period is 0.2"):
        StreamingVLAPipeline(Model(), slow)
    with pytest.raises(ValueError, match="period is nan"):
        StreamingVLAPipeline(still)


@pytest.mark.parametrize("turns", range(40))
def test_whoever_is_cancelled_at_any_await_leaves_no_task_and_a_pipeline_that_goes_on(turns):
    async def run():
        async def stream():
            for number in range(6):
                await asyncio.sleep(0)
                yield packet(number)

        async def listen():
            async with aclosing(pipeline.process_stream(stream())) as responses:
                async for _ in responses:
                    await asyncio.sleep(0)

        async with StreamingVLAPipeline(Model(), settings=PATIENT) as pipeline:
            before = len(asyncio.all_tasks())
            listener = asyncio.create_task(listen())
            for _ in range(turns):
                await asyncio.sleep(0)
            listener.cancel()
            await asyncio.gather(listener, return_exceptions=True)
            assert len(asyncio.all_tasks()) == before
            return [response.code async for response in pipeline.process_stream(stream())]

    assert asyncio.run(asyncio.wait_for(run(), WAIT)) == [Code.OK] * 6
