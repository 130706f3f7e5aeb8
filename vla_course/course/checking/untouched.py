"""What an exercise is given stays as it is: whoever passes it in still needs it.

`watch` looks at the arguments of the student's function before and after each call. What the call has changed is
put back before anybody computes with it, or the truth would be computed from the spoilt input and the card would
call the right numbers wrong; and the judge is told, and fails one property for it. Where an answer is the changed
array itself it keeps its numbers, as it does where answers come through a wire.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from types import FunctionType
from typing import Any

import numpy as np

from vla_course.course.checking.tensors import is_tensor, keep_tensor, put_tensor_back, same_tensor

DEPTH = 4
"""how deep arrays may lie in lists, tuples, dicts and dataclasses, and still be looked at"""


def spoilt(names: list[str]) -> str:
    """The sentence that a student reads; `names` are the parameters that were changed, none twice."""
    which = " and ".join(f"`{name}`" for name in names)
    return f"your function changes {which}, which whoever passes it in still needs: work on a copy"


def watch(student: object, symbol: str, note: Callable[[str], None]) -> None:
    """Put a watched function in place of the exercise's own; `note` gets the name of each parameter it changes.

    `symbol` is `function` or `Class.method` in the module `student`. Watching it twice is watching it once.
    Properties and classes have no arguments of somebody else's and are left as they are.
    """
    *path, name = symbol.split(".")
    holder: Any = functools.reduce(getattr, path, student)
    found = inspect.getattr_static(holder, name)
    is_method = isinstance(holder, type) and not isinstance(found, staticmethod)
    function = found.__func__ if isinstance(found, staticmethod | classmethod) else found
    if not isinstance(function, FunctionType) or hasattr(function, "__watched__"):
        return
    watched = _watched(function, note, skip=1 if is_method else 0)
    setattr(holder, name, type(found)(watched) if function is not found else watched)


def _watched(function: FunctionType, note: Callable[[str], None], *, skip: int) -> Callable[..., Any]:
    names = _names(function)
    busy = False  # what the function passes to itself is its own

    @functools.wraps(function)
    def watched(*positional: Any, **named: Any) -> Any:
        nonlocal busy
        if busy:
            return function(*positional, **named)
        given = [(names(number), value) for number, value in enumerate(positional)][skip:] + [*named.items()]
        kept = [(name, leaf, _copy(leaf)) for name, value in given for leaf in _leaves(value)]
        busy, answer = True, None
        try:
            answer = function(*positional, **named)
        finally:
            busy = False
            changed = [one for one in kept if not _same(*one[1:])]
            answer = _apart(answer) if changed else answer
            for name, leaf, before in changed:
                _put_back(leaf, before)
                note(name)
        return answer

    watched.__watched__ = True  # type: ignore[attr-defined]
    return watched


def _names(function: FunctionType) -> Callable[[int], str]:
    """Which parameter the argument of that number belongs to; those of `*rest` to `rest`."""
    parameters = [*inspect.signature(function).parameters]
    return lambda number: parameters[min(number, len(parameters) - 1)]


def _leaves(value: Any, depth: int = 0) -> Iterator[Any]:
    """Everything in a value that can be changed in place."""
    if isinstance(value, np.ndarray):
        if value.flags.writeable and not value.dtype.hasobject:
            yield value
    elif is_tensor(value):
        yield value
    elif depth < DEPTH:
        if isinstance(value, list | dict):
            yield value
        if is_dataclass(value) and not isinstance(value, type):
            inside: Any = [getattr(value, field.name, None) for field in fields(value)]
        else:
            inside = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
        for element in inside:
            yield from _leaves(element, depth + 1)


def _apart(answer: Any) -> Any:
    """The answer with arrays of its own."""
    if type(answer) is tuple:
        return tuple(map(_apart, answer))
    if type(answer) is list:
        return [*map(_apart, answer)]
    if is_tensor(answer):
        return answer.clone()
    return answer.copy() if isinstance(answer, np.ndarray) else answer


def _copy(leaf: Any) -> Any:
    return keep_tensor(leaf) if is_tensor(leaf) else leaf.copy()


def _same(leaf: Any, before: Any) -> bool:
    if isinstance(leaf, np.ndarray):
        same: bool = leaf.shape == before.shape and leaf.tobytes() == before.tobytes()
        return same
    if is_tensor(leaf):
        return same_tensor(leaf, before)
    if isinstance(leaf, dict):
        return [*leaf] == [*before] and all(leaf[key] is before[key] for key in leaf)
    return len(leaf) == len(before) and all(map(lambda one, other: one is other, leaf, before))


def _put_back(leaf: Any, before: Any) -> None:
    if isinstance(leaf, np.ndarray):
        np.copyto(leaf.reshape(before.shape) if leaf.shape != before.shape else leaf, before)
    elif is_tensor(leaf):
        put_tensor_back(leaf, before)
    elif isinstance(leaf, dict):
        leaf.clear()
        leaf.update(before)
    else:
        leaf[:] = before
