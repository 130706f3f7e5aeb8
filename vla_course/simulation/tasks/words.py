"""The words of the command language: how each value of an instruction is said, and what only makes it polite.

All words of the language are here, in the templates of `phrases`, and in `plain_words` (numbers and short forms).
"""

from collections.abc import Mapping
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

    def known(self, held_out: bool) -> tuple[str, ...]:
        """Return those of training, or with `held_out` all of them."""
        return self.every if held_out else self.seen


Words = Mapping[str, Wording]

# ---- things ---------------------------------------------------------------------------------------

SHAPE_WORDS: Final[Words] = {
    "cup": Wording(("cup",), ("mug",)),
    "box": Wording(("box", "block"), ("carton",)),
    "ball": Wording(("ball",), ("sphere",)),
    "bottle": Wording(("bottle",), ("flask",)),
    "bowl": Wording(("bowl",), ("dish",)),
    "cylinder": Wording(("cylinder", "can"), ("tin",)),
}
COLOUR_WORDS: Final[Words] = {
    colour: Wording((colour,), {"red": ("crimson",), "purple": ("violet",)}.get(colour, ()))
    for colour in COLOURS
}
THING_WORDS: Final = Wording(("thing", "object"), ("one",))
"""for a thing of which only the colour is said"""
IT: Final = "it"
"""for the thing that the first of two commands is about"""
WHERE_WORDS: Final[Words] = {
    "left": Wording(("on your left", "to your left"), ("on the left", "on the left side")),
    "right": Wording(("on your right", "to your right"), ("on the right", "on the right side")),
    "my left": Wording(("to my left",), ("on my left",)),
    "my right": Wording(("to my right",), ("on my right",)),
}
"""Where a thing is: on the robot's side, or on the speaker's. Who says "my" is the person in the scene."""
BEARING_OFF: Final = ("take", "get", "lift", "bring", "move", "put", "place", "set")
"""What goes before "to": "take the cup to my left" may well ask to carry it there."""


def noun_words(name: str) -> Wording:
    """Return the words for "red cup", "cup" or "red thing"; held out is what has a held-out word anywhere."""
    parts = [{**COLOUR_WORDS, **SHAPE_WORDS, "thing": THING_WORDS}[word] for word in name.split()]
    seen: tuple[str, ...] = ("",)
    every: tuple[str, ...] = ("",)
    for part in parts:
        seen = tuple(f"{before} {word}".strip() for before in seen for word in part.seen)
        every = tuple(f"{before} {word}".strip() for before in every for word in part.every)
    return Wording(seen, tuple(words for words in every if words not in seen))


# ---- amounts --------------------------------------------------------------------------------------

