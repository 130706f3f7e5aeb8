"""Verdicts and submissions written down directly, so that nothing has to be graded to try what becomes of marks."""

from pathlib import PurePosixPath

from vla_course.grading.intake.submission import Submission
from vla_course.grading.judging.verdicts import ExerciseVerdict, SubmissionVerdict, TestVerdict
from vla_course.grading.marks.gradebook import Grade, grades_of
from vla_course.grading.marks.groups import share_out
from vla_course.grading.marks.policy import Policy, Stamp
from vla_course.grading.marks.rules import resolve

STATS = PurePosixPath("day1_numbers/stats.py")


def submission(name: str, number: str = "", text: str = "", **more) -> Submission:
    key = "-".join(filter(None, [name.lower().replace(" ", "-"), number]))
    more.setdefault("originals", (f"{name}.zip",))
    more.setdefault("came_by", more.get("platform", ""))
    return Submission(
        key, name, number, more["originals"][0], {STATS: (text or f"# {name}").encode()}, **more
    )


def exercise(exercise_id: str, points: float, out_of: int = 4, **more) -> ExerciseVerdict:
    """An exercise of two tests: the shown one holds from half of the points on, the hidden one with all of them."""
    half = out_of // 2
    tests = (
        TestVerdict(f"s/{exercise_id}", f"{exercise_id} holds", False, half, points >= half),
        TestVerdict(f"h/{exercise_id}", f"any {exercise_id} holds", True, out_of - half, points >= out_of),
    )
    status = "correct" if points >= out_of else "partly" if points else "wrong"
    return ExerciseVerdict(exercise_id, f"Title {exercise_id}", status, float(points), out_of, tests, **more)


def verdict(*exercises: ExerciseVerdict) -> SubmissionVerdict:
    points, out_of = sum(one.points for one in exercises), sum(one.out_of for one in exercises)
    return SubmissionVerdict("x", exercises, points, out_of, 7, "0.1.0", "limits", 1.0)


def grades(*pairs, groups=(), written=None, times=(), **rules) -> list[Grade]:
    """The grades of pairs of a submission and the points of its two exercises, 1.1 and 1.2, of 4 each.

    `groups` and `rules` call students as people do; `written` is by key.
    """
    points = {one.key: (first, second) for one, first, second in pairs}
    content = {one.content: one.key for one, _, _ in pairs}
    shared = share_out([one for one, _, _ in pairs], groups, rules.get("roster", ()), lambda remark: None)
    found = resolve(
        shared, times=[Stamp(name, time, 2) for name, time in times], **({"policy": Policy()} | rules)
    )
    found.written = written or {}
    graded = []
    for one in shared:
        first, second = points.get(one.key) or points[content[one.content]]
        graded.append((one, verdict(exercise("1.1", first), exercise("1.2", second))))
    return grades_of(graded, found)
