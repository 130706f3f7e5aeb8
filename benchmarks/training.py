"""What in the training of the direct policy makes it good, and what does a training cost?

python benchmarks/training.py [--quick] [--json] [--demonstrations DIR ...] [--minutes M] [--rollouts N] [--rows ...]

Rows learn from the same demonstrations for as many processor minutes, each with as many steps as it has time for: the
direct policy with three seeds; a twin without language; a plain perceptron; a recurrent policy; flow matching in the
same trunk; the direct policy without DAgger, without noise, and with as few demonstrations with noise; LeRobot's ACT
(`training_act.py` says how to have it: LEROBOT_PYTHON). Then all of them act in the same scenes, which no demonstration
has, told truly where things are: what is compared is acting. Differences are those to the direct policy of the same
seed, with p of a paired test (McNemar 1947, exact).

Beside these: `vla-course train` with what it does by itself from the shipped demonstrations, its time and memory, and
how much of the shipped policy's success it has; trainings killed at random; the time of a decision; and how well what
the policy believes of its success agrees with it. What is done is kept in build/training and not done again: run it
again to go on. --run names the folder, by default the commit. Notes say what is not measured yet.
"""

import argparse
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import torch
import training_act
from kept import fill, resumable_parser, run_folder, unfinished
from report import report
from training_calibration import calibration
from training_course import Cost, Kill, StepTime, cost, killed
from training_figures import PRESET, SHIPS, acting, costs, decisions, kills, trainings
from training_peers import Recurrent, Remembering
from training_rollouts import Player, Rollout, rolled_out, scenes
from training_runs import ACT, OURS, ROWS, Class, Row, Trained, shared_error

from vla_course.learning.demonstrations.plan import DIRECT
from vla_course.learning.policy.chunk_policy import ChunkPolicyConfig
from vla_course.learning.policy.files import DIRECT as SHIPPED_POLICY
from vla_course.learning.policy.files import load_policy

SHIPPED: Final = Path(__file__).parents[1] / "data" / "demonstrations"
KILLS, KILL_STEPS = 3, 1000
QUICK: Final = ("ours", "language-blind twin", "recurrent", "flow matching")


def main() -> None:
    options = _options()
    torch.set_num_threads(1)
    folder, rows = run_folder("training", options), [row for row in ROWS if row.name in options.rows]
    _the_same(folder, options)
    school = None
    if not options.done:
        config = ChunkPolicyConfig(horizon=4, width=32, layers=3) if options.quick else None
        school = Class(options.demonstrations, folder, options.minutes, options.steps, config, options.seed)
    lacks = {row.name: _lacks(row, school) for row in rows}
    rows = [row for row in rows if not lacks[row.name]]
    pace = fill(
        folder / "pace.jsonl",
        StepTime,
        {row.network: row.network for row in ROWS if row.network != "act"},
        school and (lambda network: StepTime(network, school.pace(network))),
        "timing steps",
    )
    ours = pace["ours"].seconds if "ours" in pace else 0.0
    trained = fill(
        folder / "trained.jsonl",
        Trained,
        {row.name: row for row in rows},
        school and (lambda row: _train(school, row, pace, ours)),
        "training",
    )
    preset = folder / "preset"
    cost_of = fill(
        folder / "costs.jsonl",
        Cost,
        {PRESET: None},
        None if options.done else lambda _: cost(PRESET, [SHIPPED], preset, options.steps),
        "training as a student does",
    )
    cuts = {str(number): number for number in range(0 if options.quick else KILLS)}
    kept = fill(
        folder / "kills.jsonl",
        Kill,
        cuts,
        None if options.done else lambda number: killed(str(number), [SHIPPED], KILL_STEPS, number),
        "killing trainings",
    )
    named = [row.name for row in rows] + [PRESET, *([SHIPS] if options.shipped.exists() else [])]
    trials = {
        f"{name}/{scene.key}": (name, scene)
        for scene in scenes(options.skills, options.rollouts)
        for name in named
    }
    players = _players(school, rows, preset, options.shipped)
    rolled = fill(
        folder / "rollouts.jsonl",
        Rollout,
        trials,
        None if options.done else lambda trial: rolled_out(trial[0], players(trial[0]), trial[1]),
        "acting",
    )
    keys = [scene.key for scene in scenes(options.skills, options.rollouts)]
    figures = trainings(trained, pace) + acting(named, keys, options.skills, rolled)
    figures += costs(cost_of, keys, rolled) + kills(kept)
    figures += calibration(rolled, [row.name for row in rows if row.name.startswith(OURS)])
    figures += decisions(options.shipped, 20 if options.quick else 300)
    notes = [f"each row learned for {options.minutes:g} processor minutes"]
    notes += [f"{name}: not measured, {why}" for name, why in lacks.items() if why]
    notes += [f"{row.name}: not measured yet" for row in ROWS if row.name not in options.rows]
    notes += unfinished({row.name: f"training, {row.name}" for row in rows}, trained)
    notes += unfinished({key: f"acting, {name}" for key, (name, _) in trials.items()}, rolled)
    if not options.shipped.exists():
        notes.append(f"{SHIPS}: not measured, {options.shipped} is not there")
    report("training", figures, options, notes=notes, keep=worth_keeping(options))


