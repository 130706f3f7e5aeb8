"""What came of episodes, and the file that keeps it: a line each, written as soon as it is there."""

from __future__ import annotations

import fcntl
import json
from collections.abc import Iterator, Set
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from math import inf, isfinite
from pathlib import Path
from typing import IO, Final, TypeVar, get_type_hints

from vla_course.learning.evaluation.chains import LENGTH
from vla_course.learning.evaluation.episodes import EvaluationFault, of_key


@dataclass(frozen=True)
class Outcome:
    """What came of an episode."""

    key: str
    done: bool
    trouble: str = ""
    """what went wrong"""
    fell: bool = False
    other: bool = False
    """whether what was not asked for was done"""
    sure: float = 0.0
    simulated: float = 0.0
    """s"""
    computed: float = 0.0
    """s of the processor"""
    sentence: str = ""
    pair: str = ""
    in_row: int = 0
    """of a chain: how many of its commands were done before the first that was not"""


Kind = TypeVar("Kind")
_CALLED: Final = {str: "text", bool: "true or false", int: "a whole number", float: "a number"}


def read_plain(kind: type[Kind], told: object, needed: Set[str], where: str, what: str) -> Kind:
    """Return a dataclass of plain values from what JSON told.

    Args:
        kind: of dataclass.
        told: by JSON.
        needed: the fields that must be there; others may be.
        where: for people, where it was told.
        what: for people, what it is to be.

    Raises:
        EvaluationFault: a field is missing, unknown, or of another type; the message names it.
    """
    types = get_type_hints(kind)
    if not isinstance(told, dict) or not needed <= told.keys() <= types.keys():
        raise EvaluationFault(
            f"{where} is {str(told)[:60]!r}, expected the fields of {what}: {', '.join(sorted(types))}"
        )
    for name, value in told.items():
        fits = type(value) is types[name] or (types[name] is float and type(value) is int)
        if not fits:
            raise EvaluationFault(f"{where}: {name} is {value!r}, expected {_CALLED[types[name]]}")
    return kind(**told)


def read_outcomes(path: Path) -> dict[str, Outcome]:
    """Return the outcomes in a file, by the keys of their episodes; none where there is no file.

    A last line that was cut off, because whoever wrote it was killed, is none.

    Raises:
        EvaluationFault: another line is not an outcome, or an episode is there twice.
    """
    found: dict[str, Outcome] = {}
    try:
        lines = path.read_text(encoding="utf-8").split("\n") if path.exists() else [""]
    except UnicodeDecodeError:
        raise EvaluationFault(f"{path} is damaged, expected lines of JSON") from None
    for number, line in enumerate(lines[:-1], start=1):  # what comes after the last line's end was cut off
        if not line.strip():
            continue
        outcome = _outcome(line, f"{path}, line {number}")
        if outcome.key in found:
            raise EvaluationFault(f"{path}, line {number}: {outcome.key} is there twice, expected once")
        found[outcome.key] = outcome
    return found


def _outcome(line: str, where: str) -> Outcome:
    try:
        told = json.loads(line)
    except ValueError:
        raise EvaluationFault(f"{where} is damaged ({line[:40]!r}), expected an outcome as JSON") from None
    outcome = read_plain(Outcome, told, {"key", "done"}, where, "an outcome")
    for name, most in (("sure", 1.0), ("simulated", inf), ("computed", inf), ("in_row", LENGTH)):
        value = getattr(outcome, name)
        if not (0.0 <= value <= most and isfinite(value)):
            raise EvaluationFault(f"{where}: {name} is {value}, expected 0 or more, finite, at most {most}")
    try:
        of_key(outcome.key)
    except EvaluationFault as fault:
        raise EvaluationFault(f"{where}: {fault}") from None
    return outcome


@contextmanager
def kept_in(path: Path) -> Iterator[OutcomeFile]:
    """Open a file of outcomes to go on with; nobody else can meanwhile.

    Raises:
        EvaluationFault: it is damaged, or somebody else is at it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise EvaluationFault(
                f"somebody else is writing {path}, expected nobody to: wait, or evaluate into another folder"
            ) from None
        found = read_outcomes(path)
        _cut_back(path)
        yield OutcomeFile(file, found)


def _cut_back(path: Path) -> None:
    """Take off a last line that was cut off."""
    data = path.read_bytes()
    whole = data[: data.rfind(b"\n") + 1]
    if len(whole) < len(data):
        with path.open("r+b") as file:
            file.truncate(len(whole))


class OutcomeFile:
    """A file of outcomes that is being written; `found` are all that are there."""

    def __init__(self, file: IO[str], found: dict[str, Outcome]) -> None:
        self._file, self.found = file, found

    def keep(self, outcome: Outcome) -> None:
        """Keep an outcome, unless the episode has one already: the same episode has the same outcome."""
        if outcome.key in self.found:
            return
        self.found[outcome.key] = outcome
        self._file.write(json.dumps(asdict(outcome)) + "\n")
        self._file.flush()
