"""Does the robot find what a sentence names, to the pixel, named in training or not - and know how sure it is?

python benchmarks/grounding.py [--quick] [--json] [--seed N] [--grounder FOLDER]

Asked on newly posed moments of other seeds: tasks' scenes and full tables, 0.3 to 2.5 m away, all pairs of colour and
shape on them. An answer is one camera's place for one role of one sentence; it counts where the thing shows beside
others. "Right" is nearer to the middle of the named thing than to that of any other in the picture; "found" lies on the
thing as well. Sentences are asked for in groups: each line says which. Intervals take answers for independent,
which those of one moment are not quite.
"""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from pace import median
from report import Figure, parser, report, share

from vla_course.learning.encoders.files import WEIGHTS
from vla_course.learning.grounding.config import ROLES, Role
from vla_course.learning.grounding.encoding import FrozenEncoders
from vla_course.learning.grounding.examining import Answers, Ask, calibration_error, examine
from vla_course.learning.grounding.files import GROUNDER, load_grounder
from vla_course.learning.grounding.grounder import Grounder
from vla_course.learning.grounding.lessons import Lessons, lessons
from vla_course.learning.grounding.questions import about
from vla_course.learning.grounding.scenes import posed
from vla_course.learning.grounding.sights import ENTITIES, LOOKS, Sights
from vla_course.simulation.scene.cameras import PLACES
from vla_course.simulation.scene.things import ALL_THINGS, HELD_OUT, TRAINED
from vla_course.simulation.tasks.asked import sample_instruction
from vla_course.simulation.tasks.instructions import Instruction, Skill
from vla_course.simulation.tasks.saying import say
from vla_course.simulation.tasks.words import COLOUR_WORDS, SHAPE_WORDS, THING_WORDS, noun_words

SEED = 900
SESSIONS = 30
BUILD = Path(__file__).parents[1] / "build" / "grounding"
ONE_THING: tuple[Skill, ...] = ("pick up", "reach for", "point at", "look at", "go to", "move to")
SYNONYMS = {
    word for words in (*SHAPE_WORDS.values(), *COLOUR_WORDS.values(), THING_WORDS) for word in words.held_out
}
DISTANCES = ((0.0, 0.5), (0.5, 0.9), (0.9, 1.4), (1.4, 4.0))
Drawn = TypeVar("Drawn")
Asker = Callable[[np.random.Generator, Sights, int, str], tuple[str, Instruction | None] | None]


def main() -> None:
    options = _options()
    torch.set_num_threads(1)
    grounder, encoders = load_grounder(options.grounder), FrozenEncoders.load()
    sessions = range(2 if options.quick else SESSIONS)
    paths = posed(BUILD, SEED + options.seed, sessions, ALL_THINGS)
    known = lessons(paths, encoders, mirror=False)
    figures = [*splits(grounder, known, encoders, options.seed), *speed(grounder, known, encoders)]
    report("grounding", figures, options, keep=options.grounder == GROUNDER)


def _options() -> argparse.Namespace:
    words = parser(__doc__ or "")
    words.add_argument("--grounder", type=Path, default=GROUNDER, help="another one than the shipped one")
    return words.parse_args()


# ---- what is asked -----------------------------------------------------------------------------


def phrase(rng: np.random.Generator, sights: Sights, moment: int, name: str) -> tuple[str, None]:
    """Call it by colour and shape."""
    return _any(rng, noun_words(name).seen), None


def half(rng: np.random.Generator, sights: Sights, moment: int, name: str) -> tuple[str, None] | None:
    """Call it by colour or shape alone, where that is enough."""
    colour, shape = name.split()
    others = [other.split() for other in sights.names(moment) if other in ALL_THINGS and other != name]
    ways = [shape] * all(shape not in other for other in others)
    ways += [f"{colour} thing"] * all(colour not in other for other in others)
    return (_any(rng, noun_words(_any(rng, ways)).seen), None) if ways else None


def synonym(rng: np.random.Generator, sights: Sights, moment: int, name: str) -> tuple[str, None] | None:
    """Call it by a noun or a colour that no training knows."""
    words = noun_words(name).held_out
    return (_any(rng, words), None) if words else None


def command(
    rng: np.random.Generator, sights: Sights, moment: int, name: str, held_out: bool = False
) -> tuple[str, Instruction]:
    """Say one command about it."""
    while True:
        drawn = sample_instruction(rng, ONE_THING[rng.integers(len(ONE_THING))], (name, _other(rng, name)))
        if drawn.thing == name and drawn.where is None:
            said = say(drawn, rng, held_out)
            if not SYNONYMS & set(said.split()):
                return said, drawn


