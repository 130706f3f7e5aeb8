"""What words lend each other: to those that nobody has heard, and to those that are hidden for practice."""

from pathlib import Path

import msgpack
import numpy as np
import pytest
import torch

from vla_course.learning.encoders.encoders import LanguageEncoder, load_language_encoder
from vla_course.learning.pretraining.train_encoders import vocabulary
from vla_course.learning.reading.dictionary.word_vectors import EnglishVectors, murmur_hash
from vla_course.learning.reading.lessons import heard_words
from vla_course.learning.reading.lexicon import VECTORS, Lexicon, lend, load_lexicon, read_vectors
from vla_course.simulation.tasks.saying import sentences


@pytest.fixture
def language() -> LanguageEncoder:
    return load_language_encoder()


@pytest.fixture
def lexicon(language: LanguageEncoder) -> Lexicon:
    return load_lexicon(language)


def _rows(language: LanguageEncoder, *words: str) -> torch.Tensor:
    numbers = language.tokenizer.convert_tokens_to_ids(list(words))
    return language.model.get_input_embeddings().weight.detach()[numbers].clone()  # type: ignore[operator]


def test_a_loan_is_made_of_the_nearest_words(language: LanguageEncoder, lexicon: Lexicon) -> None:
    """The oracle is a plain loop over all words of training."""
    words, vectors = read_vectors(VECTORS)
    of = dict(zip(words, vectors, strict=True))
    cosine = {
        word: float(torch.cosine_similarity(of["mug"], of[word], dim=0))
        for word in words
        if word in heard_words()
    }
    nearest = sorted(cosine, key=lambda word: -cosine[word])[:4]
    assert nearest[0] == "cup"
    shares = torch.tensor([cosine[word] / 0.05 for word in nearest]).softmax(dim=0)
    expected = (shares[:, None] * _rows(language, *nearest)).sum(dim=0)
    torch.testing.assert_close(lexicon.lent[language.tokenizer.convert_tokens_to_ids("mug")], expected)


def test_no_word_lends_to_itself(language: LanguageEncoder, lexicon: Lexicon) -> None:
    number = language.tokenizer.convert_tokens_to_ids("red")
    own, lent = _rows(language, "red")[0], lexicon.lent[number]
    assert float(torch.cosine_similarity(own, lent, dim=0)) < 0.9


def test_lending_changes_no_word_that_was_ever_heard(language: LanguageEncoder, lexicon: Lexicon) -> None:
    heard = [word for word in heard_words() if word in language.tokenizer.get_vocab()]
    captions = {word for text in vocabulary()[-50:] for word in text.split()} & {
        "an",
        "something",
        "in",
        "empty",
    }
    before, letters = _rows(language, *heard, *captions), _rows(language, "5", "##5", "q", ".", "[UNK]")
    mug = _rows(language, "mug")
    lend(language, lexicon)
    assert torch.equal(_rows(language, *heard, *captions), before)
    assert torch.equal(_rows(language, "5", "##5", "q", ".", "[UNK]"), letters)
    after = _rows(language, "mug")
    lend(language, load_lexicon(language))
    assert torch.equal(_rows(language, "mug"), after), "to lend twice is to lend once"
    assert not torch.equal(after, torch.zeros_like(mug))


def test_sentences_of_training_read_the_same_after_lending(
    language: LanguageEncoder, lexicon: Lexicon
) -> None:
    some = list(sentences())[::40]
    words = language.tokenize(some)
    with torch.no_grad():
        before = language(*words)
        lend(language, lexicon)
        assert torch.equal(language(*words), before)


def test_two_words_with_the_same_neighbours_stay_two(language: LanguageEncoder, lexicon: Lexicon) -> None:
    lend(language, lexicon)
    carton, flask = _rows(language, "carton", "flask")
    assert not torch.equal(carton, flask)


def test_only_words_of_training_are_hidden(language: LanguageEncoder, lexicon: Lexicon) -> None:
    torch.manual_seed(0)
    numbers = language.tokenize(["walk forward 2 steps"]).input_ids.repeat(400, 1)
    rows = language.model.get_input_embeddings()(numbers)  # type: ignore[operator]
    changed, concerned = lexicon.hide(numbers, rows, 0.5)
    hidden = (changed != rows).any(dim=-1)
    assert torch.equal(hidden, concerned)
    assert 0.2 < float(concerned.any(dim=1).float().mean()) < 0.45
    pieces = language.pieces(numbers[:1])[0]
    assert [bool(one) for one in hidden.any(dim=0)] == [piece.isalpha() for piece in pieces]
    assert not lexicon.hide(numbers, rows, 0.0)[1].any()


def test_the_shipped_encoder_has_lent(language: LanguageEncoder, lexicon: Lexicon) -> None:
    before = _rows(language, "mug", "grab", "rotate")
    lend(language, lexicon)
    torch.testing.assert_close(_rows(language, "mug", "grab", "rotate"), before, atol=1e-3, rtol=0.0)


def test_vectors_that_are_missing_or_cut_are_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"words.safetensors is missing"):
        read_vectors(tmp_path / "words.safetensors")
    (tmp_path / "words.safetensors").write_bytes(VECTORS.read_bytes()[:5000])
    with pytest.raises(FileNotFoundError, match=r"words.safetensors is not whole"):
        read_vectors(tmp_path / "words.safetensors")


def test_the_hash_is_the_published_one() -> None:
    """Two values that spaCy's documentation shows, of its `nlp.vocab.strings`."""
    assert murmur_hash("coffee") == 3197928453018144401


def test_english_vectors_are_those_of_words_that_have_one_less_the_mean_of_all(tmp_path: Path) -> None:
    table = np.array([[1.0, 0.0], [0.0, 2.0], [5.0, 4.0]], dtype=np.float32)
    (tmp_path / "vocab").mkdir()
    with (tmp_path / "vocab" / "vectors").open("wb") as file:
        np.save(file, table)
    rows = {murmur_hash(word): row for row, word in enumerate(("mug", "cup", "unsaid"))}
    (tmp_path / "vocab" / "key2row").write_bytes(msgpack.packb(rows))
    english = EnglishVectors.read(tmp_path)
    assert english.known({"mug", "xqzt", "cup"}) == ["cup", "mug"]
    np.testing.assert_array_equal(english.of(["cup", "mug"]), [[-2.0, 0.0], [-1.0, -2.0]])
    (tmp_path / "vocab" / "key2row").unlink()
    with pytest.raises(FileNotFoundError, match=r"key2row is missing, expected the folder of en_core_web_md"):
        EnglishVectors.read(tmp_path)
