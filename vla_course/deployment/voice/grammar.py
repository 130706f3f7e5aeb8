"""The language that is spoken, as a grammar in JSGF, made from the tables of `simulation.tasks`: no second list.

What a recogniser hears with it is one command or two, politely or not, with amounts in words, or a word or two that are
for the conversation itself. It may hear a little more than the language has ("place the cup on the cup"):
`understanding` has the last word.

JSGF is the JSpeech Grammar Format (W3C note, 2000). A rule is copied to wherever it is named, so templates that go on
in the same way share one copy of what follows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, partial
from itertools import groupby
from typing import Final

import numpy as np

from vla_course.simulation.tasks.instructions import AMOUNTS, SKILLS
from vla_course.simulation.tasks.phrases import TEMPLATES
from vla_course.simulation.tasks.plain_words import in_words
from vla_course.simulation.tasks.words import (
    ADDRESSES,
    BEARING_OFF,
    CLOSINGS,
    COLOUR_WORDS,
    FIXED,
    IT,
    JOINERS,
    NO_ORDERS,
    OPENINGS,
    QUANTITIES,
    SHAPE_WORDS,
    SHAPES_OF_DRINKS,
    THING_WORDS,
    UNITS,
    WHERE_WORDS,
    WORDS,
    Wording,
)

QUIT: Final = ("quit", "stop listening", "goodbye")
"""what ends a conversation"""
STOP: Final = ("stop", "emergency stop")
"""what stops the robot at once, whatever it is about"""
YES: Final = ("yes", "yes please", "that is right")
NO: Final = ("no", "no thank you", "that is wrong")

Rules = Mapping[str, str]


def jsgf(held_out: bool = False) -> str:
    """Return the grammar in JSGF; its public rule is `<said>`. Of `held_out`, see `rules`."""
    lines = ["#JSGF V1.0;", "grammar commands;"]
    for name, expansion in rules(held_out).items():
        lines.append(f"{'public ' if name == 'said' else ''}<{name}> = {expansion};")
    return "\n".join(lines) + "\n"


@cache
def rules(held_out: bool = False) -> Rules:
    """Return what each rule of the grammar is expanded to, by its name.

    Args:
        held_out: whether words and templates that the language keeps for paraphrases are among it.
    """

    def words_of(words: Iterable[Wording]) -> list[str]:
        return [word for wording in words for word in wording.known(held_out)]

    made = {field: either(words_of(words.values())) for field, (_, words) in WORDS.items()}
    made |= {field: either(words_of([wording])) for field, (_, wording) in FIXED.items()}
    made |= {unit: either(_spoken(unit, held_out)) for unit in UNITS}
    made |= {
        field: " | ".join(f"<{unit}>" for unit in units)
        for field, units in QUANTITIES.items()
        if field not in UNITS
    }
    wheres = words_of(WHERE_WORDS.values())
    drinks = words_of(SHAPE_WORDS[shape] for shape in SHAPES_OF_DRINKS)
    made |= {
        "colour": either(words_of(COLOUR_WORDS.values())),
        "shape": either(words_of(SHAPE_WORDS.values())),
        "noun": f"<colour> ( <shape> | {either(words_of([THING_WORDS]))} ) | <shape>",
        "thing": f"the <noun> [ {either(wheres)} ]",
        "borne": f"the <noun> [ {either(_not_to(held_out))} ]",
        "drink": f"the [ <colour> ] {either(drinks)}",
        "other": "the <noun>",
    }
    made |= {f"{noun}_again": f"{IT} | <{noun}>" for noun in ("thing", "borne", "drink")}
    every = words_of(TEMPLATES[skill] for skill in SKILLS)
    plain = [template for template in every if not template.startswith(NO_ORDERS)]
    made |= {
        "order": _orders(plain, first=True),
        "later": _orders(plain, first=False),
        "request": _orders([template for template in every if template not in plain], first=True),
        "opening": either((*words_of([OPENINGS]), *ADDRESSES)),
        "closing": either((*words_of([CLOSINGS]), *ADDRESSES)),
        "joiner": either(words_of([JOINERS])),
        "talk": either((*QUIT, *STOP, *YES, *NO)),
        "said": "[ <opening> ] <order> [ <closing> ] | <order> <joiner> <later> | <request> | <talk>",
    }
    return made


def either(phrases: Iterable[str]) -> str:
    """Return an expansion for any of several phrases, which share the words that they begin with."""
    return _branches(sorted({tuple(phrase.split()) for phrase in phrases}))


def _branches(rows: Sequence[tuple[str, ...]]) -> str:
    """Return the expansion for sorted rows of words; an empty one makes all the others optional."""
    branches = []
    for first, group in groupby((row for row in rows if row), key=lambda row: row[0]):
        rest = _branches([row[1:] for row in group])
        branches.append(f"{first} {rest}".strip())
    if not branches:
        return ""
    if () in rows:
        return f"[ {' | '.join(branches)} ]"
    return f"( {' | '.join(branches)} )" if len(branches) > 1 else branches[0]


def _not_to(held_out: bool) -> list[str]:
    """Return the words for where a thing is that cannot be taken for where it is to be brought."""
    return [
        words
        for wording in WHERE_WORDS.values()
        for words in [one for one in wording.known(held_out) if not one.startswith("to ")]
        or wording.every[-1:]
    ]


def _spoken(unit: str, held_out: bool) -> list[str]:
    """Return every amount of a unit as it is said in words, each in every word for the unit."""
    least, most, grain = AMOUNTS[unit]
    said = []
    for amount in np.arange(least, most + grain / 2.0, grain).round(1).tolist():
        words = in_words(amount, unit)
        if words is not None:
            number, _, _ = words.replace("-", " ").rpartition(" ")
            names = UNITS[unit].known(held_out)[0 if amount in (0.5, 1.0) else 1 :: 2]
            said += [f"{number} {name}" for name in names]
    return said


# ---- templates ------------------------------------------------------------------------------------

_FIELD: Final = re.compile(r"the \{(thing|drink|other)\}|\{(\w+)\}")
"""a field of a template; of a thing with its article, in place of both of which "it" may stand"""


def _orders(templates: Iterable[str], first: bool) -> str:
    """Return the expansion of templates: those that go on in the same ways have their beginnings side by side.

    Args:
        templates: some of `TEMPLATES`.
        first: whether nothing was said before that "it" could mean.
    """
    ends: dict[str, set[str]] = {}
    for template in templates:
        borne = template.startswith(BEARING_OFF)
        text = _FIELD.sub(partial(_rule, borne=borne, first=first), template)
        begin, field, end = text.partition(" <")
        ends.setdefault(begin, set()).add(f"{field}{end}".strip())
    begins: dict[tuple[str, ...], list[str]] = {}
    for begin, rests in ends.items():
        begins.setdefault(tuple(sorted(rests)), []).append(begin)
    return " | ".join(f"{either(begin)} {either(rests)}".strip() for rests, begin in begins.items())


def _rule(field: re.Match[str], borne: bool, first: bool) -> str:
    """Return the rule for a field of a template, in angle brackets; a thing that is borne off is not "to" a side."""
    noun = "borne" if borne and field[1] == "thing" else field[1]
    if noun is None:
        return f"<{field[2]}>"
    return f"<{noun}>" if first or noun == "other" else f"<{noun}_again>"
