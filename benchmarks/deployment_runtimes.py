"""What do other runtimes and number formats cost and change? Size, time, memory, actions and success of each.

python benchmarks/deployment_runtimes.py [--variants "torch,onnx"] [--episodes 20] [--loop-only] [--quick] [--json]

One decision: three pictures are seen, a thing is found in them, a chunk is said; one thread of a processor, and a GPU
where a variant has one. Reading the sentence and solving for the arms are the same in every variant and timed once.
Memory is that of the process, torch with it: sentences are read in torch whatever the rest runs in. Actions are
compared with torch's on frames that no calibration has seen. Each variant has a process of its own, so that its memory
is its own. Then all of them act, in the same episodes, which are kept in build/deployment_runtimes and not done again;
--run names the folder, by default the commit.
"""

import multiprocessing
import platform
import resource
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache, partial
from itertools import cycle
from pathlib import Path

import numpy as np
import torch
from kept import commits_of, resumable_parser, run_folder
from report import Figure, listed, report, share
from rich.console import Console

from vla_course.deployment.runtimes.engines import ENGINES
from vla_course.deployment.runtimes.frames import Frame, frames_of
from vla_course.deployment.runtimes.measuring import Measured, best, decision, parity
from vla_course.deployment.runtimes.model import OptimizedVLAModel
from vla_course.deployment.runtimes.networks import NAMES, Shipped
from vla_course.deployment.runtimes.processor import name as processor
from vla_course.deployment.runtimes.variants import DEFAULT, REFERENCE, VARIANTS, Workshop
from vla_course.learning.demonstrations.plan import DIRECT
from vla_course.learning.evaluation.episodes import episodes, of_key
from vla_course.learning.evaluation.evaluating import fill
from vla_course.learning.evaluation.outcomes import Outcome, read_outcomes
from vla_course.learning.evaluation.policies import Given
from vla_course.learning.evaluation.trial import carry_out_with
from vla_course.learning.model.machine import count_flops, weight_bytes
from vla_course.learning.planned.learned import learned_listen
from vla_course.learning.policy import spoken
from vla_course.learning.policy.direct import DirectPolicy
from vla_course.learning.workers.backends import here
from vla_course.motion.arms.ik_config import InverseKinematicsConfig, reference_solver
from vla_course.reference.day1_fundamentals.latency import measure_latency
from vla_course.reference.day4_training.paired import paired_test

COUNT, QUICK_COUNT = 20, 0
"""episodes of each of ten skills"""
PARITY, LATE = "<= 1e-4", "<= 10"
POINTS = "<= 0.03"
"""of success that 8 bits may cost"""


@dataclass(frozen=True)
class Case:
    """What is measured, in a process that does nothing else."""

    variant: str
    folder: Path
    frames: list[Frame]
    repeats: int


def main() -> None:
    reader = resumable_parser(__doc__ or "")
    reader.add_argument("--variants", default=",".join(VARIANTS), help="which, separated by commas")
    reader.add_argument("--families", help="only these skills; unset, all that the policy has learned")
    reader.add_argument("--episodes", type=int, help="of each family; 0: none")
    reader.add_argument("--loop-only", action="store_true", help="time nothing, only let them act")
    chosen = reader.parse_args()
    wanted = listed(reader, "variants", chosen.variants, tuple(VARIANTS))
    families = listed(reader, "families", chosen.families or ",".join(DIRECT), DIRECT)
    missing = {name: VARIANTS[name].missing() for name in wanted}
    present = [name for name in wanted if not missing[name]]
    notes = [f"{name}: not measured: {why}" for name, why in missing.items() if why]
    notes.append(f"on {processor()}, {platform.machine()}, torch {torch.__version__}")
    torch.set_num_threads(1)
    figures = []
    if not (chosen.loop_only or chosen.done):
        parts, told = measured_here(present, chosen.quick)
        figures, notes = figures + parts, notes + told
    count = chosen.episodes if chosen.episodes is not None else QUICK_COUNT if chosen.quick else COUNT
    if count:
        folder = run_folder("deployment_runtimes", chosen)
        keys = [one.key for one in episodes(["seen"], families, count, chosen.seed)]
        measured = commits_of(folder / "commits", add=not chosen.done)
        found = {name: acted(name, folder, keys, chosen.done) for name in present}
        figures += success(found)
        notes += [
            f"{name}: {len(one)} of {len(keys)} episodes"
            for name, one in found.items()
            if len(one) < len(keys)
        ]
    else:
        measured = ""
    keep = (
        bool(count)
        and {*present} == {n for n in VARIANTS if not VARIANTS[n].missing()}
        and not chosen.loop_only
    )
    for line in notes:
        print(line)
    report("deployment_runtimes", figures, chosen, notes=notes, keep=keep, measured=measured)


# ---- cost and parity -------------------------------------------------------------------------------


def measured_here(variants: list[str], quick: bool) -> tuple[list[Figure], list[str]]:
    """Return what each variant costs and changes, and notes."""
    shipped = Shipped.load()
    calibration, out = frames_of(shipped, np.random.default_rng(0))
    workshop = Workshop(shipped, ENGINES, calibration)
    for name in variants:  # engines are made here, so that none of their makers' memory is counted
        if VARIANTS[name].says.startswith(("ONNX", "OpenVINO", "TensorRT")):
            OptimizedVLAModel.load(name, workshop=workshop)
    repeats = 40 if quick else 1000
    found = []
    figures = made_of(shipped, out)
    notes = []
    for name in variants:
        try:
            one, memory = alone(Case(name, ENGINES, out, repeats))
        except ValueError as why:  # a compiler that is there and fails
            notes.append(f"{name}: not measured: {why}")
            continue
        found.append(one)
        figures += figures_of(one, memory, repeats)
    if REFERENCE in variants:
        chosen, why = best(found)
        notes.append(f"best here: {chosen} ({why})")
    return figures, notes


