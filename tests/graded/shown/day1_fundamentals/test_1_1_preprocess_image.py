"""1.1: what a camera of the robot sees, as the encoder was trained to see it."""

import numpy as np
import torch

from shown.day1_fundamentals.arrays import array_of
from shown.day1_fundamentals.sights import TOLERANCE, some_picture, some_sight
from shown.slips import expect_all
from vla_course.course.checking.judging import expect, expect_close, expect_raises, graded


@graded("1.1", points=3, says="the encoder sees the middle square, resized, in the colours of its training")
def test_sight(student, rng):
    wide = some_sight(rng, 36, 36 + int(rng.integers(6, 20)), 12)
    tall = some_sight(rng, 40 + int(rng.integers(6, 20)), 40, int(rng.integers(13, 20)))
    expect_all(
        wide.case(student, "the sight of a wide picture"),
        tall.case(student, "the sight of a tall picture"),
        unit="",
        atol=TOLERANCE,
    )


@graded("1.1", points=1, says="a batch of pictures gives what they give one by one, in float32")
def test_batch(student, rng):
    sights = [some_sight(rng, 41, 30, 16) for _ in range(5)]
    mean, std = sights[0].mean, sights[0].std
    batch = student.preprocess_image(np.stack([sight.picture for sight in sights]), 16, mean, std)
    one_by_one = [student.preprocess_image(sight.picture, 16, mean, std) for sight in sights]
    alone = [array_of(one, (3, 16, 16), "what the encoder gets of one picture") for one in one_by_one]
    expect_close(batch, np.stack(alone), what="a batch of five pictures", atol=1e-6)
    one = student.preprocess_image(sights[0].picture[None], 16, mean, std)
    expect_close(one, np.stack(alone[:1]), what="a batch of a single picture", atol=1e-6)
    types = {"one picture": one_by_one[0], "a batch": batch}
    for what, got in types.items():
        is_right = isinstance(got, torch.Tensor) and got.dtype is torch.float32
        expect(
            is_right,
            f"what comes of {what} is no float32 tensor",
            got=getattr(got, "dtype", type(got)),
            expected=torch.float32,
            mistake="another-type",
        )


@graded("1.1", points=1, says="whatever is not three colours in bytes is refused")
def test_refusals(student, rng):
    picture, sizes = some_picture(rng, 20, 24), (8, [0.5] * 3, [0.2] * 3)
    for what, other in {
        "a picture of floats from 0 to 1": picture / 255.0,
        "a picture of floats from 0 to 255": picture.astype(np.float32),
        "a picture of whole numbers that are no bytes": picture.astype(np.int64),
        "a picture of whole numbers of 16 bits": picture.astype(np.uint16),
        "a picture of bytes with a sign": picture.astype(np.int8),
        "a picture of true and false": picture > 127,
        "a picture with an alpha channel": np.concatenate([picture, picture[..., :1]], axis=-1),
        "a picture with its colours first": np.moveaxis(picture, 2, 0),
        "a grey picture": picture[..., 0],
        "a grey picture of one colour": picture[..., :1],
        "a picture of two colours": picture[..., :2],
        "a single row of colours": picture[0],
        "a batch of batches": picture[None, None],
    }.items():
        expect_raises(
            ValueError, student.preprocess_image, other, *sizes, what=what, mistake="anything-accepted"
        )
