"""Inference in threads: one result a frame, the newest wins, time and memory are bounded; fallbacks and recovery."""

import asyncio
import gc
import mmap
import threading

import numpy as np
import pytest
import torch

from vla_course.serving.inference.fallback import Fallbacks, ModelChoice, Patience
from vla_course.serving.inference.memory import (
    MemoryLimits,
    VLAMemoryManager,
    gpu_bytes,
    resident_bytes,
    size_of,
)
from vla_course.serving.inference.pacing import Pacer
from vla_course.serving.inference.pipeline import PipelineSettings, VLAInferencePipeline
from vla_course.serving.inference.statistics import RollingStatistics
from vla_course.serving.inference.worker import Worker
from vla_course.serving.packets.codes import Code, PacketError
from vla_course.simulation.robot.layout import ACTION

FAST = PipelineSettings(rate=1000.0, stale=60.0, deadline=60.0)
WAIT = 20.0
"""s, for what comes at once unless something is broken"""


class Gate:
    """A model that thinks until it is let."""

    def __init__(self):
        self.began, self.may = threading.Semaphore(0), threading.Semaphore(0)

    def __call__(self, content):
        self.began.release()
        assert self.may.acquire(timeout=WAIT)
        return content * 2


def results_of(pipeline, count):
    return {one.number: one for one in (pipeline.result(WAIT) for _ in range(count))}


def test_while_the_model_thinks_newer_frames_take_the_place_of_older_ones_and_all_are_answered():
    gate = Gate()
    with VLAInferencePipeline(gate, settings=FAST) as pipeline:
        pipeline.submit(0)
        assert gate.began.acquire(timeout=WAIT)
        for frame in range(1, 10):
            pipeline.submit(frame)
        gate.may.release(20)
        found = results_of(pipeline, 10)
    assert set(found) == set(range(10))
    assert found[0].value == 0
    assert found[9].code is Code.OK
    assert found[9].value == 18
    assert [one.code for one in found.values()].count(Code.SUPERSEDED) >= 6
    assert pipeline.report().answered == 10


def test_what_is_raised_becomes_a_result_and_the_next_frame_is_answered(caplog):
    def prepare(content):
        if content == "torn":
            raise PacketError(Code.BAD_PICTURE, "observation/image/head", "is torn")
        if content == "odd":
            raise KeyError("odd")
        return content

    def infer(content):
        if content == "crash":
            raise RuntimeError("no memory on the device")
        return content

    with VLAInferencePipeline(infer, prepare, FAST) as pipeline:
        for content in ("torn", "odd", "crash", "good"):
            pipeline.submit(content)
            result = pipeline.result(WAIT)
            expected = {
                "torn": Code.BAD_PICTURE,
                "odd": Code.INTERNAL,
                "crash": Code.MODEL_FAILED,
                "good": Code.OK,
            }[content]
            assert result.code is expected
            assert "Traceback" not in result.message
    assert result.value == "good"
    assert set(result.stages) == {"wait", "prepare", "queue", "infer"}
    assert [record.levelname for record in caplog.records] == ["ERROR", "ERROR"]


def test_stop_answers_what_waits_and_ends_both_threads():
    gate = Gate()
    before = threading.active_count()
    pipeline = VLAInferencePipeline(gate, settings=FAST)
    with pytest.raises(RuntimeError, match="does not run"):
        pipeline.submit(0)
    pipeline.start()
    with pytest.raises(RuntimeError, match="has been started"):
        pipeline.start()
    pipeline.submit(0)
    assert gate.began.acquire(timeout=WAIT)
    pipeline.submit(1)
    assert not pipeline.stop(0.0)  # the model has not come back yet, and is not waited for
    found = results_of(pipeline, 2)
    assert [found[number].code for number in range(2)] == [Code.CANCELLED] * 2
    gate.may.release()
    assert pipeline.stop(WAIT)
    assert threading.active_count() == before
    assert pipeline.result() is None  # what the model said in the end is nobody's
    with pytest.raises(RuntimeError, match="does not run"):
        pipeline.submit(2)


def test_whoever_waits_for_a_result_is_woken_by_the_end():
    pipeline, found = VLAInferencePipeline(lambda x: x, settings=FAST), []
    pipeline.start()
    waiting = threading.Thread(target=lambda: found.append(pipeline.result()), daemon=True)
    waiting.start()
    assert pipeline.stop(WAIT)
    waiting.join(WAIT)
    assert found == [None]
    assert pipeline.result() is None


def test_a_frame_that_waited_too_long_is_not_thought_about_and_a_late_answer_is_counted():
    now = [0.0]
    began, thought = threading.Semaphore(0), []

    def infer(content):
        thought.append(content)
        now[0] += content
        return content

    def prepare(content):
        now[0] += 1.0 if content == 0.5 else 0.0
        began.release()
        return content

    settings = PipelineSettings(rate=1e6, stale=0.9, deadline=0.1)
    with VLAInferencePipeline(infer, prepare, settings, clock=lambda: now[0]) as pipeline:
        pipeline.submit(0.5)
        assert pipeline.result(WAIT).code is Code.STALE
        pipeline.submit(0.2)
        late = pipeline.result(WAIT)
        pipeline.submit(0.05)
        timely = pipeline.result(WAIT)
    assert thought == [0.2, 0.05]
    assert late.code is Code.OK
    assert late.late
    assert not timely.late
    assert pipeline.report().missed == 1
    assert pipeline.report().latency["infer"][2] <= 0.2


