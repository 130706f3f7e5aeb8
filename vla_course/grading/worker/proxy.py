"""The student's module, classes and objects as a graded test sees them: each access is a question to the worker."""

from __future__ import annotations

from typing import Any, NoReturn, Protocol

from vla_course.grading.worker.values import Unsendable


class Session(Protocol):
    """Whom a `Remote` asks: one worker being talked to (`session.Session`). Objects have numbers there."""

    def get(self, number: int, name: str) -> tuple[Any, bool]:
        """Return an attribute, and whether it stays what it is."""

    def set(self, number: int, name: str, value: object) -> None: ...

    def call(self, number: int, positional: tuple[Any, ...], named: dict[str, Any]) -> Any: ...

    def beside(self, module: str, name: str) -> Remote: ...


class Remote:
    """Something that lives in the worker: a module, a class, a function, an instance.

    Attributes and calls go to the worker; names that begin with an underscore never do, so that NumPy, pytest
    and the like learn nothing of it but what stands here. It has no truth value and equals nothing: a test that
    compares it fails instead of passing by chance.
    """

    __slots__ = ("_lasting", "_number", "_session")

    def __init__(self, session: Session, number: int) -> None:
        object.__setattr__(self, "_session", session)
        object.__setattr__(self, "_number", number)
        object.__setattr__(self, "_lasting", {})

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        found = self._lasting.get(name)
        if found is None:
            found, lasting = self._session.get(self._number, name)
            if lasting and isinstance(found, Remote):
                self._lasting[name] = found
        return found

    def __setattr__(self, name: str, value: object) -> None:
        if name.startswith("_"):
            raise AttributeError(name)
        self._session.set(self._number, name, value)

    def __call__(self, *positional: Any, **named: Any) -> Any:
        return self._session.call(self._number, positional, named)

    def __beside__(self, module: str, name: str) -> Remote:
        """A function or class of the frame as the worker has it (`course.checking.beside`)."""
        return self._session.beside(module, name)

    def __repr__(self) -> str:
        return "an object of the student's code"

    def __bool__(self) -> bool:
        self._no_value()

    def __eq__(self, other: object) -> bool:
        self._no_value()

    def __ne__(self, other: object) -> bool:
        self._no_value()

    __hash__ = object.__hash__

    def __reduce_ex__(self, protocol: Any) -> NoReturn:
        raise TypeError("an object of the student's code stays in its worker")

    def _no_value(self) -> NoReturn:
        raise TypeError("an object of the student's code, expected a value: a number, an array, True or False")


def handle_of(remote: Remote, session: Session) -> int:
    """The number by which the worker knows it."""
    if remote._session is not session:
        raise Unsendable("an object of another worker")
    number: int = remote._number
    return number
