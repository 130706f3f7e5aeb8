"""The worker: raises its walls, loads the student's module and answers the grader's calls.

Everything here runs beside the student's code and is at its mercy: nothing that it sends is believed.
"""

from __future__ import annotations

import importlib
import os
import sys
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any

from vla_course.course.checking.no_debugger import without_debugger
from vla_course.course.checking.tensors import seed_torch
from vla_course.grading.walls.limits import confine
from vla_course.grading.worker.values import Decoder, Encoder, Unsendable, WireError, has_changed
from vla_course.grading.worker.wire import (
    CALL,
    DOES_NOT_LOAD,
    FRAME,
    GET,
    LOAD,
    NOT_ATTEMPTED,
    RAISED,
    SEED,
    SET_ATTRIBUTE,
    SHUT,
    VALUE,
    Closed,
    Wire,
    pack,
)

MAX_HANDLES = 100_000
MAX_MESSAGE = 2000
SILENT = "an exception that does not say what it is"
_LASTING = (FunctionType, MethodType, BuiltinFunctionType, type)


def main(job: dict[str, Any]) -> None:
    """Serve until the grader hangs up. `job` is what `sandbox.py` puts on the command line."""
    walls = confine(job["cpu"], job["readable"], job["writable"], filter_calls=job["filter"])
    for name in ("numpy", *job["preload"]):  # before the clock of the student's budget runs
        importlib.import_module(name)

    import vla_course.reference

    vla_course.reference.__path__ = [job["reference"]]
    without_debugger(print)
    wire = Wire(job["read"], job["write"])
    wire.send(pack([VALUE, walls]))
    worker = _Worker(job)
    try:
        while True:
            wire.send(worker.answer(wire.receive()))
    except Closed:
        os._exit(SHUT)


class _Worker:
    def __init__(self, job: dict[str, Any]) -> None:
        self.job = job
        self.objects: list[object] = []
        self.numbers: dict[int, int] = {}

    def answer(self, request: list[Any]) -> bytes:
        """The packed reply to one request, whatever the student's code does."""
        given: list[Any] = []
        try:
            decoder = Decoder(self._object)
            given = decoder.changeable
            result = self._do(decoder, *request)
            tree = Encoder(self._number).encode(result)
            return pack([VALUE, tree, _changed(given), isinstance(result, _LASTING)])
        except BaseException as fault:
            try:
                return pack(self._told(fault, given, loading=request[0] == LOAD))
            except BaseException:  # it raises where it is asked what it is
                return pack([RAISED, ["Exception"], SILENT, SILENT, False])

    def _do(self, decoder: Decoder, operation: int, *parts: Any) -> object:
        if operation == LOAD:
            return self._load()
        if operation == FRAME:
            module, name = parts
            return getattr(importlib.import_module(module), name)
        if operation == SEED:
            seed_torch(*parts)
            return None
        number, *rest = parts
        target: Any = self.objects[number]
        if operation == GET:
            return getattr(target, rest[0])
        if operation == SET_ATTRIBUTE:
            setattr(target, rest[0], decoder.decode(rest[1]))
            return None
        if operation == CALL:
            positional, named = rest
            return target(*decoder.decode(positional), **decoder.decode(named))
        raise WireError(f"operation {operation}")

    def _load(self) -> object:
        from vla_course.course.checking.student import load_student
        from vla_course.course.manifest import Day, Exercise

        place = self.job["exercise"]
        day = Day(0, place["folder"], "")
        exercise = Exercise(place["id"], "", day, place["file"], place["symbol"], 1, 1, 1, "", (), {})
        return load_student(exercise)

    def _told(self, fault: BaseException, given: list[Any], *, loading: bool) -> list[Any]:
        from vla_course.course.checking.student import DoesNotLoad, describe
        from vla_course.course.exercise import NotAttempted

        if isinstance(fault, NotAttempted):
            return [NOT_ATTEMPTED, str(fault.exercise_id)[:20]]
        if isinstance(fault, DoesNotLoad) and loading:
            return [DOES_NOT_LOAD, str(fault)[:MAX_MESSAGE]]
        names = [_name(kind)[:80] for kind in _bases(type(fault))[:10]]
        try:
            message, place = str(fault)[:MAX_MESSAGE], describe(fault)[:MAX_MESSAGE]
            if isinstance(fault, Unsendable):
                place = message
        except BaseException:
            message = place = f"{names[0]}, which does not say why"
        return [RAISED, names, message, place, _changed(given)]

    def _number(self, value: object) -> int:
        if id(value) not in self.numbers:
            if len(self.objects) >= MAX_HANDLES:
                raise Unsendable(f"more than {MAX_HANDLES} objects cannot be handed out")
            self.numbers[id(value)] = len(self.objects)
            self.objects.append(value)
        return self.numbers[id(value)]

    def _object(self, number: int) -> object:
        return self.objects[number]


# What a class is, asked past its metaclass, which may be the student's.
_bases = type.__dict__["__mro__"].__get__
_name = type.__dict__["__name__"].__get__


def _changed(given: list[Any]) -> bool:
    """Whether the call has changed in place anything that it was given."""
    return any(has_changed(value, came) for value, came in given)


def start() -> None:
    """What the sandbox starts: the job is the last word on the command line."""
    import json

    main(json.loads(sys.argv[-1]))
