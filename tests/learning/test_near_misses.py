"""Near misses are no commands, and what they are made of is for one purpose: training, validation or tests."""

import re
from typing import get_args

import numpy as np
import pytest

from vla_course.learning.reading.dictionary.dictionary import load_dictionary
from vla_course.learning.reading.lessons import heard_words
from vla_course.learning.reading.near_misses.near_misses import (
    ASIDES,
    Purpose,
    aside,
    faulty,
    foreign_words,
    near_miss,
)
from vla_course.learning.reading.rewording.rewording import all_words
from vla_course.simulation.tasks.saying import every_word
from vla_course.simulation.tasks.understanding import UnknownCommand, understand

PURPOSES: tuple[Purpose, ...] = get_args(Purpose)
FOR_TESTS = {part for word in every_word() for part in re.split("[-']", word)} - heard_words()
"""words that the language keeps for tests of paraphrase"""
PIECES = {"don", "t", "d", "m", "i", "is", "in", "am", "an", "now", "cm", "ok", "hi"}
"""those of them that faults put in: what is forbidden, units cut in pieces, letters"""


@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_near_miss_is_refused_by_the_language(purpose: Purpose) -> None:
    rng = np.random.default_rng(7)
    for one in [kind(rng, purpose) for kind in (faulty, aside) for _ in range(60)]:
        assert one.meaning is None
        with pytest.raises(UnknownCommand):
            understand(one.sentence)


def test_no_kind_of_aside_and_no_frame_is_for_two_purposes() -> None:
    kinds = [kind for of_purpose in ASIDES.values() for kind in of_purpose]
    frames = [frame for of_purpose in ASIDES.values() for some in of_purpose.values() for frame in some]
    assert len({*kinds}) == len(kinds) >= 10
    assert len({*frames}) == len(frames) > 80


@pytest.mark.parametrize("part", ["v", "n"])
def test_foreign_words_are_shared_out(part: str) -> None:
    shares = [foreign_words(part, purpose) for purpose in PURPOSES]
    assert sorted(word for share in shares for word in share) == sorted(load_dictionary().others[part])
    assert 0.55 < len(shares[0]) / sum(map(len, shares)) < 0.65
    assert not {word for share in shares for word in share} & (heard_words() | all_words())


def test_training_hears_no_foreign_word_and_no_kind_of_the_others() -> None:
    rng = np.random.default_rng(8)
    said = [near_miss(rng).sentence for _ in range(600)]
    words = {word for one in said for word in re.findall("[a-z]+", one)}
    others = {word for part in "vn" for purpose in PURPOSES[1:] for word in foreign_words(part, purpose)}
    framed = {
        word for some in ASIDES["training"].values() for one in some for word in re.findall("[a-z]+", one)
    }
    assert not words & (others - framed)
    others_say = ("told me to", "used to", "when it rains", "unless it is", "no need to", "instead of")
    assert not any(told in one for told in others_say for one in said)


@pytest.mark.parametrize("purpose", PURPOSES[:2])
def test_no_near_miss_but_those_for_tests_has_a_word_that_is_kept_for_tests(purpose: Purpose) -> None:
    rng = np.random.default_rng(6)
    for one in [kind(rng, purpose) for kind in (faulty, aside) for _ in range(150)]:
        assert not {*re.findall("[a-z]+", one.sentence.lower())} & (FOR_TESTS - PIECES), one.sentence


def test_all_kinds_come_and_one_alone_when_it_is_asked_for() -> None:
    rng = np.random.default_rng(9)
    said = [aside(rng, "tests", "several").sentence for _ in range(40)]
    assert all(re.search("two|all|both|every|reach for the .*s$", one) for one in said)
    drawn = " | ".join(aside(rng, "training").sentence for _ in range(200))
    for told in ("did you", "stands on the table", "walk the", "what a"):
        assert told in drawn
