"""4.12, hidden: another library's p-values, many episodes, types."""

import numpy as np
from scipy.stats import binomtest

from shown.day4_training.duels import some_duel
from vla_course.course.checking.judging import expect, expect_close, graded


@graded("4.12", points=1, says="p is that of the exact test, for every way in which a few episodes may speak")
def test_every_split(student, rng):
    speak = int(rng.integers(6, 10))
    got = [some_duel(rng, 25, k, speak - k).asked(student).p_value for k in range(speak + 1)]
    right = [binomtest(k, speak).pvalue for k in range(speak + 1)]
    mistakes = {"one-sided": np.array(right) / 2.0}
    expect_close(got, right, what=f"p where {speak} episodes speak", mistakes=mistakes)


@graded("4.12", points=1, says="thousands of episodes, and one alone, have their p; counts are whole numbers")
def test_sizes(student, rng):
    many = some_duel(rng, 6000, int(rng.integers(1500, 1600)), int(rng.integers(1480, 1510)))
    gained, lost = many.counts()
    result = many.asked(student)
    expect_close(
        result.p_value, binomtest(gained, gained + lost).pvalue, what="p of 6000 episodes", atol=1e-7
    )
    clear = some_duel(rng, 80, 40, int(rng.integers(4, 8)))
    right = binomtest(clear.counts()[0], sum(clear.counts())).pvalue
    expect_close(clear.asked(student).p_value, right, what="p of a clear gain", atol=0.0, rtol=1e-6)
    kinds = [type(result.gained).__name__, type(result.lost).__name__]
    expect(
        kinds == ["int", "int"], "gained and lost should be whole numbers", got=kinds, mistake="another-type"
    )
    single = some_duel(rng, 1, 1, 0).asked(student)
    expect_close([single.difference, single.p_value], [1.0, 1.0], what="difference and p of one episode")
