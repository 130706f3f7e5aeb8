"""The command language: whatever can be said is understood, and nothing else."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vla_course.simulation.scene.things import ALL_THINGS, HELD_OUT
from vla_course.simulation.tasks.instructions import (
    AMOUNTS,
    DRINKS,
    LONGEST,
    SKILLS,
    SPOTS,
    Instruction,
    UnknownCommand,
    say,
    sentences,
    understand,
)
from vla_course.simulation.tasks.phrases import TEMPLATES

RNG = np.random.default_rng

things = st.sampled_from(ALL_THINGS)
hands = st.sampled_from((None, "left", "right"))


@st.composite
def walks(draw: st.DrawFn) -> Instruction:
    unit = draw(st.sampled_from(("steps", "metres")))
    amount = draw(st.integers(1, 12)) if unit == "steps" else draw(st.integers(1, 50)) / 10
    direction = draw(st.sampled_from(("forward", "backward", "left", "right")))
    return Instruction("walk", amount=amount, unit=unit, direction=direction)


@st.composite
def instructions(draw: st.DrawFn) -> Instruction:
    """Any instruction of any skill."""
    match skill := draw(st.sampled_from(SKILLS)):
        case "walk":
            return draw(walks())
        case "turn":
            side = draw(st.sampled_from(("left", "right")))
            return Instruction(skill, amount=draw(st.integers(5, 180)), unit="degrees", direction=side)
        case "look at" | "go to":
            place = draw(st.sampled_from(("person",) if skill == "look at" else ("person", "table")))
            return draw(
                st.sampled_from((Instruction(skill, thing=draw(things)), Instruction(skill, other=place)))
            )
        case "reach for" | "point at" | "pick up":
            return Instruction(skill, thing=draw(things), hand=draw(hands))
        case "place":
            thing, other = draw(st.lists(things, min_size=2, max_size=2, unique=True))
            relation = draw(st.sampled_from(("on", "next to", "left of")))
            return Instruction(skill, thing=thing, relation=relation, other=other)
        case "move to":
            return Instruction(skill, thing=draw(things), other=draw(st.sampled_from(SPOTS)))
        case "serve a drink":
            return Instruction(skill, thing=draw(st.sampled_from((None, *DRINKS))))
        case _:
            return Instruction(skill)


@settings(deadline=None)
@given(instruction=instructions(), seed=st.integers(0, 2**32), held_out=st.booleans())
def test_what_is_said_is_understood(instruction: Instruction, seed: int, held_out: bool) -> None:
    assert understand(say(instruction, RNG(seed), held_out)) == instruction


@settings(deadline=None)
@given(instruction=instructions(), seed=st.integers(0, 2**32))
def test_a_held_out_sentence_is_none_of_training(instruction: Instruction, seed: int) -> None:
    seen = {say(instruction, RNG(k)) for k in range(30)}
    assert say(instruction, RNG(seed), held_out=True) not in seen


@settings(deadline=None)
@given(instruction=instructions(), seed=st.integers(0, 2**32))
def test_case_and_punctuation_do_not_matter(instruction: Instruction, seed: int) -> None:
    sentence = say(instruction, RNG(seed))
    assert understand(f"  {sentence.upper().replace(' ', '  ')}!\n") == instruction


@pytest.mark.parametrize("skill", SKILLS)
def test_every_skill_has_several_templates_and_two_held_out(skill: str) -> None:
    wording = TEMPLATES[skill]
    assert len(wording.seen) >= 3
    assert len(wording.held_out) >= 2
    assert not set(wording.seen) & set(wording.held_out)


@pytest.mark.parametrize("held_out", [False, True])
def test_every_sentence_listed_is_understood_and_is_short_enough(held_out: bool) -> None:
    listed = list(sentences(held_out, ALL_THINGS))
    assert {understand(sentence).skill for sentence in listed} == set(SKILLS)
    assert max(map(len, listed)) <= LONGEST


def test_sentences_name_no_thing_that_is_held_out_unless_asked_to() -> None:
    named = {name for sentence in sentences() for name in understand(sentence).things}
    assert not named & set(HELD_OUT)


def test_seen_sentences_have_no_held_out_word() -> None:
    words = {word for sentence in sentences() for word in sentence.split()}
    assert not words & {"mug", "sphere", "flask", "dish", "carton", "tin", "violet", "crimson", "grab"}
    assert "sphere" in {word for sentence in sentences(held_out=True) for word in sentence.split()}


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Pick up the RED cup.", Instruction("pick up", thing="red cup")),
        ("grab the blue sphere", Instruction("pick up", thing="blue ball")),
        ("walk forward two metres", Instruction("walk", amount=2, unit="metres", direction="forward")),
        ("walk to the left 1.5 metres", Instruction("walk", amount=1.5, unit="metres", direction="left")),
        ("take 1 step back", Instruction("walk", amount=1, unit="steps", direction="backward")),
        ("serve a drink to the person", Instruction("serve a drink")),
        ("tidy the table", Instruction("tidy the table")),
    ],
)
def test_sentences_mean_what_a_person_means(sentence: str, expected: Instruction) -> None:
    assert understand(sentence) == expected


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("", "an empty command. I can, for example: "),
        (" ?! ", "an empty command"),
        ("x" * 101, "101 characters: expected at most 100"),
        ("do a somersault", "do a somersault: I can, for example: "),
        ("pick up the elephant", "'elephant' is not known, expected a colour (red, "),
        ("pick up the pink cup", "'pink cup' is not known"),
        ("put the red cup under the table", "I can, for example: "),
        ("move the red cup to the roof", "'roof' is not known, expected one of: left side of the table"),
        ("serve the red ball to the person", "'red ball' is not known, expected a colour (red, "),
        ("walk forward 40 steps", "expected 1 to 12 in steps of 1"),
        ("walk forward -3 steps", "'-3 steps' is not known, expected a number in digits"),
        ("walk forward \N{MINUS SIGN} 3 steps", "is not known, expected"),
        ("walk forward .5 metres", "'.5 metres' is not known, expected a number in digits"),
        ("turn left by -90 degrees", "'-90 degrees' is not known, expected a number in digits"),
        ("walk forward 2.5 steps", "expected 1 to 12 in steps of 1"),
        ("walk forward many steps", "expected a number in digits, or in words from one to twelve"),
        ("turn left by 400 degrees", "expected 5 to 180"),
        ("put the red cup on the red cup", "expected another thing"),
        ("turn forward by 90 degrees", "'forward' is not known, expected one of: left, right"),
        ("pick up the red cup and then dance", "'red cup and then dance' is not known"),
    ],
)
def test_other_sentences_are_refused_with_what_could_be_said(sentence: str, told: str) -> None:
    with pytest.raises(UnknownCommand, match="^I do not know how to ") as refused:
        understand(sentence)
    assert told in str(refused.value)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"skill": "dance"}, "Instruction.skill is 'dance', expected one of: walk, "),
        ({"skill": "pick up"}, "has (), expected (thing) or (thing, hand)"),
        ({"skill": "pick up", "thing": "pink cup"}, "Instruction.thing of 'pick up' is 'pink cup'"),
        ({"skill": "tidy the table", "thing": "red cup"}, "has (thing), expected ()"),
        (
            {"skill": "place", "thing": "red cup", "relation": "on", "other": "red cup"},
            "Instruction.other is 'red cup', expected another thing",
        ),
        (
            {"skill": "walk", "amount": 0.25, "unit": "metres", "direction": "left"},
            "Instruction.amount is 0.25 metres, expected 0.1 to 5 in steps of 0.1",
        ),
        (
            {"skill": "walk", "amount": float("nan"), "unit": "steps", "direction": "left"},
            "Instruction.amount is nan steps",
        ),
    ],
)
def test_an_instruction_that_makes_no_sense_is_refused(fields: dict[str, object], told: str) -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011
        Instruction(**fields)  # type: ignore[arg-type]
    assert told in str(refused.value)


def test_amounts_have_a_range_for_every_unit() -> None:
    for unit, (least, most, _) in AMOUNTS.items():
        skill, direction = ("turn" if unit == "degrees" else "walk"), "left"
        for amount in (least, most):
            Instruction(skill, amount=amount, unit=unit, direction=direction)
        with pytest.raises(ValueError, match="expected"):
            Instruction(skill, amount=2 * most, unit=unit, direction=direction)
