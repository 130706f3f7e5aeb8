"""2.9, hidden: no prefix, nothing passed, all of it passed, and arrays of one's own."""

from dataclasses import replace

import numpy as np

from shown.day2_streaming_pipeline.promises import some_promise
from shown.slips import expect_all
from vla_course.course.checking.beside import beside, shares_memory
from vla_course.course.checking.judging import expect, graded


@graded(
    "2.9",
    points=1,
    says="without a prefix the chunk alone counts, and an answer may come when all has passed",
)
def test_ends(student, rng):
    expect_all(
        some_promise(rng, 0, 6, 2).case(student, "what is left without a prefix"),
        some_promise(rng, 3, 6, 0).case(student, "what is left of an answer that took no time"),
        some_promise(rng, 6, 6, 4).case(student, "what is left where all was committed"),
        unit="rad",
        atol=0.0,
    )
    small = replace(some_promise(rng, 3, 6, 1), committed=1e-9 * rng.normal(size=(3, 4)))
    expect_all(small.case(student, "what is left where next to nothing was committed"), unit="rad", atol=0.0)
    for passed in (6, 9):
        promise = some_promise(rng, 2, 6, passed)
        got = np.shape(student.merge_prefix(promise.committed, promise.chunk, passed))
        expect(got == (0, 4), "of a chunk that has passed nothing is left", got=got, expected=(0, 4))


@graded("2.9", points=1, says="the chunk and the prefix stay as they were, and what is left is a new array")
def test_own_arrays(student, rng):
    promise = some_promise(rng, 3, 8, 1)
    chunk, committed = promise.chunk.copy(), promise.committed.copy()
    student.merge_prefix(promise.committed, promise.chunk, promise.passed)
    expect(
        bool((promise.chunk == chunk).all() and (promise.committed == committed).all()),
        "what was handed in has changed",
    )
    for d, passed in ((0, 0), (2, 0), (2, 3)):
        promise = some_promise(rng, d, 8, passed)
        expect(
            not beside(student, shares_memory)(
                student.merge_prefix, promise.committed, promise.chunk, passed
            ),
            f"of a prefix of {d} actions, {passed} passed, what comes is a view of what was handed in",
            mistake="view-returned",
        )
