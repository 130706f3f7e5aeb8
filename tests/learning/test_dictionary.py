"""The dictionary: WordNet as files, how alike words are, and what the reader's ears make of it."""

from pathlib import Path

import numpy as np
import pytest
import torch

from vla_course.learning.encoders.encoders import LanguageEncoder, load_language_encoder
from vla_course.learning.reading.dictionary.dictionary import DICTIONARY, load_dictionary
from vla_course.learning.reading.dictionary.make_dictionary import likeness, told_apart
from vla_course.learning.reading.dictionary.wordnet import GLOSS, WordNet
from vla_course.learning.reading.ears import BLUR, FAINT, SMEAR, Ears
from vla_course.learning.reading.lessons import STRANGER, heard_words
from vla_course.learning.reading.rewording.rewording import all_words
from vla_course.learning.reading.rewording.words import OTHER_WORDS, VERBS

FILES = {
    "index.noun": "cup n 2 1 @ 2 1 00000200 00000300  \nmug n 1 1 @ 1 0 00000400  \n",
    "data.noun": (
        "  1 licence\n"
        "00000100 06 n 01 vessel 0 000 | holds a liquid  \n"
        "00000200 06 n 01 cup 0 001 @ 00000100 n 0000 | to drink from  \n"
        "00000300 06 n 01 Cup 0 000 | a prize  \n"
        '00000400 06 n 02 mug 0 stein 0 001 @ 00000200 n 0000 | with handles; "she gripped the mug"  \n'
    ),
    "index.adj": "red a 1 1 & 1 1 00000500  \nscarlet a 1 1 & 1 0 00000600  \n",
    "data.adj": (
        "00000500 00 a 01 red 0 001 & 00000600 a 0000 | of blood  \n"
        "00000600 00 s 01 scarlet(a) 0 001 & 00000500 a 0000 | rather red  \n"
    ),
    "index.verb": "grip v 1 0 1 1 00000700  \n",
    "data.verb": "00000700 35 v 01 grip 0 000 01 + 08 00 | hold fast  \n",
    "index.adv": "",
    "data.adv": "",
    "cntlist.rev": "cup%1:06:00:: 1 14\ncup%1:06:01:: 2 2\nred%3:00:00:: 1 40\n",
}


@pytest.fixture
def wordnet(tmp_path: Path) -> WordNet:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    return WordNet(tmp_path)


@pytest.fixture(scope="module")
def language() -> LanguageEncoder:
    return load_language_encoder()


# ---- WordNet as files -----------------------------------------------------------------------------


def test_senses_are_weighed_by_how_often_texts_mean_them(wordnet: WordNet) -> None:
    senses = wordnet.senses("cup")
    assert senses[wordnet.sense("cup.n.1")] == pytest.approx(14.5 / 17.0)
    assert sum(senses.values()) == pytest.approx(1.0)
    assert wordnet.often("cup") == 16
    assert wordnet.senses("xqzt") == {}


@pytest.mark.parametrize(
    ("word", "stem"), [("cups", "cup"), ("gripping", "grip"), ("gripped", "grip"), ("redder", "red")]
)
def test_an_inflected_word_has_the_senses_of_its_stem(wordnet: WordNet, word: str, stem: str) -> None:
    assert wordnet.senses(word) == wordnet.senses(stem) != {}


def test_words_of_a_sense_and_of_its_kinds(wordnet: WordNet) -> None:
    cup = wordnet.sense("cup.n.1")
    assert wordnet.words(cup) == ("cup",)
    assert wordnet.words(cup, depth=1) == ("cup", "mug", "stein")
    assert wordnet.words(wordnet.sense("scarlet.a.1")) == ("scarlet",)


def test_what_a_word_means_fades_upwards_and_never_comes_down_again(wordnet: WordNet) -> None:
    mug, scarlet, red = (
        {mark: weight for mark, weight in wordnet.meaning(word).items() if mark[0] != "word"}
        for word in ("mug", "scarlet", "red")
    )
    assert mug == pytest.approx({("n", 400): 1.0, ("n", 200): 0.6, ("n", 100): 0.36})
    assert scarlet == pytest.approx({("a", 600): 1.0, ("a", 500): 0.6})
    assert red == pytest.approx({("a", 500): 1.0}), "red is no kind of scarlet"


def test_a_word_is_like_those_by_which_it_is_defined(wordnet: WordNet) -> None:
    scarlet, red, mug = (wordnet.meaning(word) for word in ("scarlet", "red", "mugs"))
    assert scarlet["word", "red"] == pytest.approx(GLOSS)
    assert red["word", "red"] == 1.0
    assert mug["word", "mug"] == 1.0
    assert mug["word", "handles"] == pytest.approx(GLOSS), "WordNet does not have it: it stays as it is"
    assert ("word", "grip") not in mug, "that stands in an example"
    assert ("word", "with") not in mug, "it says nothing"


def test_two_words_are_as_alike_as_the_cosine_of_what_they_mean(wordnet: WordNet) -> None:
    mug, cup, red = (wordnet.meaning(word) for word in ("mug", "cup", "red"))
    found = likeness([mug, red], [cup, mug])
    dot = sum(mug.get(mark, 0.0) * weight for mark, weight in cup.items())
    norms = [sum(weight**2 for weight in one.values()) ** 0.5 for one in (mug, cup)]
    assert found[0] == pytest.approx([dot / (norms[0] * norms[1]), 1.0])
    assert found[1] == pytest.approx([0.0, 0.0])


