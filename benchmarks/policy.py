"""Does a policy do what it is told, in closed loop, in physics? Each split and family on its own line.

python benchmarks/policy.py [--policy planned] [--split "seen,swap"] [--families "pick up"] [--episodes 20] [--json]

A task counts when its own rule says so, in its time and with nothing gone wrong. Beside each line stands the expert,
who knows all of the scene, in the same tasks. Splits: "seen" (words of training), "templates" (reworded), "nouns"
(a synonym for a noun), "composition" (a pair of colour and shape that no training named), "swap" (the same picture,
another command: did it do the one it was told, and not the other), "two" (two commands in a row), "empty" (no command)
and "blind" (the pictures of another scene).

Policies: "planned" (learned), "unmeasured" (the same, but a thing's height counts for nothing when it is named),
"oracle" (the planned stack, told by grammar and segmentation what is meant), "words" and "pixels" (reading alone, or
grounding alone, learned). What is done is kept in build/policy and not done again; --run
names the folder, by default the commit.
"""

import argparse
import json
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

from policy_episodes import SPLITS, Asked, Episode, asked_in, episodes, families_of
from policy_makers import POLICIES, made
from report import Figure, commit, parser, report, share
from rich.progress import track

from vla_course.simulation.scene.things import HELD_OUT
from vla_course.simulation.tasks.instructions import SKILLS
from vla_course.simulation.tasks.stage import Stage
from vla_course.simulation.world.world import World

BUILD = Path(__file__).parents[1] / "build" / "policy"
BARS = {"seen": ">= 0.92", "composition": ">= 0.70", "swap": ">= 0.85"}
COUNT, QUICK_COUNT = 20, 1


@dataclass(frozen=True)
class Outcome:
    """What came of an episode."""

    key: str
    done: bool
    trouble: str = ""
    """what went wrong"""
    fell: bool = False
    other: bool = False
    """whether what was not asked for was done"""
    sure: float = 0.0
    simulated: float = 0.0
    """s"""
    computed: float = 0.0
    """s of the processor"""
    sentence: str = ""
    pair: str = ""


def main() -> None:
    reader = parser(__doc__ or "")
    reader.add_argument("--policy", default="planned", choices=POLICIES)
    reader.add_argument("--split", default=",".join(SPLITS), help="which, separated by commas")
    reader.add_argument("--families", default=",".join(SKILLS), help="only these skills, separated by commas")
    reader.add_argument("--episodes", type=int, help="of each family of each split")
    reader.add_argument("--run", help="name of the folder with what is done already")
    reader.add_argument("--workers", type=int, default=1)
    reader.add_argument(
        "--done", action="store_true", help="tell of all that is done already, and do nothing more"
    )
    reader.add_argument(
        "--expert", default="all", choices=("all", "failed", "none"), help="in which tasks it stands by"
    )
    chosen = reader.parse_args()
    splits = [split for split in SPLITS if split in _listed(reader, "split", chosen.split, SPLITS)]
    families = _listed(reader, "families", chosen.families, SKILLS)
    count = chosen.episodes or (QUICK_COUNT if chosen.quick else COUNT)
    folder = BUILD / (chosen.run or commit())
    wanted = list(episodes(splits, families, count, chosen.seed))
    if chosen.done:
        wanted = [of_key(key) for key in _kept(folder / f"{chosen.policy}.jsonl")]
        wanted.sort(key=lambda one: (SPLITS.index(one.split), one.number))
    mine = _all(wanted, chosen.policy, folder / f"{chosen.policy}.jsonl", chosen.workers)
    beside = [one for one in wanted if one.split not in ("empty", "blind") and chosen.expert != "none"]
    if chosen.expert == "failed":
        beside = [one for one in beside if not mine[one.key].done]
    tasks = {one.task_key: of_key(one.task_key) for one in beside}
    path = folder / "expert.jsonl"
    experts = _kept(path) if chosen.done else _all(list(tasks.values()), "expert", path, chosen.workers)
    figures, notes = _tell(wanted, mine, experts)
    for line in notes:
        print(line)
    whole = {(one.split, one.family) for one in wanted} == {
        (split, family) for split in SPLITS for family in families_of(split)
    }
    report(f"policy_{chosen.policy}", figures, chosen, notes=notes, keep=whole)


def _listed(reader: argparse.ArgumentParser, name: str, value: str, known: Sequence[str]) -> list[str]:
    """Return the names in a list of them. Ends the program on one that is not `known`."""
    names = [part.strip() for part in value.split(",")]
    for unknown in (part for part in names if part not in known):
        reader.error(f"--{name} names {unknown!r}, expected some of: {', '.join(known)}")
    return names


def of_key(key: str) -> Episode:
    """Return the episode of a key."""
    split, family, seed, number = key.split("/")
    return Episode(next(one for one in SPLITS if one == split), family, int(number), int(seed))


# ---- episodes -------------------------------------------------------------------------------------


