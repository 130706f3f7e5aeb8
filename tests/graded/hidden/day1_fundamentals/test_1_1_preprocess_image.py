"""1.1, hidden: thin things stay, small pictures grow, odd rests, and mirrors."""

from dataclasses import replace

import numpy as np

from shown.day1_fundamentals.arrays import array_of
from shown.day1_fundamentals.sights import TOLERANCE, some_sight
from shown.slips import expect_all
from vla_course.course.checking.judging import expect, expect_close, graded


@graded("1.1", points=1, says="a thin bright line is seen wherever it runs, however small the picture gets")
def test_thin_line(student, rng):
    size, side = 8, 64
    pictures = np.zeros((side, side, side, 3), dtype=np.uint8)
    pictures[np.arange(side), :, np.arange(side)] = 255
    for across in (pictures, pictures.swapaxes(1, 2)):
        got = student.preprocess_image(across, size, [0.0] * 3, [1.0] * 3)
        seen = array_of(got, (side, 3, size, size), "a batch of pictures")
        brightest = seen.max(axis=(1, 2, 3))
        expect(
            bool((brightest > 0.05).all()),
            "a line of one pixel has vanished from the encoder's sight",
            got=float(brightest.min()),
            mistake="no-antialias",
        )


@graded(
    "1.1", points=1, says="small pictures grow, an odd rest is cut at its end, and bright ones stay bright"
)
def test_sizes(student, rng):
    bright = replace(some_sight(rng, 16, 20, 8), mean=[0.1, 0.2, 0.1], std=[0.1, 0.1, 0.15])
    expect_all(
        some_sight(rng, 9, 12, 16).case(student, "the sight of a small picture"),
        some_sight(rng, 21, 24, 14).case(student, "the sight of a wide picture with an odd rest"),
        some_sight(rng, 28, 21, 10).case(student, "the sight of a tall picture with an odd rest"),
        some_sight(rng, 18, 18, 9).case(student, "the sight of a square picture"),
        some_sight(rng, 12, 15, 12).case(student, "the sight of a picture that keeps its size"),
        unit="",
        atol=TOLERANCE,
    )
    expect_all(
        some_sight(rng, 20, 21, 9).case(student, "the sight of a picture one pixel too wide"),
        some_sight(rng, 3, 4, 5).case(student, "the sight of three rows"),
        some_sight(rng, 14, 18, 1).case(student, "the sight of a single pixel"),
        bright.case(student, "the sight of a picture much brighter than the training"),
        unit="",
        atol=TOLERANCE,
    )


@graded("1.1", points=1, says="a mirrored picture gives a mirrored sight, and the camera's picture stays")
def test_mirror(student, rng):
    sight = some_sight(rng, 26, 26 + 2 * int(rng.integers(2, 8)), 11)
    picture, *sizes = sight.arguments
    seen = array_of(student.preprocess_image(picture, *sizes), (3, 11, 11), "what the encoder gets")
    for what, axis, turned in (("left", 2, picture[:, ::-1]), ("up", 1, picture[::-1])):
        other = student.preprocess_image(np.ascontiguousarray(turned), *sizes)
        expect_close(
            other,
            np.flip(seen, axis),
            what=f"the sight of a picture turned {what} for its opposite",
            atol=TOLERANCE,
        )
    expect(np.array_equal(picture, sight.picture), "the picture that was handed in has been changed")