def test_a_sense_that_many_words_have_tells_little() -> None:
    common, own, other = ("n", 1), ("n", 2), ("n", 3)
    first, second, third = told_apart([{common: 1.0, own: 1.0}, {common: 1.0}, {common: 1.0, other: 1.0}])
    assert first[common] == second[common] == third[common] == 0.0
    assert first[own] == pytest.approx(np.log(3.0))


def test_a_folder_that_is_none_and_a_sense_that_is_none_are_told(wordnet: WordNet, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"index.noun is missing, expected a folder of WordNet"):
        WordNet(tmp_path / "elsewhere")
    for name in ("cup.n.3", "cup.n.0", "cup.n.x", "xqzt.v.1"):
        with pytest.raises(KeyError, match=rf"'{name}' is no sense of WordNet, expected as in 'lift.v.1'"):
            wordnet.sense(name)


# ---- the one that is shipped ----------------------------------------------------------------------


def test_the_dictionary_has_the_words_of_rewordings_and_of_tests() -> None:
    known = set(load_dictionary().words)
    assert len(known) < 4000
    assert {"mug", "grab", "crimson", "rotate", "approach"} <= known
    single = {
        word for of_kind in (*VERBS.values(), *OTHER_WORDS.values()) for word in of_kind if word.isalpha()
    }
    assert len(single - known) < 0.1 * len(single)


def test_what_asks_for_nothing_here_is_apart_from_what_does() -> None:
    others = load_dictionary().others
    words = {*others["v"], *others["n"]}
    assert len(others["v"]) > 100
    assert len(others["n"]) > 300
    assert not words & (
        all_words() | heard_words() | {"mug", "grab", "rotate", "approach", "fetch", "person"}
    )


def test_a_dictionary_that_is_missing_or_cut_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"words.safetensors is missing"):
        load_dictionary(tmp_path / "words.safetensors")
    (tmp_path / "words.safetensors").write_bytes(DICTIONARY.read_bytes()[:5000])
    with pytest.raises(FileNotFoundError, match=r"words.safetensors is not whole"):
        load_dictionary(tmp_path / "words.safetensors")


# ---- ears -----------------------------------------------------------------------------------------


def test_a_word_of_the_dictionary_is_one_token_and_has_its_meaning(language: LanguageEncoder) -> None:
    ears, dictionary = Ears.of(language), load_dictionary()
    words = ears.language.tokenize(["seize the scarlet xqzt"])
    assert ears.language.pieces(words.input_ids)[0][1:5] == ["seize", "the", "scarlet", "x"]
    heard = ears.hear(["seize the scarlet xqzt"])
    width = dictionary.width
    seize, scarlet = (dictionary.meanings[dictionary.number[word]] for word in ("seize", "scarlet"))
    torch.testing.assert_close(heard.tokens[0, 1, -width:], seize)
    torch.testing.assert_close(heard.tokens[0, 3, -width:], scarlet)
    assert not heard.tokens[0, 4:8, -width:].any(), "letters mean nothing"
    assert not heard.hidden.any()


def test_words_of_the_encoder_are_to_it_what_they_were(language: LanguageEncoder) -> None:
    sentence = "pick up the red cup, and turn 137 degrees left"
    before = language(*language.tokenize([sentence]))
    heard = Ears.of(language).hear([sentence])
    torch.testing.assert_close(heard.tokens[..., 2 * language.width : 3 * language.width], before)


def test_the_dictionary_lends_a_word_what_is_most_like_it(language: LanguageEncoder) -> None:
    ears = Ears.of(language)
    rows = torch.cat([language.model.get_input_embeddings().weight.detach(), ears.added])  # type: ignore[operator]
    number = ears.language.tokenizer.get_vocab()
    like = torch.cosine_similarity(rows[number["scarlet"]], rows, dim=-1)
    assert like[number["red"]] > max(like[number[word]] for word in ("cup", "walk", "table", "ball"))


def test_practice_blurs_and_hides_only_where_it_is_told_to(language: LanguageEncoder) -> None:
    ears, some = Ears.of(language), ["pick up the red cup"] * 200
    plain = ears.hear(some)
    torch.testing.assert_close(ears.practise(some).tokens, plain.tokens)
    torch.manual_seed(0)
    practised = ears.practise(some, hide=0.5)
    apart = (practised.tokens - plain.tokens)[..., -ears.dictionary.width :]
    assert float(apart[~practised.hidden].std()) == pytest.approx(BLUR, rel=0.05)
    assert 0.2 < float(practised.hidden.float().mean()) < 0.5
    strangers = ears.practise([STRANGER, STRANGER]).tokens[:, 1]
    assert not torch.equal(strangers[0], strangers[1])


def test_a_word_that_is_hidden_is_smeared_as_one_never_heard(language: LanguageEncoder) -> None:
    ears = Ears.of(language)
    torch.manual_seed(0)
    plain = ears.hear(["cup"] * 4000).tokens[:, 1, -ears.dictionary.width :]
    practised = ears.practise(["cup"] * 4000, hide=1.0)
    smeared = practised.tokens[:, 1, -ears.dictionary.width :][practised.hidden]
    own = len(ears.dictionary.vectors[0])
    apart = (smeared - plain[: len(smeared)])[:, :own]
    assert float(apart.std()) == pytest.approx((SMEAR**2 + BLUR**2) ** 0.5, rel=0.05)
    cup = own + ears.dictionary.known.index("cup")
    assert float(smeared[:, cup].mean()) == pytest.approx(
        (1.0 - FAINT / 2.0) * float(plain[0, cup]), rel=0.05
    )


def test_each_encoder_has_ears_of_its_own(language: LanguageEncoder) -> None:
    assert Ears.of(language) is Ears.of(language)
    assert Ears.of(load_language_encoder()) is not Ears.of(language)
