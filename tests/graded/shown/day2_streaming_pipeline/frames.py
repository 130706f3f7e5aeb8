"""Frames that are put into a queue and taken out of it, one by one; and what others would make of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from vla_course.course.checking.beside import beside
from vla_course.course.checking.judging import expect
from vla_course.serving.inference.scripted_condition import ScriptedCondition

Told = list[int | None]
"""what each `put` and `get` returned, then what was left at the end, then how many had to make room"""

Put = Callable[[list[int], int, int], tuple[list[int], int | None, int]]
"""from items, capacity and a new one to items, what is returned, and how many are counted"""


def right(items: list[int], capacity: int, new: int) -> tuple[list[int], int | None, int]:
    """The oldest makes room."""
    room = len(items) < capacity
    return ([*items, new], None, 0) if room else ([*items[1:], new], items[0], 1)


SLIPS: dict[str, Put] = {
    "newest-dropped": lambda items, capacity, new: (
        right(items, capacity, new) if len(items) < capacity else (items, new, 1)
    ),
    "unbounded": lambda items, capacity, new: ([*items, new], None, 0),
    "last-overwritten": lambda items, capacity, new: (
        right(items, capacity, new) if len(items) < capacity else ([*items[:-1], new], items[-1], 1)
    ),
    "all-thrown-away": lambda items, capacity, new: (
        right(items, capacity, new) if len(items) < capacity else ([new], items[0], len(items))
    ),
    "not-told": lambda items, capacity, new: (
        *right(items, capacity, new)[:1],
        None,
        right(items, capacity, new)[2],
    ),
    "not-counted": lambda items, capacity, new: (*right(items, capacity, new)[:2], 0),
    "room-too-early": lambda items, capacity, new: (
        right(items, capacity - 1, new) if items else ([new], None, 0)
    ),
}


@dataclass(frozen=True)
class Traffic:
    """A queue's capacity, and what is done: a frame's number is put in, None takes one out."""

    capacity: int
    moves: list[int | None]

    def told(self, put: Put) -> Told:
        """What comes of it."""
        items: list[int] = []
        found: Told = []
        dropped = 0
        for move in self.moves:
            if move is None:
                found.append(items.pop(0) if items else None)
            else:
                items, back, more = put(items, self.capacity, move)
                found.append(back)
                dropped += more
        return [*found, *items, dropped]

    def asked(self, student: Any) -> Told:
        """The same of the student's queue."""
        condition = beside(student, ScriptedCondition)()
        queue = student.NewestQueue(self.capacity, condition)
        found: Told = []
        for move in self.moves:
            found.append(queue.get(0.0) if move is None else put(queue, condition, move))
        return [*found, *queue.close(), queue.dropped]


def put(queue: Any, condition: Any, frame: int) -> Any:
    """Put a frame in; nobody waits for room meanwhile, and nobody else can be there in the midst of it."""
    begun = len(condition.history)
    try:
        back = queue.put(frame)
        done = list(condition.history)[begun:]
        free = [n for n in range(1, len(done)) if done[:n].count("locks") == done[:n].count("unlocks")]
        expect(
            not free,
            "`put` lets go of `_changed` and takes it again: another thread can be there in the midst of it",
            got=", ".join(done),
            expected="locks, wakes, unlocks",
            mistake="let-go-in-between",
        )
        return back
    except RuntimeError:
        expect(
            "waits" not in list(condition.history)[begun:],
            "`put` waits for room, and nobody takes anything out: the camera stands still",
            mistake="waits-for-room",
        )
        raise


def expect_traffic(student: Any, *several: Traffic) -> None:
    """Expect what each queue gives back; a mistake is named where it explains all of them."""
    found = [traffic.asked(student) for traffic in several]
    slip = next(
        (name for name, put in SLIPS.items() if [traffic.told(put) for traffic in several] == found), None
    )
    for traffic, got in zip(several, found, strict=True):
        moves = ", ".join("get" if move is None else f"put {move}" for move in traffic.moves)
        expect(
            got == traffic.told(right),
            f"a queue of {traffic.capacity}: {moves}; what each returns, what is left, how many made room",
            got=got,
            expected=traffic.told(right),
            mistake=slip,
        )


def some_traffic(rng: np.random.Generator, capacity: int, count: int = 12) -> Traffic:
    """More frames than are taken out, so that the queue is full again and again; now and then it is empty."""
    moves: list[int | None] = [7 + number for number in range(count)]
    for place in sorted(rng.choice(np.arange(capacity + 2, count), 4, replace=False), reverse=True):
        moves.insert(int(place), None)
    return Traffic(capacity, [None, *moves])
