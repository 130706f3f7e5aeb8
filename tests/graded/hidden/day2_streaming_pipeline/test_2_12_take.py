"""2.12, hidden: answers to packets that never were, and everything at once."""

from shown.day2_streaming_pipeline.exchanges import expect_thrown_away, some_exchange
from vla_course.course.checking.judging import expect, graded


@graded("2.12", points=1, says="an answer to a packet that was never sent is thrown away")
def test_unknown(student, rng):
    expect_thrown_away(student, some_exchange(rng, unknown=(-1, -3, 10**9, 10**9 + 1, 12)))


@graded("2.12", points=1, says="so it is with any number of slots, and with all of it at once")
def test_all(student, rng):
    for slots in (1, 3, 7):
        expect_thrown_away(student, some_exchange(rng, (1, 2), (0, 5, 9), (10**6,), 14, slots))
    expect_thrown_away(student, some_exchange(rng, overtaken=(2, 5)))
    link = student.SentPackets(2)
    link.send(7.0)
    got = link.take({"id": 0, "stamp": 6.9}, 7.0)
    expect(
        got == 0.0 and got is not None,
        "an answer that comes at once is to a picture of 0 s",
        got=got,
        expected=0.0,
        unit="s",
        mistake="age-of-zero-lost",
    )
