"""What grading a whole class takes and gives, hostile and broken submissions among it, in three ways."""

import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

from grading_bench import ROOT, Bench, names
from grading_class import BROKEN, HOSTILE, Classroom, Student
from report import Figure

PASSES = ("one by one", "in parallel", "on a cluster")


def of_a_class(bench: Bench) -> list[Figure]:
    """A class with hostile and broken submissions among them: graded three times, anew each time."""
    counts = (3, HOSTILE[5:6], BROKEN[:1]) if bench.quick else (80, HOSTILE, BROKEN)
    ids = bench.ids[:3] if bench.quick else bench.ids

    def graded(how: str) -> dict[str, Any]:
        classroom = Classroom(ROOT, ids, bench.seed)
        with tempfile.TemporaryDirectory(prefix="vla-students-") as folder:
            students = classroom.build(Path(folder), *counts)
            return {
                "students": [asdict(one) for one in students],
                **asdict(classroom.grade(Path(folder), how)),
            }

    passes = {how: bench.measure(f"class {how}", lambda how=how: graded(how)) for how in PASSES}
    first = passes["one by one"]
    students = [Student(**values) for values in first["students"]]
    n = len(students)
    silent = [
        f"{how}: {one.key}"
        for how, values in passes.items()
        for one in students
        if one.key not in values["marks"]
    ]
    names(
        "without a verdict",
        silent + [f"{how}: {values['ungraded']}" for how, values in passes.items() if values["ungraded"]],
    )
    unjust = [
        f"{one.key} {name}" for one in students for name in one.due if not just(one, name, first["marks"])
    ]
    names("answers not paid as they deserve", unjust)
    harmed = [how for how, values in passes.items() if values["touched"] or values["left"]]
    names("passes after which something was touched or still ran", harmed)
    answers = sum(len(one.due) for one in students)
    figures = [
        Figure(
            f"submissions of {n} without a verdict, three passes", float(len(silent)), "", bar="<= 0", n=3 * n
        ),
        Figure(
            "answers not paid as they deserve, hostile submissions' included",
            float(len(unjust)),
            "",
            bar="<= 0",
            n=answers,
        ),
        Figure("passes that left a process or touched a file", float(len(harmed)), "", bar="<= 0", n=3),
    ]
    for how, values in passes.items():
        figures.append(Figure(f"wall time a submission, {how}", values["seconds"] / n, "s", n=n))
    for how, values in passes.items():
        figures.append(Figure(f"peak memory of all processes, {how}", values["tree_mib"], "MiB", n=n))
    largest = max(values["process_mib"] for values in passes.values())
    figures.append(Figure("peak memory of one process, memory hogs included", largest, "MiB", n=3 * n))
    for how in PASSES[1:]:
        differing = differing_lines(first["grades"], passes[how]["grades"])
        figures.append(
            Figure(
                f"lines of grades.csv that differ from one by one, {how}",
                float(differing),
                "",
                bar="<= 0",
                n=n,
            )
        )
    killed = float(passes["on a cluster"]["killed"])
    return [*figures, Figure("workers of the cluster killed in mid-run", killed, "", bar=">= 1")]


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


def differing_lines(one: str, other: str) -> int:
    """How many lines of the one are not in the other, or the other way round."""
    return len(set(one.splitlines()) ^ set(other.splitlines()))
