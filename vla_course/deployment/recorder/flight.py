"""A recording read back: arrays and pictures by topic, with their times."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vla_course.deployment.recorder import ring
from vla_course.deployment.recorder.messages import NANO, Fields, Message, field_of, pixels
from vla_course.deployment.recorder.recovery import NotARecording, recover, recover_all
from vla_course.deployment.recorder.topics import ABOUT, CAMERA, EVENTS

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Event:
    """A line for people."""

    time: float
    """s, on the robot's clock"""
    text: str
    level: int


class Flight:
    """What one recording holds. Times are s on the robot's clock.

    Args:
        messages: in any order.
        remark: what is missing, in a sentence; empty where nothing is.

    Attributes:
        name: of the file.
    """

    def __init__(self, messages: Sequence[Message], name: str = "", remark: str = "") -> None:
        self.name, self.remark = name, remark
        self._by_topic: dict[str, list[Message]] = {}
        for one in sorted(messages, key=lambda message: message.time):
            self._by_topic.setdefault(one.topic, []).append(one)

    @property
    def topics(self) -> dict[str, int]:
        """How many messages there are of each topic."""
        return {topic: len(messages) for topic, messages in sorted(self._by_topic.items())}

    @property
    def begins(self) -> float:
        """s, of the first message."""
        return min(messages[0].time for messages in self._by_topic.values()) / NANO

    @property
    def ends(self) -> float:
        """s, of the last message."""
        return max(messages[-1].time for messages in self._by_topic.values()) / NANO

    def times(self, topic: str) -> Array:
        """Return when each message of a topic was (n,) s; raises ValueError where there is none."""
        return np.array([one.time for one in self._of(topic)]) / NANO

    def fields(self, topic: str) -> list[Fields]:
        """Return all messages of a topic, read; raises ValueError where there is none."""
        return [one.fields for one in self._of(topic)]

    def array(self, topic: str, *field: str) -> Array:
        """Return a field of every message of a topic as an array (n, ...), nan where there was no number.

        Args:
            topic: such as `topics.JOINTS`.
            field: its name, and those of what it lies in: `"pose", "position"` is (n, 3).

        Raises:
            ValueError: there is no such message or field, or it holds no numbers, or not as many each time.
        """
        found = [_inner(fields, topic, field) for fields in self.fields(topic)]
        try:
            return np.array([_numbers(value) for value in found], dtype=np.float64)
        except (TypeError, ValueError):
            what = f"{'.'.join(field)} of {topic} is {found[0]!r}"
            raise ValueError(f"{what}, expected numbers, as many each time") from None

    def pictures(self, camera: str) -> tuple[Array, list[NDArray[np.uint8]]]:
        """Return when pictures were taken (n,) s, and these (h, w, 3); raises ValueError where there are none."""
        topic = CAMERA + camera
        return self.times(topic), [pixels(fields) for fields in self.fields(topic)]

    def events(self) -> list[Event]:
        """Return the lines for people; raises ValueError where there are some that no flight recorder wrote."""
        if EVENTS not in self._by_topic:
            return []
        return [
            Event(time, field_of(fields, "message", str), field_of(fields, "level", int))
            for time, fields in zip(self.times(EVENTS).tolist(), self.fields(EVENTS), strict=True)
        ]

    def about(self) -> Fields:
        """Return the numbers that stay; raises ValueError where nobody noted them."""
        return self.fields(ABOUT)[-1]

    def _of(self, topic: str) -> list[Message]:
        if topic not in self._by_topic:
            there = ", ".join(sorted(self._by_topic))
            raise ValueError(f"topic is {topic!r}, expected one that was recorded: {there}")
        return self._by_topic[topic]


def read_flight(path: Path) -> Flight:
    """Read a recording, or the folder of a recorder that was killed: its ring.

    Raises:
        NotARecording: it is none; a ValueError in one sentence.
        OSError: it cannot be read at all.
    """
    if path.is_dir():
        segments = sorted(path.glob(ring.PATTERN))
        if not segments:
            raise NotARecording(
                f"{path.name} is a folder without the ring of a recorder, expected a recording"
            )
        found = recover_all(segments)
    else:
        found = recover(path)
    return Flight(found.messages, path.name, found.remark)


def _inner(value: Any, topic: str, field: Sequence[str]) -> Any:
    for name in field:
        if not isinstance(value, dict) or name not in value:
            raise ValueError(f"field is {'.'.join(field)!r}, expected one of a message of {topic}")
        value = value[name]
    return value


def _numbers(value: Any) -> Any:
    return list(value.values()) if isinstance(value, dict) else value