def reworded(rng: np.random.Generator, sights: Sights, moment: int, name: str) -> tuple[str, Instruction]:
    """Say one command about it in a template that no training knows."""
    return command(rng, sights, moment, name, held_out=True)


def relation(
    rng: np.random.Generator, sights: Sights, moment: int, name: str
) -> tuple[str, Instruction] | None:
    """Say in which relation to something else it is to be put."""
    other = _beside(rng, sights, moment, name)
    if other is None:
        return None
    drawn = Instruction("place", thing=name, relation=_any(rng, ("on", "next to", "left of")), other=other)
    return say(drawn, rng), drawn


def second(
    rng: np.random.Generator, sights: Sights, moment: int, name: str
) -> tuple[str, Instruction] | None:
    """Say a second command about it, after one about something else."""
    other = _beside(rng, sights, moment, name)
    if other is None:
        return None
    first = Instruction(_any(rng, ("look at", "point at")), thing=other)
    drawn = Instruction(
        first.skill, thing=other, then=Instruction(_any(rng, ("reach for", "pick up")), thing=name)
    )
    return say(drawn, rng), drawn


def it(rng: np.random.Generator, sights: Sights, moment: int, name: str) -> tuple[str, Instruction] | None:
    """Say that it is to be picked up, and then where it is to be put: "it"."""
    other = _beside(rng, sights, moment, name)
    if other is None:
        return None
    put = Instruction("place", thing=name, relation=_any(rng, ("on", "next to", "left of")), other=other)
    drawn = Instruction("pick up", thing=name, then=put)
    said = say(drawn, rng)
    return (said, drawn) if " it " in said else None


def side(rng: np.random.Generator, sights: Sights, moment: int, name: str) -> tuple[str, Instruction] | None:
    """Call it by its shape and by the side on which it is, where several have the shape."""
    shape = name.split()[1]
    if not any(
        other.split()[1] == shape for other in sights.names(moment) if other in ALL_THINGS and other != name
    ):
        return None
    drawn = Instruction("reach for", thing=shape, where=_any(rng, ("left", "right")))
    return say(drawn, rng), drawn


def _any(rng: np.random.Generator, of: Sequence[Drawn]) -> Drawn:
    return of[int(rng.integers(len(of)))]


def _other(rng: np.random.Generator, name: str) -> str:
    return _any(rng, [other for other in TRAINED if other != name])


def _beside(rng: np.random.Generator, sights: Sights, moment: int, name: str) -> str | None:
    """Another thing of the scene that training has named; a sentence may not be about it alone."""
    others = [other for other in sights.names(moment) if other in TRAINED and other != name]
    return _any(rng, others) if others else None


def asks(known: Lessons, ask: Asker, seed: int, names: Sequence[str] = ALL_THINGS) -> list[Ask]:
    """Ask about each of `names` at each moment."""
    rng, found = np.random.default_rng(seed), []
    for moment in range(len(known)):
        for name in known.sights.names(moment):
            said = ask(rng, known.sights, moment, name) if name in names else None
            if said is not None:
                found.append(Ask(moment, about(*said, known.sights, moment)))
    return found


# ---- figures -----------------------------------------------------------------------------------


