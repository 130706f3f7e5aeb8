"""4.7, hidden: a batch in which all mean the same, sharp choices, a temperature that is learnt."""

from dataclasses import replace

import numpy as np
import torch

from shown.day4_training.pairings import some_pairs
from vla_course.course.checking.gradients import expect_gradients
from vla_course.course.checking.judging import expect_close, graded


@graded("4.7", points=1, says="where all mean the same there is nothing to choose, and nothing to lose")
def test_all_the_same(student, rng):
    pairs = replace(some_pairs(rng, 4), same=np.ones((4, 4), dtype=bool))
    got = student.info_nce(*pairs.tensors())
    mistakes = {"same-as-partners": pairs.case(student, "").mistakes["same-as-partners"]}
    expect_close(got, 0.0, what="the loss where all mean the same", mistakes=mistakes)


@graded("4.7", points=1, says="sharp choices come out finite, and two pairs are enough")
def test_sharp(student, rng):
    pairs = replace(some_pairs(rng, 6), temperature=1e-3)
    got = student.info_nce(*pairs.tensors())
    expect_close(got, pairs.loss(), what="the loss at a temperature of 0.001", rtol=1e-9)
    two = some_pairs(rng, 2, same=False)
    expect_close(student.info_nce(*two.tensors()), two.loss(), what="the loss of two pairs")


@graded("4.7", points=1, says="the temperature may be a tensor, and is then taught as well")
def test_learnt_temperature(student, rng):
    one, other, temperature, same = some_pairs(rng, 5).tensors()
    arguments = [one, other, torch.tensor(temperature, dtype=torch.float64), same]
    expect_gradients(
        student.info_nce, arguments, reach={"the temperature": 2}, rng=rng, detached="temperature-detached"
    )
