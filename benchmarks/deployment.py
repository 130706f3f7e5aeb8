"""What deployment costs: the direct policy as it is, behind the safety layer, and on what a robot can measure.

    python benchmarks/deployment.py [--settings "plain,layer"] [--episodes 20] [--json] [--run NAME]

The same episodes for every setting, words and pixels in, all families that the policy has learned. *plain*: as it is
evaluated. *layer*: `SafetyLayer` between its actions and the body; it knows the table and the person as the robot has
seen them, and people stand still, as they do in these scenes. *estimate*: while the network acts the robot balances and
walks on `EstimatedSenses` in place of the truth. *both*. Beside success stand falls and decisions that were changed or
stopped. What is done is kept and not done again.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

from kept import commits_of, resumable_parser, run_folder
from report import Figure, listed, report, share
from rich.console import Console

from vla_course.deployment.estimation.estimated_senses import EstimatedSenses
from vla_course.deployment.safety.layer import SafetyLayer
from vla_course.deployment.safety.surroundings import Surroundings
from vla_course.learning.demonstrations.plan import DIRECT
from vla_course.learning.environment.commanded_body import CommandedBody
from vla_course.learning.evaluation.episodes import episodes, of_key
from vla_course.learning.evaluation.evaluating import fill
from vla_course.learning.evaluation.outcomes import Outcome, read_outcomes
from vla_course.learning.evaluation.policies import Given
from vla_course.learning.evaluation.trial import carry_out_with
from vla_course.learning.expert.scene_knowledge import SceneKnowledge
from vla_course.learning.policy.direct import DirectPolicy
from vla_course.learning.workers.backends import here

SETTINGS = ("plain", "layer", "estimate", "both")
COUNT, QUICK_COUNT = 20, 1


@dataclass(frozen=True)
class Guarded:
    """How often the layer of an episode came between; decisions are 0 without one."""

    key: str
    decisions: int
    limited: int
    halted: int


@cache
def learned() -> Any:
    import torch

    from vla_course.learning.planned.learned import ears_and_eyes
    from vla_course.learning.policy.files import load_policy

    torch.set_num_threads(1)
    return *ears_and_eyes(), load_policy()


def guard(robot: CommandedBody, knowledge: SceneKnowledge) -> SafetyLayer:
    """Put the layer round a robot that knows that much of its scene, in which people stand still."""
    layer = SafetyLayer(robot)
    layer.surroundings = Surroundings.known(knowledge, speed=0.0)
    return layer


def work(setting: str, notes: Path, key: str) -> Outcome:
    """Carry out an episode, and note what the layer did: its line is there before the outcome is."""
    made: list[DirectPolicy] = []

    def make(given: Given) -> DirectPolicy:
        more: dict[str, Any] = {}
        if setting in ("layer", "both"):
            more["guard"] = guard
        if setting in ("estimate", "both"):
            more["senses_of"] = lambda humanoid: EstimatedSenses(humanoid, humanoid.world.rng)
        made.append(DirectPolicy(*learned(), given.eyes, answer=given.answer, **more))
        return made[0]

    outcome = carry_out_with(of_key(key), make)
    layer = made[0].robot if made else None
    if isinstance(layer, SafetyLayer):
        line = Guarded(key, layer.decisions, layer.limited, layer.halted)
        with notes.open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(line)) + "\n")
    return outcome


def main() -> None:
    reader = resumable_parser(__doc__ or "")
    reader.add_argument("--settings", default=",".join(SETTINGS), help="which, separated by commas")
    reader.add_argument("--families", default=",".join(DIRECT), help="only these skills")
    reader.add_argument("--episodes", type=int, help="of each family")
    chosen = reader.parse_args()
    settings = listed(reader, "settings", chosen.settings, SETTINGS)
    families = listed(reader, "families", "point at" if chosen.quick else chosen.families, DIRECT)
    count = chosen.episodes or (QUICK_COUNT if chosen.quick else COUNT)
    keys = [one.key for one in episodes(["seen"], families, count, chosen.seed)]
    folder = run_folder("deployment", chosen)
    measured = commits_of(folder / "commits", add=not chosen.done)
    outcomes, notes = {}, {}
    for setting in settings:
        path, told = folder / f"{setting}.jsonl", folder / f"{setting}.layer.jsonl"
        if not chosen.done:
            fill(path, keys, partial(work, setting, told), here, Console(stderr=True), setting)
        known = read_outcomes(path) if path.exists() else {}
        outcomes[setting] = {key: known[key] for key in keys if key in known}
        notes[setting] = read_notes(told)
    whole = all(len(found) == len(keys) for found in outcomes.values())
    keep = whole and {*settings} == {*SETTINGS} and {*families} == {*DIRECT} and len(keys) >= 100
    report("deployment", figures_of(outcomes, notes), chosen, keep=keep, measured=measured)


def read_notes(path: Path) -> dict[str, Guarded]:
    """Return what layers did, by episode; one that was done twice did the same, a line cut off is none."""
    found = {}
    for line in path.read_text(encoding="utf-8").split("\n")[:-1] if path.exists() else []:
        try:
            told = Guarded(**json.loads(line))
        except (ValueError, TypeError):
            continue
        found[told.key] = told
    return found


def figures_of(
    outcomes: Mapping[str, Mapping[str, Outcome]], notes: Mapping[str, Mapping[str, Guarded]]
) -> list[Figure]:
    """Return success, falls and interventions of each setting."""
    figures = []
    plain = outcomes.get("plain", {})
    for setting, found in outcomes.items():
        if not found:
            continue
        figures.append(share(f"{setting}: success", [one.done for one in found.values()]))
        both = [key for key in found if key in plain]
        if setting != "plain" and both:
            gains = sum(found[key].done - plain[key].done for key in both) / len(both)
            figures.append(
                Figure(f"{setting}: success, less plain's in the same episodes", gains, "", n=len(both))
            )
        figures.append(
            Figure(
                f"{setting}: falls", float(sum(one.fell for one in found.values())), "", "<= 0", n=len(found)
            )
        )
        layers = [one for key, one in notes[setting].items() if key in found]
        decisions = sum(one.decisions for one in layers)
        if decisions:
            for name in ("limited", "halted"):
                rate = sum(getattr(one, name) for one in layers) / decisions
                figures.append(Figure(f"{setting}: decisions {name}", rate, "", n=decisions))
    return figures


if __name__ == "__main__":
    main()
