"""2.11, hidden: models at work, ties, and what never fits."""

from shown.day2_streaming_pipeline.loads import Loaded, some_loaded
from vla_course.course.checking.judging import expect, expect_raises, graded


@graded("2.11", points=1, says="a model that is at work stays")
def test_busy(student, rng):
    loaded = some_loaded(rng)
    first = loaded.by_age(1, loaded.whole)[0]
    got, right = (
        loaded.asked(student, 150, loaded.whole, (first,)),
        loaded.by_age(150, loaded.whole, (first,)),
    )
    expect(
        got == right,
        "other models have to go",
        got=got,
        expected=right,
        mistake="busy-evicted" if first in got else None,
    )


@graded(
    "2.11",
    points=1,
    says="of two that were used at the same time the smaller goes, and none for what never fits",
)
def test_edges(student, rng):
    tied = Loaded({"one": 30, "two": 10, "three": 20}, {"one": 1.0, "two": 1.0, "three": 1.0})
    got = tied.asked(student, 5, 60)
    expect(got == ["two"], "of three that were used at once the smallest goes", got=got, expected=["two"])
    for what, needed, limit, expected, mistake in (
        ("one that goes makes room to the byte", 10, 60, ["two"], "more-than-to-the-byte"),
        ("nothing is needed, and too much is loaded", 0, 55, ["two"], "nothing-needed"),
    ):
        got = tied.asked(student, needed, limit)
        expect(
            got == expected, what, got=got, expected=expected, mistake=mistake if got != expected else None
        )
    loaded = some_loaded(rng)
    arguments = (loaded.sizes, loaded.last_used)
    for what, rest in (
        ("more than the limit", (loaded.whole + 1, loaded.whole, [])),
        ("what fits only without models at work", (loaded.whole, loaded.whole, [next(iter(loaded.sizes))])),
    ):
        expect_raises(MemoryError, student.models_to_evict, *arguments, *rest, what=what, mistake="hopes")
    for what, rest in (
        ("a model larger than the limit, with none loaded", ({}, {}, 5, 4, [])),
        ("too much at work, with nothing needed", (*arguments, 0, loaded.whole - 1, list(loaded.sizes))),
    ):
        expect_raises(MemoryError, student.models_to_evict, *rest, what=what, mistake="hopes")
