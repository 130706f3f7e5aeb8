"""One grading of a class under way: what was asked, what the steps have found so far, who is told how far it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from vla_course.course.manifest import Exercise, Manifest
from vla_course.course.root import CourseRoot
from vla_course.grading.class_run.history import Change
from vla_course.grading.class_run.scheduler import GRADER, Backend
from vla_course.grading.class_run.similarity import Pair
from vla_course.grading.class_run.state import State
from vla_course.grading.intake.submission import Submission
from vla_course.grading.judging.verdicts import SubmissionVerdict
from vla_course.grading.marks.canvas import CanvasGradebook
from vla_course.grading.marks.gradebook import Grade
from vla_course.grading.marks.policy import Person, Policy
from vla_course.grading.marks.rubric import Question
from vla_course.grading.marks.rules import Rules


class Progress(Protocol):
    """Told how far a step is."""

    def step(self, title: str) -> None: ...
    def total(self, total: int, done: int) -> None: ...
    def advance(self, what: str) -> None: ...


class Silent:
    """Tells nobody."""

    def step(self, title: str) -> None: ...
    def total(self, total: int, done: int) -> None: ...
    def advance(self, what: str) -> None: ...


@dataclass
class Run:
    """One grading of a class: what was asked, and what the steps have found so far."""

    place: Path
    out: Path
    root: CourseRoot
    manifest: Manifest
    policy: Policy
    policy_path: Path | None
    seed: int
    level: str
    backend: Backend
    grader: str = GRADER
    progress: Progress = field(default_factory=Silent)
    submissions: list[Submission] = field(default_factory=list)
    rules: Rules | None = None
    """what the instructor wrote, by the students' keys"""
    verdicts: dict[str, SubmissionVerdict] = field(default_factory=dict)
    """by the student's key"""
    fresh: int = 0
    """how many were graded now; the others were kept from earlier runs"""
    ungraded: dict[str, str] = field(default_factory=dict)
    """students whose grader failed, and how: they have no marks, which is not the same as none earned"""
    grades: list[Grade] = field(default_factory=list)
    roster: Sequence[Person] = ()
    questions: Sequence[Question] = ()
    """which people mark"""
    gradebook: CanvasGradebook | None = None
    """as Canvas exported it"""
    missing: list[Person] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    """of marks, the oldest first"""
    pairs: list[Pair] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    """for whoever runs it: things that are odd and stop nothing"""
    shown: Run | None = field(default=None, repr=False)
    """this run as markers may see it: without names where the policy says so"""

    @property
    def state(self) -> State:
        return State(self.out / "state")

    @property
    def exercises(self) -> tuple[Exercise, ...]:
        """Those that count."""
        chosen = self.policy.exercises
        return tuple(one for one in self.manifest.exercises if not chosen or one.id in chosen)

    @property
    def beside_policy(self) -> Path:
        """Where files that the policy names are."""
        return self.policy_path.parent if self.policy_path else Path.cwd()


@dataclass(frozen=True)
class Step:
    title: str
    do: Callable[[Run], None]
