"""What grading a whole class takes and gives, hostile and broken submissions among it, in three ways."""

import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from grading_bench import ROOT, Bench, names
from grading_class import BROKEN, HOSTILE, Classroom, Student
from report import Figure

PASSES = ("one by one", "in parallel", "on a cluster")


Passes = dict[str, dict[str, Any]]
"""by how it graded: the values of a `Pass`, and who was in the class"""


def of_a_class(bench: Bench) -> list[Figure]:
    """A class with hostile and broken submissions among them: graded three times, anew each time."""
    counts = (3, HOSTILE[5:6], BROKEN[:1]) if bench.quick else (80, HOSTILE, BROKEN)
    ids = bench.ids[:3] if bench.quick else bench.ids

    def graded(how: str) -> dict[str, Any]:
        classroom = Classroom(ROOT, ids, bench.seed)
        with tempfile.TemporaryDirectory(prefix="vla-students-") as folder:
            students = [asdict(one) for one in classroom.build(Path(folder), *counts)]
            return {"students": students, **asdict(classroom.grade(Path(folder), how))}

    passes = {how: bench.measure(f"class {how}", lambda how=how: graded(how)) for how in PASSES}
    students = [Student(**values) for values in passes[PASSES[0]]["students"]]
    return [*verdicts(passes, students), *costs(passes, len(students)), *sameness(passes, len(students))]


def verdicts(passes: Passes, students: Sequence[Student]) -> list[Figure]:
    """Whether each submission got a verdict, and each answer what it deserves; whether anything was harmed."""
    marks = passes[PASSES[0]]["marks"]
    silent = [
        f"{how}: {one.key}" for how in PASSES for one in students if one.key not in passes[how]["marks"]
    ]
    unjust = [f"{one.key} {name}" for one in students for name in one.due if not just(one, name, marks)]
    harmed = [how for how in PASSES if passes[how]["touched"] or passes[how]["left"]]
    names("without a verdict", silent)
    names("answers not paid as they deserve", unjust)
    names("passes after which something was touched or still ran", harmed)
    for kind in ("hostile", "broken"):
        names(kind, [f"{one.what}: {ended(one, marks)}" for one in students if one.kind == kind])
    n, answers = len(students), sum(len(one.due) for one in students)
    unpaid = "answers not paid as they deserve, hostile submissions' included"
    return [
        zero(f"submissions of {n} without a verdict, three passes", len(silent), 3 * n),
        zero(unpaid, len(unjust), answers),
        zero("passes that left a process or touched a file", len(harmed), len(PASSES)),
    ]


def costs(passes: Passes, n: int) -> list[Figure]:
    """Time and memory; the load tells how much else the machine was doing."""
    figures = []
    for how, values in passes.items():
        figures.append(Figure(f"wall time a submission, {how}", values["seconds"] / n, "s", n=n))
        figures.append(Figure(f"load average meanwhile, {how}", values["load"], ""))
        figures.append(Figure(f"peak memory of all processes, {how}", values["tree_mib"], "MiB", n=n))
    largest = max(values["process_mib"] for values in passes.values())
    return [*figures, Figure("peak memory of one process, memory hogs included", largest, "MiB", n=3 * n)]


def sameness(passes: Passes, n: int) -> list[Figure]:
    """Whether the marks depend on how the class was graded."""
    first = passes[PASSES[0]]["grades"]
    figures = [
        zero(f"lines of grades.csv other than one by one, {how}", differing(first, passes[how]["grades"]), n)
        for how in PASSES[1:]
    ]
    killed = float(passes["on a cluster"]["killed"])
    return [*figures, Figure("workers of the cluster killed in mid-run", killed, "", bar=">= 1")]


def zero(name: str, value: int, n: int) -> Figure:
    """A count that must be none."""
    return Figure(name, float(value), "", bar="<= 0", n=n)


def just(student: Student, exercise_id: str, marks: dict[str, Any]) -> bool:
    """Whether the answer was paid as it deserves."""
    points, out_of = marks.get(student.key, {}).get(exercise_id, (-1.0, 0))
    return {"all": points == out_of, "less": 0.0 <= points < out_of, "none": points == 0.0}[
        student.due[exercise_id]
    ]


def ended(student: Student, marks: dict[str, Any]) -> str:
    """What a submission earned in all."""
    found = marks.get(student.key, {}).values()
    return f"{sum(points for points, _ in found):g} of {sum(out_of for _, out_of in found)} points"


def differing(one: str, other: str) -> int:
    """How many lines of the one are not in the other, or the other way round."""
    return len(set(one.splitlines()) ^ set(other.splitlines()))
