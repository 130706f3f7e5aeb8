"""4.5, hidden: one sample, one patch, no patch at all."""

import torch

from shown.day4_training.modulations import WIDTH, WORDS, some_modulation
from shown.slips import expect_all
from vla_course.course.checking.judging import expect_close, graded


@graded("4.5", points=1, says="one sample, one patch and many of both are modulated alike")
def test_shapes(student, rng):
    modulation = some_modulation(student, rng)
    expect_all(
        *(
            modulation.case(rng.normal(size=(batch, patches, WIDTH)), rng.normal(size=(batch, WORDS)), what)
            for batch, patches, what in (
                (2, 2, "two by two"),
                (1, 1, "a single patch"),
                (3, 3, "three by three"),
            )
        ),
        unit="",
    )
    for batch, patches in ((1, 7), (5, 1), (2, 0)):
        features, words = rng.normal(size=(batch, patches, WIDTH)), rng.normal(size=(batch, WORDS))
        got = modulation.layer(torch.tensor(features), torch.tensor(words))
        right = modulation.modulated(features, *modulation.factors(words))
        expect_close(got, right, what=f"{batch} samples of {patches} patches")
