"""What does thinking cost? Task success of the direct policy against the delay of its decisions, for each mode.

python benchmarks/streaming_delay.py [--modes "blocking,prefix"] [--delays "0,100"] [--families "reach for"]
    [--episodes 20] [--json]

The policy that ships is streamed on a clock that does not stand still for thought (`serving.chunks.streamed`): the
same episodes and, within an episode, the same delays for every mode, so that all is compared in pairs. Delays are
log-normal about their mean. Beside success stand the ticks in which nothing was due, answers that came too late for
what they were asked, and the jerk of the commands where one chunk takes over from another. What is done is kept in
build/streaming_delay and not done again; --run names the folder, by default the commit.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from kept import commits_of, resumable_parser, run_folder
from report import Figure, listed, report, share
from rich.console import Console

from vla_course.learning.demonstrations.plan import DIRECT
from vla_course.learning.evaluation.episodes import episodes, of_key
from vla_course.learning.evaluation.evaluating import fill
from vla_course.learning.evaluation.outcomes import Outcome, read_outcomes
from vla_course.learning.evaluation.policies import Given
from vla_course.learning.evaluation.trial import carry_out_with
from vla_course.learning.workers.backends import here, on_this_machine
from vla_course.serving.chunks.modes import MODES
from vla_course.serving.chunks.player import Timing
from vla_course.serving.chunks.smoothness import jerk_of
from vla_course.serving.chunks.streamed import StreamedPolicy, Streaming

DELAYS = (0, 33, 66, 100, 200, 300)
COUNT, QUICK_COUNT = 10, 1
WITHIN, ABOVE, SMOOTHER = ">= -0.05", ">= 0.20", "<= 0.5"


@dataclass(frozen=True)
class Setting:
    """A mode at a delay."""

    mode: str
    ms: int

    @property
    def name(self) -> str:
        return f"{self.mode}-{self.ms}"


ASKED = {
    *(Setting(mode, ms) for mode in ("switch", "prefix", "soft") for ms in (0, 100, 200)),
    Setting("blocking", 200),
}
"""without which nothing is kept: what is asked is about these"""


@dataclass(frozen=True)
class Moved:
    """How the robot moved in an episode: what is no part of an outcome."""

    key: str
    ticks: int
    held: int
    late: int
    decisions: int
    borders: float
    inside: float
    overall: float
    """rad/s^3, as `smoothness.Jerk` has them"""


@cache
def _learned() -> Any:
    import torch

    from vla_course.learning.planned.learned import ears_and_eyes
    from vla_course.learning.policy.files import load_policy

    torch.set_num_threads(1)
    return *ears_and_eyes(), load_policy()


def work(setting: Setting, moves: Path, key: str) -> Outcome:
    """Carry out the episode of a key, and note how the robot moved: a line is there before its outcome is."""
    made: list[StreamedPolicy] = []

    def make(given: Given) -> StreamedPolicy:
        # The same delays for every mode and mean: their logarithms differ by a constant.
        rng = np.random.default_rng(crc32(key.encode()))
        streaming = Streaming(setting.mode, setting.ms / 1000.0)
        made.append(StreamedPolicy(*_learned(), rng, streaming, given.eyes))
        return made[0]

    outcome = carry_out_with(of_key(key), make)
    if not made:  # it broke before it moved: its outcome says by what
        return outcome
    policy = made[0]
    jerk = jerk_of(policy.sent, policy.borders, Timing().tick)
    moved = Moved(key, len(policy.sent), policy.held, policy.late, len(policy.delays), **asdict(jerk))
    with moves.open("a", encoding="utf-8") as file:
        file.write(json.dumps(asdict(moved)) + "\n")
    return outcome


def main() -> None:
    reader = resumable_parser(__doc__ or "")
    reader.add_argument("--modes", default=",".join(MODES), help="which, separated by commas")
    reader.add_argument("--delays", default=",".join(map(str, DELAYS)), help="ms, separated by commas")
    reader.add_argument("--families", help="only these skills; unset, all that the policy has learned")
    reader.add_argument("--episodes", type=int, help="of each family")
    reader.add_argument("--workers", type=int, default=1)
    chosen = reader.parse_args()
    modes = listed(reader, "modes", chosen.modes, tuple(MODES))
    delays = [int(one) for one in listed(reader, "delays", chosen.delays, tuple(map(str, DELAYS)))]
    families = listed(reader, "families", chosen.families or ",".join(DIRECT), DIRECT)
    if chosen.quick and not chosen.families:
        families = ["reach for"]
    count = chosen.episodes or (QUICK_COUNT if chosen.quick else COUNT)
    folder = run_folder("streaming_delay", chosen)
    measured = commits_of(folder / "commits", add=not chosen.done)
    keys = [one.key for one in episodes(["seen"], families, count, chosen.seed)]
    settings = [Setting(mode, ms) for ms in delays for mode in modes]
    outcomes, moves = {}, {}
    for setting in settings:
        path, moved = folder / f"{setting.name}.jsonl", folder / f"{setting.name}.moves.jsonl"
        if not chosen.done:
            backend = (
                here
                if chosen.workers < 2
                else on_this_machine(chosen.workers, ["vla_course.learning.evaluation.trial"])
            )
            fill(path, keys, partial(work, setting, moved), backend, Console(stderr=True), setting.name)
        known = read_outcomes(path)
        outcomes[setting] = {key: known[key] for key in keys if key in known}
        moves[setting] = {key: one for key, one in _moves(moved).items() if key in outcomes[setting]}
    done = {setting: found for setting, found in outcomes.items() if found}
    if not done:
        reader.error(f"--done: nothing is done yet in {folder}")
    whole = {setting: found for setting, found in done.items() if len(found) == len(keys)}
    keep = {*whole} >= ASKED and {*families} == {*DIRECT} and len(keys) >= 100
    missing = ", ".join(one.name for one in settings if one not in whole)
    notes = [f"not measured, or not to the end: {missing}"] if missing else []
    notes += [] if {*families} == {*DIRECT} else [f"only {', '.join(families)}"]
    told = whole if keep else done
    report("streaming_delay", _figures(told, moves), chosen, notes=notes, keep=keep, measured=measured)


def _moves(path: Path) -> dict[str, Moved]:
    """Return how the robot moved, by episode; one that was done twice moved the same. A line cut off is none."""
    found = {}
    for line in path.read_text(encoding="utf-8").split("\n")[:-1] if path.exists() else []:
        try:
            moved = Moved(**json.loads(line))
        except (ValueError, TypeError):
            continue  # a line was cut off, and the next one went on behind it: that episode was done again
        found[moved.key] = moved
    return found


# ---- what is told ---------------------------------------------------------------------------------


def _figures(
    outcomes: dict[Setting, dict[str, Outcome]], moves: dict[Setting, dict[str, Moved]]
) -> list[Figure]:
    figures = []
    for setting, found in outcomes.items():
        figures.append(share(f"{setting.mode}, {setting.ms} ms", [one.done for one in found.values()]))
        took = [one.simulated for one in found.values() if one.done]
        if took:
            figures.append(Figure("    takes, where it is done", float(np.mean(took)), "s", n=len(took)))
        some = list(moves[setting].values())
        if some:
            n, ticks = len(some), sum(one.ticks for one in some)
            figures += [
                Figure("    ticks with nothing due", sum(one.held for one in some) / max(ticks, 1), "", n=n),
                Figure(
                    "    answers too late",
                    sum(one.late for one in some) / max(sum(one.decisions for one in some), 1),
                    "",
                    n=n,
                ),
                Figure("    jerk at borders", _rms([one.borders for one in some]), "rad/s^3", n=n),
                Figure("    jerk inside", _rms([one.inside for one in some]), "rad/s^3", n=n),
                Figure("    jerk overall", _rms([one.overall for one in some]), "rad/s^3", n=n),
            ]
    fell = sum(one.fell for found in outcomes.values() for one in found.values())
    figures.append(Figure("falls", fell, "", n=sum(map(len, outcomes.values()))))
    return figures + _asked(outcomes, moves)


def _asked(
    outcomes: dict[Setting, dict[str, Outcome]], moves: dict[Setting, dict[str, Moved]]
) -> list[Figure]:
    """Return what the issue asks for, as far as it was measured; all differences are of paired episodes."""
    at_100 = {one.mode: found for one, found in outcomes.items() if one.ms == 100 and one.mode != "blocking"}
    at_200 = {one.mode: found for one, found in outcomes.items() if one.ms == 200 and one.mode != "blocking"}
    figures = []
    for best, one, other, name, bar in (
        (at_100, 100, 0, "best mode at 100 ms, against its own 0 ms", WITHIN),
        (at_200, 200, 200, "best mode at 200 ms, against blocking", ABOVE),
    ):
        if not best:
            continue
        mode = max(best, key=lambda mode: _success(best[mode]))
        beside = outcomes.get(Setting(mode if other == 0 else "blocking", other))
        if beside:
            figures.append(_difference(f"{name} ({mode})", outcomes[Setting(mode, one)], beside, bar))
            naive = moves.get(Setting("switch", one))
            if naive and moves[Setting(mode, one)]:
                ratio = _rms([one.borders for one in moves[Setting(mode, one)].values()]) / max(
                    _rms([one.borders for one in naive.values()]), 1e-9
                )
                figures.append(
                    Figure(f"jerk at borders against switching ({mode}, {one} ms)", ratio, "", SMOOTHER)
                )
    return figures


def _success(found: dict[str, Outcome]) -> float:
    return float(np.mean([one.done for one in found.values()]))


def _difference(name: str, mine: dict[str, Outcome], other: dict[str, Outcome], bar: str) -> Figure:
    """Return the difference of two success rates in the same episodes, with its 95 % interval."""
    keys = [key for key in mine if key in other]
    gains = np.array([float(mine[key].done) - float(other[key].done) for key in keys])
    half = 1.96 * gains.std(ddof=1) / np.sqrt(len(gains)) if len(gains) > 1 else 1.0
    mean = float(gains.mean())
    return Figure(name, mean, "", bar, "", (mean - half, mean + half), len(keys))


def _rms(values: Sequence[float]) -> float:
    return float(np.sqrt(np.mean(np.square(values)))) if values else 0.0


if __name__ == "__main__":
    main()
