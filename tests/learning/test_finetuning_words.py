"""Words that are taught: one row each, and nothing else of the encoder means anything else than before."""

import numpy as np
import pytest
import torch

from vla_course.learning.encoders.frozen import FrozenEncoders
from vla_course.learning.finetuning.hearing import taught_listen
from vla_course.learning.finetuning.new_words import NewWords, TaughtEncoders
from vla_course.learning.finetuning.prototypes import ReadsAsThing


@pytest.fixture(scope="module")
def encoders() -> FrozenEncoders:
    return FrozenEncoders.load()


@pytest.fixture(scope="module")
def words(encoders: FrozenEncoders) -> NewWords:
    return NewWords(encoders.language, ["cone", "spool"])


def test_a_sentence_without_a_new_word_is_read_to_the_bit_as_before(
    encoders: FrozenEncoders, words: NewWords
) -> None:
    sentences = ["pick up the red cup", "walk two steps forward"]
    for mine, theirs in zip(words.read(sentences), encoders.read(sentences), strict=True):
        assert torch.equal(mine, theirs)


def test_each_new_word_has_its_own_row_wherever_it_stands(words: NewWords) -> None:
    words = words.copied()
    with torch.no_grad():
        words.rows[0], words.rows[1] = 1.0, 2.0
    _, rows = words.embedded(["put the cone on the red Spool", "spool", "cup"])
    assert [k for k in range(rows.shape[1]) if (rows[0, k] == 1.0).all()] == [3]
    assert [k for k in range(rows.shape[1]) if (rows[0, k] == 2.0).all()] == [7]
    assert (rows[1, 1] == 2.0).all()
    assert not (rows[2] == 2.0).all(-1).any()


def test_only_the_row_that_was_read_gets_a_gradient(words: NewWords) -> None:
    words = words.copied()
    tokens, _ = words.read(["the red spool"])
    tokens.square().sum().backward()
    assert words.rows.grad is not None
    assert words.rows.grad[0].abs().sum() == 0.0
    assert words.rows.grad[1].abs().sum() > 0.0
    assert len(list(words.parameters())) == 1


def test_a_word_within_another_one_is_not_it(words: NewWords) -> None:
    _, rows = words.embedded(["cones"])
    assert not any(torch.equal(row, words.rows[0]) for row in rows[0])


@pytest.mark.parametrize(
    ("taught", "told"),
    [
        ([], "words are"),
        (["cone", "cone"], "different"),
        (["cup"], "'cup', which is known already"),
        (["mug"], "'mug', which is known already"),
        (["Cone"], "'Cone', expected one word of small letters"),
        (["traffic cone"], "expected one word"),
    ],
)
def test_a_word_that_cannot_be_taught_is_refused(
    encoders: FrozenEncoders, taught: list[str], told: str
) -> None:
    with pytest.raises(ValueError, match=told):
        NewWords(encoders.language, taught)


def test_a_sentence_with_the_piece_that_keeps_places_is_refused(words: NewWords) -> None:
    with pytest.raises(ValueError, match="MASK"):
        words.read(["pick up the [MASK]"])


def test_taught_encoders_encode_pictures_and_new_words(encoders: FrozenEncoders, words: NewWords) -> None:
    rgb = np.zeros((1, 3, 96, 96, 3), dtype=np.uint8)
    encoded = TaughtEncoders(encoders, words).encode(rgb, ["the red cone"])
    assert torch.equal(encoded.words, words.read(["the red cone"])[0])
    assert torch.equal(encoded.cameras[0], encoders.encode(rgb, ["the red cup"]).cameras[0])


def test_a_prototype_is_asked_for_a_thing(encoders: FrozenEncoders) -> None:
    mine = ReadsAsThing(encoders, "cone").read(["point at the red cone"])
    assert torch.equal(mine[0], encoders.read(["point at the red thing"])[0])
    plural = ReadsAsThing(encoders, "cone").read(["point at the cones"])
    assert torch.equal(plural[0], encoders.read(["point at the cones"])[0])


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("point at the red cone", "point at the red thing"),
        ("point at the Cone", "point at the white thing"),
        ("put the blue spool on the green box", "put the blue thing on the green box"),
        ("pick up the red cup", "pick up the red cup"),
        ("look at the cones", "look at the cones"),
    ],
)
def test_a_new_word_is_heard_as_thing(said: str, heard: str) -> None:
    assert taught_listen(lambda sentence: sentence, ["cone", "spool"])(said) == heard


def test_who_was_taught_no_word_has_nothing_to_hear() -> None:
    with pytest.raises(ValueError, match="words are none, expected one or more"):
        taught_listen(lambda sentence: sentence, [])
