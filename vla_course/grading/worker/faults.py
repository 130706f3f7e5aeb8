"""What a student's code raised, raised again on the grader's side: a type by name, and text. Nothing else crosses."""

from __future__ import annotations

from functools import cache

MESSAGE = 500

_KNOWN: dict[str, type[Exception]] = {
    kind.__name__: kind
    for kind in (
        ArithmeticError, AssertionError, AttributeError, BufferError, EOFError, FileNotFoundError,
        FloatingPointError, ImportError, IndexError, KeyError, LookupError, MemoryError, ModuleNotFoundError,
        NameError, NotImplementedError, OSError, OverflowError, PermissionError, RecursionError, ReferenceError,
        RuntimeError, TimeoutError, TypeError, UnboundLocalError, ValueError, ZeroDivisionError,
    )
}  # fmt: skip


class StudentRaised(Exception):
    """The student's code raised; `told` says what and where, in one sentence."""

    told: str = ""


@cache
def _kind(name: str) -> type[StudentRaised]:
    """A class that is both `StudentRaised` and the built-in exception of that name."""
    return type(name, (StudentRaised, _KNOWN[name]), {})


def raised(names: list[object], message: str, told: str) -> StudentRaised:
    """The exception whose class and bases have these names, as near as the built-in ones come."""
    known = next((name for name in names if isinstance(name, str) and name in _KNOWN), None)
    fault = (_kind(known) if known else StudentRaised)(printable(message))
    fault.told = printable(told)
    return fault


def printable(text: object, *, lines: bool = False, length: int = 0) -> str:
    """Text of the worker's as it may be shown: bounded, without control characters; with `lines`, line ends stay."""
    if isinstance(text, bytes):
        text = text.decode("utf-8", errors="replace")
    bounded = str(text) if lines else str(text)[: length or MESSAGE]
    return "".join(
        character if character.isprintable() or (lines and character in "\n\t") else "?" for character in bounded
    )
