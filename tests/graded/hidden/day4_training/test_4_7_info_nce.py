"""4.7, hidden: a batch in which all mean the same, sharp choices, a temperature that is learnt."""

from dataclasses import replace

import numpy as np
import torch

from shown.day4_training.pairings import some_pairs
from shown.slips import either
from vla_course.course.checking.gradients import expect_gradients
from vla_course.course.checking.judging import expect_close, graded

FAR = (50.0, 100.0, 1e3, 1e4)
"""numbers that are taken for infinity"""


@graded("4.7", points=1, says="where all mean the same there is nothing to choose, and nothing to lose")
def test_all_the_same(student, rng):
    pairs = replace(some_pairs(rng, 4), same=np.ones((4, 4), dtype=bool))
    got = student.info_nce(*pairs.tensors())
    mistakes = {"same-as-partners": pairs.case(student, "").mistakes["same-as-partners"]}
    expect_close(got, 0.0, what="the loss where all mean the same", mistakes=mistakes)
    away = replace(pairs, other=-pairs.one, temperature=1e-5)
    got = student.info_nce(*away.tensors())
    expect_close(
        got,
        0.0,
        what="the loss where all mean the same and partners point away from each other, at a small temperature",
        mistakes={"same-not-far-enough": either(got, *(away.loss_with(-far) for far in FAR))},
    )


@graded("4.7", points=1, says="sharp choices come out finite, and two pairs are enough")
def test_sharp(student, rng):
    some = some_pairs(rng, 6)
    sharp = replace(some, temperature=1e-3, same=some.same | some.same.T)
    got = student.info_nce(*sharp.tensors())
    expect_close(got, sharp.loss(), what="the loss at a temperature of 0.001", rtol=1e-9)
    two = some_pairs(rng, 2, same=False)
    expect_close(student.info_nce(*two.tensors()), two.loss(), what="the loss of two pairs")


@graded("4.7", points=1, says="the temperature may be a tensor, and is then taught as well")
def test_learnt_temperature(student, rng):
    one, other, temperature, _ = some_pairs(rng, 5, same=False).tensors()
    arguments = [one, other, torch.tensor(temperature, dtype=torch.float64)]
    expect_gradients(
        student.info_nce, arguments, reach={"the temperature": 2}, rng=rng, detached="temperature-detached"
    )
