"""What Day 2's answers about queues, latency, memory and fallbacks promise."""

import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vla_course.reference.day2_streaming_pipeline.fallback import choose_fallback
from vla_course.reference.day2_streaming_pipeline.latency import latency_by_stage
from vla_course.reference.day2_streaming_pipeline.memory import models_to_evict
from vla_course.reference.day2_streaming_pipeline.queues import NewestQueue
from vla_course.serving.inference.fallback import BY_MODEL
from vla_course.serving.packets.codes import Code


@given(st.lists(st.integers(), max_size=30), st.integers(1, 5))
def test_the_newest_stay_in_order_and_every_other_is_handed_back_once(items, capacity):
    queue = NewestQueue(capacity)
    back = [queue.put((number, item)) for number, item in enumerate(items)]
    gone = [one for one in back if one is not None]
    kept = queue.close()
    assert [number for number, _ in (*gone, *kept)] == list(range(len(items)))
    assert len(kept) == min(len(items), capacity)
    assert queue.dropped == len(gone)


def test_who_waits_is_woken_by_an_item_and_by_the_end():
    queue, found, woken = NewestQueue(1), [], threading.Event()

    def wait():
        found.append(queue.get())
        woken.set()
        found.append(queue.get())

    waiting = threading.Thread(target=wait, daemon=True)
    waiting.start()
    queue.put("frame")
    assert woken.wait(20.0)
    queue.close()
    waiting.join(20.0)
    assert found == ["frame", None]
    with pytest.raises(RuntimeError, match="closed"):
        queue.put("late")
    assert queue.get() is None


def test_nothing_comes_of_an_empty_queue_in_time():
    assert NewestQueue(2).get(timeout=0.0) is None
    with pytest.raises(ValueError, match="capacity is 0"):
        NewestQueue(0)


def test_percentiles_are_of_packets_and_those_of_the_whole_of_their_sums():
    rng = np.random.default_rng(0)
    fast, slow = rng.uniform(0.001, 0.002, 99), 0.1
    packets = [{"decode": float(one), "infer": 0.01} for one in fast] + [{"decode": slow, "infer": 0.01}]
    found = latency_by_stage(packets, [50.0, 99.5])
    assert list(found) == ["decode", "infer", "total"]
    assert found["decode"][0] < 0.002 < 0.04 < found["decode"][1]
    sums = [sum(packet.values()) for packet in packets]
    np.testing.assert_allclose(found["total"], np.percentile(sums, [50.0, 99.5]))


def test_a_packet_that_failed_early_counts_where_it_was():
    found = latency_by_stage([{"decode": 1.0}, {"decode": 3.0, "infer": 2.0}], [50.0])
    assert found == {"decode": [2.0], "infer": [2.0], "total": [3.0]}
    assert latency_by_stage([]) == {}


@pytest.mark.parametrize("packet", [{"infer": -0.1}, {"infer": float("nan")}, {"total": 0.1}])
def test_durations_that_cannot_be_are_refused(packet):
    with pytest.raises(ValueError, match="infer took|called 'total'"):
        latency_by_stage([packet])


def test_the_least_recently_used_goes_not_the_one_that_was_loaded_first():
    sizes, used = {"first": 10, "second": 10, "third": 10}, {"first": 9.0, "second": 1.0, "third": 5.0}
    assert models_to_evict(sizes, used, 0, 30) == []
    assert models_to_evict(sizes, used, 5, 30) == ["second"]
    assert models_to_evict(sizes, used, 15, 30) == ["second", "third"]
    assert models_to_evict(sizes, used, 5, 30, busy=["second"]) == ["third"]
    with pytest.raises(MemoryError, match="10 of 30 cannot be freed"):
        models_to_evict(sizes, used, 25, 30, busy=["first"])


@given(st.dictionaries(st.text(min_size=1), st.integers(0, 50), max_size=8), st.integers(0, 100), st.data())
def test_what_stays_fits_and_no_more_goes_than_has_to(sizes, needed, data):
    limit = data.draw(st.integers(needed, 400))
    used = {name: data.draw(st.floats(0.0, 10.0)) for name in sizes}
    going = models_to_evict(sizes, used, needed, limit)
    left = sum(size for name, size in sizes.items() if name not in going)
    assert left + needed <= limit
    if going:
        assert left + sizes[going[-1]] + needed > limit


@pytest.mark.parametrize(
    ("code", "left", "since", "smaller", "expected"),
    [
        ("bad_picture", 0.5, 0.1, False, "last_chunk"),
        ("bad_picture", 0.5, 0.1, True, "last_chunk"),
        ("camera_lost", 0.0, 0.4, False, "hold"),
        ("camera_lost", -0.2, 0.6, False, "stand"),
        ("not_finite", -1.0, float("inf"), False, "stand"),
        ("model_failed", 0.5, 0.1, True, "smaller_model"),
        ("model_failed", 0.5, 0.1, False, "last_chunk"),
        ("deadline_missed", -1.0, 9.0, True, "smaller_model"),
        ("overloaded", -1.0, 9.0, True, "smaller_model"),
        ("stale", -1.0, 0.5, True, "hold"),
    ],
)
def test_the_first_fallback_that_can_be_is_taken(code, left, since, smaller, expected):
    assert choose_fallback(code, left, since, 0.5, smaller) == expected


def test_every_code_but_ok_has_a_fallback():
    assert {choose_fallback(code.value, 0.0, 1.0, 0.5, True) for code in Code if code is not Code.OK} == {
        "smaller_model",
        "stand",
    }
    assert all(choose_fallback(code.value, 0.0, 1.0, 0.5, True) == "smaller_model" for code in BY_MODEL)
    with pytest.raises(ValueError, match="expected that of a fault"):
        choose_fallback("ok", 0.0, 0.0, 0.5)
    with pytest.raises(ValueError, match="since_good is nan"):
        choose_fallback("stale", 0.0, float("nan"), 0.5)
