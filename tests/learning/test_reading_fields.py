"""An instruction as answers to questions, and back; sentences to learn from keep apart what tests are to ask."""

import re
from dataclasses import replace

import numpy as np
import pytest
import torch

from vla_course.learning.reading.command_reader import Reading, answered, choose
from vla_course.learning.reading.fields import FIELDS, NOT_ASKED, labels, said
from vla_course.learning.reading.grammar import ANSWERS, grammar
from vla_course.learning.reading.lessons import (
    STRANGER,
    Lesson,
    any_amount,
    heard_words,
    lesson,
    spelled,
    unheard,
)
from vla_course.learning.reading.near_misses.near_misses import near_miss
from vla_course.learning.reading.rewording.rewording import all_words
from vla_course.learning.reading.trials import trials
from vla_course.simulation.scene.things import ALL_THINGS, HELD_OUT, TRAINED
from vla_course.simulation.tasks.asked import sample_instruction
from vla_course.simulation.tasks.instructions import AMOUNTS, SKILLS, Instruction, Skill
from vla_course.simulation.tasks.understanding import is_command, understand


def _heard(numbers: list[int]) -> dict[str, object]:
    return said([0 if number == NOT_ASKED else number for number in numbers])


@pytest.mark.parametrize("skill", SKILLS)
def test_every_instruction_comes_back_from_its_answers(skill: str) -> None:
    rng = np.random.default_rng(3)
    for _ in range(60):
        one = sample_instruction(rng, skill, ALL_THINGS)  # type: ignore[arg-type]
        assert Instruction(**_heard(labels(one))) == one  # type: ignore[arg-type]


@pytest.mark.parametrize("unit", AMOUNTS)
def test_every_amount_that_can_be_told_has_its_digits(unit: str) -> None:
    least, most, grain = AMOUNTS[unit]
    for step in range(round(least / grain), round(most / grain) + 1):
        amount = round(step * grain, 1)
        skill = "turn" if unit == "degrees" else "walk"
        one = Instruction(skill, direction="left", amount=amount, unit=unit)  # type: ignore[arg-type]
        assert _heard(labels(one))["amount"] == amount


def test_colour_and_shape_are_asked_apart() -> None:
    names = list(FIELDS)
    red_cup, red_thing, cup = (
        labels(Instruction("look at", thing=noun)) for noun in ("red cup", "red thing", "cup")
    )
    colour, shape = names.index("colour"), names.index("shape")
    assert red_cup[colour] == red_thing[colour] != cup[colour]
    assert red_cup[shape] == cup[shape] != red_thing[shape]


def test_what_is_it_is_asked_of_the_second_command_alone() -> None:
    first, second = Instruction("look at", thing="red cup"), Instruction("point at", thing="red cup")
    it = list(FIELDS).index("it")
    assert labels(first)[it] == NOT_ASKED
    assert [FIELDS["it"][labels(second, first, called)[it]] for called in (False, True)] == ["no", "yes"]
    of_it = dict(zip(FIELDS, labels(second, first, it=True), strict=True))
    assert [of_it[name] for name in ("colour", "shape", "where")] == [NOT_ASKED] * 3


@pytest.mark.parametrize("skill", SKILLS)
def test_every_instruction_has_a_form_and_its_answers_come_back_from_it(skill: Skill) -> None:
    rng = np.random.default_rng(4)
    for _ in range(40):
        one = sample_instruction(rng, skill, ALL_THINGS)
        (numbers,) = choose(_sure_of(labels(one))).numbers[:, 0].tolist()
        assert Instruction(**said(numbers)) == one  # type: ignore[arg-type]


def test_answers_that_do_not_go_together_are_not_chosen() -> None:
    """A walk is the most probable skill, but all else speaks of picking up a cup."""
    pick = labels(Instruction("pick up", thing="red cup", hand="left"))
    reading = _sure_of(pick)
    reading.fields[:, :, 0, SKILLS.index("walk")] = 10.0
    assert reading.fields[0, 0, 0].argmax() == SKILLS.index("walk")
    (numbers,) = choose(reading).numbers[:, 0].tolist()
    assert Instruction(**said(numbers)) == Instruction("pick up", thing="red cup", hand="left")  # type: ignore[arg-type]


def test_whatever_the_heads_say_the_answers_have_a_form() -> None:
    """Only what no form can say of single answers is left: how great an amount may be, and that things differ."""
    generator = torch.Generator().manual_seed(0)
    fields = 2.0 * torch.randn(300, 2, len(FIELDS), ANSWERS, generator=generator)
    for number, answers in enumerate(FIELDS.values()):
        fields[:, :, number, len(answers) :] = -1e4
    fields_of = fields, torch.full((300,), -5.0)
    chosen = choose(Reading(*fields_of, torch.zeros(300), torch.zeros(300), answered(*fields_of)))
    faults = [fault for row in chosen.numbers[:, 0].tolist() if (fault := _fault(said(row)))]
    assert len(faults) < 150
    assert all(re.search(r"expected another thing|in steps of|has \(", fault) for fault in faults), faults


def _fault(fields: dict[str, object]) -> str:
    try:
        Instruction(**fields)  # type: ignore[arg-type]
    except ValueError as fault:
        return str(fault)
    return ""


def test_digits_count_with_a_unit_and_the_first_thing_is_never_it() -> None:
    forms, names = grammar(), list(FIELDS)
    has_unit = ~forms.admits[:, names.index("unit"), FIELDS["unit"].index("none")]
    for digit in ("hundreds", "tens", "ones", "tenths"):
        assert torch.equal(forms.counts[:, names.index(digit)], has_unit)
    assert not forms.admits[forms.first, names.index("it"), FIELDS["it"].index("yes")].any()
    assert (~forms.first).any()