def test_results_that_nobody_reads_are_bounded():
    with VLAInferencePipeline(
        lambda x: x, settings=PipelineSettings(rate=1e6, unread=2, stale=60.0)
    ) as pipeline:
        for number in range(8):
            while pipeline.report().answered < number:
                threading.Event().wait(0.001)
            pipeline.submit(number)
        while pipeline.report().answered < 8:
            threading.Event().wait(0.001)
    assert [pipeline.result(0.0).number for _ in range(2)] == [6, 7]
    assert pipeline.unread == 6


def test_a_beat_is_kept_and_what_was_missed_is_not_made_up_for():
    pacer = Pacer(10.0)
    assert pacer.wait(5.0) == 0.0
    assert pacer.wait(5.02) == pytest.approx(0.08)
    assert pacer.wait(5.1) == pytest.approx(0.1)
    assert pacer.wait(5.75) == 0.0  # three slots went by
    assert pacer.wait(5.76) == pytest.approx(0.04)
    with pytest.raises(ValueError, match="rate is 0"):
        Pacer(0.0)


def test_statistics_forget_what_is_old():
    now = [0.0]
    statistics = RollingStatistics(last=10, clock=lambda: now[0])
    assert statistics.report().rate == 0.0
    for number in range(1000):
        now[0] = number / 30.0
        statistics.add(
            "ok" if number % 2 else "stale", {"infer": 1.0 if number < 900 else 0.01}, number % 4 == 0
        )
    report = statistics.report()
    assert report.rate == pytest.approx(30.0)
    assert report.latency["infer"] == pytest.approx([0.01] * 3)
    assert report.count == {"ok": 500, "stale": 500}
    assert report.missed == 250
    assert len(statistics._stages) == 10


# ---- memory ---------------------------------------------------------------------------------------


def manager(now, **watched):
    limits = MemoryLimits(models=300, **{name: 1000 for name in watched})
    return VLAMemoryManager(limits, **watched, clock=lambda: now[0])


def test_the_least_recently_used_model_goes_and_one_at_work_stays():
    now = [0.0]
    memory = manager(now)

    def use(name):
        now[0] += 1.0
        with memory.using(name, lambda: np.zeros(100, dtype=np.uint8)) as model:
            return model

    first = use("first")
    use("second")
    use("third")
    assert use("first") is first
    use("fourth")
    assert memory.names == ["third", "first", "fourth"]
    assert (memory.loads, memory.evictions, memory.used) == (4, 1, 300)
    with memory.using("third", lambda: None):
        use("fifth")
        assert "third" in memory.names
        with pytest.raises(MemoryError), memory.using("huge", lambda: None, size=250):
            pass
    memory.clear()
    assert memory.names == []


