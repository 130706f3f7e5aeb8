"""The words of the command language: templates and synonyms, those of training apart from those held out.

A template names its fields in braces: a field of `WORDS` stands for one word or a few of them, one of `QUANTITIES` for
a number and its unit. Everything that `instructions` says or understands is written here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from vla_course.simulation.scene.things import COLOURS, SHAPES


@dataclass(frozen=True, slots=True)
class Wording:
    """How one thing is said: words or templates of training, and those kept for tests of paraphrase."""

    seen: tuple[str, ...]
    held_out: tuple[str, ...] = ()

    @property
    def every(self) -> tuple[str, ...]:
        """All of them, those of training first."""
        return self.seen + self.held_out


SHAPE_WORDS: Final[Mapping[str, Wording]] = {
    "cup": Wording(("cup",), ("mug",)),
    "box": Wording(("box", "block"), ("carton",)),
    "ball": Wording(("ball",), ("sphere",)),
    "bottle": Wording(("bottle",), ("flask",)),
    "bowl": Wording(("bowl",), ("dish",)),
    "cylinder": Wording(("cylinder", "can"), ("tin",)),
}
COLOUR_WORDS: Final[Mapping[str, Wording]] = {
    colour: Wording((colour,), {"red": ("crimson",), "purple": ("violet",)}.get(colour, ()))
    for colour in COLOURS
}
NUMBERS: Final = (
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)
"""the words for 1 to 12; digits say the same"""


def _thing_words(shapes: tuple[str, ...]) -> dict[str, Wording]:
    """Every colour with each of `shapes`; held out is what has a held-out word anywhere."""
    words = {}
    for colour, paint in COLOUR_WORDS.items():
        for shape in shapes:
            form = SHAPE_WORDS[shape]
            seen = tuple(f"{a} {b}" for a in paint.seen for b in form.seen)
            every = tuple(f"{a} {b}" for a in paint.every for b in form.every)
            words[f"{colour} {shape}"] = Wording(seen, tuple(word for word in every if word not in seen))
    return words


UNITS: Final[Mapping[str, Wording]] = {
    "steps": Wording(("step", "steps"), ("pace", "paces")),
    "metres": Wording(("metre", "metres"), ("meter", "meters")),
    "degrees": Wording(("degree", "degrees")),
}
"""each unit in singular and plural"""
QUANTITIES: Final[Mapping[str, tuple[str, ...]]] = {
    "way": ("steps", "metres"),
    "steps": ("steps",),
    "angle": ("degrees",),
}
"""the units that each field of numbers may have"""

_SIDES: Final = {"left": Wording(("left",)), "right": Wording(("right",))}

WORDS: Final[Mapping[str, tuple[str, Mapping[str, Wording]]]] = {
    "thing": ("thing", _thing_words(tuple(SHAPES))),
    "drink": ("thing", _thing_words(("cup", "bottle"))),
    "other": ("other", _thing_words(tuple(SHAPES))),
    "person": ("other", {"person": Wording(("person",), ("human",))}),
    "place": (
        "other",
        {"person": Wording(("person",), ("human",)), "table": Wording(("table",), ("desk",))},
    ),
    "spot": (
        "other",
        {
            "left side of the table": Wording(("left side of the table",), ("left end of the table",)),
            "right side of the table": Wording(("right side of the table",), ("right end of the table",)),
            "middle of the table": Wording(("middle of the table",), ("centre of the table",)),
        },
    ),
    "relation": (
        "relation",
        {
            "on": Wording(("on", "on top of"), ("onto",)),
            "next to": Wording(("next to", "beside"), ("alongside",)),
            "left of": Wording(("left of", "to the left of"), ("on the left side of",)),
        },
    ),
    "direction": (
        "direction",
        {
            "forward": Wording(("forward", "forwards"), ("ahead",)),
            "backward": Wording(("backward", "back"), ("backwards",)),
            "left": Wording(("left", "to the left"), ("leftward",)),
            "right": Wording(("right", "to the right"), ("rightward",)),
        },
    ),
    "side": ("direction", _SIDES),
    "hand": ("hand", _SIDES),
}
"""Each field of words that a template may name: the attribute of an `Instruction` that it fills, and the words for each
value."""

_WITH_A_HAND: Final = Wording(("{} with your {{hand}} hand",), ("{} using the {{hand}} hand",))


def _by_hand(wording: Wording) -> Wording:
    """Every template as it is, and with the hand named."""
    (seen,), (held_out,) = _WITH_A_HAND.seen, _WITH_A_HAND.held_out
    return Wording(
        wording.seen + tuple(seen.format(template) for template in wording.seen),
        wording.held_out + tuple(held_out.format(template) for template in wording.held_out),
    )


TEMPLATES: Final[Mapping[str, Wording]] = {
    "walk": Wording(
        (
            "walk {direction} {way}",
            "step {direction} {way}",
            "walk {way} {direction}",
            "take {steps} {direction}",
            "step sideways to the {side} by {way}",
            "please walk {direction} by {way}",
        ),
        ("go {direction} for {way}", "move yourself {way} {direction}"),
    ),
    "turn": Wording(
        (
            "turn {side} by {angle}",
            "turn {angle} to the {side}",
            "turn to the {side} by {angle}",
            "please turn {side} {angle}",
        ),
        ("rotate {angle} to your {side}", "spin {side} through {angle}"),
    ),
    "look at": Wording(
        (
            "look at the {thing}",
            "look towards the {thing}",
            "please look at the {thing}",
            "look at the {person}",
            "look towards the {person}",
        ),
        (
            "watch the {thing}",
            "turn your eyes to the {thing}",
            "watch the {person}",
            "turn your eyes to the {person}",
        ),
    ),
    "go to": Wording(
        (
            "go to the {thing}",
            "walk to the {thing}",
            "walk up to the {thing}",
            "go to the {place}",
            "walk to the {place}",
            "walk up to the {place}",
        ),
        ("approach the {thing}", "head for the {thing}", "approach the {place}", "head for the {place}"),
    ),
    "reach for": _by_hand(
        Wording(
            ("reach for the {thing}", "reach out for the {thing}", "please reach for the {thing}"),
            ("stretch your hand towards the {thing}", "extend your arm to the {thing}"),
        )
    ),
    "point at": _by_hand(
        Wording(
            ("point at the {thing}", "point to the {thing}", "please point at the {thing}"),
            ("show me the {thing}", "indicate the {thing}"),
        )
    ),
    "pick up": _by_hand(
        Wording(
            ("pick up the {thing}", "lift the {thing}", "take the {thing}", "please pick up the {thing}"),
            ("grab the {thing}", "get hold of the {thing} and raise it"),
        )
    ),
    "place": Wording(
        (
            "place the {thing} {relation} the {other}",
            "put the {thing} {relation} the {other}",
            "please put the {thing} {relation} the {other}",
        ),
        ("set the {thing} down {relation} the {other}", "i want the {thing} {relation} the {other}"),
    ),
    "move to": Wording(
        (
            "move the {thing} to the {spot}",
            "bring the {thing} to the {spot}",
            "please move the {thing} to the {spot}",
        ),
        ("transfer the {thing} to the {spot}", "i want the {thing} at the {spot}"),
    ),
    "stand still": Wording(
        ("stand still", "stay where you are", "do not move", "please stand still"),
        ("hold your position", "freeze"),
    ),
    "serve a drink": Wording(
        (
            "serve a drink to the person",
            "bring the person a drink",
            "serve the person the {drink}",
            "serve the {drink} to the person",
        ),
        (
            "offer the person something to drink",
            "the person is thirsty",
            "offer the {drink} to the person",
            "let the person have the {drink}",
        ),
    ),
    "tidy the table": Wording(
        ("tidy the table", "tidy up the table", "clean up the table", "please tidy the table"),
        ("put everything in order", "clear away the things on the table"),
    ),
}
"""How each skill is asked for."""


def fields_of(template: str) -> Iterator[str]:
    """Yield the fields that a template names, in turn."""
    for part in template.split("{")[1:]:
        yield part.split("}")[0]
