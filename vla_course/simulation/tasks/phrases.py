"""The templates of the command language, those of training apart from those held out.

A template names its fields in braces: a field of `NOUNS` stands for a thing, one of `WORDS` or `FIXED` for a word or a
few, one of `QUANTITIES` for a number and its unit (all in `words`).
"""

from collections.abc import Iterator, Mapping
from typing import Final

from vla_course.simulation.tasks.words import Wording


def _by_hand(wording: Wording, held_out: tuple[str, ...] = ()) -> Wording:
    """Every template as it is, and with the hand named; `held_out` name it in another way."""
    return Wording(
        wording.seen + tuple(f"{template} {{hand}}" for template in wording.seen),
        wording.held_out
        + tuple(f"{template} {{hand}}" for template in wording.held_out)
        + tuple(f"{{hand}} {template}" for template in wording.every)
        + held_out,
    )


TEMPLATES: Final[Mapping[str, Wording]] = {
    "walk": Wording(
        (
            "walk {direction} {way}",
            "step {direction} {way}",
            "walk {way} {direction}",
            "take {steps} {direction}",
            "step sideways to the {side} by {way}",
            "walk {direction} by {way}",
            "walk {direction}",
            "step {direction}",
        ),
        (
            "go {direction} for {way}",
            "move yourself {way} {direction}",
            "go {direction} {way}",
            "go {way} {direction}",
            "move {direction} {way}",
            "move {way} {direction}",
            "walk {direction} for {way}",
            "sidestep {side} {way}",
            "go {direction}",
            "move {direction}",
        ),
    ),
    "turn": Wording(
        (
            "turn {round} by {angle}",
            "turn {angle} {round}",
            "turn {round} {angle}",
            "turn {round}",
            "turn {around}",
        ),
        (
            "rotate {angle} {round}",
            "rotate {round} by {angle}",
            "spin {round} by {angle}",
            "spin {round} through {angle}",
            "make {quarter} {round}",
            "rotate {round}",
            "spin {round}",
            "spin {around}",
        ),
    ),
    "look at": Wording(
        (
            "look at the {thing}",
            "look towards the {thing}",
            "look for the {thing}",
            "look at the {person}",
            "look towards the {person}",
            "look at {me}",
        ),
        (
            "watch the {thing}",
            "turn your eyes to the {thing}",
            "find the {thing}",
            "search for the {thing}",
            "locate the {thing}",
            "have a look at the {thing}",
            "take a look at the {thing}",
            "watch the {person}",
            "turn your eyes to the {person}",
            "face the {person}",
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
            "come to {me}",
            "come {here}",
        ),
        (
            "approach the {thing}",
            "head for the {thing}",
            "go over to the {thing}",
            "walk over to the {thing}",
            "walk towards the {thing}",
            "stand by the {thing}",
            "navigate to the {thing}",
            "approach the {place}",
            "head for the {place}",
            "go over to the {place}",
            "walk over to the {place}",
            "walk towards the {place}",
            "move to the {place}",
            "navigate to the {place}",
            "come over to {me}",
        ),
    ),
    "reach for": _by_hand(
        Wording(
            ("reach for the {thing}", "reach out for the {thing}"),
            (
                "stretch your hand towards the {thing}",
                "extend your arm to the {thing}",
                "reach towards the {thing}",
                "reach out to the {thing}",
            ),
        ),
        ("stretch your {which} hand out to the {thing}", "reach for the {thing} with your {which} arm"),
    ),
    "point at": _by_hand(
        Wording(
            ("point at the {thing}", "point to the {thing}"),
            ("show me the {thing}", "indicate the {thing}", "point out the {thing}"),
        ),
        ("point your {which} hand at the {thing}",),
    ),
    "pick up": _by_hand(
        Wording(
            ("pick up the {thing}", "lift the {thing}", "take the {thing}"),
            (
                "grab the {thing}",
                "grasp the {thing}",
                "get the {thing}",
                "get hold of the {thing}",
                "get hold of the {thing} and raise it",
                "pick the {thing} up",
                "lift up the {thing}",
                "raise the {thing}",
            ),
        )
    ),
    "place": Wording(
        (
            "place the {thing} {relation} the {other}",
            "put the {thing} {relation} the {other}",
            "place the {thing} on the {top}",
            "put the {thing} on the {top}",
            "put the {thing} {down}",
        ),
        (
            "set the {thing} down {relation} the {other}",
            "i want the {thing} {relation} the {other}",
            "move the {thing} {relation} the {other}",
            "set the {thing} down on the {top}",
            "set the {thing} {down}",
        ),
    ),
    "move to": Wording(
        (
            "move the {thing} to the {spot}",
            "bring the {thing} to the {spot}",
            "move the {thing} {sideways}",
        ),
        (
            "transfer the {thing} to the {spot}",
            "i want the {thing} at the {spot}",
            "move the {thing} over to the {spot}",
            "shift the {thing} to the {spot}",
            "shift the {thing} {sideways}",
            "put the {thing} in the {midst}",
            "put the {thing} on the {spot}",
            "place the {thing} in the {midst}",
            "place the {thing} on the {spot}",
        ),
    ),
    "stand still": Wording(
        ("stand still", "stay where you are", "do not move", "stop"),
        (
            "hold your position",
            "freeze",
            "hold still",
            "stay still",
            "stand there",
            "stay there",
            "stop moving",
        ),
    ),
    "serve a drink": Wording(
        (
            "serve a drink to the {guest}",
            "bring the {guest} a drink",
            "bring me a drink",
            "serve the {guest} the {drink}",
            "serve the {drink} to the {guest}",
            "bring me the {drink}",
        ),
        (
            "serve the {guest} a drink",
            "serve a drink",
            "give the {guest} a drink",
            "give me a drink",
            "give me something to drink",
            "give the {guest} something to drink",
            "offer the {guest} something to drink",
            "could i have a drink",
            "can i have a drink",
            "may i have a drink",
            "i would like a drink",
            "the {guest} is thirsty",
            "i am thirsty",
            "offer the {drink} to the {guest}",
            "bring the {drink} to the {guest}",
            "give the {drink} to the {guest}",
            "give me the {drink}",
            "let the {guest} have the {drink}",
        ),
    ),
    "tidy the table": Wording(
        ("tidy the table", "tidy up the table", "clean up the table", "tidy the room"),
        (
            "put everything in order",
            "clear away the things on the table",
            "clean the table",
            "tidy up",
            "tidy up the room",
        ),
    ),
}
"""How each skill is asked for."""


def fields_of(template: str) -> Iterator[str]:
    """Yield the fields that a template names, in turn."""
    for part in template.split("{")[1:]:
        yield part.split("}")[0]