def made_of(shipped: Shipped, frames: list[Frame]) -> list[Figure]:
    """Return what one decision is made of: work and weights of each network, and what stands beside them."""
    figures = []
    for name in NAMES:
        network = shipped.networks[name]
        flops = count_flops(lambda network=network: network.module(*network.inputs.values()))
        times = measure_latency(lambda network=network: network.run(network.inputs), 5, 50)
        figures += [
            Figure(f"{name}: work", flops / 1e6, "Mflop"),
            Figure(f"{name}: weights", weight_bytes(network.module) / 2**20, "MiB"),
            Figure(f"{name}: in torch, p50", times.p50, "ms", n=50),
        ]
    words = measure_latency(lambda: shipped.queries(frames[0].sentence), 3, 30)
    figures.append(Figure("a sentence read, once a command, p50", words.p50, "ms", n=30))
    solver = reference_solver()(InverseKinematicsConfig())
    moments = cycle(frames)

    def arms() -> object:
        known = next(moments).known
        numbers = shipped.policy.units(shipped.policy(known))[0, :4].numpy()
        return spoken.acted(numbers, known["state"][0].numpy(), known["tools"][0].numpy(), solver)

    solved = measure_latency(arms, 2, 30)
    figures.append(Figure("chunk said and four actions solved for both arms, p50", solved.p50, "ms", n=30))
    return figures


def alone(case: Case) -> tuple[Measured, int]:
    """Measure in a fresh process: the greatest memory of one variant is never that of another."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as process:
        return process.submit(measured, case).result()


def measured(case: Case) -> tuple[Measured, int]:
    """Return a variant's time and actions, and the bytes of memory that its process had at most while it decided."""
    torch.set_num_threads(1)
    model = OptimizedVLAModel.load(case.variant, engines=case.folder)
    times = measure_latency(decision(model, cycle(case.frames)), 1 + case.repeats // 10, case.repeats)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    true = OptimizedVLAModel.load(REFERENCE)
    found = parity(model, true, case.frames)
    return Measured(case.variant, times.p50, times.p95, model.size, found), memory


def figures_of(one: Measured, memory: int, repeats: int) -> list[Figure]:
    """Return what is reported of one variant."""
    name, frames = f"{one.variant}: ", one.parity.frames
    bar = PARITY if one.variant == DEFAULT else ""
    return [
        Figure(name + "size", one.size / 2**20, "MiB"),
        Figure(name + "a decision, p50", one.p50, "ms", n=repeats),
        Figure(
            name + "a decision, p95", one.p95, "ms", LATE if one.variant == DEFAULT else "", "5", n=repeats
        ),
        Figure(name + "memory of the process", memory / 2**20, "MiB"),
        Figure(name + "largest action difference", one.parity.action, "of -1 to 1", bar, n=frames),
        Figure(name + "mean action difference", one.parity.action_mean, "of -1 to 1", n=frames),
        Figure(name + "largest difference of a place", one.parity.pixel, "pixels", n=frames),
        Figure(name + "largest difference of how likely it shows", one.parity.shows, "", n=frames),
    ]


# ---- closed loop -----------------------------------------------------------------------------------


@cache
def _learned(variant: str) -> tuple[object, OptimizedVLAModel]:
    torch.set_num_threads(1)
    return learned_listen(), OptimizedVLAModel.load(variant)


def work(variant: str, key: str) -> Outcome:
    """Carry out the episode of a key."""

    def make(given: Given) -> DirectPolicy:
        listen, model = _learned(variant)
        return DirectPolicy(listen, model, model, given.eyes, answer=given.answer)  # type: ignore[arg-type]

    return carry_out_with(of_key(key), make)


def acted(variant: str, folder: Path, keys: list[str], done: bool) -> dict[str, Outcome]:
    """Return what came of the episodes in a variant, carried out where they are missing."""
    path = folder / f"{variant}.jsonl"
    if not done:
        fill(path, keys, partial(work, variant), here, Console(stderr=True), variant)
    known = read_outcomes(path)
    return {key: known[key] for key in keys if key in known}


def success(found: dict[str, dict[str, Outcome]]) -> list[Figure]:
    """Return the success of each variant, and what it gains or loses against torch in the same episodes."""
    figures, true = [], found.get(REFERENCE, {})
    for name, outcomes in found.items():
        if not outcomes:
            continue
        figures.append(share(f"{name}: success", [one.done for one in outcomes.values()]))
        figures.append(
            Figure(f"{name}: falls", sum(one.fell for one in outcomes.values()), "", n=len(outcomes))
        )
        both = [key for key in outcomes if key in true]
        if name == REFERENCE or not both:
            continue
        before, after = (np.array([of[key].done for key in both]) for of in (true, outcomes))
        told = paired_test(before, after)
        bar = POINTS if name.startswith("int8") else ""
        figures += [
            Figure(f"{name}: success lost against torch", -told.difference, "", bar, n=len(both)),
            Figure(f"{name}: episodes gained", told.gained, "", n=len(both)),
            Figure(f"{name}: episodes lost", told.lost, "", n=len(both)),
            Figure(f"{name}: p of that by chance", told.p_value, "", n=len(both)),
        ]
    return figures


if __name__ == "__main__":
    main()
