"""Packets that a robot sends and answers that come back: kept account of by name, and as others keep it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from vla_course.course.checking.judging import expect

PERIOD = 0.1
"""s, from packet to packet"""

Ages = list[float | None]


@dataclass(frozen=True)
class Event:
    """A packet is sent (`stamp` is nan), or an answer of that id comes; `now` is the robot's clock, s."""

    now: float
    packet: int
    stamp: float = float("nan")

    @property
    def sends(self) -> bool:
        return self.stamp != self.stamp


@dataclass(frozen=True)
class Exchange:
    """What happens on a link that remembers so many packets, in the order of time."""

    slots: int
    events: list[Event]

    def asked(self, student: Any) -> Ages:
        """What the student's link says of each answer."""
        link = student.SentPackets(self.slots)
        found: Ages = []
        for event in self.events:
            if event.sends:
                link.send(event.now)
                continue
            answer = {"id": event.packet, "stamp": event.stamp}
            try:
                found.append(link.take(answer, event.now))
            except (LookupError, TypeError, ValueError) as fault:
                expect(
                    False,
                    f"an answer to packet {event.packet}, for which nobody waits, should give None",
                    got=f"raises: {fault}",
                    mistake="raises",
                )
        return found

    def ages(self) -> Ages:
        """What it should say: who waits stands in a list of names."""
        waiting: dict[int, float] = {}
        found: Ages = []
        for event in self.events:
            if event.sends:
                waiting.pop(event.packet - self.slots, None)
                waiting[event.packet] = event.now
            else:
                since = waiting.pop(event.packet, None)
                found.append(None if since is None else event.now - since)
        return found

    def slips(self) -> dict[str, Ages]:
        """What known mistakes say."""
        return {
            "slot-believed": self._by_slot(compares=False, clears=True),
            "answered-twice": self._by_slot(compares=True, clears=False),
            "older-forgotten": self._older_forgotten(),
            "others-forgotten": self._by_slot(compares=True, clears=True, clears_first=True),
        }

    def _older_forgotten(self) -> Ages:
        last, found = -1, []
        for event, age in zip([event for event in self.events if not event.sends], self.ages(), strict=True):
            found.append(age if event.packet > last else None)
            last = max(last, event.packet if age is not None else last)
        return found

    def _by_slot(self, *, compares: bool, clears: bool, clears_first: bool = False) -> Ages:
        lies: dict[int, Event] = {}
        found: Ages = []
        for event in self.events:
            slot = event.packet % self.slots
            if event.sends:
                lies[slot] = event
                continue
            there = lies.get(slot)
            fits = there is not None and (not compares or there.packet == event.packet)
            found.append(event.now - there.now if there is not None and fits else None)
            if (clears and fits) or clears_first:
                lies.pop(slot, None)
        return found


def expect_ages(student: Any, exchange: Exchange) -> None:
    """Expect the age of every picture; clocks that were mixed, and what hides it, are named."""
    got, right = exchange.asked(student), exchange.ages()
    answers = [event for event in exchange.events if not event.sends]
    sent = {event.packet: event.now for event in exchange.events if event.sends}
    mixed = [event.stamp - sent[event.packet] for event in answers]
    slips = {
        "clocks-mixed": mixed,
        "symptom-treated": [max(age, 0.0) for age in mixed],
        "sign-dropped": [abs(age) for age in mixed],
    }
    slip = next((name for name, ages in slips.items() if _same(got, ages)), None)
    for event, age, wanted in zip(answers, got, right, strict=True):
        expect(
            _same([age], [wanted]),
            f"packet {event.packet} was sent at {sent[event.packet]:.3f} s, its answer came at {event.now:.3f} s, "
            f"stamped {event.stamp:.3f} s",
            got=age,
            expected=wanted,
            unit="s",
            mistake="symptom-treated" if slip == "sign-dropped" else slip,
        )


def expect_thrown_away(student: Any, exchange: Exchange) -> None:
    """Expect that the same answers are thrown away, whatever the ages of the others are."""
    thrown = [[age is None for age in ages] for ages in (exchange.asked(student), exchange.ages())]
    slips = {name: [age is None for age in ages] for name, ages in exchange.slips().items()}
    slip = next((name for name, ones in slips.items() if ones == thrown[0]), None)
    answers = [event for event in exchange.events if not event.sends]
    for event, got, wanted in zip(answers, *thrown, strict=True):
        expect(
            got == wanted,
            f"the answer to packet {event.packet} that came at {event.now:.3f} s, on a link of {exchange.slots} slots",
            got="thrown away" if got else "taken",
            expected="thrown away" if wanted else "taken",
            mistake=slip,
        )


def some_exchange(
    rng: np.random.Generator,
    late: Sequence[int] = (),
    twice: Sequence[int] = (),
    unknown: Sequence[int] = (),
    count: int = 12,
    slots: int = 4,
    overtaken: Sequence[int] = (),
) -> Exchange:
    """Packets of a robot and their answers, some late by a round of the slots, some twice, some to nothing, and some
    overtaken by the next one's."""
    begins, behind = float(rng.uniform(50.0, 500.0)), float(rng.uniform(0.12, 0.3))
    events = []
    for packet in range(count):
        now = begins + PERIOD * packet
        quick, slow = rng.uniform(0.06, 0.09), PERIOD * slots + rng.uniform(0.01, 0.04)
        came = now + float(slow if packet in late else quick) + PERIOD * (1.5 if packet in overtaken else 0.0)
        events += [Event(now, packet), Event(came, packet, came - behind)]
        if packet in twice:
            events.append(Event(came + 0.005, packet, came - behind))
    for packet in unknown:
        now = begins + float(rng.uniform(0.0, PERIOD * count))
        events.append(Event(now, packet, now - behind))
    return Exchange(slots, sorted(events, key=lambda event: event.now))


def _same(ages: Sequence[Any], others: Sequence[float | None]) -> bool:
    return len(ages) == len(others) and all(
        age is other if age is None or other is None else abs(age - other) < 1e-6
        for age, other in zip(ages, others, strict=True)
    )