def _options() -> argparse.Namespace:
    words = resumable_parser(__doc__ or "")
    names = ",".join(row.name for row in ROWS)
    words.add_argument("--demonstrations", type=Path, nargs="+", default=[SHIPPED], metavar="DIR")
    words.add_argument(
        "--minutes", type=float, default=10.0, help="of the processor, for the steps of each row"
    )
    words.add_argument("--steps", type=int, help="of the direct policy, in place of minutes")
    words.add_argument("--rollouts", type=int, default=8, help="scenes of each skill")
    words.add_argument("--skills", default=",".join(DIRECT), help="separated by commas")
    words.add_argument("--rows", default=names, help=f"separated by commas, of: {names}")
    words.add_argument("--shipped", type=Path, default=SHIPPED_POLICY, help="folder of the shipped policy")
    options = words.parse_args()
    for name in ("minutes", "rollouts"):
        if not getattr(options, name) > 0:
            words.error(f"--{name} is {getattr(options, name)}, expected more than 0")
    for name, known in (("skills", DIRECT), ("rows", tuple(row.name for row in ROWS))):
        asked = tuple(part.strip() for part in getattr(options, name).split(","))
        for one in (one for one in asked if one not in known):
            words.error(f"--{name} names {one!r}, expected some of: {', '.join(known)}")
        setattr(options, name, asked)
    if options.quick:
        options.rows, options.steps, options.rollouts, options.skills = QUICK, 20, 1, ("look at",)
    return options


def worth_keeping(options: argparse.Namespace) -> bool:
    """Tell whether all skills were asked for, and every row that a bar is about; notes name the others."""
    return options.skills == DIRECT and {OURS, ACT, "language-blind twin"} <= set(options.rows)


def _the_same(folder: Path, options: argparse.Namespace) -> None:
    """Refuse to go on with a run that was begun with other demonstrations, or another clock."""
    path = folder / "settings.json"
    told = {
        "demonstrations": sorted(str(one.resolve()) for one in options.demonstrations),
        "minutes": options.minutes,
        "steps": options.steps,
        "seed": options.seed,
    }
    if not path.exists():
        path.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    known = json.loads(path.read_text(encoding="utf-8"))
    for name, value in told.items():
        if known[name] != value and not options.done:
            raise SystemExit(
                f"{path}: {name} is {known[name]}, expected {value}: --run names another folder to begin anew"
            )


def _lacks(row: Row, school: Class | None) -> str:
    """Return why a row cannot be measured; empty where it can."""
    if row.network == "act" and not training_act.interpreter():
        return "LEROBOT_PYTHON names no interpreter that has LeRobot 0.4.4"
    return school.has(row) if school is not None else ""


def _train(school: Class, row: Row, pace: Mapping[str, StepTime], ours: float) -> Trained:
    if row.network != "act":
        return school.train(row, school.steps(pace[row.network].seconds, ours))
    lesson = school.whole
    told = training_act.train(lesson.learn, school.weights(row), school.seconds(ours), row.seed)
    error = shared_error(training_act.Act(school.weights(row), school.config).on(lesson.held_out), lesson)
    return Trained(row.name, int(told["parameters"]), len(lesson.learn), int(told["steps"]), error)


def _players(school: Class | None, rows: list[Row], preset: Path, shipped: Path) -> Callable[[str], Player]:
    """Return what makes of a name who plays; each is loaded once."""
    known: dict[str, Player] = {}

    def player(name: str) -> Player:
        if name in (SHIPS, PRESET):
            network = load_policy(shipped if name == SHIPS else preset)
            return lambda: (network, None)
        assert school is not None
        row = next(row for row in rows if row.name == name)
        if row.network == "act":
            act = training_act.Act(school.weights(row), school.config)
            return lambda: (act, training_act.JointsAlone)
        learned = school.load(row)
        if isinstance(learned, Recurrent):
            return lambda: (Remembering(learned), None)
        return lambda: (learned, None)

    def once(name: str) -> Player:
        if name not in known:
            known[name] = player(name)
        return known[name]

    return once


if __name__ == "__main__":
    main()
