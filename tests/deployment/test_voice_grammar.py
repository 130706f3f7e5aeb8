"""The spoken grammar is the language's own: what it says is understood, and what is said it hears."""

import re

import numpy as np
import pytest

from vla_course.deployment.voice.automaton import Automaton, compiled
from vla_course.deployment.voice.grammar import NO, QUIT, STOP, YES, jsgf, rules
from vla_course.deployment.voice.utterances import spoken, utterance
from vla_course.simulation.tasks.asked import sample_instruction
from vla_course.simulation.tasks.instructions import SKILLS
from vla_course.simulation.tasks.plain_words import COMPOUNDS
from vla_course.simulation.tasks.saying import say, sentences
from vla_course.simulation.tasks.understanding import UnknownCommand, understand


@pytest.fixture(scope="module")
def automaton() -> Automaton:
    return compiled(rules(), "said")


def drawn(automaton: Automaton, rng: np.random.Generator) -> str:
    """A sentence of the grammar, each word by chance."""
    state, words = 0, list[str]()
    while not (state in automaton.accepting and rng.random() < 0.5) and automaton.arcs[state]:
        word = rng.choice(sorted(automaton.arcs[state]))
        state = automaton.arcs[state][str(word)]
        words.append(str(word))
    return " ".join(words)


@pytest.mark.parametrize("held_out", [False, True])
def test_every_sentence_of_the_language_is_in_the_grammar(held_out: bool) -> None:
    automaton = compiled(rules(held_out), "said")
    for sentence in sentences(held_out):
        aloud = spoken(sentence).replace("-", " ")
        if not re.search("[0-9]", aloud) and sentence not in COMPOUNDS:
            assert automaton.accepts(aloud), aloud


def test_what_is_drawn_from_the_language_is_in_the_grammar(automaton: Automaton) -> None:
    rng = np.random.default_rng(5)
    for number in range(400):
        sentence = spoken(say(sample_instruction(rng, SKILLS[number % len(SKILLS)]), rng))
        assert automaton.accepts(sentence.replace("-", " ")), sentence


def test_nearly_every_sentence_of_the_grammar_is_understood(automaton: Automaton) -> None:
    rng, refused = np.random.default_rng(6), []
    for _ in range(600):
        sentence = drawn(automaton, rng)
        if sentence in (*QUIT, *STOP, *YES, *NO):
            continue
        try:
            understand(sentence)
        except UnknownCommand as why:
            refused.append((sentence, str(why)))
    for sentence, why in refused:  # a thing beside itself is all that the grammar knows no better than
        assert "another thing than the first" in why or "expected a thing before" in why, sentence


def test_words_of_paraphrases_are_kept_out_until_they_are_asked_for() -> None:
    assert not compiled(rules(), "said").accepts("grab the crimson mug")
    assert compiled(rules(held_out=True), "said").accepts("grab the crimson mug")


def test_amounts_are_words() -> None:
    assert not re.search("[0-9]", jsgf().replace("#JSGF V1.0", ""))
    degrees = compiled(rules(), "degrees")
    assert degrees.sentences == 176  # 5 to 180
    assert degrees.accepts("one hundred and twenty five degrees")
    assert not degrees.accepts("two hundred degrees")


def test_what_is_no_command_of_the_robot_is_not_in_the_grammar(automaton: Automaton) -> None:
    for number in range(40):
        for kind in ("everyday", "near miss"):
            sentence = utterance("test", kind, number).sentence.lower().strip(".?")  # type: ignore[arg-type]
            assert not automaton.accepts(sentence), sentence


# ---- automata -------------------------------------------------------------------------------------


def test_an_automaton_has_the_sentences_of_its_rules_and_no_others() -> None:
    found = compiled({"go": "please go <where> | [ now ] stop", "where": "( left | right ) [ twice ]"}, "go")
    assert found.sentences == 6
    assert all(map(found.accepts, ("please go left", "please go right twice", "stop", "now stop")))
    assert not any(map(found.accepts, ("go left", "please go", "please go left twice twice", "", "now")))


def test_no_smaller_automaton_has_the_same_sentences() -> None:
    # "a b", "c b", "d b": after the first word all go on alike
    assert len(compiled({"all": "a b | c b | d b"}, "all").arcs) == 3


def test_two_ways_to_say_the_same_are_one_sentence() -> None:
    assert compiled({"all": "( a | a ) [ b ] | a b"}, "all").sentences == 2


@pytest.mark.parametrize(
    ("grammar", "told"),
    [
        ({"all": "a <b>"}, "'b'"),
        ({"all": "a | <all>"}, "'all'"),
        ({"all": "( a | b"}, r"'\('"),
        ({"all": "a ] b"}, r"'\]'"),
    ],
)
def test_a_broken_grammar_is_told_by_name(grammar: dict[str, str], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        compiled(grammar, "all")
