"""What becomes of a walking robot when its link breaks, and how fresh is what it feels over a way that loses datagrams?

    python benchmarks/links.py [--quick] [--json] [--run NAME]

*Cut*: the robot walks as a commander tells it over a way of 15 ms and more; at a random instant nothing gets through
any more. Counted is until it stands: both soles carry, and no step is planned. *Stop*: at a random instant the
commander says stop, and goes on to say walk; counted from there.
*Ways*: a thousand readings, one every 33 ms, of which some are lost, as datagrams and as a stream that sends again what
was lost. All on the simulation's clock.
"""

from dataclasses import dataclass

import numpy as np
from kept import commits_of, fill, resumable, run_folder
from report import Figure, report, share

from vla_course.deployment.link.channels import Weather
from vla_course.deployment.link.simulated import simulated
from vla_course.learning.environment.commanded_body import CommandedBody
from vla_course.panels.incidents.link_story import FAIR, PERIOD, ages
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.robot.layout import ACTION
from vla_course.simulation.world.world import World

EVENTS, QUICK_EVENTS = 100, 4
FASTEST = np.array((0.8, 0.5, 0.8))
"""-, of what an action can ask of the base"""
FIRST, LAST = 1.5, 6.0
"""s, between which it happens"""
AFTER = 3.0
"""s, for which it is watched"""
ON_ITS_FEET = 0.6
"""m, the height of a pelvis that has not fallen"""
LOSSES = (0.01, 0.1, 0.3)
READINGS = 1000


@dataclass(frozen=True)
class Event:
    """What happens to which walk."""

    kind: str
    index: int
    seed: int

    @property
    def key(self) -> str:
        return f"{self.kind}/{self.index}"


@dataclass(frozen=True)
class Outcome:
    """What came of it.

    Attributes:
        stands: s, from when it happened until the robot stood; None: it never did.
        fell: whether it lay there in the end.
    """

    key: str
    stands: float | None
    fell: bool


def happen(event: Event) -> Outcome:
    """Let it happen."""
    rng = np.random.default_rng([event.seed, event.index, event.kind == "stop"])
    at, velocity = rng.uniform(FIRST, LAST), FASTEST * rng.uniform(-1.0, 1.0, 3)
    with World(int(rng.integers(2**31))) as world:
        body = CommandedBody(Humanoid(world), rng)
        robot, link = simulated(body, rng, FAIR)
        action = robot.body.as_it_is()
        action[ACTION.base_velocity] = velocity
        due, stands, said = 0.0, None, False
        for _ in robot.run():
            now = world.time
            if now >= at and event.kind == "cut":
                robot.channel.cut = True
            if now >= at and event.kind == "stop" and not said:
                link.stop()
                said = True
            if now >= due:
                link.sense()
                link.command(action)
                due += PERIOD
            if now >= at and stands is None and body.walker.phase == "stand":
                stands = now - at
            if now > at + AFTER:
                break
        fell = bool(body.walker.humanoid.state().base_position[2] < ON_ITS_FEET)
    return Outcome(event.key, stands, fell)


def main() -> None:
    options = resumable(__doc__ or "")
    count = QUICK_EVENTS if options.quick else EVENTS
    events = [Event(kind, i, options.seed) for kind in ("cut", "stop") for i in range(count)]
    path = run_folder("links", options) / f"seed-{options.seed}.jsonl"
    measured = commits_of(path.with_suffix(".commits"), add=not options.done)
    done = fill(path, Outcome, {one.key: one for one in events}, None if options.done else happen, "walking")
    figures = []
    for kind in ("cut", "stop"):
        found = [done[one.key] for one in events if one.kind == kind and one.key in done]
        if not found:
            continue
        times = [np.inf if one.stands is None else one.stands for one in found]
        figures += [
            share(f"{kind}: stands within 1 s", [one <= 1.0 for one in times], bar=">= 1"),
            Figure(f"{kind}: longest until it stands", float(np.max(times)), "s", n=len(times)),
            Figure(f"{kind}: median until it stands", float(np.median(times)), "s", n=len(times)),
            Figure(f"{kind}: falls", float(sum(one.fell for one in found)), "", "<= 0", n=len(found)),
        ]
    for loss in LOSSES:
        for name, in_order in (("datagrams", False), ("stream", True)):
            weather = Weather(FAIR.latency, FAIR.jitter, loss, in_order=in_order)
            late = np.percentile(ages(weather, READINGS * PERIOD, options.seed)[1], 99)
            figures.append(
                Figure(f"{100 * loss:.0f} % lost, {name}: p99 of age", float(late), "s", n=READINGS)
            )
    report("links", figures, options, keep=len(done) == 2 * EVENTS, measured=measured)


if __name__ == "__main__":
    main()
