"""Settings of all of Day 2: what is no sensible number is refused, field by field, by its name."""

from dataclasses import fields
from math import inf, nan

import numpy as np
import pytest

from vla_course.reference.day2_streaming_pipeline.queues import NewestQueue
from vla_course.serving.chunks.modes import MODES, player_of
from vla_course.serving.chunks.player import Timing
from vla_course.serving.inference.fallback import Fallbacks, Patience
from vla_course.serving.inference.memory import MemoryLimits, VLAMemoryManager
from vla_course.serving.inference.pacing import Pacer
from vla_course.serving.inference.pipeline import PipelineSettings
from vla_course.serving.network.link import LinkSettings
from vla_course.serving.network.settings import ServerSettings
from vla_course.serving.packets.limits import Limits
from vla_course.serving.remote.watchdog import WatchdogSettings
from vla_course.serving.stream.pipeline import StreamSettings
from vla_course.simulation.robot.layout import ACTION

SETTINGS = (
    Limits,
    LinkSettings,
    MemoryLimits,
    Patience,
    PipelineSettings,
    ServerSettings,
    StreamSettings,
    Timing,
)
NONE_OF_ALL = (nan, inf, -inf, -1, "1", True)


def numbers():
    for settings in (*SETTINGS, WatchdogSettings):
        given = {"models": 1} if settings is MemoryLimits else {}
        for field in fields(settings):
            value = getattr(settings(**given), field.name)
            if isinstance(value, int | float) or "int | None" in str(field.type):
                yield settings, given, field.name, isinstance(value, float)


@pytest.mark.parametrize(("settings", "given", "name", "measure"), list(numbers()))
def test_no_number_of_settings_is_nan_or_endless_or_below_its_least_and_no_count_is_a_fraction(
    settings, given, name, measure
):
    may_be_below = (settings, name) == (Timing, "m")
    for value in (*NONE_OF_ALL, *([] if measure else [1.5, 2.0])):
        if not (may_be_below and value == -1 and value is not True):
            with pytest.raises(ValueError, match=name):
                settings(**{**given, name: value})


def test_counts_that_may_be_nought_are_and_the_others_are_not():
    assert Timing(prefix=0, m=0.0).prefix == ServerSettings(port=0).port == 0
    for settings, name in (
        (Timing, "every"),
        (Patience, "faults"),
        (Limits, "row"),
        (StreamSettings, "stale"),
    ):
        with pytest.raises(ValueError, match=rf"{settings.__name__}\.{name} is 0"):
            settings(**{name: 0})


@pytest.mark.parametrize("value", [nan, inf, 0.0, -1.0, 1e-320])
def test_no_beat_and_no_period_is_without_end_or_without_time(value):
    with pytest.raises(ValueError, match="rate is"):
        Pacer(value)
    if value != 1e-320:
        with pytest.raises(ValueError, match="period is"):
            Fallbacks(value)


@pytest.mark.parametrize("capacity", [nan, inf, 1.5, 0, True])
def test_a_queue_is_never_without_bounds(capacity):
    with pytest.raises(ValueError, match="capacity is"):
        NewestQueue(capacity)


@pytest.mark.parametrize("size", [-1, 1.5, nan, True])
def test_a_model_of_a_size_that_is_none_is_not_loaded(size):
    memory = VLAMemoryManager(MemoryLimits(models=10))
    with (
        pytest.raises(ValueError, match="size of big is"),
        memory.using("big", lambda: pytest.fail("loaded"), size),
    ):
        pass


@pytest.mark.parametrize("size", [None, 101])
def test_a_model_larger_than_the_limit_is_refused_and_those_that_fit_stay(size):
    memory = VLAMemoryManager(MemoryLimits(models=100))
    with memory.using("small", lambda: np.zeros(60, np.uint8)):
        pass
    with pytest.raises(MemoryError), memory.using("big", lambda: np.zeros(101, np.uint8), size):
        pass
    assert (memory.names, memory.used, memory.evictions) == (["small"], 60, 0)


@pytest.mark.parametrize("mode", MODES)
def test_a_player_begins_with_an_action(mode):
    for doing in (np.zeros(35), np.full(ACTION.size, nan), np.zeros((1, ACTION.size))):
        with pytest.raises(ValueError, match="doing is"):
            player_of(mode, doing)
