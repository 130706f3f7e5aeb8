"""Plain words: nothing that may mean something is dropped, and numbers say the same in digits and in words."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vla_course.simulation.tasks.plain_words import NotPlain, in_words, plain
from vla_course.simulation.tasks.understanding import UnknownCommand, understand

DIGITS = "0123456789"
MEANINGLESS = ",;:"
"""what may stand between words"""


NO_WORDS = tuple(
    sign
    for sign in map(chr, range(0x10000))
    if unicodedata.category(sign)[0] not in "LZ" and sign not in DIGITS
)
"""every sign of Unicode's first plane: dashes, signs of mathematics, brackets, marks, invisible ones, other digits"""


@pytest.mark.parametrize("place", ["walk forward {}5 steps", "turn left by {} 90 degrees"])
def test_no_sign_before_a_number_is_dropped(place):
    assert {"-", "\N{MINUS SIGN}", "\N{SUPERSCRIPT MINUS}", "\N{ZERO WIDTH JOINER}", "%"} <= set(NO_WORDS)
    for sign in NO_WORDS:
        if sign.isspace() or (sign in MEANINGLESS and " {} " in place):
            continue
        with pytest.raises(UnknownCommand):
            understand(place.format(sign))


@pytest.mark.parametrize(
    "place", ["walk forward 5{} steps", "walk forward 5 steps {}", "turn left by {}90 degrees"]
)
@pytest.mark.parametrize(
    "sign", list("-−‐‑‒–—―⁻±+<>≤~≈%‰#*/^=()[]'\"\\|_&$€\N{ZERO WIDTH SPACE}\N{SOFT HYPHEN}")
)
def test_signs_are_named_when_they_are_refused(place, sign):
    with pytest.raises(UnknownCommand) as refused:
        understand(place.format(sign))
    named = "-" if sign in "‐‑" else sign
    assert f"the sign {named!r}" in str(refused.value)


def test_an_exclamation_mark_after_a_number_is_a_factorial_and_at_the_end_a_cheer():
    assert understand("walk forward 5 steps!") == understand("walk forward 5 steps")
    with pytest.raises(UnknownCommand, match="the sign '!' in '5!'"):
        understand("walk forward 5! steps")


@pytest.mark.parametrize(
    ("said", "digits"),
    [
        ("half a metre", "0.5 metres"),
        ("one and a half metres", "1.5 metres"),
        ("a metre and a half", "1.5 metres"),
        ("two and a half meters", "2.5 metres"),
        ("2,5 m", "2.5 metres"),
        ("2.5m", "2.5 metres"),
        ("fifty centimetres", "0.5 metres"),
        ("a step", "1 steps"),
        ("a couple of steps", "2 steps"),
        ("twenty-five degrees", "25 degrees"),
        ("twenty five degrees", "25 degrees"),
        ("a hundred and eighty degrees", "180 degrees"),
        ("one hundred five degrees", "105 degrees"),
        ("30°", "30 degrees"),
        ("zero steps", "0 steps"),
    ],
)
def test_amounts_are_written_in_digits(said, digits):
    assert plain(said) == digits


@pytest.mark.parametrize("said", ["1,5,2 m", "1.000,5 m", "1,000 steps", "1e1 steps", "2..5 m", "5:30 steps"])
def test_numbers_that_can_be_read_in_two_ways_are_refused(said):
    with pytest.raises(NotPlain):
        plain(said)


@pytest.mark.parametrize(
    "said", ["a and a half metres", "2.5 and a half metres", "one half metres", "two three steps"]
)
def test_numbers_that_nobody_says_are_no_numbers(said):
    with pytest.raises(UnknownCommand):
        understand(f"walk forward {said}")


@given(st.integers(1, 360))
def test_every_number_is_said_in_words_as_in_digits(halves):
    words = in_words(halves / 2, "metres")
    assert plain(words) == f"{halves / 2:g} metres"


def test_a_pronoun_is_no_number():
    assert plain("the blue one") == "blue one"


@pytest.mark.parametrize("said", ["pick-up the cup", "twenty-five degrees", "counter-clockwise"])
def test_known_compounds_have_a_hyphen(said):
    assert "-" not in plain(said)


@pytest.mark.parametrize("said", ["forward-five steps", "non-red cup", "cup-"])
def test_other_hyphens_are_refused(said):
    with pytest.raises(NotPlain, match="the sign '-'"):
        plain(said)


@pytest.mark.parametrize(
    "said",
    [
        "walk forward a",
        "could you move back a?",
        "pick up the, red cup",
        "move the to your right",
        "tidy up the and stop",
        "serve the a drink",
        "take the with your left hand",
    ],
)
def test_a_sentence_in_which_a_noun_was_lost_is_refused(said):
    with pytest.raises(NotPlain, match="expected what it is after"):
        plain(said)
