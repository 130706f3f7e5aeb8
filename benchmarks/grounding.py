"""Does the robot find what a sentence names, to the pixel, named in training or not - and know how sure it is?

python benchmarks/grounding.py [--quick] [--json] [--seed N] [--grounder FOLDER]

Asked on newly posed moments of other seeds: tasks' scenes and full tables, 0.3 to 2.5 m away, all pairs of colour and
shape on them. An answer is one camera's place for one role of one sentence. Unless a line says otherwise it counts
where the thing shows clearly (24 pixels or more, not cut by the border, as for the encoders) beside others, in light
and on tables as scenes draw them. "Right" is nearer to the middle of the named thing than to that of any other in the
picture; "found" lies on the thing as well. Intervals take answers for independent, which those of one moment are not.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from grounding_asks import Asker, asks, command, half, it, phrase, relation, reworded, second, side, synonym
from pace import median
from report import Figure, parser, report, share

from vla_course.learning.encoders.files import WEIGHTS
from vla_course.learning.encoders.frozen import FrozenEncoders
from vla_course.learning.grounding.config import ROLES, Role
from vla_course.learning.grounding.episodes import at_work
from vla_course.learning.grounding.examining import Answers, calibration_error, examine
from vla_course.learning.grounding.files import GROUNDER, load_grounder
from vla_course.learning.grounding.grounder import Grounder
from vla_course.learning.grounding.lessons import Lessons, lessons
from vla_course.learning.grounding.scenes import posed
from vla_course.learning.grounding.sights import AS_DRAWN, ENTITIES, LOOKS, SHOWN
from vla_course.simulation.scene.cameras import PLACES
from vla_course.simulation.scene.things import ALL_THINGS, HELD_OUT, TRAINED

SEED = 900
SESSIONS = 24
EPISODES = 12
BUILD = Path(__file__).parents[1] / "build" / "grounding"
DISTANCES = ((0.0, 0.5), (0.5, 0.9), (0.9, 1.4), (1.4, 4.0))


def main() -> None:
    options = _options()
    torch.set_num_threads(1)
    grounder, encoders = load_grounder(options.grounder), FrozenEncoders.load()
    sessions = range(2 if options.quick else SESSIONS)
    paths = posed(BUILD, SEED + options.seed, sessions, ALL_THINGS)
    known = lessons(paths, encoders, mirror=False)
    figures = splits(grounder, known, encoders, options.seed)
    figures += at_work_too(grounder, encoders, options.seed, 1 if options.quick else EPISODES)
    figures += speed(grounder, known, encoders)
    report("grounding", figures, options, keep=options.grounder == GROUNDER)


def _options() -> argparse.Namespace:
    words = parser(__doc__ or "")
    words.add_argument("--grounder", type=Path, default=GROUNDER, help="another one than the shipped one")
    return words.parse_args()


def clear(answers: Answers, role: Role = "thing") -> Answers:
    """Those about a thing that shows clearly beside others, where all looks as scenes draw it."""
    things = _of(answers, role).things
    return things.where(things.clear & (things.look == AS_DRAWN))


def splits(grounder: Grounder, known: Lessons, encoders: FrozenEncoders, seed: int) -> list[Figure]:
    """Answer all questions."""

    def answers(ask: Asker, names: Sequence[str] = TRAINED, roles: Sequence[Role] = ("thing",)) -> Answers:
        return examine(grounder, known, encoders, asks(known, ask, seed, names, roles))

    plain, held = answers(phrase, roles=("thing", "person")), answers(phrase, HELD_OUT)
    figures = [
        *_found("trained pairs", clear(plain), ">= 0.92", "0.97"),
        *_found("held-out pairs, all", clear(held), ">= 0.85", "0.95"),
    ]
    for name in HELD_OUT:
        mine = clear(held.where(held.entity == ENTITIES.index(name)))
        figures += [share(f"held out: {name}, right", mine.nearest.tolist())] if len(mine) else []
    said = answers(command, roles=ROLES)
    figures += _found("one command", clear(said))
    for told, ask in (
        ("by colour or shape alone", half),
        ("reworded command", reworded),
        ("synonym of noun or colour", synonym),
        ("the cup on your left", side),
    ):
        figures += _found(told, clear(answers(ask)))
    related, again = answers(relation, roles=ROLES[:2]), answers(it, roles=ROLES[2:4])
    figures += _found("a relation: its thing", clear(related))
    figures += _found("a relation: the other", clear(related, "other"))
    figures += _found(
        "second command: its thing", clear(answers(second, roles=("then thing",)), "then thing")
    )
    figures += _found('second command: "it"', clear(again, "then thing"))
    figures += _found("second command: the other", clear(again, "then other"))
    figures += [_swapped(related)]
    turned = np.roll(np.arange(len(known)), len(known) // 2)
    blind = clear(examine(grounder, known, encoders, asks(known, phrase, seed, TRAINED), turned))
    figures += [
        share("blind, pictures of another moment: right", blind.nearest.tolist()),
        Figure("chance: one of the things that show", _chance(known, clear(plain)), ""),
    ]
    return figures + _by(plain, said) + _shows(plain, said) + _sure(plain, held)


def at_work_too(grounder: Grounder, encoders: FrozenEncoders, seed: int, episodes: int) -> list[Figure]:
    """The same among moments of an expert at work: what it reaches for, carries and walks to."""
    known = lessons(at_work(BUILD, SEED + seed, range(episodes), ALL_THINGS), encoders, mirror=False)
    figures = []
    for told, names in (("trained pairs", TRAINED), ("held-out pairs", HELD_OUT)):
        seen = _of(examine(grounder, known, encoders, asks(known, phrase, seed, names)), "thing")
        carried = known.sights.held[seen.moment] == seen.entity
        figures += _found(f"expert at work, {told}", clear(seen))
        figures += _found(f"expert at work, {told}, in the hand", seen.where(carried & seen.shows).things)
    return figures


def _of(answers: Answers, role: Role) -> Answers:
    index: int = ROLES.index(role)
    return answers.where(answers.role == index)


def _found(told: str, things: Answers, bar: str = "", aim: str = "") -> list[Figure]:
    """Right of several, found, median error and share within 3 pixels."""
    if not len(things):
        return []
    error = Figure(
        f"{told}: error, median", float(np.median(things.gap)), "px", "<= 1.5" if bar else "", n=len(things)
    )
    return [
        share(f"{told}: right", things.nearest.tolist(), bar, aim),
        share(f"{told}: found", things.right.tolist()),
        error,
        share(f"{told}: within 3 px", (things.gap <= 3.0).tolist()),
    ]


def _swapped(related: Answers) -> Figure:
    """Same picture, another role: thing and other of one sentence, both right where both show."""
    keys: dict[tuple[int, int], list[bool]] = {}
    for role in ROLES[:2]:
        part = clear(related, role)
        for ask, camera, right in zip(
            part.ask.tolist(), part.camera.tolist(), part.nearest.tolist(), strict=True
        ):
            keys.setdefault((ask, camera), []).append(right)
    both = [all(pair) for pair in keys.values() if len(pair) == 2]
    return share("same picture, thing and other of one sentence: both right", both, ">= 0.85")


def _chance(known: Lessons, things: Answers) -> float:
    seen = known.sights.pixels[things.moment, things.camera, : len(ALL_THINGS)] >= SHOWN
    return float((1.0 / seen.sum(-1)).mean())


def _by(plain: Answers, said: Answers) -> list[Figure]:
    """Trained pairs by camera, by distance, by look; whatever shows at all; table and person."""
    things = _of(plain, "thing").things
    drawn, seen = things.look == AS_DRAWN, things.clear
    groups = [(f"camera {place}", drawn & seen & (things.camera == k)) for k, place in enumerate(PLACES)]
    groups += [
        (f"{a:g} to {b:g} m, cut or small as well", drawn & (things.depth > a) & (things.depth <= b))
        for a, b in DISTANCES
    ]
    groups += [(f"light and table: {look}", seen & (things.look == k)) for k, look in enumerate(LOOKS)]
    groups += [("whatever shows, six pixels or more", drawn)]
    figures = [figure for told, rows in groups for figure in _found(told, things.where(rows))]
    table, person = (ENTITIES.index(name) for name in ("table", "person"))
    for told, part in (
        ("the table, where it is named: on it", said.where(said.shows & (said.entity == table))),
        ("the person: on them", plain.where(plain.shows & (plain.entity == person))),
    ):
        figures += [share(told, part.on.tolist())] if len(part) else []
    return figures


def _shows(plain: Answers, said: Answers) -> list[Figure]:
    """Whether it shows: where it does, where it is out of sight, and where a sentence leaves a role open."""
    told = _of(plain.where(plain.told), "thing")
    nobody = said.where((said.entity < 0) & (said.role > 0) & (said.role < len(ROLES) - 1))
    right = (told.said_shows > 0.5) == told.shows
    return [
        share("shows: right", right.tolist(), ">= 0.9"),
        share("shows: where it does", right[told.shows].tolist()),
        share("shows: where it is out of sight", right[~told.shows].tolist()),
        share("shows: a role that is left open shows nowhere", (nobody.said_shows <= 0.5).tolist()),
    ]


def _sure(plain: Answers, held: Answers) -> list[Figure]:
    """Reliability: of what is said with so much confidence, how much is right; whatever shows or does not."""
    figures = []
    for told, answers, bar in (("trained pairs", plain, "<= 0.05"), ("held-out pairs", held, "")):
        part = _of(answers.where(answers.told), "thing")
        error = calibration_error(part.confidence, part.right)
        figures += [Figure(f"confidence, {told}: calibration error", error, "", bar, n=len(part))]
    part = _of(plain.where(plain.told), "thing")
    for k in range(10):
        inside = (part.confidence >= k / 10) & (part.confidence < (k + 1) / 10 + (k == 9))
        if inside.any():
            told = f"confidence {k / 10:.1f} to {(k + 1) / 10:.1f}: right"
            figures += [share(told, part.right[inside].tolist())]
    return figures


def speed(grounder: Grounder, known: Lessons, encoders: FrozenEncoders) -> list[Figure]:
    """Milliseconds of one moment with three cameras, encoders apart, and the size of the files."""
    rgb = np.zeros((1, 3, 96, 96, 3), dtype=np.uint8)
    encoded = encoders.encode(rgb, ["put the red cup on the green box"])
    return [
        Figure(
            "grounding, all cameras, p50", median(lambda: grounder.ground(encoded, "thing"), 50), "ms", n=50
        ),
        Figure("size of the weights", (GROUNDER / WEIGHTS).stat().st_size / 1e6, "MB", "<= 2"),
        Figure("parameters", sum(part.numel() for part in grounder.parameters()) / 1e6, "million"),
        Figure("moments asked about", float(len(known)), ""),
    ]


if __name__ == "__main__":
    main()
