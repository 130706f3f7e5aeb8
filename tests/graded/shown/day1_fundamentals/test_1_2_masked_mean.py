"""1.2: one vector for a sentence, however long its neighbours are."""

from dataclasses import replace

import numpy as np

from shown.day1_fundamentals.sentences import some_sentences
from shown.slips import expect_all
from vla_course.course.checking.judging import expect_close, graded


@graded("1.2", points=2, says="each row is the mean of its own tokens, and of nothing else")
def test_means(student, rng):
    expect_all(
        some_sentences(rng, 4, 6).case(student, "the mean of each of four sentences"),
        some_sentences(rng, 1, 9).case(student, "the mean of a sentence alone"),
        unit="",
    )


@graded("1.2", points=1, says="what stands in the padding does not matter, not even inf or nan")
def test_padding(student, rng):
    some = some_sentences(rng, 5, 6)
    for what, filling in {"zeros": 0.0, "large numbers": 1e6, "inf": np.inf, "nan": np.nan}.items():
        filled = np.where(some.there[..., None], some.tokens, filling)
        got = student.masked_mean(*replace(some, tokens=filled).tensors())
        expect_close(
            got,
            some.means(),
            what=f"the mean of sentences filled up with {what}",
            mistakes={"padding-multiplied": np.full((5, 5), np.nan)},
        )


@graded("1.2", points=1, says="a row without any token gives zeros, and its neighbours keep their means")
def test_empty_row(student, rng):
    some = some_sentences(rng, 4, 5)
    empty = int(rng.integers(4))
    some.there[empty] = False
    got = student.masked_mean(*some.tensors())
    divided = some.means()
    divided[empty] = np.nan
    expect_close(
        got,
        some.means(),
        what="the means where one row is empty",
        mistakes={"empty-row-divided": divided},
    )
