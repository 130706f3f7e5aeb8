"""The pages that people read: one for each student, one on the class; each a single file with nothing from outside.

All text that comes from a submission is escaped by the templates; no script is in any page.
"""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from vla_course.course.manifest import Manifest
from vla_course.grading.class_run.history import Change
from vla_course.grading.class_run.similarity import Pair, Region
from vla_course.grading.intake.submit import release_of
from vla_course.grading.judging.verdicts import ExerciseVerdict, TestVerdict
from vla_course.grading.marks.gradebook import Grade
from vla_course.grading.marks.policy import Policy
from vla_course.grading.reports.charts import histogram
from vla_course.grading.reports.items import Item, counted, items_of_exercises, items_of_tests

if TYPE_CHECKING:
    from jinja2 import Environment

    from vla_course.grading.class_run.run import Run
    from vla_course.grading.intake.submission import Submission

SHOWN_PAIRS = 40
SHOWN_CHANGES = 60
SHOWN_REGIONS = 12
AROUND = 2  # lines shown before and after those that match
TONES = {"correct": "good", "partly": "warn", "not attempted": "info"}


@dataclass(frozen=True)
class ExerciseRow:
    """What the class made of one exercise."""

    id: str
    title: str
    share: float
    correct: int
    untouched: int
    seconds: float
    discrimination: float | None
    odd: bool


@dataclass(frozen=True)
class MistakeRow:
    """One known mistake and how many made it."""

    name: str
    exercise: str
    count: int
    hint: str


@dataclass(frozen=True)
class Line:
    number: int
    text: str
    matched: bool


@dataclass(frozen=True)
class Sides:
    """One match, both sides of it."""

    path: str
    left: tuple[Line, ...]
    right: tuple[Line, ...]


@dataclass(frozen=True)
class PairShown:
    left_name: str
    right_name: str
    score: float
    shared: int
    same_lines: int
    regions: tuple[Sides, ...]


class Pages:
    """Writes the pages of one class."""

    def __init__(self, manifest: Manifest, policy: Policy) -> None:
        self.policy = policy
        self.environment = _environment(manifest)

    def of_student(self, grade: Grade, changes: Sequence[Change] = ()) -> str:
        """The page that a student gets: marks, what failed, hints for known mistakes, their pictures.

        Of the class's `changes`, the student reads their own.
        """
        template = self.environment.get_template("student.html")
        hidden = any(test.hidden for mark in grade.marks for test in mark.verdict.tests)
        told = grade.late.note if grade.deducted else ""  # it stands beside the deduction
        notes = [note for note in grade.notes if note != told]
        own = [one for one in changes if one.student in (grade.key, grade.submission.alias)]
        requests = [(what, one) for what, one in grade.decisions if one.request]
        return template.render(
            grade=grade,
            policy=self.policy,
            notes=notes,
            anything_hidden=hidden,
            changes=own,
            requests=requests,
        )

    def of_marks_alone(self, grade: Grade) -> str:
        """The page of a student whose verdict no page can be made of: the marks, and that there is no more."""
        from markupsafe import escape

        rows = [f"{mark.verdict.exercise_id}: {mark.points:g} / {mark.verdict.out_of}" for mark in grade.marks]
        lines = [*rows, f"{grade.points:g} of {grade.out_of} points", *grade.notes, "Your instructor was told."]
        told = "".join(f"<p>{escape(line)}</p>" for line in lines)
        return f"<!doctype html><html lang=en><meta charset=utf-8><title>{escape(grade.name)}</title>{told}</html>\n"

    def of_class(self, run: Run) -> str:
        """The page for the instructor."""
        return self.environment.get_template("class.html").render(_class_context(run))


def _class_context(run: Run) -> dict[str, object]:
    submissions = {submission.key: submission for submission in run.submissions}
    names = {grade.key: grade.name for grade in run.grades}
    return dict(
        policy=run.policy,
        tiles=_tiles(run),
        remarks=run.remarks,
        histogram=histogram([grade.share for grade in run.grades if not grade.excused]),
        out_of=next((grade.out_of for grade in run.grades), 0),
        exercises=_exercises(run),
        odd_tests=[one for one in items_of_tests(run.grades) if one.odd],
        questions=_questions(run),
        mistakes=_mistakes(run),
        requests=[(one, what, asked) for one in run.grades for what, asked in one.decisions if asked.is_open],
        changes=run.changes[: -SHOWN_CHANGES - 1 : -1],
        grades=sorted(run.grades, key=lambda grade: (-grade.points, grade.name.casefold())),
        missing=run.missing,
        pairs=[_shown(pair, submissions, names) for pair in run.pairs[:SHOWN_PAIRS]],
        more_pairs=max(0, len(run.pairs) - SHOWN_PAIRS),
        timing=_timing(run),
        course_version=next((grade.verdict.course_version for grade in run.grades), ""),
        release=release_of(run.root),
    )