UNITS: Final[Words] = {
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

# ---- all else -------------------------------------------------------------------------------------

_SPOTS: Final[Words] = {
    "left side of the table": Wording(
        ("left side of the table", "left"), ("left end of the table", "left side", "left hand side")
    ),
    "right side of the table": Wording(
        ("right side of the table", "right"), ("right end of the table", "right side", "right hand side")
    ),
    "middle of the table": Wording(
        ("middle of the table", "middle"), ("centre of the table", "center of the table", "centre", "center")
    ),
}
_PLACES: Final[Words] = {
    "person": Wording(("person",), ("human",)),
    "table": Wording(("table",), ("desk",)),
}

WORDS: Final[Mapping[str, tuple[str, Words]]] = {
    "person": ("other", {"person": _PLACES["person"]}),
    "me": ("other", {"person": Wording(("me",))}),
    "here": ("other", {"person": Wording(("here",), ("over here",))}),
    "place": ("other", _PLACES),
    "spot": ("other", _SPOTS),
    "midst": ("other", {"middle of the table": _SPOTS["middle of the table"]}),
    "sideways": (
        "other",
        {
            "left side of the table": Wording(("to your left",), ("left", "to the left side")),
            "right side of the table": Wording(("to your right",), ("right", "to the right side")),
        },
    ),
    "relation": (
        "relation",
        {
            "on": Wording(("on", "on top of"), ("onto",)),
            "next to": Wording(("next to", "beside"), ("alongside", "by")),
            "left of": Wording(("left of", "to the left of"), ("on the left side of", "on the left of")),
            "right of": Wording(("right of", "to the right of"), ("on the right side of", "on the right of")),
        },
    ),
    "direction": (
        "direction",
        {
            "forward": Wording(("forward", "forwards"), ("ahead", "straight ahead", "straight forward")),
            "backward": Wording(("backward", "back"), ("backwards",)),
            "left": Wording(("left", "to the left"), ("leftward", "to your left")),
            "right": Wording(("right", "to the right"), ("rightward", "to your right")),
        },
    ),
    "side": ("direction", {"left": Wording(("left",)), "right": Wording(("right",))}),
    "round": (
        "direction",
        {
            "left": Wording(("left", "to the left"), ("to your left", "counterclockwise", "anticlockwise")),
            "right": Wording(("right", "to the right"), ("to your right", "clockwise")),
        },
    ),
    "hand": (
        "hand",
        {
            side: Wording(
                (f"with your {side} hand",),
                (f"using the {side} hand", f"using your {side} hand", f"with the {side} hand"),
            )
            for side in ("left", "right")
        },
    ),
    "which": ("hand", {"left": Wording(("left",)), "right": Wording(("right",))}),
}
"""Each field of words that a template may name, nouns apart: the attribute of an `Instruction` that it fills, and the
words for each value."""

NOUNS: Final[Mapping[str, str]] = {"thing": "thing", "drink": "thing", "other": "other"}
"""Each field of nouns, and the attribute that it fills."""

FIXED: Final[Mapping[str, tuple[Mapping[str, object], Wording]]] = {
    "around": ({"amount": 180.0, "unit": "degrees"}, Wording(("around",), ("round",))),
    "quarter": ({"amount": 90.0, "unit": "degrees"}, Wording(("a quarter turn",))),
    "top": ({"relation": "on", "other": "table"}, _PLACES["table"]),
    "down": ({"relation": "on", "other": "table"}, Wording(("down",))),
    "guest": ({}, _PLACES["person"]),
}
"""Fields that say the same whenever they are named, and how."""

# ---- what only makes it polite --------------------------------------------------------------------

ASKING: Final = Wording(("could you", "can you"), ("would you", "will you", "would you kindly"))
"""openings that make a question of a command: it may end in a question mark"""
DOING: Final = Wording((), ("would you mind", "do you mind"))
"""openings after which the verb ends in -ing"""
OPENINGS: Final = Wording(
    ("please", *ASKING.seen, "could you please"),
    (
        *ASKING.held_out,
        "i want you to",
        "i would like you to",
        "i need you to",
        "robot",
        "hey robot",
        "now",
        "just",
        "go and",
    ),
)
CLOSINGS: Final = Wording(("please",), ("for me", "now", "thanks", "thank you"))
NO_ORDERS: Final = ("do not ", "the ", "i ", "could ", "can ", "may ", "{hand} ")
"""What templates begin with that are no plain order: nothing polite goes before them, and no other command."""
ADDRESSES: Final = ("robot", "hey robot", "hello robot", "hi robot", "ok robot", "okay robot", "dear robot")
"""openings and closings that call the robot"""
JOINERS: Final = Wording(("and", "and then"), ("then", "and after that"))
"""between two commands"""
ARTICLES: Final = ("the", "a", "an")
GERUNDS: Final[Mapping[str, str]] = {
    "walking": "walk",
    "stepping": "step",
    "going": "go",
    "coming": "come",
    "turning": "turn",
    "looking": "look",
    "reaching": "reach",
    "pointing": "point",
    "picking": "pick",
    "lifting": "lift",
    "taking": "take",
    "grabbing": "grab",
    "putting": "put",
    "placing": "place",
    "moving": "move",
    "bringing": "bring",
    "giving": "give",
    "serving": "serve",
    "standing": "stand",
    "tidying": "tidy",
    "cleaning": "clean",
}
"""verbs after an opening of `DOING`"""
SHAPES_OF_DRINKS: Final = ("cup", "bottle")
"""what a drink is served in"""
KINDS: Final = (*(f"{colour} thing" for colour in COLOURS), *SHAPES)
"""nouns that fit several things: a colour alone, a shape alone"""
