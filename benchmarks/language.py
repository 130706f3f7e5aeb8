"""Does the robot understand what people say, and nothing else, and does the expert do what the documents ask?

python benchmarks/language.py [--quick] [--json] [--seed N]

300 sentences (language_sentences.toml), half of them meant to be understood, written before the templates were read;
the templates were then widened with them in sight, so that they are a contract and no measure of sentences yet
unheard. Then every command of the two source documents, carried out by the expert five times in physics. --quick
leaves out those that take minutes and carries out each of the others once.
"""

import time
import tomllib
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from report import Figure, parser, report, share

from vla_course.learning.expert.expert import Expert
from vla_course.simulation.tasks.instructions import Instruction
from vla_course.simulation.tasks.tasks import task_for
from vla_course.simulation.tasks.understanding import UnknownCommand, understand
from vla_course.simulation.world.world import World

SENTENCES = Path(__file__).with_name("language_sentences.toml")
TIMES, QUICK_TIMES = 5, 1
LONG = ("tidy the table", "serve a drink")


@dataclass(frozen=True)
class Attempt:
    """A sentence, and the seed of its scene."""

    sentence: str
    seed: int


@dataclass(frozen=True)
class Outcome:
    """What came of it."""

    done: bool
    trouble: str
    simulated: float
    """s"""
    computed: float
    """s of the processor"""


def main() -> None:
    chosen = parser(__doc__ or "").parse_args()
    kept = tomllib.loads(SENTENCES.read_text(encoding="utf-8"))
    meant = [(said, _meaning(parts)) for said, *parts in kept["understood"]]
    heard = [(said, expected, _heard(said)) for said, expected in meant]
    notes = [f"not understood: {said}" for said, _, got in heard if got is None]
    wrong = [f"{said}: {got}" for said, expected, got in heard if got not in (None, expected)]
    wrong += [f"{said}: {got}" for said in kept["refused"] if (got := _heard(said)) is not None]
    figures = [
        share("understood rightly", [got == expected for _, expected, got in heard], ">= 0.9"),
        Figure("understood wrongly", float(len(wrong)), "", "<= 0", n=len(heard) + len(kept["refused"])),
    ]
    notes += [f"understood wrongly: {line}" for line in wrong]
    times = QUICK_TIMES if chosen.quick else TIMES
    said = [one for one in kept["documents"] if not (chosen.quick and understand(one).skill in LONG)]
    attempts = [Attempt(one, 1000 * chosen.seed + k) for one in said for k in range(times)]
    with ProcessPoolExecutor(max_workers=1 if chosen.quick else 2) as pool:
        outcomes = dict(zip(attempts, pool.map(carry_out, attempts), strict=True))
    for one in said:
        of_it = {attempt: outcome for attempt, outcome in outcomes.items() if attempt.sentence == one}
        figures.append(share(one, [outcome.done for outcome in of_it.values()], ">= 1"))
        figures.append(
            Figure("  median time", float(np.median([out.simulated for out in of_it.values()])), "s", n=times)
        )
        notes += [
            f"{one}, seed {attempt.seed}: {outcome.trouble}"
            for attempt, outcome in of_it.items()
            if not outcome.done
        ]
    for line in notes:
        print(line)
    report("language", figures, chosen, notes=notes)


def carry_out(attempt: Attempt) -> Outcome:
    """Let the expert do what a sentence asks for; the same attempt has the same outcome."""
    begin = time.process_time()
    task = task_for(understand(attempt.sentence), np.random.default_rng(attempt.seed))
    with World(attempt.seed) as world:
        stage = task.start(world)
        expert, late = Expert(task, stage), False
        for _ in expert.perform():
            task.observe(stage)
            late = world.time > task.seconds
            if late or task.succeeded(stage) or task.failed(stage):
                break
        done = task.succeeded(stage) and not late
        trouble = task.failed(stage) or expert.reason or ("out of time" if late else "the rule does not hold")
        return Outcome(done, "" if done else trouble, world.time, time.process_time() - begin)


def _meaning(parts: list[dict[str, object]]) -> Instruction:
    """Return the instruction that a sentence of the file means."""
    first, *second = (Instruction(**part) for part in parts)  # type: ignore[arg-type]
    return replace(first, then=second[0]) if second else first


def _heard(sentence: str) -> Instruction | None:
    try:
        return understand(sentence)
    except UnknownCommand:
        return None


if __name__ == "__main__":
    main()
