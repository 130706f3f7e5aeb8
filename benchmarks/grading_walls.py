"""What attacks on the grader come to, what a submission takes, and what the way through the worker costs."""

import random
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from grading_bench import HEAVY, MANIFEST, ROOT, SANDBOX, Bench, grade, names
from pieces import Count
from report import Figure

from tests.grading.attacks import corpus
from vla_course.grading.judging.take_in import take_in
from vla_course.grading.worker.sandbox import Job, Sandbox
from vla_course.grading.worker.session import Session
from vla_course.grading.worker.stage import stage_of


def of_attacks(bench: Bench) -> list[Figure]:
    """The corpus of attacks, in every kind of walls that this machine has."""
    figures = []
    for level, sandbox in {SANDBOX.level: SANDBOX, "limits": Sandbox("limits")}.items():
        attacks = corpus.names()
        if bench.quick:
            attacks = sorted(random.Random(bench.seed).sample(attacks, 6))
        found = bench.measure(f"attacks in {level}", lambda s=sandbox, a=attacks: attacked(s, a))
        names(
            f"attacks that came to something in {level}",
            [f"{name}: {faults}" for name, faults, *_ in found if faults],
        )
        gained = sum(gain for *_, gain, _ in found)
        harmed = sum(bool(faults) for _, faults, *_ in found)
        unpaid = sum(not honest for *_, honest in found)
        n = len(found)
        figures += [
            Figure(f"points gained by attacks, {level}", gained, "points", bar="<= 0", n=n),
            Figure(
                f"attacks that touched, left or reached something, {level}",
                float(harmed),
                "",
                bar="<= 0",
                n=n,
            ),
            Figure(f"honest exercises unpaid beside an attack, {level}", float(unpaid), "", bar="<= 0", n=n),
        ]
    return figures


def attacked(sandbox: Sandbox, attacks: Sequence[str]) -> list[Any]:
    """Each attack: what it came to, the points that it gained, whether the honest exercise beside it was paid."""
    count, found = Count(f"attacks in {sandbox.level}", len(attacks)), []
    with tempfile.TemporaryDirectory() as folder:
        place = corpus.make_place(Path(folder))
        weak = corpus.grade_weak(place, sandbox).exercises[0].points
        for name in attacks:
            one = corpus.run(name, place, sandbox, weak)
            gained = max(0.0, one.attacked.points - weak)
            found.append((name, one.faults, gained, one.honest.status == "correct"))
            count.one()
    return found


def of_one_submission(bench: Bench) -> list[Figure]:
    """What a whole submission takes: time, and the memory of the largest process."""
    runs = 1 if bench.quick else 5

    def times() -> list[float]:
        return [grade(ROOT.solutions, bench.seed + k, bench.tasks).seconds for k in range(runs)]

    seconds = bench.measure("one submission", times)
    spread = (min(seconds), max(seconds))
    return [
        Figure(
            "one submission graded", median(seconds), "s", bar="<= 90", aim="<= 30", interval=spread, n=runs
        )
    ]


def of_the_wire(bench: Bench) -> list[Figure]:
    """A balance controller asked through the proxy, beside the same one asked directly."""
    if HEAVY not in [exercise.id for exercise in bench.exercises]:
        return []
    from shown.day3_humanoid_balance.states import some_state
    from vla_course.motion.standing.loop import Push, stand
    from vla_course.reference.day3_humanoid_balance.balance import BalanceController
    from vla_course.simulation.robot.humanoid import Humanoid
    from vla_course.simulation.world.world import World

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

    state = some_state(np.random.default_rng(bench.seed))
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