def _environment(manifest: Manifest) -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    here = Path(__file__).parent
    environment = Environment(
        loader=FileSystemLoader(here), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    filters: dict[str, Callable[..., object]] = {
        "points": lambda points: f"{points:.2f}".rstrip("0").rstrip("."),
        "signed": lambda points: f"{points:+.2f}".rstrip("0").rstrip(".").replace("-", "−"),
        "percent": lambda share: f"{100 * share:.0f} %",
        "correlation": lambda value: "–" if value is None else f"{value:.2f}".replace("-", "−"),
        "tone": lambda status: TONES.get(status, "bad"),
        "hint": lambda verdict, test: _hint(manifest, verdict, test),
    }
    environment.filters.update(filters)
    environment.globals["style"] = Markup((here / "style.css").read_text(encoding="utf-8"))
    parts = environment.get_template("parts.html").module
    environment.globals.update(bar=parts.bar, exercise=parts.exercise, question=parts.question)  # type: ignore[attr-defined]
    return environment


def _hint(manifest: Manifest, verdict: ExerciseVerdict, test: TestVerdict) -> str:
    """The hint for the mistake that the test recognised, once an exercise."""
    if test.mistake is None or verdict.integration:
        return ""
    first = next(one for one in verdict.tests if one.mistake == test.mistake and not one.passed)
    return manifest.exercise(verdict.exercise_id).mistakes.get(test.mistake, "") if first is test else ""


def _tiles(run: Run) -> list[tuple[str, str]]:
    shares = [grade.share for grade in run.grades if not grade.excused]
    tiles = [("submissions", str(len(run.grades)))]
    if shares:
        tiles += [
            ("mean", f"{100 * statistics.fmean(shares):.0f} %"),
            ("median", f"{100 * statistics.median(shares):.0f} %"),
            ("full marks", str(sum(share >= 1.0 for share in shares))),
        ]
    tiles.append(("late", str(sum(grade.late.days > 0 for grade in run.grades))))
    if run.roster or run.missing:
        tiles.append(("nothing handed in", str(sum(not one.excused for one in run.missing))))
    if excused := sum(bool(one.excused) for one in run.grades) + sum(bool(one.excused) for one in run.missing):
        tiles.append(("excused", str(excused)))
    if asked := sum(one.is_open for grade in run.grades for _, one in grade.decisions):
        tiles.append(("open request" if asked == 1 else "open requests", str(asked)))
    tiles.append(("pair to look at" if len(run.pairs) == 1 else "pairs to look at", str(len(run.pairs))))
    return tiles


def _exercises(run: Run) -> list[ExerciseRow]:
    by_id: dict[str, list[ExerciseVerdict]] = {}
    items = {one.id: one for one in items_of_exercises(run.grades)}
    for grade in run.grades:
        for mark in () if grade.excused else grade.marks:
            by_id.setdefault(mark.verdict.exercise_id, []).append(mark.verdict)
    rows = [
        ExerciseRow(
            exercise.id,
            exercise.title,
            share=statistics.fmean(one.points / one.out_of for one in verdicts),
            correct=sum(one.status == "correct" for one in verdicts),
            untouched=sum(one.status == "not attempted" for one in verdicts),
            seconds=statistics.median(one.seconds for one in verdicts),
            discrimination=item.discrimination if (item := items.get(exercise.id)) else None,
            odd=bool(item and item.odd),
        )
        for exercise in run.exercises
        if (verdicts := by_id.get(exercise.id))
    ]
    return sorted(rows, key=lambda row: row.share)


def _questions(run: Run) -> list[tuple[Item, int]]:
    """The questions that people mark, each with how many answers nobody has marked."""
    items = {one.id: one for one in items_of_exercises(run.grades)}
    left = Counter(
        one.question.id for grade in counted(run.grades) for one in grade.written if not one.marked
    )
    return [(items[one.id], left[one.id]) for one in run.questions if one.id in items]


def _mistakes(run: Run) -> list[MistakeRow]:
    """How many students made each known mistake, commonest first."""
    counts = Counter(
        found
        for grade in run.grades
        for mark in grade.marks
        for found in {
            (mark.verdict.exercise_id, test.mistake)
            for test in mark.verdict.tests
            if test.mistake and not test.passed
        }
    )
    rows = [
        MistakeRow(name, exercise_id, count, run.manifest.exercise(exercise_id).mistakes.get(name, ""))
        for (exercise_id, name), count in counts.items()
    ]
    return sorted(rows, key=lambda row: (-row.count, row.exercise, row.name))


def _timing(run: Run) -> str:
    seconds = sorted(grade.verdict.seconds for grade in run.grades if grade.verdict.seconds)
    if not seconds:
        return "Nothing ran."
    slowest = max(run.grades, key=lambda grade: grade.verdict.seconds)
    return (
        f"A submission took {statistics.median(seconds):.1f} s in the median, {seconds[0]:.1f} s at least and "
        f"{seconds[-1]:.1f} s at most ({slowest.name}); {run.fresh} graded in this run, the others kept from earlier."
    )


def _shown(pair: Pair, submissions: dict[str, Submission], names: dict[str, str]) -> PairShown:
    left, right = submissions[pair.left], submissions[pair.right]
    return PairShown(
        names.get(pair.left, left.name),
        names.get(pair.right, right.name),
        pair.score,
        pair.shared,
        pair.same_lines,
        tuple(
            Sides(
                str(region.path),
                _lines(left.text(region.path).split("\n"), region.left),
                _lines(right.text(region.path).split("\n"), region.right),
            )
            for region in _longest(pair.regions)
        ),
    )


def _longest(regions: Sequence[Region]) -> list[Region]:
    """The longest matches, in the order of the files."""
    ranked = sorted(regions, key=lambda region: region.left[0] - region.left[1])[:SHOWN_REGIONS]
    return sorted(ranked, key=lambda region: (str(region.path), region.left))


def _lines(text: Sequence[str], span: tuple[int, int]) -> tuple[Line, ...]:
    first, last = max(1, span[0] - AROUND), min(len(text), span[1] + AROUND)
    return tuple(
        Line(number, text[number - 1][:160], span[0] <= number <= span[1])
        for number in range(first, last + 1)
    )
