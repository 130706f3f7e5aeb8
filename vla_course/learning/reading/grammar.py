"""Which answers go together: every form that a command may have, as a mask over the answers to all questions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import torch
from torch import Tensor

from vla_course.learning.reading.fields import A_THING, ANY, DIGITS, FIELDS, NONE
from vla_course.simulation.tasks.instructions import FORMS

ANSWERS: Final = max(map(len, FIELDS.values()))
_THING: Final = ("colour", "shape")
_OTHER: Final = ("other colour", "other shape")
Admitted = dict[str, Sequence[str]]
"""of each question that counts the answers that a form admits"""


@dataclass(frozen=True, eq=False)
class Grammar:
    """K forms of a command.

    Attributes:
        admits: (K, fields, answers) bool.
        counts: (K, fields) bool: the questions on which a form depends. Digits do not count without a unit.
        first: (K,) bool: forms that the first of two commands may have; the others call their thing "it".
    """

    admits: Tensor
    counts: Tensor
    first: Tensor


@cache
def grammar() -> Grammar:
    """Return all forms of `instructions.FORMS`, each unit and each kind of other place apart."""
    forms = [(called, form) for called in ("no", "yes") for form in _forms(called)]
    admits = torch.zeros(len(forms), len(FIELDS), ANSWERS, dtype=torch.bool)
    counts = torch.zeros(len(forms), len(FIELDS), dtype=torch.bool)
    for k, (_, form) in enumerate(forms):
        for number, (name, answers) in enumerate(FIELDS.items()):
            counts[k, number] = name in form
            for answer in form.get(name, answers):
                admits[k, number, answers.index(answer)] = True
    return Grammar(admits, counts, torch.tensor([called == "no" for called, _ in forms]))


def _forms(called: str) -> Iterator[Admitted]:
    """Yield what each form admits whose thing is called "it", or is not."""
    for skill, forms in FORMS.items():
        for form in forms:
            if called == "yes" and "thing" not in form:
                continue
            base: Admitted = {"skill": (skill,), "it": (called,)}
            for name in ("direction", "relation", "hand"):
                base[name] = [str(value) for value in form.get(name, (NONE,))]
            base |= _thing([str(noun) for noun in form.get("thing", ())], called)
            for unit in form.get("unit", (NONE,)):
                amounts = _amounts(str(unit), [float(amount) for amount in form.get("amount", ())])
                for other in _others([str(place) for place in form.get("other", ())]):
                    yield base | amounts | other


def _thing(nouns: Sequence[str], called: str) -> Admitted:
    if called == "yes":
        return {}
    if not nouns:
        return {"colour": (NONE,), "shape": (NONE,), "where": (NONE,)}
    words = {word for noun in nouns for word in noun.split()}
    shapes = [shape for shape in FIELDS["shape"] if shape in words or (shape == ANY and "thing" in words)]
    return {"colour": FIELDS["colour"][1:], "shape": shapes, "where": FIELDS["where"]}


def _amounts(unit: str, only: Sequence[float]) -> Admitted:
    """Return what the digits of an amount of a unit may be; of `only` certain ones where there are any."""
    if unit == NONE:
        return {"unit": (NONE,)}
    of_digits: Admitted = {digit: FIELDS[digit] for digit in DIGITS}
    if only:
        written = [f"{round(10 * amount):04d}" for amount in only]
        of_digits = {digit: sorted({text[k] for text in written}) for k, digit in enumerate(DIGITS)}
    elif unit == "metres":
        of_digits |= {"hundreds": ("0",), "tens": ("0",)}
    else:
        of_digits |= {"tenths": ("0",)} | (
            {"hundreds": ("0",), "tens": ("0", "1")} if unit == "steps" else {}
        )
    return {"unit": (unit,), **of_digits}


def _others(places: Sequence[str]) -> list[Admitted]:
    """Return what the other place may be: one of some that have a name, or a thing."""
    if not places:
        return [{"place": (NONE,)}]
    named = [place for place in places if place in FIELDS["place"]]
    if named:
        return [{"place": named}]
    return [{"place": (A_THING,)} | {name: FIELDS[name][1:] for name in _OTHER}]
