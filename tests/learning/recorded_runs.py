"""Runs of evaluations that were never simulated: outcomes by a rule, written as an evaluation writes them."""

from collections.abc import Callable, Sequence
from pathlib import Path
from zlib import crc32

import numpy as np

from vla_course.learning.evaluation.episodes import Episode, Split, episodes
from vla_course.learning.evaluation.evaluating import Run, Settings, beside, check_folder, fill, read_run
from vla_course.learning.evaluation.outcomes import Outcome
from vla_course.learning.workers.backends import here
from vla_course.simulation.scene.things import HELD_OUT
from vla_course.simulation.tasks.instructions import SKILLS

SPLITS: tuple[Split, ...] = ("seen", "swap", "empty")
Judge = Callable[[Episode], bool]
TROUBLES = (
    "moved the red box",
    "I am not sure what is meant by 'x'",
    "the rule does not hold",
    "no hand can take the red cup",
    "fell",
)


def outcome(one: Episode, done: bool, **changed: object) -> Outcome:
    """Return an outcome of an episode, the same for the same episode."""
    number = crc32(one.key.encode())
    held_out = one.split in ("composition", "grounded")
    trouble = "" if done else TROUBLES[one.number % len(TROUBLES)]
    told = {
        "key": one.key,
        "done": done,
        "trouble": trouble,
        "fell": trouble == "fell",
        "other": one.split == "swap" and not done and one.number % 2 == 0,
        "sure": round(0.5 + 0.45 * (number % 10) / 10, 3),
        "simulated": 2.0 + one.number % 5 + 3.0 * SKILLS.index(one.family) if one.family in SKILLS else 30.0,
        "computed": 1.0,
        "sentence": f"words of {one.words_key}",
        "pair": HELD_OUT[one.number % len(HELD_OUT)] if held_out else "",
        "in_row": (5 if done else one.number % 5) if one.split == "chain" else 0,
    }
    return Outcome(**{**told, **changed})


def by_chance(rate: float, seed: int) -> Judge:
    """Judge by chance, the same episode always alike."""
    return lambda one: np.random.default_rng([seed, crc32(one.key.encode())]).random() < rate


def record(
    folder: Path,
    judge: Judge = lambda one: one.split != "empty",
    splits: Sequence[Split] = SPLITS,
    count: int = 4,
    factors: Sequence[str] = (),
    families: Sequence[str] = SKILLS,
    settings: Settings | None = None,
) -> Run:
    """Write a run into a folder, and read it back."""
    settings = settings or Settings("planned", commit="abc1234")
    wanted = list(episodes(splits, families, count, settings.seed, factors))
    check_folder(folder, settings)
    known = {one.key: one for one in wanted}
    fill(
        folder / f"{settings.policy}.jsonl",
        list(known),
        lambda key: outcome(known[key], judge(known[key])),
        here,
    )
    others = {one.key: one for one in beside(wanted)}
    fill(folder / "expert.jsonl", list(others), lambda key: outcome(others[key], True, sure=1.0), here)
    return read_run(folder)
