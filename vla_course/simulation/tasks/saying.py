"""How an instruction is said, in words of training or in paraphrases that are kept for tests."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, cast

import numpy as np

from vla_course.simulation.scene.things import ALL_THINGS, TRAINED
from vla_course.simulation.tasks.instructions import SKILLS, Instruction, Skill, fits
from vla_course.simulation.tasks.phrases import TEMPLATES, fields_of
from vla_course.simulation.tasks.plain_words import COMPOUNDS, CONTRACTIONS, SMALL, in_words, number_words
from vla_course.simulation.tasks.words import (
    ADDRESSES,
    ARTICLES,
    BEARING_OFF,
    CLOSINGS,
    DOING,
    FIXED,
    GERUNDS,
    IT,
    JOINERS,
    KINDS,
    NO_ORDERS,
    NOUNS,
    OPENINGS,
    QUANTITIES,
    SHAPES_OF_DRINKS,
    UNITS,
    WHERE_WORDS,
    WORDS,
    noun_words,
)

LONGEST: Final = 200
"""characters of a sentence"""
USUAL: Final[Mapping[str, tuple[float, ...]]] = {
    "steps": tuple(range(1, 13)),
    "metres": (0.5, 1, 1.5, 2, 2.5, 3),
    "degrees": tuple(range(15, 181, 15)),
}
"""the amounts that `sentences` name"""
POLITE: Final = 0.3
"""how often there is something before or after a command"""


@dataclass(frozen=True, slots=True)
class Manner:
    """How somebody puts commands.

    Attributes:
        templates: of every skill.
        openings: what is polite before a command.
        closings: and behind it.
        joiners: between two of them.
        no_orders: what templates begin with that are no plain order: nothing goes before them.
    """

    templates: Mapping[Skill, tuple[str, ...]]
    openings: tuple[str, ...]
    closings: tuple[str, ...]
    joiners: tuple[str, ...]
    no_orders: tuple[str, ...] = NO_ORDERS


def say(
    instruction: Instruction,
    rng: np.random.Generator,
    held_out: bool = False,
    manner: Manner | None = None,
) -> str:
    """Say an instruction in words of training, or in a paraphrase with words that no training has seen.

    A held-out sentence has a held-out template; synonyms are drawn among all words there are. The thing of the first
    of two instructions may be "it" in the second.

    Args:
        instruction: what is asked for.
        rng: draws templates and words.
        held_out: whether to paraphrase.
        manner: templates and what is around them, in place of those of the language.

    Raises:
        ValueError: none of the manner's templates says that.
    """
    parts = instruction.parts
    manner = manner or MANNERS[held_out]
    polite = rng.random() < POLITE
    said = []
    for part, before in zip(parts, (None, instruction), strict=False):
        templates = manner.templates[part.skill]
        if polite or len(parts) > 1:
            templates = tuple(one for one in templates if not one.startswith(manner.no_orders))
        said.append(_say(part, before, rng, templates, held_out))
    sentence = f" {manner.joiners[rng.integers(len(manner.joiners))]} ".join(said)
    if polite:
        around = [f"{words} {{}}" for words in manner.openings]
        around += [f"{{}} {words}" for words in manner.closings]
        sentence = around[rng.integers(len(around))].format(sentence)
    return sentence


def plainly(instruction: Instruction) -> str:
    """Say an instruction as plainly as training does: by the first template and the first words that say it."""
    said = []
    for part, before in zip(instruction.parts, (None, instruction), strict=False):
        template = _fitting(TEMPLATES[part.skill].seen, part)[0]
        if part.thing and _about_the_same(part, before):
            template = _calling_it(template)
        words = {field: _ways(field, part, template, held_out=False)[0] for field in fields_of(template)}
        said.append(template.format(**words))
    return " and then ".join(said)


def _templates(skill: str, held_out: bool) -> tuple[str, ...]:
    return TEMPLATES[skill].held_out if held_out else TEMPLATES[skill].seen


MANNERS: Final = tuple(
    Manner(
        {skill: _templates(skill, held_out) for skill in SKILLS},
        OPENINGS.known(held_out),
        CLOSINGS.known(held_out),
        JOINERS.known(held_out),
    )
    for held_out in (False, True)
)
"""that of training, and that of paraphrases"""


def _say(
    part: Instruction,
    before: Instruction | None,
    rng: np.random.Generator,
    templates: Sequence[str],
    held_out: bool,
) -> str:
    """Say one instruction, after the one `before`."""
    fitting = _fitting(templates, part)
    template = fitting[rng.integers(len(fitting))]
    if part.thing and _about_the_same(part, before) and rng.random() < 0.7:
        template = _calling_it(template)
    choices = {field: _ways(field, part, template, held_out) for field in fields_of(template)}
    return template.format(**{field: ways[rng.integers(len(ways))] for field, ways in choices.items()})


def _fitting(templates: Sequence[str], part: Instruction) -> list[str]:
    """Return the templates that say an instruction. Raises ValueError: none does."""
    fitting = [template for template in templates if _fits(template, part)]
    if not fitting:
        raise ValueError(f"no template says {part}")
    return fitting


def _about_the_same(part: Instruction, before: Instruction | None) -> bool:
    """Tell whether the thing of an instruction is that of the one before."""
    return before is not None and (part.thing, part.where) == (before.thing, before.where)


def _calling_it(template: str) -> str:
    return template.replace("the {thing}", IT).replace("the {drink}", IT)


def sentences(held_out: bool = False, things: Sequence[str] = TRAINED) -> Iterator[str]:
    """Yield every template with every word of each of its fields at least once, naming no thing but `things`.

    Then one sentence with each opening, closing and joiner of two commands. With `held_out` the templates are the
    held-out ones, and words all there are.
    """
    for skill in SKILLS:
        for template in _templates(skill, held_out):
            choices = {field: _choices(field, template, held_out, things) for field in fields_of(template)}
            for k in range(max(map(len, choices.values()), default=1)):
                # Fields start apart: nothing is put beside itself.
                picked = {
                    field: words[(k + place * (len(words) // 4 + 1)) % len(words)]
                    for place, (field, words) in enumerate(choices.items())
                }
                yield template.format(**picked)
    first = _templates("turn", held_out)[0].format(round="left", angle="90 degrees")
    second = _templates("stand still", held_out)[0]
    for words in OPENINGS.known(held_out):
        yield f"{words} {first}"
    for words in CLOSINGS.known(held_out):
        yield f"{first} {words}"
    for words in JOINERS.known(held_out):
        yield f"{first} {words} {second}"
    noun = noun_words(things[0]).seen[0]
    pick, put = (_templates(skill, held_out)[0] for skill in ("pick up", "move to"))
    put = put.replace("the {thing}", IT)
    yield f"{pick.format(thing=noun)} {JOINERS.seen[0]} {put.format(spot='right side of the table')}"


def every_word() -> tuple[str, ...]:
    """Return every word that a sentence of the language may have, those that are only understood as well, sorted."""
    texts = [text for held_out in (False, True) for text in sentences(held_out, ALL_THINGS)]
    texts += [*ARTICLES, *ADDRESSES, *DOING.every, *GERUNDS, *COMPOUNDS, *CONTRACTIONS, *number_words()]
    words = {word for text in texts for word in text.split()}
    return tuple(sorted(word for word in words if not word[0].isdigit()))


def _fits(template: str, part: Instruction) -> bool:
    """Tell whether a template says all that an instruction has, and nothing else."""
    said, named = part.said(), {"where"}
    for field in fields_of(template):
        if field in QUANTITIES:
            if part.unit not in QUANTITIES[field]:
                return False
            named |= {"amount", "unit"}
        elif field in FIXED:
            meaning = FIXED[field][0]
            if any(said[name] != value for name, value in meaning.items()):
                return False
            named |= meaning.keys()
        elif field in NOUNS:
            if said[NOUNS[field]] is None or said[NOUNS[field]] == "table":
                return False
            named.add(NOUNS[field])
        else:
            attribute, words = WORDS[field]
            if said[attribute] not in words:
                return False
            named.add(attribute)
    return named >= {name for name, value in said.items() if value is not None} and all(
        said[name] is not None for name in named - {"where"}
    )


def _ways(field: str, part: Instruction, template: str, held_out: bool) -> tuple[str, ...]:
    """Return all the words for a field of a template."""
    if field in QUANTITIES:
        return _quantities(cast(float, part.amount), cast(str, part.unit), held_out)
    if field in FIXED:
        return FIXED[field][1].known(held_out)
    if field not in NOUNS:
        attribute, words = WORDS[field]
        return words[cast(str, part.said()[attribute])].known(held_out)
    nouns = noun_words(cast(str, part.said()[NOUNS[field]])).known(held_out)
    if field == "other" or part.where is None:
        return nouns
    wheres = [
        words for words in WHERE_WORDS[part.where].known(held_out) if _may_follow(template, words)
    ] or WHERE_WORDS[part.where].every[-1:]
    return tuple(f"{noun} {words}" for noun in nouns for words in wheres)


def _may_follow(template: str, where: str) -> bool:
    """Tell whether "to my left" is where the thing is, and not where it is to be brought."""
    return not (where.startswith("to ") and template.startswith(BEARING_OFF))


def _quantities(amount: float, unit: str, held_out: bool) -> tuple[str, ...]:
    """Return how a number with its unit is said: in digits, and in words, in training small whole numbers only."""
    nouns = UNITS[unit].known(held_out)[amount != 1 :: 2]
    ways = [f"{amount:g} {noun}" for noun in nouns]
    spelt = in_words(amount, unit) if held_out or amount in range(1, SMALL + 1) else None
    if spelt is not None:
        number, _, _ = spelt.rpartition(" ")
        singular = UNITS[unit].known(held_out)[0::2]
        ways += [f"{number} {noun}" for noun in (singular if amount in (0.5, 1) else nouns)]
    return tuple(ways)


def _choices(field: str, template: str, held_out: bool, things: Sequence[str]) -> list[str]:
    """Return every word of a field, of numbers those that tasks have."""
    if field in QUANTITIES:
        amounts = [(unit, amount) for unit in QUANTITIES[field] for amount in USUAL[unit]]
        return [way for unit, amount in amounts for way in _quantities(amount, unit, held_out)]
    if field in FIXED:
        return list(FIXED[field][1].known(held_out))
    if field not in NOUNS:
        return [word for wording in WORDS[field][1].values() for word in wording.known(held_out)]
    drinks = field == "drink"
    names = [name for name in things if not drinks or name.split()[1] in SHAPES_OF_DRINKS]
    words = [word for name in names for word in noun_words(name).known(held_out)]
    if field == "thing" and "{other}" not in template:
        for k, noun in enumerate(KINDS):
            if any(fits(noun, name) for name in things):
                words += noun_words(noun).known(held_out)
                wheres = [where for wording in WHERE_WORDS.values() for where in wording.known(held_out)]
                where = wheres[k % len(wheres)]
                words += [f"{noun} {where}"] if _may_follow(template, where) else []
    return words
