"""Does the safety layer keep its limits in physics, and does it leave alone what is good?

python benchmarks/safety_layer.py [--quick] [--json] [--seed N] [--run NAME] [--done]

A thousand random and two hundred hostile streams of actions, three seconds each, carried out twice from the same
beginning: as the body does them, and through the layer. Everything is measured in the simulator, at every tick: the
angles and speeds of the joints, forces on table, body and person, falls. Then demonstrations of the expert, asked in
closed loop, with the layer and without; and a hundred emergency stops in mid-tick.

It goes on where it was cut off, stream by stream; --done tells of what is done by then.
"""

from functools import partial
from statistics import fmean

from kept import commits_of, fill, resumable, run_folder, unfinished
from report import Figure, report, share
from safety_layer_episodes import Demonstration, Press, Shown, Stopped, press, show
from safety_layer_streams import HOSTILE, JOINT_SPEED, RANDOM, Done, Stream, carry_out

from vla_course.simulation.tasks.instructions import SKILLS, Skill

STREAMS = {"random": (RANDOM, 1000), "hostile": (HOSTILE, 200)}
DEMONSTRATIONS = 6
"""of each skill"""
PRESSES = 100
PERIOD = 0.004
"""s, a control period"""
LIMITS = ("joint position", "joint speed", "workspace: table", "workspace: itself", "people", "fell")


def main() -> None:
    options = resumable(__doc__ or "")
    folder = run_folder("safety_layer", options)
    commits = commits_of(folder / "commits.txt", add=not options.done)
    groups = {name: streams(name, options.quick, options.seed) for name in ("hostile", "random")}
    episodes = demonstrations(options.quick, options.seed)
    presses = {str(k): Press(k) for k in range(3 if options.quick else PRESSES)}
    do = partial(_unless, options.done)
    pressed = fill(folder / "presses.jsonl", Stopped, presses, do(press), "emergency stops")
    shown = fill(folder / "demonstrations.jsonl", Shown, episodes, do(show), "demonstrations")
    done = {
        name: fill(folder / f"{name}.jsonl", Done, wanted, do(carry_out), f"{name} streams")
        for name, wanted in groups.items()
    }
    found = [*press_figures(list(pressed.values())), *shown_figures(shown, options.seed)]
    for name in done:
        found += stream_figures(name, done[name])
    wanted = {key: "emergency stops" for key in presses} | {key: "demonstrations" for key in episodes}
    wanted |= {key: f"{name} streams, with and without the layer" for name in groups for key in groups[name]}
    notes = unfinished(wanted, {*pressed, *shown, *(key for outcomes in done.values() for key in outcomes)})
    notes += [f"stopped without need, {s.key}: {s.why}" for s in shown.values() if s.stopped]
    notes += [
        f"{d.key}: {', '.join(d.harm)}" for name in done for d in done[name].values() if d.layer and d.harm
    ]
    report("safety_layer", found, options, notes=notes, keep=bool(found), measured=commits)


def _unless(told_only: bool, work):  # type: ignore[no-untyped-def]
    return None if told_only else work


def streams(name: str, quick: bool, seed: int) -> dict[str, Stream]:
    """Return the streams of a group, kinds in turn, each with the layer and without."""
    kinds, count = STREAMS[name]
    if quick:
        count = len(kinds)
    names = list(kinds)
    every = [
        Stream(names[k % len(names)], 100_000 * seed + k // len(names), layer)
        for k in range(count)
        for layer in (False, True)
    ]
    return {stream.key: stream for stream in every}


def demonstrations(quick: bool, seed: int) -> dict[str, Demonstration]:
    """Return the episodes: some of each skill, with the layer and without."""
    skills: tuple[Skill, ...] = ("pick up",) if quick else SKILLS
    every = [
        Demonstration(skill, 1000 * seed + k, layer)
        for k in range(1 if quick else DEMONSTRATIONS)
        for skill in skills
        for layer in (False, True)
    ]
    return {one.key: one for one in every}


def stream_figures(name: str, outcomes: dict[str, Done]) -> list[Figure]:
    """Return how often each limit was exceeded, pairs only: the same stream with the layer and without."""
    pairs = [
        (outcomes[key], outcomes[key.removesuffix("on") + "off"])
        for key in outcomes
        if key.endswith(" on") and key.removesuffix("on") + "off" in outcomes
    ]
    if not pairs:
        return []
    found = [Figure(f"{name} streams, each with the layer and without", float(len(pairs)), "", n=len(pairs))]
    found.append(
        share(f"{name}: any limit exceeded, without the layer", [bool(off.harm) for _, off in pairs])
    )
    found.append(share(f"{name}: any limit exceeded, with it", [bool(on.harm) for on, _ in pairs], "<= 0"))
    for limit in LIMITS:
        found.append(share(f"{name}: {limit}, without the layer", [limit in off.harm for _, off in pairs]))
        found.append(share(f"{name}: {limit}, with it", [limit in on.harm for on, _ in pairs], "<= 0"))
    for field, what, unit, bar in (
        ("beyond", "farthest beyond a hard stop", "rad", "<= 0"),
        ("arm_speed", "fastest joint of an arm", "rad/s", f"<= {JOINT_SPEED:g}"),
        ("table", "hardest on the table", "N", ""),
        ("itself", "hardest on itself", "N", ""),
        ("person", "hardest on the person", "N", ""),
    ):
        without, with_it = (max(getattr(pair[k], field) for pair in pairs) for k in (1, 0))
        found.append(Figure(f"{name}: {what}, without the layer", without, unit, n=len(pairs)))
        found.append(Figure(f"{name}: {what}, with it", with_it, unit, bar, n=len(pairs)))
    found.append(
        Figure(f"{name}: decisions that were limited", fmean(on.limited for on, _ in pairs), "", n=len(pairs))
    )
    found.append(
        Figure(f"{name}: decisions that were stopped", fmean(on.stopped for on, _ in pairs), "", n=len(pairs))
    )
    return found


def shown_figures(shown: dict[str, Shown], seed: int) -> list[Figure]:
    """Return what the layer costs where nothing is wrong: of episodes that succeed without it."""
    good = {key.removesuffix("off") for key in shown if key.endswith(" off") and shown[key].success}
    under = [shown[f"{key}on"] for key in good if f"{key}on" in shown]
    if not under:
        return []
    decisions = sum(one.decisions for one in under)
    stopped = sum(one.stopped for one in under)
    return [
        Figure("good demonstrations: decisions stopped", stopped / decisions, "", "<= 0.02", n=decisions),
        share("good demonstrations that succeed with the layer as well", [one.success for one in under]),
        share("good demonstrations with a stop in them", [one.stopped > 0 for one in under]),
    ]


def press_figures(pressed: list[Stopped]) -> list[Figure]:
    """Return how soon emergency stops acted, by the robot's own clock."""
    if not pressed:
        return []
    return [
        Figure(
            "emergency stop: press to first unaffected tick, slowest",
            max(one.first for one in pressed),
            "s",
            f"<= {PERIOD}",
            n=len(pressed),
        ),
        share(
            "emergency stop: came to rest on both feet", [one.calm < float("inf") for one in pressed], ">= 1"
        ),
        Figure("emergency stop: until then, slowest", max(one.calm for one in pressed), "s", n=len(pressed)),
        share("emergency stop: fell", [one.fell for one in pressed], "<= 0"),
    ]


if __name__ == "__main__":
    main()
