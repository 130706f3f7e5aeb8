"""2.1, hidden: what is no text, no list and no bytes; lengths beyond counting; empty arrays and single numbers."""

from shown.day2_streaming_pipeline.strangers import DTYPES, expect_read, expect_refused, some_array
from vla_course.course.checking.judging import graded


@graded("2.1", points=1, says="what is no text, no list of numbers or no bytes is refused as well")
def test_kinds(student):
    eight = bytes(8)
    for what, field, fields in (
        ("a dtype of bytes", "dtype", (b"<f8", [1], eight)),
        ("a dtype that is a list", "dtype", (["<f8"], [1], eight)),
        ("a dtype that is a dict", "dtype", ({"names": ["a"], "formats": ["O"]}, [1], eight)),
        ("no dtype", "dtype", (None, [1], eight)),
        ("a shape that is a number", "shape", ("<f8", 1, eight)),
        ("a shape that is a text", "shape", ("<f8", "1", eight)),
        ("no shape", "shape", ("<f8", None, eight)),
        ("a length that is a text", "shape", ("<f8", ["1"], eight)),
        ("a length that is a list", "shape", ("<f8", [[1]], eight)),
        ("data that are a text", "data", ("|u1", [8], "01234567")),
        ("data that are a list", "data", ("|u1", [8], [0] * 8)),
        ("no data", "data", ("|u1", [0], None)),
    ):
        expect_refused(student, what, field, "kind-not-asked", *fields)


@graded("2.1", points=1, says="more axes, longer ones and other bools than there can be are refused")
def test_beyond(student):
    for what, field, mistake, fields in (
        ("a shape of five axes", "shape", "axes-unbounded", ("|u1", [1] * 5, b"\x01")),
        ("a shape of four hundred axes", "shape", "axes-unbounded", ("|u1", [1] * 400, b"\x01")),
        ("a dtype of ten thousand letters", "dtype", "dtype-trusted", ("f" * 10_000, [1], b"\x01")),
        ("a length of ten thousand digits", "shape", "kind-not-asked", ("|u1", ["1" * 10_000], b"\x01")),
        ("2^62 times 4 numbers in no bytes", "data", "overflows", ("<f4", [2**62, 4], b"")),
        ("2^61 + 1 numbers in the bytes of one", "data", "overflows", ("<f8", [2**61 + 1], bytes(8))),
        ("a length of 2^70", "data", "overflows", ("<f4", [2**70], bytes(4))),
        ("no times 2^70 numbers", "shape", "overflows", ("<f4", [0, 2**70], b"")),
        ("a bool of 2", "data", "bool-of-two", ("|b1", [3], b"\x00\x01\x02")),
        ("a bool of 255", "data", "bool-of-two", ("|b1", [1, 1], b"\xff")),
    ):
        expect_refused(student, what, field, mistake, *fields)


@graded("2.1", points=1, says="every dtype, single numbers and empty arrays are read, from lists and tuples")
def test_every_kind(student, rng):
    for dtype in DTYPES:
        for shape in ((), (int(rng.integers(1, 5)),), (2, 1, 3, 2), (0,), (3, 0, 2)):
            expect_read(student, some_array(rng, dtype, shape), tuple if rng.random() < 0.5 else list)
    expect_read(student, some_array(rng, ">u2", (3,)), allowed=("<f4", ">u2"))
