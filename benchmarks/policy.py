"""Does a policy do what it is told, in closed loop, in physics? Each split and family on its own line.

python benchmarks/policy.py [--policy planned] [--split "seen,swap"] [--families "pick up"] [--episodes 20] [--json]

A task counts when its own rule says so, in its time and with nothing gone wrong. Beside each line stands the expert,
who knows all of the scene, in the same tasks. Splits are those of `learning.evaluation.episodes.SPLITS`; of
"composition" and "grounded" a policy has one, by what its eyes were trained on. `vla-course evaluate` does the same for
anybody, with factors, comparisons and a page to read.

Policies: "planned" (learned), "direct" (learned, in the ten skills of which there are demonstrations), "unmeasured"
(planned, but a thing's height counts for nothing when it is named), "oracle" (the planned stack, told by grammar and
segmentation what is meant), "words" and "pixels" (reading alone, or grounding alone, learned). What is done is kept in
build/policy and not done again; --run names the folder, by default the commit.
"""

from collections import Counter
from functools import partial
from pathlib import Path

from kept import commits_of
from policy_makers import POLICIES, work
from report import Figure, commit, listed, parser, report, share
from rich.console import Console

from vla_course.learning.demonstrations.plan import DIRECT
from vla_course.learning.evaluation.episodes import SPLITS, episodes, families_of, of_key
from vla_course.learning.evaluation.evaluating import Run, Settings, beside, fill
from vla_course.learning.evaluation.outcomes import read_outcomes
from vla_course.learning.evaluation.policies import EXPERT, Learner, composition_of
from vla_course.learning.evaluation.summary import Row, in_a_row, rows, times_to_success
from vla_course.learning.workers.backends import here, on_this_machine
from vla_course.simulation.tasks.instructions import SKILLS

BUILD = Path(__file__).parents[1] / "build" / "policy"
BARS = {"seen": ">= 0.92", "composition": ">= 0.70", "grounded": ">= 0.85", "swap": ">= 0.85"}
DIRECT_BARS = BARS | {"seen": ">= 0.75"}
COUNT, QUICK_COUNT = 20, 1


def main() -> None:
    reader = parser(__doc__ or "")
    reader.add_argument("--policy", default="planned", choices=[name for name in POLICIES if name != EXPERT])
    reader.add_argument(
        "--split", help="which, separated by commas; unset, all that the policy can be asked for"
    )
    reader.add_argument(
        "--families", help="only these skills, separated by commas; unset, all that the policy has learned"
    )
    reader.add_argument("--episodes", type=int, help="of each family of each split")
    reader.add_argument("--run", help="name of the folder with what is done already")
    reader.add_argument("--weights", type=Path, help="folder of what it has learned; unset, what ships")
    reader.add_argument("--workers", type=int, default=1)
    reader.add_argument(
        "--done", action="store_true", help="tell of all that is done already, and do nothing more"
    )
    reader.add_argument(
        "--expert", default="all", choices=("all", "failed", "none"), help="in which tasks it stands by"
    )
    chosen = reader.parse_args()
    learner = Learner(chosen.policy, str(chosen.weights or ""))
    level = composition_of(learner)
    possible = [split for split in SPLITS if split not in ({"composition", "grounded"} - {level})]
    splits = [
        one
        for one in possible
        if one in listed(reader, "split", chosen.split or ",".join(possible), possible)
    ]
    learned = DIRECT if chosen.policy == "direct" else SKILLS
    families = listed(reader, "families", chosen.families or ",".join(learned), SKILLS)
    count = chosen.episodes or (QUICK_COUNT if chosen.quick else COUNT)
    folder = BUILD / (chosen.run or commit())
    wanted = [one.key for one in episodes(splits, families, count, chosen.seed)]
    backend = (
        here
        if chosen.workers < 2
        else on_this_machine(chosen.workers, ["vla_course.learning.evaluation.trial"])
    )
    paths, console = (
        {name: folder / f"{name}.jsonl" for name in (chosen.policy, EXPERT)},
        Console(stderr=True),
    )
    measured = commits_of(folder / f"{chosen.policy}.commits", add=not chosen.done)
    if chosen.done:
        mine, experts = (read_outcomes(path) for path in paths.values())
        wanted = list(mine)
    else:
        mine = fill(paths[chosen.policy], wanted, partial(work, learner), backend, console, chosen.policy)
        failed = chosen.expert == "failed"
        standing = [
            of_key(key) for key in wanted if not (failed and mine[key].done) and chosen.expert != "none"
        ]
        tasks = [one.key for one in beside(standing)]
        experts = fill(paths[EXPERT], tasks, partial(work, Learner(EXPERT)), backend, console, "the expert")
        if failed:
            experts = {key: experts[key] for key in tasks}
    settings = Settings(chosen.policy, learner.weights, chosen.seed, measured)
    figures, notes = _tell(Run(folder.name, settings, {key: mine[key] for key in wanted}, experts))
    for line in notes:
        print(line)
    of = {(one.split, one.family) for one in map(of_key, wanted)}
    both = {*learned, "two", "chain"}
    whole = of >= {(split, family) for split in splits for family in families_of(split) if family in both}
    missing = [split for split in possible if split not in splits]
    if missing:
        notes.append(f"not run: {', '.join(missing)}")
    report(f"policy_{chosen.policy}", figures, chosen, notes=notes, keep=whole, measured=measured)


# ---- what is told ---------------------------------------------------------------------------------


def _tell(run: Run) -> tuple[list[Figure], list[str]]:
    figures, notes = [], []
    bars = DIRECT_BARS if run.settings.policy == "direct" else BARS
    for row in rows(run):
        part = row.family or row.pair
        figures += _lines(
            f"  {row.name}, {part}" if part else row.name, row, "" if part else bars.get(row.name, "")
        )
        if part:
            continue
        if row.name == "swap":
            figures.append(share("  did the other one", [one.other for one in row.outcomes], "<= 0.05"))
        if row.name == "chain":
            figures.append(
                Figure("  commands in a row", sum(in_a_row(row.outcomes)), "of 5", n=len(row.outcomes))
            )
        times = times_to_success(row.outcomes)
        if row.name == "seen" and times:
            figures.append(Figure("  median time to success", times[1], "s", n=row.done))
        failed = [one for one in row.outcomes if not one.done]
        notes += [f"{one.key}: {one.trouble} ({one.sentence!r}, sure {one.sure:.2f})" for one in failed]
        common = Counter(one.trouble.split("(")[0][:60] for one in failed)
        notes += [f"{row.name}: {times} times {why}" for why, times in common.most_common(5)]
    fell = sum(one.fell for one in run.outcomes.values())
    figures.append(Figure("falls", fell, "", "<= 0", n=len(run.outcomes)))
    return figures, notes


def _lines(name: str, row: Row, bar: str) -> list[Figure]:
    figures = [share(name, [one.done for one in row.outcomes], bar)]
    if row.experts:
        failed = len(row.experts) < len(row.outcomes)
        known = [one.done for one in row.experts]
        figures.append(share("    the expert, in what it failed" if failed else "    the expert", known))
    return figures


if __name__ == "__main__":
    main()