def test_a_model_that_goes_is_freed():
    now = [0.0]
    memory, alive = manager(now), []

    class Model(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.weight = torch.nn.Parameter(torch.zeros(50))
            alive.append(1)
            self.itself = [self]

        def __del__(self):
            alive.pop()

    with memory.using("one", Model) as model:
        assert size_of(model) == 200
    del model
    with memory.using("other", lambda: np.zeros(200, dtype=np.uint8)):
        gc.collect()
        assert alive == []


def test_it_acts_before_the_limit_and_says_when_nothing_is_left_to_go():
    now, other = [0.0], [0]
    memory = manager(now, rss=lambda: other[0] + memory.used)
    for name in "abc":
        now[0] += 1.0
        with memory.using(name, lambda: np.zeros(100, dtype=np.uint8)):
            pass
    other[0] = 500
    assert memory.watch() == "none"
    other[0] = 620
    assert memory.watch() == "high"
    assert memory.names == ["c"]  # until a fifth is free, not just until it is below the mark
    other[0] = 950
    with memory.using("c", lambda: None):
        assert memory.watch() == "full"
    assert memory.watch() == "full"
    assert memory.names == []
    other[0] = 0
    assert memory.watch() == "none"


def test_the_memory_of_this_process_is_read():
    before = resident_bytes()
    # Pages of its own: an array may get memory back that this process had freed and kept.
    with mmap.mmap(-1, 40_000_000) as ballast:
        ballast.write(b"\1" * len(ballast))
        assert resident_bytes() - before > 30_000_000
    assert gpu_bytes() >= 0
    with pytest.raises(ValueError, match="low < high"):
        MemoryLimits(models=1, low=0.95)
    with pytest.raises(TypeError, match="size of a str"):
        size_of("model")


# ---- fallbacks ------------------------------------------------------------------------------------


def test_the_last_chunk_goes_on_then_the_robot_holds_then_it_stands_and_then_all_is_well_again():
    fallbacks, chunk = Fallbacks(0.1, Patience(hold=1.0)), np.full((6, ACTION.size), 0.5, dtype=np.float32)
    chunk[:, 0] = np.arange(6) / 10.0
    never = fallbacks.instead(Code.BAD_PICTURE, 0.0)
    assert (never.fallback, never.actions) == ("stand", None)
    fallbacks.good(chunk, 10.0)
    for now, first in ((10.0, 0), (10.1, 1), (10.25, 2), (10.59, 5)):
        last = fallbacks.instead(Code.STALE, now)
        assert last.fallback == "last_chunk"
        assert np.array_equal(last.actions, chunk[first:])
    held = fallbacks.instead(Code.CAMERA_LOST, 10.7)
    assert held.fallback == "hold"
    assert (held.actions[0, ACTION.base_velocity] == 0.0).all()
    assert (held.actions[0, ACTION.stance] == 0.5).all()
    stood = fallbacks.instead(Code.NOT_FINITE, 11.1)
    assert stood.fallback == "stand"
    assert (stood.actions[0, ACTION.stance] == 0.0).all()
    assert (stood.actions[0, ACTION.arms] == 0.5).all()
    fallbacks.good(chunk, 20.0)
    assert fallbacks.instead(Code.MODEL_FAILED, 20.05).fallback == "last_chunk"


def test_a_smaller_model_takes_over_after_a_few_faults_in_a_row_and_the_larger_one_is_tried_again():
    choice = ModelChoice(Patience(faults=3, again=1.0))
    for now, code in enumerate([Code.MODEL_FAILED, Code.OK, Code.DEADLINE_MISSED, Code.MODEL_FAILED]):
        choice.noted(code, float(now))
        assert not choice.takes_smaller(now)
    choice.noted(Code.BAD_PICTURE, 4.0)  # not the model's fault
    assert not choice.takes_smaller(4.0)
    choice.noted(Code.OVERLOADED, 4.0)
    assert choice.takes_smaller(4.5)
    assert not choice.takes_smaller(5.1)
    choice.noted(Code.MODEL_FAILED, 5.1)
    assert choice.takes_smaller(5.2)
    choice.noted(Code.OK, 6.2)
    assert not choice.takes_smaller(6.3)
    alone = ModelChoice(Patience(faults=1), has_smaller=False)
    alone.noted(Code.MODEL_FAILED, 0.0)
    assert not alone.takes_smaller(0.1)


class Ends(BaseException):
    """No `Exception`, as `SystemExit` is none."""


@pytest.mark.parametrize("fault", [SystemExit("of a model"), Ends("of a decoder"), GeneratorExit()])
def test_what_would_end_a_thread_ends_no_pipeline(fault, caplog):
    def raises(content):
        if content == "bad":
            raise fault
        return content

    with VLAInferencePipeline(raises, settings=FAST) as pipeline:
        for content, code in (("bad", Code.MODEL_FAILED), ("good", Code.OK)):
            pipeline.submit(content)
            found = pipeline.result(WAIT)
            assert found is not None
            assert found.code is code
    with VLAInferencePipeline(lambda content: content, raises, FAST) as pipeline:
        for content, code in (("bad", Code.INTERNAL), ("good", Code.OK)):
            pipeline.submit(content)
            found = pipeline.result(WAIT)
            assert found is not None
            assert found.code is code
    assert type(fault).__name__ in caplog.text


def test_a_clock_that_jumps_holds_up_nobody_for_longer_than_a_beat():
    pacer = Pacer(10.0)
    assert pacer.wait(1000.0) == 0.0
    assert pacer.wait(1000.02) == pytest.approx(0.08)
    assert pacer.wait(3.0) == 0.0  # it went back
    assert pacer.wait(3.02) == pytest.approx(0.08)
    assert pacer.wait(1e9) <= 0.1
    assert pacer.wait(1e9 + 0.01) <= 0.1


def test_with_a_clock_that_went_back_the_last_chunk_begins_at_its_beginning():
    fallbacks, chunk = Fallbacks(0.1), np.full((6, ACTION.size), 0.5, dtype=np.float32)
    fallbacks.good(chunk, 100.0)
    instead = fallbacks.instead(Code.BAD_PICTURE, 99.75)
    assert instead.fallback == "last_chunk"
    np.testing.assert_array_equal(instead.actions, chunk)


def test_a_worker_that_nobody_has_started_or_that_was_stopped_says_so_and_hangs_nobody():
    async def run():
        worker = Worker()
        with pytest.raises(RuntimeError, match="worker does not run"):
            await worker.call(int)
        worker.start()
        assert (await worker.call(int, "7"))[0] == 7
        for fault in (TimeoutError("of a socket"), SystemExit(3), StopIteration(), asyncio.CancelledError()):
            with pytest.raises(RuntimeError, match=f"{type(fault).__name__} ended the call") as caught:
                await worker.call(_raise, fault)
            assert caught.value.__cause__ is fault
        assert await worker.stop(WAIT)
        with pytest.raises(RuntimeError, match="worker does not run"):
            await worker.call(int)

    asyncio.run(run())


def _raise(fault):
    raise fault
