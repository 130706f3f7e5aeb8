"""How a sentence is understood: the inverse of `say`.

What is polite is taken off, the rest must be one template of the language, or two with a joiner between them. A
sentence that is not of the language is not guessed at: it is refused, with what could be said.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from difflib import SequenceMatcher
from functools import cache
from typing import Final

from vla_course.simulation.scene.things import COLOURS, SHAPES
from vla_course.simulation.tasks.instructions import AMOUNTS, SKILLS, SPOTS, Instruction, Skill
from vla_course.simulation.tasks.phrases import TEMPLATES, fields_of
from vla_course.simulation.tasks.plain_words import COMMA, QUESTION, NotPlain, plain
from vla_course.simulation.tasks.saying import LONGEST
from vla_course.simulation.tasks.words import (
    ADDRESSES,
    ARTICLES,
    ASKING,
    BEARING_OFF,
    CLOSINGS,
    DOING,
    FIXED,
    GERUNDS,
    IT,
    JOINERS,
    KINDS,
    NOUNS,
    OPENINGS,
    QUANTITIES,
    SHAPES_OF_DRINKS,
    WHERE_WORDS,
    WORDS,
    Wording,
    noun_words,
)


class UnknownCommand(ValueError):
    """A sentence that is not of the language; says what the robot can do instead."""


def understand(sentence: str) -> Instruction:
    """Return what a sentence of the language asks for; case and punctuation between words do not matter.

    Raises:
        UnknownCommand: it is none; says what is not known and what the robot can do instead.
    """
    if len(sentence) > LONGEST:
        raise UnknownCommand(
            f"I do not know how to follow {len(sentence)} characters: expected at most {LONGEST} in one command"
        )
    shown = " ".join(sentence.lower().split()).rstrip(".!? ")
    try:
        text = plain(sentence)
        if not text.strip(f"{COMMA}{QUESTION} "):
            shown = "follow an empty command"
            raise _Refused(f"expected one. {_can_do('')}")
        return _read(text)
    except (NotPlain, _Refused) as why:
        raise UnknownCommand(f"I do not know how to {shown}: {why}") from why


def is_command(sentence: str) -> bool:
    """Tell whether a sentence is of the language; what `understand` says of others takes longer to find out."""
    if len(sentence) > LONGEST:
        return False
    try:
        _read(plain(sentence))
    except (NotPlain, _Refused):
        return False
    return True


class _Refused(ValueError):
    """Why a sentence is not understood."""


class _Unknown(_Refused):
    """Nothing of the language is like it; why, is found out when it is asked for."""

    def __str__(self) -> str:
        return _why(self.args[0])


# ---- one command, or two --------------------------------------------------------------------------


def _read(text: str) -> Instruction:
    """Return what plain words ask for. Raises _Refused."""
    asked, text = text.endswith(QUESTION), text.removesuffix(QUESTION).strip()
    courteous, text = _without_courtesy(text)
    if QUESTION in text or (asked and not courteous and not text.startswith(_QUESTIONS)):
        raise _Refused(f"I answer no questions. {_can_do(text)}")
    if (one := _one(text)) is not None:
        return one
    for first, second in _splits(text):
        before = _one(_without_courtesy(first)[1])
        after = None if before is None else _one(_without_courtesy(second)[1], before)
        if before is None or after is None:
            continue
        if re.match("do not|not", first):
            raise _Refused("it is not clear whether what follows is forbidden as well, expected one command")
        return replace(before, then=after)
    raise _Unknown(text)


def _splits(text: str) -> Iterator[tuple[str, str]]:
    """Yield both parts of what may be two commands."""
    for match in _JOINER.finditer(f" {text} "):
        first, second = f" {text} "[: match.start()], f" {text} "[match.end() - 1 :]
        if first.strip(f" {COMMA}") and second.strip(f" {COMMA}"):
            yield first.strip(f" {COMMA}"), second.strip(f" {COMMA}")


_JOINER: Final = re.compile(
    rf" (?:{COMMA} )?(?:{'|'.join(sorted(JOINERS.every, key=len, reverse=True))}|{COMMA})(?: {COMMA})? (?=\S)"
)


def _one(text: str, before: Instruction | None = None) -> Instruction | None:
    """Return the one instruction that a text is, None where it is none; "it" is the thing of the one `before`.

    Raises:
        _Refused: it would be one, but for a value.
    """
    words = " ".join(word for word in text.split() if word != COMMA)
    why: ValueError | None = None
    for skill, template, pattern in _patterns():
        if match := pattern.fullmatch(words):
            try:
                meaning = _meaning(match.groupdict(), before, template.startswith(BEARING_OFF))
                if meaning is not None:
                    return Instruction(skill, **(meaning | _fixed(template)))  # type: ignore[arg-type]
            except ValueError as refused:
                why = refused
    if why is not None:
        raise _Refused(
            str(why) if isinstance(why, _Refused) else f"expected {str(why).partition('expected ')[2]}"
        )
    return None


def _without_courtesy(text: str) -> tuple[bool, str]:
    """Return whether a text asks, as in "could you", and the text without that and other openings and closings."""
    asks = False
    while True:
        opening = next((words for words in _OPENINGS if text.startswith(f"{words} ")), None)
        closing = next((words for words in _CLOSINGS if text.endswith(f" {words}")), None)
        if opening is not None:
            text = text[len(opening) + 1 :]
            asks = asks or opening in ASKING.every + DOING.every
            if opening in DOING.every:
                text = _GERUND.sub(lambda verb: GERUNDS[verb[0]], text)
        elif closing is not None:
            text = text[: -len(closing) - 1]
        elif text.startswith(f"{COMMA} ") or text.endswith(f" {COMMA}"):
            text = text.strip(f"{COMMA} ")
        else:
            return asks, text


def _bare(words: str) -> str:
    """Return words without articles and "please", as `plain` leaves them."""
    return " ".join(word for word in words.split() if word not in (*ARTICLES, "please"))


_GERUND: Final = re.compile(
    rf"(?:^|(?<= and )|(?<= then )|(?<= that )|(?<= {COMMA} ))(?:{'|'.join(GERUNDS)})\b"
)
"""the verb of a command, or of a second one, after an opening of `DOING`"""
_OPENINGS: Final = sorted(
    {_bare(words) for words in (*OPENINGS.every, *DOING.every, *ADDRESSES)} - {""}, key=len, reverse=True
)
_CLOSINGS: Final = sorted(
    {_bare(words) for words in (*CLOSINGS.every, *ASKING.every, *ADDRESSES)} - {""}, key=len, reverse=True
)
_QUESTIONS: Final = ("could i have", "can i have", "may i have")
"""commands that are questions"""


# ---- templates as patterns ------------------------------------------------------------------------


@cache
def _patterns() -> tuple[tuple[Skill, str, re.Pattern[str]], ...]:
    """Return every template with its pattern, the fields of which are groups."""
    return tuple(
        (
            skill,
            template,
            re.compile(_pattern(template, {field: _group(field) for field in fields_of(template)})),
        )
        for skill in SKILLS
        for template in TEMPLATES[skill].every
    )


def _pattern(template: str, groups: Mapping[str, str]) -> str:
    return _bare(template).format(**groups)


def _group(field: str) -> str:
    """Return the pattern of a field, a group of its name."""
    if field in QUANTITIES:
        return rf"(?P<{field}>[0-9]+(?:\.[0-9]+)? (?:{'|'.join(QUANTITIES[field])}))"
    if field in FIXED:
        return f"(?:{'|'.join(_longest_first(FIXED[field][1].every))})"
    if field not in NOUNS:
        return f"(?P<{field}>{'|'.join(_longest_first(_values(field)))})"
    nouns = "|".join(_longest_first(_nouns(field == "drink")))
    if field == "other":
        return f"(?P<{field}>{nouns})"
    return f"(?P<{field}>{IT}|(?:{nouns})(?: (?:{'|'.join(_longest_first(_wheres()))}))?)"


def _longest_first(words: Iterator[str] | Mapping[str, str] | tuple[str, ...]) -> list[str]:
    return sorted({_bare(word) for word in words}, key=len, reverse=True)


@cache
def _values(field: str) -> dict[str, str]:
    """Return what each word of a field means."""
    return _meanings(WORDS[field][1])


@cache
def _nouns(drinks: bool) -> dict[str, str]:
    """Return what each noun means."""
    shapes = SHAPES_OF_DRINKS if drinks else tuple(SHAPES)
    names = [f"{colour} {shape}" for colour in COLOURS for shape in shapes]
    names += [kind for kind in KINDS if kind in shapes or not drinks]
    return {words: name for name in names for words in noun_words(name).every}


@cache
def _wheres() -> dict[str, str]:
    return _meanings(WHERE_WORDS)


def _meanings(words: Mapping[str, Wording]) -> dict[str, str]:
    return {_bare(word): value for value, wording in words.items() for word in wording.every}


def _meaning(
    groups: Mapping[str, str], before: Instruction | None, bearing_off: bool
) -> dict[str, object] | None:
    """Return the attributes of an instruction that the words of a template's fields say.

    None where "to my left" may say where a thing is to be brought. Raises _Refused: "it" is nothing.
    """
    meaning: dict[str, object] = {}
    for field, words in groups.items():
        if field in QUANTITIES:
            number, unit = words.split()
            meaning |= {"amount": float(number), "unit": unit}
        elif field not in NOUNS:
            meaning[WORDS[field][0]] = _values(field)[words]
        elif words == IT:
            if before is None or before.thing is None:
                raise _Refused(f"expected a thing before that {IT!r} could mean")
            meaning |= {"thing": before.thing, "where": before.where}
        else:
            where = next((where for where in _longest_first(_wheres()) if words.endswith(f" {where}")), None)
            noun = words if where is None else words.removesuffix(f" {where}")
            meaning[NOUNS[field]] = _nouns(False)[noun]
            if where is not None:
                if bearing_off and where.startswith("to "):
                    return None
                meaning["where"] = _wheres()[where]
    return meaning


def _fixed(template: str) -> dict[str, object]:
    return {
        name: value
        for field in fields_of(template)
        if field in FIXED
        for name, value in FIXED[field][0].items()
    }


# ---- what is refused ------------------------------------------------------------------------------

_TELLING: Final = (
    (r"minus|negative|plus", "amounts are said without a sign, expected for example: walk backward 2 steps"),
    (r"not|never|no need|cannot|without|nothing", "I only understand what to do, not what not to do"),
    (
        r"if|unless|until|till|when|whenever|while|before|once",
        "I understand no conditions and wait for nothing",
    ),
    (
        r"no|sorry|mean|instead|rather|but|except",
        "I understand no corrections, expected the whole command again",
    ),
    (
        r"about|almost|nearly|around|roughly|approximately|least|most|more|less|or|pretend|try",
        "I understand only what is said exactly",
    ),
    (r"what|where|who|whose|why|how|which|did|does|is|are|was|were", "I answer no questions"),
    (
        r"all|every|both|each|two|three|cups|boxes|balls|bottles|bowls|cylinders|things|them",
        "one thing at a time",
    ),
)
"""words that say why a sentence is none of the language, and the reasons"""


def _why(text: str) -> str:
    """Say why a text is not understood, and what could be said."""
    if len(_commands(text)) > 2:
        return "these are more than two commands, expected two at most"
    for words, reason in _TELLING:
        if match := re.search(rf"\b({words})\b", text):
            return f"{reason} ({match[0]!r}). {_can_do(text)}"
    for first, second in _splits(text):
        before = _quietly(first)
        if before is not None:
            return f"{second!r} is not known after {first!r}: {_not_known(second) or _can_do(second)}"
    return _not_known(text) or _can_do(text)


def _commands(text: str) -> list[str]:
    """Return the commands of a text that is nothing but commands, however many, else nothing."""
    if _quietly(text) is not None:
        return [text]
    for first, second in _splits(text):
        if _quietly(first) is not None and (rest := _commands(second)):
            return [first, *rest]
    return []


def _quietly(text: str) -> Instruction | None:
    """Return the one instruction that a text is, "it" being anything."""
    try:
        return _one(_without_courtesy(text)[1], Instruction("look at", thing="red cup"))
    except _Refused:
        return None


def _not_known(text: str) -> str:
    """Say which one part of a text is not known, where all the rest is of the language; else empty."""
    words = " ".join(word for word in _without_courtesy(text)[1].split() if word != COMMA)
    found: list[tuple[int, str]] = []
    for _, template, _ in _patterns():
        named = [field for field in fields_of(template) if field not in FIXED]
        fixed = {field: _group(field) for field in fields_of(template) if field in FIXED}
        anything = {field: f"(?P<{field}>.+)" for field in named}
        if not re.fullmatch(_pattern(template, fixed | anything), words):
            continue
        known = {field: _group(field) for field in named}
        for field in named:
            match = re.fullmatch(_pattern(template, fixed | known | {field: anything[field]}), words)
            if match and _may_be_meant(field, match[field]):
                part = match[field]
                found.append((len(part), f"{part!r} is not known, expected {_expected(field)}"))
    return min(found)[1] if found else ""


def _may_be_meant(field: str, part: str) -> bool:
    """Tell whether somebody may have meant a part of a sentence for a field: a number is none, a unit no thing."""
    counts = bool(re.search(rf"[0-9]|\b(?:{'|'.join(AMOUNTS)})\b", part))
    if field in QUANTITIES:
        return bool(re.search(rf"\b(?:{'|'.join(AMOUNTS)}|[0-9.]+)$", part))
    if field in ("thing", "drink", "other"):
        return not counts and bool(part.split()[-1:] != [IT])
    if field in ("hand", "which"):
        return bool(re.search(r"\b(?:hands?|arms?|with|using)\b", part))
    return not counts and len(part.split()) <= 4


def _expected(field: str) -> str:
    if field in QUANTITIES:
        units = " or ".join(QUANTITIES[field])
        return f"a number in digits or in words, and its unit: {units}"
    if field in NOUNS:
        shapes = SHAPES_OF_DRINKS if field == "drink" else tuple(SHAPES)
        return f"a colour ({', '.join(COLOURS)}) and a shape ({', '.join(shapes)})"
    return "one of: " + ", ".join(words.seen[0] for words in WORDS[field][1].values())


def _can_do(text: str) -> str:
    """Name the three things that come nearest to what was said."""
    nearest = sorted(_EXAMPLES, key=lambda example: -SequenceMatcher(None, text, example).ratio())
    return "I can, for example: " + "; ".join(nearest[:3])


def _example(wording: Wording) -> str:
    samples = {"way": "2 steps", "angle": "90 degrees", "direction": "forward", "round": "left"}
    samples |= {
        "thing": "red cup",
        "relation": "next to",
        "other": "green box",
        "spot": SPOTS[0],
        "guest": "person",
    }
    return wording.seen[0].format(**samples)


_EXAMPLES: Final = tuple(_example(wording) for wording in TEMPLATES.values())
