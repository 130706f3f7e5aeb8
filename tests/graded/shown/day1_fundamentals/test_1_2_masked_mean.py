"""1.2: one vector for a sentence, however long its neighbours are."""

from dataclasses import replace

import numpy as np

from shown.day1_fundamentals.sentences import some_sentences
from shown.slips import expect_all
from vla_course.course.checking.judging import expect, expect_close, graded


@graded("1.2", points=2, says="each row is the mean of its own tokens, and of nothing else")
def test_means(student, rng):
    expect_all(
        some_sentences(rng, 4, 6).case(student, "the mean of each of four sentences"),
        some_sentences(rng, 1, 9).case(student, "the mean of a sentence alone"),
        some_sentences(rng, 3, 5).with_zeros().case(student, "the mean where some tokens are zeros"),
        some_sentences(rng, 3, 5).times(1e4).case(student, "the mean of large numbers"),
        unit="",
    )


@graded(
    "1.2",
    points=1,
    says="what stands in the padding does not matter, not even inf or nan; what is there does",
)
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
    for what, broken in {"nan": np.nan, "inf": np.inf}.items():
        tokens, right = some.tokens.copy(), some.means()
        tokens[2, some.there[2].argmax(), 3] = right[2, 3] = broken
        got = student.masked_mean(*replace(some, tokens=tokens).tensors())
        hidden = np.isfinite(np.asarray(got, dtype=float)).all()
        expect(
            not hidden,
            f"a token that is there holds {what}, and the mean of its row is a number like any other",
            got=np.asarray(got)[2],
            mistake="nan-hidden",
        )
        expect_close(got, right, what=f"the mean where a token that is there holds {what}")


@graded("1.2", points=1, says="a row without any token gives zeros, and its neighbours keep their means")
def test_empty_row(student, rng):
    some = some_sentences(rng, 5, 5)
    narrow = some_sentences(rng, 3, 2)
    narrow = replace(narrow, tokens=narrow.tokens[:, :1], there=np.array([[True], [False], [True]]))
    lone = some_sentences(rng, 1, 4)
    lone.there[0] = False
    for what, count in {"one row is": 1, "two rows are": 2}.items():
        some.there[rng.permutation(5)[:count]] = False
        some.expect_means(student, f"the means where {what} empty")
    narrow.expect_means(student, "the means of rows of one token, which is missing in one,")
    lone.expect_means(student, "the mean of an empty row alone")
