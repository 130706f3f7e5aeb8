"""A new thing from ten to thirty demonstrations: what is learnt, what is forgotten, and by which way of fine-tuning.

python benchmarks/finetuning.py [--quick] [--json]

The shipped grounder is taught what a cone is (and a mushroom), which neither it nor the encoders have ever seen. "New":
the cone that was named, by colour and its new name, is found among the things that a picture shows. "Alike": of
these answers those where the picture shows something else of its colour, so that the name decides. "Old": the same for
things known before, in scenes without cones. "Beside": for those that lie beside cones. "Absent": of a cone that is
named where none is, a picture says so. Ways: nothing learnt at all ("before"), the nearest prototype on frozen
features, the row of the new word alone, the last layers, LoRA (exercise 4.8) in every linear layer, everything; with
120 old moments rehearsed; and six steps from weights that Reptile has meta-trained on known shapes. Intervals are 95 %
by bootstrap over scenes and seeds. In the end the robot is told to point at a cone, in physics. What is done is kept in
build/finetuning and not done again; --run names the folder, by default the commit.
"""

import argparse
import json
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from clustered import clustered
from finetuning_episodes import Pointing, after, before, pointings, points
from finetuning_runs import BUILD, PARTS, Outcome, Run, Teacher, grid
from report import Figure, commit, parser, report, share
from rich.progress import track

from vla_course.reference.day4_training.paired import paired_test

EPISODES = 12
SHOWN_WAYS = ("word", "everything")
"""the ways that are shown in physics"""


def main() -> None:
    options = _options()
    torch.set_num_threads(1)
    name = "quick" if options.quick else options.run or commit()
    folder = BUILD / name
    folder.mkdir(parents=True, exist_ok=True)
    runs, outcomes = list(grid(options.quick)), kept(folder / "runs.jsonl")
    teacher = None if options.done else Teacher(*((6, 1) if options.quick else (40, 4)))
    missing = [run for run in runs if run.key not in outcomes]
    if teacher is not None:
        with (folder / "runs.jsonl").open("a", encoding="utf-8") as file:
            for run in track(missing, "fine-tuning"):
                outcomes[run.key] = teacher.carry_out(run)
                file.write(json.dumps(asdict(outcomes[run.key])) + "\n")
                file.flush()
    figures, notes = compared([run for run in runs if run.key in outcomes], outcomes), []
    if not options.quick:
        told, notes = in_physics(teacher, folder / "episodes.jsonl")
        figures += told
    report("finetuning", figures, options, notes=notes)


def _options() -> argparse.Namespace:
    words = parser(__doc__ or "")
    words.add_argument("--run", help="name of the folder with what is done already; default: the commit")
    words.add_argument(
        "--done", action="store_true", help="tell of what is done already, and do nothing more"
    )
    return words.parse_args()


def kept(path: Path) -> dict[str, Outcome]:
    """Return the outcomes in a file; a line that was cut off is none."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    found = [Outcome(**json.loads(line)) for line in lines if line.endswith("}")]
    return {one.key: one for one in found}


# ---- fine-tuning ------------------------------------------------------------------------------------


def compared(runs: Sequence[Run], outcomes: dict[str, Outcome]) -> list[Figure]:
    """Return for each kind of thing, number of demonstrations and way what was found, and what it cost."""
    groups: dict[tuple[str, int, str], list[Outcome]] = {}
    for run in runs:
        groups.setdefault((run.shape, run.count, run.way), []).append(outcomes[run.key])
    figures = []
    for (shape, count, way), found in sorted(groups.items(), key=lambda item: item[0][:2]):
        told = f"{shape}, {count} demonstrations, {way}"
        figures += [
            clustered(f"{told}: {part}", [one.right[part] for one in found], found[0].scene[part])
            for part in PARTS
        ]
        if way == "before":
            continue
        figures += [
            Figure(f"{told}: numbers that learn", float(found[0].size), ""),
            Figure(f"{told}: time", float(np.mean([one.seconds for one in found])), "s", n=len(found)),
        ]
    return figures


# ---- in physics -------------------------------------------------------------------------------------


def in_physics(teacher: Teacher | None, path: Path) -> tuple[list[Figure], list[str]]:
    """Point at a cone, and at something known of its colour: before and after, in the same scenes.

    Args:
        teacher: fine-tunes; None: nothing more is done.
        path: where outcomes are kept.
    """
    done, episodes = _done(path), list(pointings("cone", EPISODES))
    with path.open("a", encoding="utf-8") as file:
        for way in ("before", *SHOWN_WAYS):
            mine = [one for one in episodes if one.new or way != "word"]  # without the word nothing is new
            missing = [one for one in mine if f"{way}/{one.key}" not in done]
            if teacher is None or not missing:
                continue
            pupil = None if way == "before" else teacher.pupil(Run("cone", 0, 20, way))[0]
            encoders = teacher.encoders
            policy = before(encoders, "cone") if pupil is None else after(encoders, pupil)
            for one in track(missing, f"pointing, {way}"):
                begin = time.process_time()
                right, trouble = points(one, policy)
                key, seconds = f"{way}/{one.key}", round(time.process_time() - begin, 1)
                done[key] = (right, trouble)
                file.write(json.dumps({"key": key, "done": right, "trouble": trouble, "s": seconds}) + "\n")
                file.flush()
    return _told(episodes, done)


def _done(path: Path) -> dict[str, tuple[bool, str]]:
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    found = [json.loads(line) for line in lines if line.endswith("}")]
    return {one["key"]: (one["done"], one["trouble"]) for one in found}


def _told(episodes: Sequence[Pointing], done: dict[str, tuple[bool, str]]) -> tuple[list[Figure], list[str]]:
    figures = []
    for new, told in ((True, "the cone"), (False, "a known thing of its colour beside it")):
        for way in SHOWN_WAYS if new else SHOWN_WAYS[1:]:
            keys = [one.key for one in episodes if one.new is new and f"{way}/{one.key}" in done]
            if not keys:
                continue
            was, now = (np.array([done[f"{when}/{key}"][0] for key in keys]) for when in ("before", way))
            test, name = paired_test(was, now), f"in physics, point at {told}"
            figures += [
                share(f"{name}: before", was.tolist()),
                share(f"{name}: after, {way}", now.tolist()),
                Figure(f"{name}: after, {way}, gained", float(test.gained), "", n=len(keys)),
                Figure(f"{name}: after, {way}, lost", float(test.lost), "", n=len(keys)),
                Figure(f"{name}: after, {way}, p of a paired test", test.p_value, "", n=len(keys)),
            ]
    notes = [f"{key}: {trouble}" for key, (right, trouble) in sorted(done.items()) if not right]
    return list({figure.name: figure for figure in figures}.values()), notes


if __name__ == "__main__":
    main()
