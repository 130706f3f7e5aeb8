"""5.9, hidden: the truth is never farther off than is said; ties, and what is counted as newest."""

import numpy as np

from shown.day5_deployment.wires import Wire, answer, some_wire
from vla_course.course.checking.judging import expect, expect_close, graded


@graded(
    "5.9",
    points=1,
    says="the truth is never farther from the offset than the error, however unlike the two ways",
)
def test_bound(student, rng):
    for _ in range(12):
        wire = some_wire(rng, 8)
        wire.there[:] *= rng.choice((0.01, 1.0, 20.0))
        told = student.clock_offset(wire.stamps, 8)
        off = abs(told.offset - wire.offset[0])
        expect(
            off <= told.error + 1e-8,
            "the offset is farther off than its error says",
            got=off,
            expected=told.error,
            unit="s",
        )
        expect_close(answer(told), wire.shortest(0), what="offset and error", unit="s", atol=1e-8)
    kinds = [type(told.offset).__name__, type(told.error).__name__]
    expect(
        kinds == ["float", "float"],
        "offset and error should be plain numbers",
        got=kinds,
        mistake="another-type",
    )


@graded(
    "5.9",
    points=1,
    says="of equally short ones the newest counts; what is left out still takes its place in the window; "
    "no time at all is a time, too",
)
def test_ties_and_places(student, rng):
    # Powers of two, which floats hold exactly: the trips are equal to the last bit.
    ways = np.array([0.25, 0.25, 0.25, 0.5])
    wire = Wire(
        np.array([8.0, 16.0, 32.0, 64.0]), np.array([1.0, 2.0, 3.0, 4.0]), ways, np.full(4, 0.125), ways
    )
    expect_close(
        answer(student.clock_offset(wire.stamps, 4)),
        [32.0, 0.25],
        what="offset and error, of equal round trips",
        unit="s",
        mistakes={"oldest-of-equals": np.array([8.0, 0.25])},
    )
    stamps = wire.stamps
    stamps[2] = np.nan
    expect_close(
        answer(student.clock_offset(stamps, 2)),
        [64.0, 0.5],
        what="offset and error, with one of two left out",
        unit="s",
        mistakes={"window-refilled": np.array([16.0, 0.25])},
    )
    longer = [5.0, 13.0, 13.5, 7.0]
    for what, stamps, right in (
        ("a server that answers at once", [1.0, 9.0, 9.0, 1.5], [7.75, 0.25]),
        ("a wire that takes no time", [1.0, 9.0, 9.5, 1.5], [8.0, 0.0]),
        ("neither taking any", [1.0, 9.0, 9.0, 1.0], [8.0, 0.0]),
    ):
        told = student.clock_offset(np.array([stamps, longer]), 2)
        expect_close(answer(told), right, what=f"offset and error, with {what}", unit="s", atol=1e-12)
