"""4.5: what the words do to what is seen."""

import torch

from shown.day4_training.modulations import WIDTH, WORDS, some_modulation
from shown.slips import expect_all
from vla_course.course.checking.gradients import expect_gradients
from vla_course.course.checking.judging import expect_close, expect_raises, graded


@graded("4.5", points=3, says="each channel is scaled and shifted as the words of its own sample say")
def test_modulation(student, rng):
    modulation = some_modulation(student, rng)
    square, words = rng.normal(size=(4, 4, WIDTH)), rng.normal(size=(4, WORDS))
    same = rng.normal(size=(4, 4, WIDTH)), rng.normal(size=(4, WORDS))
    expect_all(
        modulation.case(square, words, "four samples of four patches"),
        modulation.case(*same, "four others"),
        modulation.case(square, 10.0 * words, "four samples whose words are loud"),
        unit="",
    )


@graded("4.5", points=1, says="an untrained layer gives the features back as they are")
def test_identity(student, rng):
    layer = student.FiLM(WIDTH, WORDS)
    features = torch.tensor(rng.normal(size=(2, 5, WIDTH)), dtype=torch.float32)
    words = torch.tensor(rng.normal(size=(2, WORDS)), dtype=torch.float32)
    expect_close(
        layer(features, words),
        features,
        what="the features after an untrained layer",
        mistakes={"one-forgotten": torch.zeros_like(features)},
    )


@graded("4.5", points=1, says="features and words are both learnt through it")
def test_gradients(student, rng):
    modulation = some_modulation(student, rng)
    features, words = torch.tensor(rng.normal(size=(3, 5, WIDTH))), torch.tensor(rng.normal(size=(3, WORDS)))
    reach = {"the features": 0, "the words": 1}
    expect_gradients(modulation.layer, [features, words], reach=reach, rng=rng, detached="detached")


@graded("4.5", points=1, says="one command for many robots is refused")
def test_rows(student, rng):
    layer = student.FiLM(WIDTH, WORDS)
    for rows, wanted in ((1, 4), (4, 1), (3, 4)):
        features, words = torch.zeros(wanted, 6, WIDTH), torch.zeros(rows, WORDS)
        what = f"{rows} rows of words for {wanted} of features"
        expect_raises(ValueError, layer, features, words, what=what, mistake="broadcast")
