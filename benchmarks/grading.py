"""Can instructors trust the grader? What it catches, what it lets pass, what attacks on it come to, what it takes.

python benchmarks/grading.py [--quick] [--json] [--seed N]
"""

import argparse
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from report import Figure, arguments, report

from tests.grading.attacks import corpus
from vla_course.course.manifest import Exercise, load_manifest
from vla_course.course.root import CourseRoot
from vla_course.course.variants import Variant, build_submission, put_in_place, read_variants
from vla_course.grading.grade_one import grade_submission
from vla_course.grading.judge import tasks_of
from vla_course.grading.mutant_gate import run_mutants
from vla_course.grading.sandbox import Job, Sandbox, choose_sandbox
from vla_course.grading.session import Session
from vla_course.grading.stage import stage_of
from vla_course.grading.take_in import take_in
from vla_course.grading.verdicts import SubmissionVerdict

ROOT = CourseRoot.current()
MANIFEST = load_manifest(ROOT)
SANDBOX = choose_sandbox()
WORKERS = 2
HEAVY = "3.12"
"""moves the humanoid itself; a quick run leaves it out"""


def grade(folder: Path, seed: int, exercises: Sequence[str] | None = None) -> SubmissionVerdict:
    return grade_submission(folder, seed=seed, sandbox=SANDBOX, root=ROOT, exercises=exercises)


def variants(kind: str, options: argparse.Namespace) -> list[tuple[Exercise, Variant]]:
    """Every variant of that kind; in a quick run one an exercise."""
    chosen = []
    for exercise in MANIFEST.exercises:
        if options.quick and exercise.id == HEAVY:
            continue
        found = [variant for variant in read_variants(ROOT, exercise) if variant.kind == kind]
        chosen += [(exercise, variant) for variant in (found[:1] if options.quick else found)]
    return chosen


def full_marks(options: argparse.Namespace, kind: str) -> list[tuple[str, bool]]:
    """Each variant of that kind, and whether the grader paid it in full."""

    def paid(entry: tuple[str, str, Path]) -> tuple[str, bool]:
        name, exercise_id, submission = entry
        (verdict,) = grade(submission, options.seed + 1, [exercise_id]).exercises
        return f"{exercise_id} {name}", verdict.points == verdict.out_of

    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(WORKERS) as pool:
        # Built before the threads start: Python 3.11 parses in one thread at a time only.
        built = [
            (variant.name, exercise.id, build_submission(ROOT, exercise, variant, Path(folder, str(number))))
            for number, (exercise, variant) in enumerate(variants(kind, options))
        ]
        return list(pool.map(paid, built))


def of_answers(options: argparse.Namespace) -> list[Figure]:
    """Named wrong and differently written right answers, through the worker as students' are."""
    wrong, right = full_marks(options, "wrong"), full_marks(options, "right")
    missed = [name for name, paid in wrong if paid]
    failed = [name for name, paid in right if not paid]
    tell("wrong answers paid in full", missed)
    tell("right answers that lost points", failed)
    caught = 100.0 * (len(wrong) - len(missed)) / len(wrong)
    return [
        Figure("named wrong solutions caught", caught, "%", bar=">= 100", n=len(wrong)),
        Figure("right alternatives failed", float(len(failed)), "", bar="<= 0", n=len(right)),
    ]


def of_mutants(options: argparse.Namespace) -> list[Figure]:
    """Mutants made by machine of every reference answer."""
    ids = [exercise.id for exercise in MANIFEST.exercises if not (options.quick and exercise.id == HEAVY)]
    sample = 8 if options.quick else None
    found = run_mutants(ROOT, ids, seed=options.seed, sample=sample, processes=WORKERS)
    tell("mutants that live", [str(survivor) for kills in found for survivor in kills.survivors])
    made, killed = sum(kills.made for kills in found), sum(kills.killed for kills in found)
    unexplained = sum(len(kills.unexplained) for kills in found)
    return [
        Figure("automatic mutants killed", 100.0 * killed / made, "%", bar=">= 95", n=made),
        Figure("surviving mutants without an explanation", float(unexplained), "", bar="<= 0", n=made - killed),
    ]


def of_seeds(options: argparse.Namespace) -> list[Figure]:
    """One submission under many seeds; every other exercise of it is wrong in one named way."""
    seeds = 3 if options.quick else 20
    names = [task.exercise.id for task in tasks_of(ROOT, MANIFEST)]
    names = names[:6] if options.quick else names
    with tempfile.TemporaryDirectory() as folder:
        submission = half_wrong(Path(folder, "submission"))
        with ThreadPoolExecutor(WORKERS) as pool:
            jobs = [pool.submit(grade, submission, options.seed + 101 * k, names) for k in range(seeds)]
            marks = [[verdict.points for verdict in job.result().exercises] for job in jobs]
    differing = sum(len(set(column)) > 1 for column in zip(*marks, strict=True))
    return [Figure(f"exercises whose marks differ over {seeds} seeds", float(differing), "", bar="<= 0", n=seeds)]