def _sure_of(right: list[int]) -> Reading:
    """Return the reading of one sentence with one command, all answers of which are rather certain."""
    fields = torch.zeros(1, 2, len(FIELDS), ANSWERS)
    for number, (answer, answers) in enumerate(zip(right, FIELDS.values(), strict=True)):
        fields[:, :, number, len(answers) :] = -1e4
        if answer != NOT_ASKED:
            fields[:, :, number, answer] = 9.0
    second = torch.tensor([-5.0])
    return Reading(fields, second, torch.zeros(1), torch.zeros(1), answered(fields, second))


def test_lessons_mean_what_the_language_says() -> None:
    rng = np.random.default_rng(5)
    lessons = [lesson(rng) for _ in range(400)]
    assert 0.1 < np.mean([one.belongs is None for one in lessons]) < 0.4
    known = [one for one in lessons if one.belongs and is_command(one.sentence)]
    assert len(known) > 100, "the others are reworded: what they say the language does not know"
    for one in known:
        assert understand(one.sentence) == one.meaning, one.sentence


def test_no_lesson_holds_what_is_kept_for_tests() -> None:
    rng = np.random.default_rng(6)
    for one in [lesson(rng) for _ in range(400)]:
        assert one.meaning is not None
        for part in one.meaning.parts:
            assert not {*part.things} & {*HELD_OUT}, one
            in_digits = f"{part.amount or 0:g} " in one.sentence
            assert part.unit is None or not unheard(part.amount or 0.0, part.unit, not in_digits), one
        plain = one.sentence.replace(STRANGER, "").replace("-", " ")
        for mark in ",.!?":
            plain = plain.replace(mark, "")
        words = {word for word in plain.split() if not word[0].isdigit()}
        assert words <= heard_words() | all_words(), one.sentence


def test_the_words_that_are_heard_lack_every_word_that_only_paraphrases_have() -> None:
    assert not heard_words() & {"mug", "crimson", "grab", "rotate", "approach", "robot"}
    assert {"cup", "red", "take", "turn", "twelve", "ninety"} <= heard_words()


def test_the_same_seed_gives_the_same_lessons() -> None:
    def drawn(seed: int) -> list[Lesson]:
        rng = np.random.default_rng(seed)
        return [kind(rng) for kind in (lesson, near_miss) for _ in range(10)]

    assert drawn(1) == drawn(1) != drawn(2)


@pytest.mark.parametrize(
    ("unit", "words", "kept"),
    [("degrees", False, 20), ("metres", False, 9), ("degrees", True, 20), ("metres", True, 2)],
)
def test_amounts_never_heard_are_enough_and_never_drawn(unit: str, words: bool, kept: int) -> None:
    rng = np.random.default_rng(8)
    heard, other = ({any_amount(rng, unit, never, words) for _ in range(3000)} for never in (False, True))
    assert len(other) >= kept
    assert not heard & other


def test_numbers_are_said_in_words() -> None:
    walk = Instruction("walk", direction="forward", amount=2.5, unit="metres")
    assert spelled("walk forward 2.5 metres please", walk) == "walk forward two and a half metres please"
    assert spelled("turn left", Instruction("turn", direction="left")) == "turn left"
    turn = Instruction("turn", direction="left", amount=5, unit="degrees")
    said = "turn left 15 degrees and turn left 5 degrees"
    assert spelled(said, turn) == "turn left 15 degrees and turn left five degrees"


def test_a_mark_behind_it_hides_nothing() -> None:
    look = Instruction("look at", thing="red cup")
    both = replace(look, then=Instruction("point at", thing="red cup"))
    for sentence in ("look at the red cup and point at it.", "look at the red cup and point at it please"):
        second = dict(zip(FIELDS, Lesson(sentence, both).labels()[1], strict=True))
        assert FIELDS["it"][second["it"]] == "yes"
    second = dict(
        zip(FIELDS, Lesson("look at the red cup and point at the red cup", both).labels()[1], strict=True)
    )
    assert FIELDS["it"][second["it"]] == "no"


@pytest.mark.parametrize("name", [name for name, _ in trials() if not name.startswith("no command")])
def test_every_question_has_the_meaning_that_the_language_gives_it(name: str) -> None:
    """The sampler and the inverse of the language are two independent ways to it."""
    rng, draw = np.random.default_rng(9), dict(trials())[name]
    for one in [draw(rng) for _ in range(25)]:
        assert understand(one.sentence) == one.meaning, one.sentence


def test_each_question_is_unlike_training_in_its_own_way() -> None:
    rng, kinds = np.random.default_rng(10), dict(trials())
    for _ in range(20):
        pair = kinds["pair never named: red box"](rng).meaning
        assert pair is not None
        assert "red box" in pair.things
        assert {*pair.things} - {"red box"} <= {*TRAINED}
        turn = kinds["degrees never heard"](rng).meaning
        assert turn is not None
        assert unheard(turn.amount or 0.0, "degrees")
        assert (
            set(kinds["  of these, every word known"](rng).sentence.split()) - {"-"}
            <= heard_words() | _numbers()
        )
        assert kinds["two commands, as in training"](rng).meaning != replace(turn, then=None)


def _numbers() -> set[str]:
    return {f"{k / 10:g}" for k in range(1801)}
