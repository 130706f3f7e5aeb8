"""Who changed what, when and why: `history.csv`, to which a line is added for every mark that changes, and none taken.

The first marks of a student are no change, unless somebody changed them by hand. From then on, whatever moves a mark
(a decision by hand, one taken back, a test that was mended, an extension) is a line.
"""

from __future__ import annotations

import getpass
import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from vla_course.course.errors import CourseError
from vla_course.course.source.keeping import write_atomically
from vla_course.grading.marks.adjustments import Adjustment
from vla_course.grading.marks.gradebook import Grade
from vla_course.grading.marks.reading import csv_text, read_csv

COLUMNS = ("when", "by", "student", "what", "before", "after", "total", "why")


@dataclass(frozen=True)
class Change:
    """One line of the history; `before` and `after` as they are printed, `total` what counts since."""

    when: str
    by: str
    student: str
    what: str
    before: str
    after: str
    total: str
    why: str


@dataclass(frozen=True)
class Part:
    """What counts of one thing, and by whose decisions: an exercise, a question, lateness, the total."""

    value: str
    earned: str
    decided: tuple[tuple[str, str], ...] = ()
    """who and why, of each decision by hand"""
    why: str = ""


def keep_history(
    out: Path, grades: Sequence[Grade], when: str, shown: Callable[[str], str] = str
) -> tuple[list[Change], list[str]]:
    """Add what has changed since the last run.

    Args:
        out: the folder of the graded class; the last marks are remembered in its `state/marks.json`.
        grades: of now.
        when: the time of this run, as it is printed.
        shown: how a line calls the student of that key.

    Returns:
        All changes there are, the oldest first; and a remark where somebody else has rewritten the file.
    """
    path, memory = out / "history.csv", out / "state" / "marks.json"
    known = _remembered(memory)
    before: dict[str, dict[str, Any]] = known.get("marks", {})
    new: list[Change] = []
    marks: dict[str, dict[str, Any]] = dict(before)
    for grade in grades:
        parts = dict(_parts(grade))
        new += _changes(before.get(grade.key), parts, grade, shown(grade.key), when)
        marks[grade.key] = {what: asdict(part) for what, part in parts.items()}
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    remarks = []
    if known and _digest(text[: known["length"]]) != known["digest"]:
        remarks.append("history.csv is not what was written there: somebody changed or removed lines by hand")
    if new:
        lines = [list(asdict(one).values()) for one in new]
        with path.open("a", encoding="utf-8", newline="") as stream:  # added, whatever stands there
            stream.write(csv_text(lines if text else [list(COLUMNS), *lines]))
        text = path.read_text(encoding="utf-8")
    remembered = {"length": len(text), "digest": _digest(text), "marks": marks}
    write_atomically(memory, json.dumps(remembered, indent=1) + "\n")
    return read_history(path), remarks


def read_history(path: Path) -> list[Change]:
    """Every line of the history; none where there is no file."""
    if not path.exists():
        return []
    return [Change(**{column: row[column] for column in COLUMNS}) for _, row in read_csv(path, *COLUMNS)]


def _parts(grade: Grade) -> Iterator[tuple[str, Part]]:
    for mark in grade.marks:
        yield mark.verdict.exercise_id, _part(mark.points, mark.verdict.points, mark.adjustments)
    for one in grade.written:
        yield one.question.id, _part(one.points, one.earned, one.adjustments)
    late = f"{grade.late.share:.0%} deducted"
    yield "lateness", Part(late, late, why=grade.late.note)
    yield "total", _part(grade.points, grade.before_policy - grade.deducted, grade.adjustments)
    excused = "excused" if grade.excused else "counts"
    yield "excused", Part(excused, excused, why=grade.excused)


def _part(points: float, earned: float, adjustments: Sequence[Adjustment]) -> Part:
    decided = tuple((one.by, _why(one)) for one in adjustments)
    return Part(f"{points:g}", f"{earned:g}", decided)


def _why(one: Adjustment) -> str:
    if one.is_open:
        return f"asked: {one.request}"
    asked = f" (asked: {one.request})" if one.request else ""
    kept = "" if one.changes else "stays: "
    change = "" if one.points is None else f" ({one.points:+g})"
    return f"{kept}{one.reason}{change}{asked}"


def _changes(
    before: dict[str, Any] | None, parts: dict[str, Part], grade: Grade, shown: str, when: str
) -> Iterator[Change]:
    for what, now in parts.items():
        if before is None:
            old = Part(now.earned, now.earned) if what not in ("lateness", "excused") else now
        else:
            old = _read(before.get(what), now)
        moved = what != "total" and old.value != now.value  # what moves the total is a line of its own
        if not moved and old.decided == now.decided:
            continue
        added = [one for one in now.decided if one not in old.decided]
        taken = [one for one in old.decided if one not in now.decided]
        why = [reason for _, reason in added] + [f"taken back: {reason}" for _, reason in taken]
        if old.earned != now.earned and what not in ("lateness", "excused", "total"):
            why.append("graded anew: the answer, a test or a marker's points changed")
        why += [] if why else [now.why or "the rules of the class changed"]
        by = next((who for who, _ in added if who), "") or _account()
        yield Change(when, by, shown, what, old.value, now.value, f"{grade.points:g}", "; ".join(why))


def _read(kept: dict[str, Any] | None, now: Part) -> Part:
    """What was remembered of that part; of one that did not count then, what was earned."""
    if kept is None:
        return Part(now.earned, now.earned)
    return Part(kept["value"], kept["earned"], tuple((by, why) for by, why in kept["decided"]), kept["why"])


def _account() -> str:
    """Who runs this, as the machine knows them."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "somebody"


def _remembered(memory: Path) -> dict[str, Any]:
    if not memory.exists():
        return {}
    try:
        known = json.loads(memory.read_text(encoding="utf-8"))
        return {"length": int(known["length"]), "digest": str(known["digest"]), "marks": dict(known["marks"])}
    except (OSError, ValueError, KeyError, TypeError):
        raise CourseError(
            f"{memory} cannot be read: it remembers the last marks; delete it, and the history goes on from now"
        ) from None


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", errors="surrogateescape")).hexdigest()