def _all(wanted: Sequence[Episode], policy: str, path: Path, workers: int) -> dict[str, Outcome]:
    """Return the outcomes of all episodes, those that were not there yet by doing them now."""
    path.parent.mkdir(parents=True, exist_ok=True)
    found = _kept(path)
    missing = [one for one in wanted if one.key not in found]
    with path.open("a", encoding="utf-8") as file:
        file.write("" if not found or path.read_text(encoding="utf-8").endswith("\n") else "\n")
        for outcome in track(_done(missing, policy, workers), f"{policy}", total=len(missing)):
            found[outcome.key] = outcome
            file.write(json.dumps(asdict(outcome)) + "\n")
            file.flush()
    return {one.key: found[one.key] for one in wanted}


def _kept(path: Path) -> dict[str, Outcome]:
    """Return the outcomes in a file; a line that was cut off is none."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    outcomes = [Outcome(**json.loads(line)) for line in lines if line.endswith("}")]
    return {outcome.key: outcome for outcome in outcomes}


def _done(missing: Sequence[Episode], policy: str, workers: int) -> Iterator[Outcome]:
    if workers < 2:
        yield from (carry_out(one, policy) for one in missing)
        return
    with ProcessPoolExecutor(workers) as pool:
        yield from pool.map(carry_out, missing, [policy] * len(missing))


def carry_out(episode: Episode, policy: str) -> Outcome:
    """Let a policy, or "expert", carry out an episode; the same episode has the same outcome."""
    asked, begin = asked_in(episode), time.process_time()
    with World(episode.seed) as world:
        stage = asked.task.start(world)
        asked.task.observe(stage)
        other, why, sure = False, "", 0.0
        try:
            with made(policy, asked, episode, stage) as one:
                other = _watch(asked, stage, one.perform(stage.humanoid, asked.sentence))
                why, sure = one.refusal, one.sure
        except Exception as broke:  # what breaks has failed, and the others still count
            why = f"broke: {type(broke).__name__}: {broke}"
        done = asked.task.succeeded(stage) and world.time <= asked.task.seconds
        late = "out of time" if world.time > asked.task.seconds else ""
        return Outcome(
            key=episode.key,
            done=done,
            trouble="" if done else asked.task.failed(stage) or why or late or "the rule does not hold",
            fell=stage.fell,
            other=other,
            sure=round(sure, 3),
            simulated=round(world.time, 2),
            computed=round(time.process_time() - begin, 1),
            sentence=asked.sentence,
            pair=asked.pair,
        )


def _watch(asked: Asked, stage: Stage, ticks: Iterator[str]) -> bool:
    """Let a policy work until the task is done, has failed or is out of time.

    Returns:
        Whether the command that was not given was done.
    """
    other_since: float | None = None
    other = False
    for _ in ticks:
        asked.task.observe(stage)
        if asked.other is not None and not other:
            there = asked.other.reached(stage)
            other_since = None if not there else other_since or stage.world.time
            other = other_since is not None and stage.world.time - other_since >= asked.other.hold
        if asked.task.succeeded(stage) or asked.task.failed(stage) or stage.world.time > asked.task.seconds:
            break
    return other


# ---- what is told ---------------------------------------------------------------------------------


def _tell(
    wanted: Sequence[Episode], mine: dict[str, Outcome], experts: dict[str, Outcome]
) -> tuple[list[Figure], list[str]]:
    figures, notes = [], []
    for split in dict.fromkeys(one.split for one in wanted):
        of_split = [one for one in wanted if one.split == split]
        figures += _lines(split, of_split, mine, experts, BARS.get(split, ""))
        for family in dict.fromkeys(one.family for one in of_split):
            of_family = [one for one in of_split if one.family == family]
            if len(of_family) < len(of_split):
                figures += _lines(f"  {split}, {family}", of_family, mine, experts)
        if split == "composition":
            for pair in HELD_OUT:
                of_pair = [one for one in of_split if mine[one.key].pair == pair]
                if of_pair:
                    figures += _lines(f"  {split}, {pair}", of_pair, mine, experts)
        if split == "swap":
            figures.append(share("  did the other one", [mine[one.key].other for one in of_split], "<= 0.05"))
        if split == "seen":
            simulated = sorted(mine[one.key].simulated for one in of_split if mine[one.key].done)
            if simulated:
                figures.append(
                    Figure("  median time to success", simulated[len(simulated) // 2], "s", n=len(simulated))
                )
        notes += [
            f"{one.key}: {mine[one.key].trouble} ({mine[one.key].sentence!r}, sure {mine[one.key].sure:.2f})"
            for one in of_split
            if not mine[one.key].done
        ]
        common = Counter(
            mine[one.key].trouble.split("(")[0][:60] for one in of_split if not mine[one.key].done
        )
        notes += [f"{split}: {times} times {why}" for why, times in common.most_common(5)]
    figures.append(Figure("falls", sum(one.fell for one in mine.values()), "", "<= 0", n=len(mine)))
    return figures, notes


def _lines(
    name: str, of: Sequence[Episode], mine: dict[str, Outcome], experts: dict[str, Outcome], bar: str = ""
) -> list[Figure]:
    lines = [share(name, [mine[one.key].done for one in of], bar)]
    known = [experts[one.task_key].done for one in of if one.task_key in experts]
    failed = len(known) < len(of)
    if known:
        lines.append(share("    the expert, in what it failed" if failed else "    the expert", known))
    return lines


if __name__ == "__main__":
    main()
