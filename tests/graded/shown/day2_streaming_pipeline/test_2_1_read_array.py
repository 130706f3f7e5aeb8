"""2.1: an array from a stranger."""

from shown.day2_streaming_pipeline.strangers import expect_read, expect_refused, some_array
from vla_course.course.checking.judging import graded


@graded("2.1", points=2, says="an array that is sound is read, and is the receiver's own")
def test_sound(student, rng):
    for dtype, shape in (("|u1", (2, 3, 3)), ("<f4", (4, 2)), ("<f8", (3,)), ("|b1", (5,))):
        expect_read(student, some_array(rng, dtype, shape))


@graded("2.1", points=2, says="a dtype that may not be is refused before NumPy believes it")
def test_dtype(student):
    # Eight bytes of 0 are an object that NumPy can bear: None. Of any other eight the process would end here.
    for dtype, size in (
        ("|O", 8),
        ("<M8[ns]", 8),
        ("|V8", 8),
        ("<U2", 8),
        (">f8", 8),
        ("<F8", 8),
        (" <f8", 8),
        ("float64", 8),
    ):
        what = f'a dtype of "{dtype}"'
        expect_refused(student, what, "dtype", "dtype-trusted", dtype, [1], bytes(size))
    eight = bytes(8)
    what = 'a dtype of "<f8" where "<f4" alone may be'
    expect_refused(student, what, "dtype", "list-of-ones-own", "<f8", [1], eight, allowed=["<f4"])


@graded("2.1", points=2, says="lengths are whole numbers from 0, and bytes as many as they take")
def test_lengths(student, rng):
    data = some_array(rng, "<i4", (6,)).tobytes()
    for what, field, mistake, shape, sent in (
        ("a length of -1", "shape", "minus-one", [2, -1], data),
        ("two lengths below 0", "shape", "minus-one", [-2, -3], data),
        ("a length that is a bool", "shape", "bool-for-length", [6, True], data),
        ("a length of 6.0", "shape", "kind-not-asked", [6.0], data),
        ("a byte too many", "data", "bytes-left-over", [6], data + b"\x00"),
        ("four bytes too many", "data", "bytes-left-over", [5], data),
        ("four bytes too few", "data", "bytes-left-over", [7], data),
    ):
        expect_refused(student, what, field, mistake, "<i4", shape, sent)
