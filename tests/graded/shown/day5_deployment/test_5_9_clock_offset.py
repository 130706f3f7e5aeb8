"""5.9: what the server's clock shows more than the robot's."""

import numpy as np

from shown.day5_deployment.wires import answer, some_wire
from shown.slips import expect_all
from vla_course.course.checking.judging import expect_close, expect_raises, graded


@graded(
    "5.9",
    points=1,
    says="where both ways take equally long the offset is exact, and the error is one of them",
)
def test_even_ways(student, rng):
    expect_all(
        some_wire(rng, 1, even=True).case(student, 8, "offset and error, of one exchange"),
        some_wire(rng, 1, even=True).case(student, 1, "offset and error, of another one"),
        unit="s",
    )


@graded(
    "5.9",
    points=2,
    says="of the exchanges that are looked at the shortest round trip on the wire is believed",
)
def test_shortest(student, rng):
    for what in ("offset and error", "offset and error, of another wire"):
        expect_all(some_wire(rng, 8).case(student, 8, what), unit="s")


@graded("5.9", points=1, says="only the newest exchanges count: clocks drift")
def test_window(student, rng):
    wire = some_wire(rng, 30, drift=0.01)
    # The best exchange of all is an old one.
    wire.there[12] = wire.back[12] = 0.0005
    expect_all(wire.case(student, 6, "offset and error, of clocks that drift"), unit="s")


@graded(
    "5.9", points=1, says="exchanges in which a clock was set are left out; where none is left that is said"
)
def test_set_meanwhile(student, rng):
    wire = some_wire(rng, 7)
    for what, column, by in (
        ("a stamp that is no number", 1, np.nan),
        ("an infinite stamp", 2, np.inf),
        ("an answer that never comes back", 3, np.inf),
        ("a robot's clock that was put back", 3, -5.0),
        ("a server's clock that was put back", 2, -5.0),
        ("a server's clock that was put forward", 2, 5.0),
    ):
        stamps = wire.stamps
        best = int(np.argmin(wire.there + wire.back))
        stamps[best, column] += by
        expect_raises(
            ValueError,
            student.clock_offset,
            stamps[best : best + 1],
            3,
            what=f"nothing but {what}",
            mistake="jump-believed",
        )
        left = np.delete(np.arange(7), best)
        rest = type(wire)(
            *(getattr(wire, name)[left] for name in ("offset", "sent", "there", "kept", "back"))
        )
        got = answer(student.clock_offset(stamps, 7))
        expect_close(got, rest.shortest(0), what=f"offset and error, with {what}", unit="s", atol=1e-8)
    for what, stamps, window in (
        ("a window of none", wire.stamps, 0),
        ("no exchange", wire.stamps[:0], 4),
        ("three stamps each", wire.stamps[:, :3], 4),
        ("five stamps each", np.column_stack([wire.stamps, wire.stamps[:, 3]]), 4),
        ("stamps of three axes", np.stack([wire.stamps[:4]] * 3), 4),
        ("a single row", wire.stamps[0], 4),
    ):
        expect_raises(
            ValueError, student.clock_offset, stamps, window, what=what, mistake="anything-accepted"
        )
