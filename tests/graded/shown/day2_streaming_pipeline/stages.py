"""Packets and how long their stages took; percentiles by rank, and as others take them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from shown.slips import Case, expect_all
from vla_course.course.checking.judging import expect

Percentiles = dict[str, list[float]]


@dataclass(frozen=True)
class Packets:
    """The stages of each, s, and which percentiles are asked for."""

    stages: list[dict[str, float]]
    asked: list[float]

    @property
    def names(self) -> list[str]:
        """Stages in the order in which they were first seen."""
        return list(dict.fromkeys(name for packet in self.stages for name in packet))

    def of(self, name: str) -> list[float]:
        """What a stage took of the packets that have it."""
        return [packet[name] for packet in self.stages if name in packet]

    def taken(self, some: Sequence[float], of: Callable[[Sequence[float], float], float]) -> list[float]:
        """The percentiles of some numbers, or what stands for them."""
        return [of(some, percent) for percent in self.asked]

    def right(self) -> Percentiles:
        """Stage by stage, and of the sums."""
        found = {name: self.taken(self.of(name), by_rank) for name in self.names}
        return found | {"total": self.taken([sum(packet.values()) for packet in self.stages], by_rank)}

    def slips(self) -> dict[str, Percentiles]:
        """What known mistakes give."""
        right, names = self.right(), self.names
        # Where no packet has every stage, whoever leaves out those that have not is left with nothing.
        whole = [packet for packet in self.stages if len(packet) == len(names)] or [dict.fromkeys(names, 0.0)]
        filled = {name: [packet.get(name, 0.0) for packet in self.stages] for name in names}
        by_the_second = {name: self.taken(seconds_of(self.of(name)), by_rank) for name in names}
        return {
            "percentile-of-means": by_the_second
            | {"total": self.taken(seconds_of([sum(packet.values()) for packet in self.stages]), by_rank)},
            "mean": {
                **{name: self.taken(self.of(name), lambda some, _: float(np.mean(some))) for name in names},
                "total": self.taken(
                    [sum(packet.values()) for packet in self.stages], lambda some, _: float(np.mean(some))
                ),
            },
            "sum-of-percentiles": right | {"total": np.sum([right[name] for name in names], axis=0).tolist()},
            "missing-as-zero": {name: self.taken(some, by_rank) for name, some in filled.items()}
            | {"total": right["total"]},
            "whole-packets-alone": {
                **{name: self.taken([packet[name] for packet in whole], by_rank) for name in names},
                "total": self.taken([sum(packet.values()) for packet in whole], by_rank),
            },
            "total-of-whole-packets": right
            | {"total": self.taken([sum(packet.values()) for packet in whole], by_rank)},
            "in-milliseconds": {name: [1000.0 * one for one in some] for name, some in right.items()},
        }

    def expect(self, student: Any) -> None:
        """Expect all percentiles of the student's answer."""
        got, right, slips = student.latency_by_stage(self.stages, self.asked), self.right(), self.slips()
        expect(isinstance(got, dict), "latency_by_stage should return a dict", got=type(got).__name__)
        expect(
            list(got) == list(right), "other stages, or in another order", got=list(got), expected=list(right)
        )
        expect_all(
            *(
                Case(name, got[name], some, {slip: found[name] for slip, found in slips.items()})
                for name, some in right.items()
            ),
            unit="s",
        )


def seconds_of(some: Sequence[float], rate: int = 30) -> list[float]:
    """The mean of each second, of so many packets."""
    return [float(np.mean(some[first : first + rate])) for first in range(0, len(some), rate)]


def by_rank(some: Sequence[float], percent: float) -> float:
    """The number at that rank, on the line between its neighbours."""
    ordered, place = sorted(some), percent / 100.0 * (len(some) - 1)
    low = min(int(place), len(ordered) - 2) if len(ordered) > 1 else 0
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])


def some_packets(
    rng: np.random.Generator, count: int = 60, asked: Sequence[float] = (50.0, 95.0, 99.0)
) -> Packets:
    """Packets of which one stage or another is slow now and then, and some end early."""
    found = []
    for number in range(count):
        packet = {
            name: float(rng.gamma(4.0, mean / 4.0) + (10.0 * mean if rng.random() < 0.08 else 0.0))
            for name, mean in (("wait", 0.002), ("prepare", 0.004), ("infer", 0.012))
        }
        if number % 9 == 4:
            del packet["infer"]
        found.append(packet)
    return Packets(found, list(asked))
