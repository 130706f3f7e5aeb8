"""What the grader catches and what it pays: named wrong answers, right ones, mutants, one submission by many seeds."""

import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from grading_bench import ROOT, WORKERS, Bench, grade, names
from pieces import Count
from report import Figure

from vla_course.course.source.variants import build_submission, put_in_place, read_variants
from vla_course.grading.mutation.mutant_gate import run_mutants


def of_answers(bench: Bench) -> list[Figure]:
    """Named wrong and differently written right answers, through the worker as students' are."""
    found = {
        kind: bench.measure(f"{kind} answers", lambda kind=kind: paid(bench, kind))
        for kind in ("wrong", "right")
    }
    missed = [name for name, in_full in found["wrong"] if in_full]
    failed = [name for name, in_full in found["right"] if not in_full]
    names("wrong answers paid in full", missed)
    names("right answers that lost points", failed)
    caught = 100.0 * (len(found["wrong"]) - len(missed)) / len(found["wrong"])
    fewest = min(sum(name.split()[0] == one for name, _ in found["wrong"]) for one in bench.ids)
    return [
        Figure("named wrong solutions caught", caught, "%", bar=">= 100", n=len(found["wrong"])),
        Figure(
            "named wrong solutions of the exercise with the fewest",
            fewest,
            "",
            bar="" if bench.quick else ">= 4",
        ),
        Figure("right alternatives failed", float(len(failed)), "", bar="<= 0", n=len(found["right"])),
    ]


def paid(bench: Bench, kind: str) -> list[tuple[str, bool]]:
    """Each variant of that kind, and whether the grader paid it in full."""
    chosen = bench.variants(kind)
    count = Count(f"{kind} answers", len(chosen))

    def in_full(entry: tuple[str, str, Path]) -> tuple[str, bool]:
        name, exercise_id, submission = entry
        (verdict,) = grade(submission, bench.seed + 1, [exercise_id]).exercises
        count.one()
        return f"{exercise_id} {name}", verdict.points == verdict.out_of

    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(WORKERS) as pool:
        # Built before the threads start: Python 3.11 parses in one thread at a time only.
        built = [
            (variant.name, exercise.id, build_submission(ROOT, exercise, variant, Path(folder, str(number))))
            for number, (exercise, variant) in enumerate(chosen)
        ]
        return list(pool.map(in_full, built))


def of_mutants(bench: Bench) -> list[Figure]:
    """Mutants made by machine of every reference answer."""
    sample = 8 if bench.quick else None

    def kills(name: str) -> list[Any]:
        (found,) = run_mutants(ROOT, [name], seed=bench.seed, sample=sample, processes=1)
        return [found.made, found.killed, [str(one) for one in found.survivors], len(found.unexplained)]

    with ThreadPoolExecutor(WORKERS) as pool:  # the last exercises are the slowest: they begin
        jobs = [
            pool.submit(bench.measure, f"mutants of {name}", lambda name=name: kills(name))
            for name in bench.ids[::-1]
        ]
        found = [job.result() for job in jobs][::-1]
    names("mutants that live", [one for _, _, survivors, _ in found for one in survivors])
    made, killed, unexplained = (sum(entry[place] for entry in found) for place in (0, 1, 3))
    return [
        Figure("automatic mutants killed", 100.0 * killed / made, "%", bar=">= 95", n=made),
        Figure(
            "surviving mutants without an explanation", float(unexplained), "", bar="<= 0", n=made - killed
        ),
    ]


def of_seeds(bench: Bench) -> list[Figure]:
    """One submission under many seeds; every other exercise of it is wrong in one named way."""
    seeds = 3 if bench.quick else 20
    tasks = bench.tasks[:6] if bench.quick else bench.tasks
    count = Count("seeds", seeds)

    def marks(submission: Path, seed: int) -> list[float]:
        points = [verdict.points for verdict in grade(submission, seed, tasks).exercises]
        count.one()
        return points

    def under_each() -> list[list[float]]:
        with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(WORKERS) as pool:
            submission = half_wrong(bench, Path(folder, "submission"))
            jobs = [pool.submit(marks, submission, bench.seed + 101 * k) for k in range(seeds)]
            return [job.result() for job in jobs]

    columns = list(zip(*bench.measure(f"{seeds} seeds", under_each), strict=True))
    differing = [
        f"{task} {column}" for task, column in zip(tasks, columns, strict=True) if len(set(column)) > 1
    ]
    names("marks that differ from seed to seed", differing)
    return [
        Figure(
            f"exercises whose marks differ over {seeds} seeds", float(len(differing)), "", bar="<= 0", n=seeds
        )
    ]


def half_wrong(bench: Bench, folder: Path) -> Path:
    """The solutions, with a named wrong answer to every other exercise."""
    first = bench.exercises[0]
    build_submission(ROOT, first, next(iter(read_variants(ROOT, first))), folder)
    for exercise in bench.exercises[2::2]:
        wrong = next(variant for variant in read_variants(ROOT, exercise) if variant.kind == "wrong")
        path = folder / exercise.path
        path.write_text(put_in_place(path.read_text(encoding="utf-8"), exercise, wrong), encoding="utf-8")
    return folder
