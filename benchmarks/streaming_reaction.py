"""How soon does a robot notice that its cup has been moved? For each way of going over from chunk to chunk.

python benchmarks/streaming_reaction.py [--modes "blocking,prefix"] [--delays "0,100"] [--json]

The policy that ships reaches for a thing, places told as they truly are. On its way there the thing is put 8 cm aside;
beside it runs a twin, the same to the bit, whose thing stays. The reaction takes as long as it takes until the
commands of the two lead their hands 2 cm apart. That is no matter of the eyes: it counts how long a decision takes, how
long it waits to be asked, and how slowly what was said before is left. Delays are log-normal about their mean.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import pybullet
from kept import commits_of, fill, resumable_parser, run_folder
from report import Figure, listed, report, share

from vla_course.learning.policy.chunk_policy import ChunkPolicy
from vla_course.learning.policy.files import load_policy
from vla_course.learning.policy.tools import tools_of
from vla_course.panels.streaming.chunk_traces import TIMING, on_the_robot
from vla_course.serving.chunks.deciding import joints_of
from vla_course.serving.chunks.modes import MODES
from vla_course.simulation.robot.layout import ARMS
from vla_course.simulation.tasks.stage import Stage

DELAYS = (0, 100, 200, 300)
SCENES, QUICK_SCENES = 12, 1
ASIDE, APART = 0.08, 0.02
"""m, by which the thing is moved, and from which on two hands are led to different places"""
FIRST, LAST, ENDS = 0.6, 1.2, 3.4
"""s, between which it is moved, and when nothing more is waited for"""


@dataclass(frozen=True)
class Case:
    """A scene, and how it is streamed."""

    mode: str
    ms: int
    scene: int

    @property
    def key(self) -> str:
        return f"{self.mode}/{self.ms}/{self.scene}"


@dataclass(frozen=True)
class Reacted:
    """What came of a case: s until the hands were led apart; None where they were not before the end."""

    key: str
    after: float | None


@cache
def network() -> ChunkPolicy:
    import torch

    torch.set_num_threads(1)
    return load_policy()


def react(case: Case) -> Reacted:
    """Carry out a case: its robot, and the twin."""
    drawn = np.random.default_rng([7, case.scene])
    moved_at, aside = drawn.uniform(FIRST, LAST), ASIDE * drawn.choice([-1.0, 1.0])

    def meddles(stage: Stage, thing: str, now: float) -> None:
        if now <= moved_at < now + TIMING.tick:
            body, client = stage.scene.bodies[thing], stage.world.client
            (x, y, z), turn = pybullet.getBasePositionAndOrientation(body, physicsClientId=client)
            pybullet.resetBasePositionAndOrientation(body, (x, y + aside, z), turn, physicsClientId=client)

    led = []
    for somebody in (None, meddles):
        more = {} if somebody is None else {"meddles": somebody}
        sent = on_the_robot(network(), case.mode, case.ms / 1000.0, ENDS, case.scene, **more).sent
        led.append(tools_of(joints_of(sent)[:, ARMS])[..., :3])
    apart = np.linalg.norm(led[1] - led[0], axis=-1).max(axis=1)
    late = TIMING.tick * np.flatnonzero(apart > APART)
    return Reacted(case.key, float(late[0] - moved_at) if late.size else None)


def main() -> None:
    reader = resumable_parser(__doc__ or "")
    reader.add_argument("--modes", default=",".join(MODES), help="which, separated by commas")
    reader.add_argument("--delays", default=",".join(map(str, DELAYS)), help="ms, separated by commas")
    chosen = reader.parse_args()
    modes = listed(reader, "modes", chosen.modes, list(MODES))
    delays = [int(one) for one in listed(reader, "delays", chosen.delays, [str(one) for one in DELAYS])]
    first, count = chosen.seed * SCENES, QUICK_SCENES if chosen.quick else SCENES
    scenes = range(first, first + count)
    cases = [Case(mode, ms, scene) for ms in delays for mode in modes for scene in scenes]
    path = run_folder("streaming_reaction", chosen) / f"seed-{chosen.seed}.jsonl"
    measured = commits_of(path.with_suffix(".commits"), add=not chosen.done)
    done = fill(path, Reacted, {one.key: one for one in cases}, None if chosen.done else react, "reacting")
    figures = []
    for ms in delays:
        for mode in modes:
            found = [done[one.key].after for one in cases if (one.mode, one.ms) == (mode, ms) and one.key in done]
            if found:
                figures += _figures(f"{mode}, {ms} ms", found)
    full = len(done) == len(MODES) * len(DELAYS) * SCENES
    report("streaming_reaction", figures, chosen, keep=full, measured=measured)


def _figures(name: str, found: Sequence[float | None]) -> list[Figure]:
    """Return the median reaction, and how many react at all; who does not counts as slower than all that do."""
    times = np.array([np.inf if one is None else one for one in found])
    middle = float(np.median(times))
    median = [Figure(name, middle, "s", n=len(times))] if np.isfinite(middle) else []
    return [*median, share(f"{name}, reacts", [one is not None for one in found])]


if __name__ == "__main__":
    main()
