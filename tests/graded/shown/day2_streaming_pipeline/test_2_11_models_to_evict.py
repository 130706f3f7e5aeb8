"""2.11: which models have to go so that another one fits."""

from shown.day2_streaming_pipeline.loads import some_loaded
from vla_course.course.checking.judging import expect, graded


@graded("2.11", points=3, says="the least recently used models go, as many as have to and no more")
def test_least_recently_used(student, rng):
    loaded = some_loaded(rng)
    tries = [(limit - loaded.whole + room, limit) for limit, room in ((1000, 150), (900, 260), (800, 330))]
    found = [loaded.asked(student, *one) for one in tries]
    rights = [loaded.by_age(*one) for one in tries]
    slips = [loaded.slips(*one) for one in tries]
    named = next(
        (name for name in slips[0] if all(s[name] == f for s, f in zip(slips, found, strict=True))), None
    )
    for got, right in zip(found, rights, strict=True):
        expect(got == right, "other models have to go", got=got, expected=right, mistake=named)


@graded("2.11", points=1, says="where there is room nothing goes")
def test_room(student, rng):
    loaded = some_loaded(rng, 4)
    got = loaded.asked(student, 50, loaded.whole + 50)
    expect(
        got == [],
        "there is room, to the byte, and something goes",
        got=got,
        expected=[],
        mistake="all-of-them",
    )
