"""5.3, hidden: every rank, equal maxima, what a new episode does, and what is refused."""

from dataclasses import replace

import numpy as np

from shown.day5_deployment.vigils import Vigil, some_vigil
from vla_course.course.checking.judging import expect, expect_close, expect_raises, graded


@graded(
    "5.3", points=1, says="for every number of episodes and every rate it is the maximum of the right rank"
)
def test_every_rank(student, rng):
    for n in (1, 3, 9, 24):
        vigil = some_vigil(rng, n=n)
        ranked = sorted(vigil.maxima())
        for j in range(1, n + 1):
            got = replace(vigil, rate=j / (n + 1)).asked(student)
            expect_close(
                got, ranked[-j], what=f"the threshold of {n} episodes at a rate of {j} / {n + 1}", atol=1e-9
            )
    tenths = some_vigil(rng, n=9)
    ranked = sorted(tenths.maxima())
    for j in range(1, 10):  # as they are typed: 0.7 * 10 is not 7 for every computer
        got = replace(tenths, rate=float(f"0.{j}")).asked(student)
        expect_close(got, ranked[-j], what=f"the threshold of nine episodes at a rate of 0.{j}", atol=1e-9)
    for told, n, rate, beyond in (
        ("1 / 49", 48, 1 / 49, 1),
        ("0.29", 99, 0.29, 29),
        ("almost 1", 9, float(np.nextafter(1.0, 0.0)), 9),
    ):
        vigil = some_vigil(rng, n=n, rate=rate)
        expect_close(
            vigil.asked(student),
            sorted(vigil.maxima())[-beyond],
            what=f"the threshold of {n} episodes at a rate of {told}",
            atol=1e-9,
        )
    still = Vigil([np.full(5, -1.0)] * 9, 0.5, 0.1)
    expect_close(
        still.asked(student), 0.0, what="the threshold of episodes in which no sum ever rose", atol=1e-12
    )


@graded("5.3", points=1, says="lists will do, a slack of 0 too, and the answer is a plain number")
def test_kinds(student, rng):
    vigil = some_vigil(rng, slack=0.0)
    got = student.cusum_threshold([scores.tolist() for scores in vigil.episodes], 0.0, 0.1)
    expect_close(got, vigil.right(), what="the threshold of lists", atol=1e-9)
    expect(
        np.ndim(got) == 0 and isinstance(got, float),
        "the threshold should be a number",
        got=type(got).__name__,
        mistake="another-type",
    )


@graded(
    "5.3",
    points=1,
    says="episodes without scores or with nan, and rates and slacks that cannot be, are refused",
)
def test_refusals(student, rng):
    vigil = some_vigil(rng)
    scores = vigil.episodes[3].copy()
    scores[1] = np.nan
    infinite = vigil.episodes[3].copy()
    infinite[2] = -np.inf
    for what, some in (
        ("an episode without scores", replace(vigil, episodes=[*vigil.episodes, np.zeros(0)])),
        ("an episode with nan", replace(vigil, episodes=[*vigil.episodes, scores])),
        ("an episode with -inf", replace(vigil, episodes=[*vigil.episodes, infinite])),
        ("no episode", replace(vigil, episodes=[])),
        ("a rate of 0", replace(vigil, rate=0.0)),
        ("a rate of 1", replace(vigil, rate=1.0)),
        ("a rate of 5", replace(vigil, rate=5.0)),
        ("a slack of -0.5", replace(vigil, slack=-0.5)),
    ):
        expect_raises(ValueError, some.asked, student, what=what, mistake="anything-accepted")
