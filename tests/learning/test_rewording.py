"""Rewordings to learn from keep apart what is for validation, and what the language keeps for tests of paraphrase."""

import os
import re
import subprocess
import sys

import numpy as np
import pytest

from vla_course.learning.reading.calibration import kept
from vla_course.learning.reading.lessons import command, heard_words, lesson
from vla_course.learning.reading.rewording.frames import FRAMES
from vla_course.learning.reading.rewording.rewording import (
    all_words,
    frames,
    kept_frames,
    kept_words,
    other_words,
    reword,
)
from vla_course.learning.reading.rewording.words import CLOSINGS, JOINERS, OPENINGS, OTHER_WORDS, SAME, VERBS
from vla_course.simulation.tasks.instructions import SKILLS, Instruction
from vla_course.simulation.tasks.phrases import TEMPLATES, fields_of
from vla_course.simulation.tasks.saying import every_word
from vla_course.simulation.tasks.understanding import is_command
from vla_course.simulation.tasks.words import FIXED, NOUNS, QUANTITIES, WORDS

FOR_TESTS = {part for word in every_word() for part in re.split("[-']", word)} - heard_words()
"""words that the language keeps for tests of paraphrase"""


def _frame(template: str) -> str:
    """A template without its verb."""
    return template.partition(" ")[2]


def _plain(sentence: str) -> set[str]:
    return set(re.findall("[a-z]+", sentence.lower()))


def test_no_rewording_has_a_word_that_is_kept_for_tests() -> None:
    assert {"mug", "grab", "rotate", "robot", "want"} <= FOR_TESTS
    assert not all_words() & FOR_TESTS


def test_no_rewording_has_a_frame_that_is_kept_for_tests_whatever_its_verb() -> None:
    ours = {_frame(re.sub("<[a-z]+>", "V", frame)) for of_skill in FRAMES.values() for frame in of_skill}
    of_training = {_frame(template) for wording in TEMPLATES.values() for template in wording.seen}
    for_tests = {_frame(template) for wording in TEMPLATES.values() for template in wording.held_out}
    assert not ours & (for_tests - of_training - {""})
    assert not all_words() & {word for template in TEMPLATES["turn"].held_out for word in ("rotate", "spin")}


def test_no_lesson_is_a_sentence_of_a_template_that_is_kept_for_tests() -> None:
    """The inverse of the language is the oracle: what it takes for a command has a template of training."""
    rng = np.random.default_rng(0)
    for_tests = [
        re.compile(re.sub(r"\\\{[a-z]+\\\}", ".+", re.escape(template)))
        for wording in TEMPLATES.values()
        for template in wording.held_out
    ]
    of_training = [
        re.compile(re.sub(r"\\\{[a-z]+\\\}", ".+", re.escape(template)))
        for wording in TEMPLATES.values()
        for template in wording.seen
    ]
    for _ in range(300):
        sentence = reword(command(rng, pair=False), rng)
        if is_command(sentence) and not any(one.search(sentence) for one in of_training):
            assert not any(one.search(sentence) for one in for_tests), sentence


def test_what_is_kept_for_validation_is_never_drawn_for_training() -> None:
    rng = np.random.default_rng(1)
    heard = [reword(command(rng), rng) for _ in range(1500)]
    of_frames = {word for of_skill in FRAMES.values() for frame in of_skill for word in frame.split()}
    phrases = {
        word for one in (*OPENINGS, *CLOSINGS, *JOINERS) if one not in kept_words() for word in one.split()
    }
    words = {word for word in kept_words() if not {*word.split()} & (of_frames | phrases | heard_words())}
    assert len(words) > 50
    said = {word for sentence in heard for word in sentence.split()}
    assert not {word for word in words if " " not in word} & said
    for frame in kept_frames():
        assert "{" in frame or "<" in frame or frame not in heard, frame


def test_every_skill_has_frames_of_both_kinds_and_each_a_fifth_for_validation() -> None:
    assert FRAMES.keys() == {*SKILLS}
    for skill in SKILLS:
        assert frames(skill, kept=False)
        assert frames(skill, kept=True)
        assert not {*frames(skill, kept=False)} & {*frames(skill, kept=True)}
    for among in (*VERBS.values(), OPENINGS, CLOSINGS, JOINERS):
        assert 0.1 < np.mean([one in kept_words() for one in among]) < 0.4, among


def test_rewordings_of_validation_have_what_no_training_has() -> None:
    rng = np.random.default_rng(2)
    bare = [kept(rng, pair=False).sentence for _ in range(200)]
    heard = {word for word in all_words() if word not in kept_words()} | heard_words()
    assert np.mean([not _plain(sentence) <= heard for sentence in bare]) > 0.4


def test_every_frame_has_fields_of_the_language_and_verbs_that_there_are() -> None:
    known = {*WORDS, *NOUNS, *QUANTITIES, *FIXED}
    for of_skill in FRAMES.values():
        for frame in of_skill:
            assert {*fields_of(frame)} <= known, frame
            assert {*re.findall("<([a-z]+)>", frame)} <= VERBS.keys(), frame
            assert "it" not in frame.split(), "it would be taken for the thing of the first command"


@pytest.mark.parametrize("skill", SKILLS)
def test_a_rewording_says_what_the_instruction_says(skill: str) -> None:
    """Amounts, sides and hands stand in the sentence; nouns by one of their words."""
    rng = np.random.default_rng(3)
    for _ in range(200):
        one = command(rng, pair=False)
        if one.skill != skill:
            continue
        sentence = reword(one, rng)
        if one.hand:
            assert re.search(rf"\b{one.hand}\b", sentence), sentence
        for noun in one.nouns:
            for part in noun.split():
                ways = {part, *OTHER_WORDS[part], *(word for word, same in SAME.items() if same == part)}
                assert any(re.search(rf"\b{way}\b", sentence) for way in ways), (noun, sentence)


def test_other_words_mean_the_same_field() -> None:
    rng = np.random.default_rng(4)
    for sentence, never in (
        ("can you stay where you are", "tube canister drum"),
        ("walk to the left side of the table", "leftwards"),
        ("put the red cup back on the table", "atop upon rearward"),
        ("take 2 steps forward", "two"),
    ):
        said = {other_words(sentence, rng, often=1.0) for _ in range(40)}
        assert not {word for one in said for word in one.split()} & {*never.split()}, said
    (cup,) = {other_words("the cup", rng, often=1.0).split()[1] in OTHER_WORDS["cup"] for _ in range(20)}
    assert cup


def test_politeness_is_not_put_before_what_is_no_order() -> None:
    rng = np.random.default_rng(5)
    drink = Instruction("serve a drink")
    said = {reword(drink, rng) for _ in range(400)}
    assert "my throat feels dry" in {one.removesuffix(" please") for one in said}
    assert not any(re.search(r"\bto my throat|you my throat", one) for one in said)


def test_the_same_seed_gives_the_same_rewordings() -> None:
    drawn = [[lesson(rng).sentence for _ in range(30)] for rng in map(np.random.default_rng, (1, 1, 2))]
    assert drawn[0] == drawn[1] != drawn[2]


def test_another_process_draws_the_same() -> None:
    """The order of a set of words is another one in each process."""
    script = (
        "import numpy as np; from vla_course.learning.reading.lessons import lesson;"
        "from vla_course.learning.reading.near_misses.near_misses import near_miss;"
        "rng = np.random.default_rng(1);"
        "print([(lesson(rng).sentence, near_miss(rng).sentence) for _ in range(60)])"
    )
    said = [
        subprocess.run(
            [sys.executable, "-c", script],
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert said[0] == said[1] != ""