def splits(grounder: Grounder, known: Lessons, encoders: FrozenEncoders, seed: int) -> list[Figure]:
    """Answer all questions."""

    def answers(ask: Asker, names: Sequence[str], shown: NDArray[np.int64] | None = None) -> Answers:
        return examine(grounder, known, encoders, asks(known, ask, seed, names), shown)

    plain, held = answers(phrase, TRAINED), answers(phrase, HELD_OUT)
    figures = [
        *_found("trained pairs", plain, "thing", ">= 0.92", "0.97"),
        *_found("held-out pairs, all", held, "thing", ">= 0.85", "0.95"),
    ]
    for name in HELD_OUT:
        mine = held.where(held.entity == ENTITIES.index(name))
        figures += [share(f"held out: {name}, right", mine.where(mine.role == 0).things.nearest.tolist())]
    for told, ask in (
        ("by colour or shape alone", half),
        ("one command", command),
        ("reworded command", reworded),
        ("synonym of noun or colour", synonym),
        ("the cup on your left", side),
    ):
        figures += _found(f"trained pairs, {told}", answers(ask, TRAINED), "thing")
    related, after, again = answers(relation, TRAINED), answers(second, TRAINED), answers(it, TRAINED)
    figures += _found("a relation: its thing", related, "thing") + _found(
        "a relation: the other", related, "other"
    )
    figures += _found("second command: its thing", after, "then thing")
    figures += _found("second command: it", again, "then thing") + _found(
        "second command: the other", again, "then other"
    )
    figures += [_swapped(related)]
    turned = np.roll(np.arange(len(known)), len(known) // 2)
    blind = answers(phrase, TRAINED, turned)
    figures += [
        share("blind, of another moment: right", _of(blind, "thing").things.nearest.tolist()),
        Figure("chance: one of the things that show", _chance(known, _of(plain, "thing").things), ""),
    ]
    figures += _by(plain) + _shows(plain, answers(command, TRAINED)) + _sure(plain, held)
    return figures


def _of(answers: Answers, role: Role) -> Answers:
    index: int = ROLES.index(role)
    return answers.where(answers.role == index)


def _found(told: str, answers: Answers, role: Role, bar: str = "", aim: str = "") -> list[Figure]:
    """Right of several, found, median error and share within 3 pixels."""
    things = _of(answers, role).things
    if not len(things):
        return []
    return [
        share(f"{told}: right", things.nearest.tolist(), bar, aim),
        share(f"{told}: found", things.right.tolist()),
        Figure(
            f"{told}: error, median",
            float(np.median(things.gap)),
            "px",
            "<= 1.5" if bar else "",
            n=len(things),
        ),
        share(f"{told}: within 3 px", (things.gap <= 3.0).tolist()),
    ]


def _swapped(related: Answers) -> Figure:
    """Same picture, another role: thing and other of one sentence, both right where both show."""
    keys: dict[tuple[int, int], list[bool]] = {}
    for name in ("thing", "other"):
        part = _of(related, name).things
        for ask, camera, right in zip(
            part.ask.tolist(), part.camera.tolist(), part.nearest.tolist(), strict=True
        ):
            keys.setdefault((ask, camera), []).append(right)
    both = [all(pair) for pair in keys.values() if len(pair) == 2]
    return share("same picture, both things of a sentence: both right", both, ">= 0.85")


def _chance(known: Lessons, things: Answers) -> float:
    seen = known.sights.pixels[things.moment, things.camera, : len(ALL_THINGS)] >= 6
    return float((1.0 / seen.sum(-1)).mean())


def _by(plain: Answers) -> list[Figure]:
    """Trained pairs by camera, by distance, by look."""
    things, figures = _of(plain, "thing").things, []
    groups = [(f"camera {place}", things.camera == k) for k, place in enumerate(PLACES)]
    groups += [(f"{a:g} to {b:g} m", (things.depth > a) & (things.depth <= b)) for a, b in DISTANCES]
    groups += [(f"light and table: {look}", things.look == k) for k, look in enumerate(LOOKS)]
    for told, rows in groups:
        part = things.where(rows)
        if len(part):
            figures += [
                share(f"{told}: right", part.nearest.tolist()),
                Figure(f"{told}: error, median", float(np.median(part.gap)), "px", n=len(part)),
            ]
    for name in ("table", "person"):
        part = plain.where(plain.shows & (plain.entity == ENTITIES.index(name)))
        if len(part):
            figures += [share(f"the {name}: on it", part.on.tolist())]
    return figures


def _shows(plain: Answers, commands: Answers) -> list[Figure]:
    """Whether it shows: where it does, where it is out of sight, and where a sentence leaves a role open."""
    told = _of(plain.where(plain.told), "thing")
    nobody = commands.where((commands.entity < 0) & (commands.role > 0) & (commands.role < 4))
    right = (told.said_shows > 0.5) == told.shows
    return [
        share("shows: right", right.tolist(), ">= 0.9"),
        share("shows: where it does", right[told.shows].tolist()),
        share("shows: where it is out of sight", right[~told.shows].tolist()),
        share("shows: a role that is left open shows nowhere", (nobody.said_shows <= 0.5).tolist()),
    ]


def _sure(plain: Answers, held: Answers) -> list[Figure]:
    """Reliability: of what is said with so much confidence, how much is right."""
    figures = []
    for told, answers, bar in (("trained pairs", plain, "<= 0.05"), ("held-out pairs", held, "")):
        part = _of(answers.where(answers.told), "thing")
        error = calibration_error(part.confidence, part.right)
        figures += [Figure(f"confidence, {told}: calibration error", error, "", bar, n=len(part))]
    part = _of(plain.where(plain.told), "thing")
    for k in range(10):
        inside = (part.confidence >= k / 10) & (part.confidence < (k + 1) / 10 + (k == 9))
        if inside.any():
            figures += [
                share(f"confidence {k / 10:.1f} to {(k + 1) / 10:.1f}: right", part.right[inside].tolist())
            ]
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