def half_wrong(folder: Path) -> Path:
    """The solutions, with a named wrong answer to every other exercise."""
    first = MANIFEST.exercises[0]
    build_submission(ROOT, first, next(iter(read_variants(ROOT, first))), folder)
    for exercise in MANIFEST.exercises[2::2]:
        wrong = next(variant for variant in read_variants(ROOT, exercise) if variant.kind == "wrong")
        path = folder / exercise.path
        path.write_text(put_in_place(path.read_text(encoding="utf-8"), exercise, wrong), encoding="utf-8")
    return folder


def of_attacks(options: argparse.Namespace) -> list[Figure]:
    """The corpus of attacks, in every kind of walls that this machine has."""
    figures = []
    sandboxes = {SANDBOX.level: SANDBOX, "limits": Sandbox("limits")}
    for level, sandbox in sandboxes.items():
        names = corpus.names()
        if options.quick:
            names = sorted(random.Random(options.seed).sample(names, 6))
        with tempfile.TemporaryDirectory() as folder:
            place = corpus.make_place(Path(folder))
            weak = corpus.grade_weak(place, sandbox).exercises[0].points
            outcomes = [corpus.run(name, place, sandbox, weak) for name in names]
        tell(f"attacks that came to something in {level}", [f"{o.name}: {o.faults}" for o in outcomes if o.faults])
        gained = sum(max(0.0, outcome.attacked.points - weak) for outcome in outcomes)
        harmed = sum(bool(outcome.faults) for outcome in outcomes)
        unpaid = sum(outcome.honest.status != "correct" for outcome in outcomes)
        n = len(outcomes)
        figures += [
            Figure(f"points gained by attacks, {level}", gained, "points", bar="<= 0", n=n),
            Figure(f"attacks that touched, left or reached something, {level}", float(harmed), "", bar="<= 0", n=n),
            Figure(f"honest exercises unpaid beside an attack, {level}", float(unpaid), "", bar="<= 0", n=n),
        ]
    return figures


def of_one_submission(options: argparse.Namespace) -> list[Figure]:
    """What a whole submission takes: time, and the memory of the largest process."""
    runs = 1 if options.quick else 3
    seconds = [grade(ROOT.solutions, options.seed + k).seconds for k in range(runs)]
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024.0
    return [
        Figure("one submission graded", median(seconds), "s", bar="<= 90", aim="<= 30", n=runs),
        Figure("peak memory of a grading process", peak, "MiB"),
    ]


def of_the_wire(options: argparse.Namespace) -> list[Figure]:
    """A balance controller asked through the proxy, beside the same one asked directly."""
    from shown.day3_humanoid_balance.states import some_state
    from vla_course.motion.standing import Push, stand
    from vla_course.reference.day3_humanoid_balance.balance import BalanceController
    from vla_course.simulation.humanoid import Humanoid
    from vla_course.simulation.world import World

    def rate(controller: object) -> float:
        begun, calls = time.perf_counter(), 500
        for _ in range(calls):
            controller.calculate_balance_commands(state)  # type: ignore[attr-defined]
        return calls / (time.perf_counter() - begun)

    def rollout(controller: object) -> float:
        begun = time.perf_counter()
        with World() as world:
            record = stand(Humanoid(world), controller, 2.0, [Push(0.1, (15.0, 0.0, 0.0))])  # type: ignore[arg-type]
        assert not record.fell
        return time.perf_counter() - begun

    state = some_state(np.random.default_rng(options.seed))
    exercise = MANIFEST.exercise("3.12")
    stage = stage_of(ROOT)
    with tempfile.TemporaryDirectory() as folder:
        desk = Path(folder, "desk")
        take_in(ROOT.solutions, desk)
        place = exercise.day.folder, exercise.file, exercise.symbol
        job = Job(stage.course, desk, stage.reference("3.12"), "3.12", *place, cpu_seconds=60.0)
        with Session(SANDBOX, job, 60.0) as session:
            proxy, direct = session.student().BalanceController(), BalanceController()
            rates = [median(rate(controller) for _ in range(3)) for controller in (proxy, direct)]
            rollouts = [median(rollout(controller) for _ in range(3)) for controller in (proxy, direct)]
    return [
        Figure("controller calls through the proxy", rates[0], "1/s", bar=">= 500", n=3),
        Figure("controller calls made directly", rates[1], "1/s", n=3),
        Figure("two seconds of standing through the proxy", rollouts[0], "s", bar="<= 5", n=3),
        Figure("two seconds of standing directly", rollouts[1], "s", n=3),
    ]


def of_a_class(options: argparse.Namespace) -> list[Figure]:
    """100 submissions, 20 of them hostile or broken: the pipeline `vla-course grade` measures itself here."""
    return []


PARTS: tuple[Callable[[argparse.Namespace], list[Figure]], ...] = (
    of_the_wire,
    of_one_submission,
    of_answers,
    of_mutants,
    of_seeds,
    of_attacks,
    of_a_class,
)


def tell(what: str, names: list[str]) -> None:
    """List what a figure only counts."""
    for name in names:
        print(f"{what}: {name}")


def main() -> None:
    options = arguments(__doc__ or "")
    sys.path.insert(0, str(ROOT.graded))
    print(f"walls: {SANDBOX.level}" + (f" (not higher: {SANDBOX.why})" if SANDBOX.why else ""))
    report("grading", [figure for part in PARTS for figure in part(options)], options)


if __name__ == "__main__":
    main()
