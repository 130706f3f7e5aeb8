"""4.6, hidden: the expert alone, the policy alone, a single decision, chance that comes from the generator."""

import numpy as np

from shown.day4_training.rounds import run, some_data
from vla_course.course.checking.judging import expect, graded


@graded(
    "4.6", points=1, says="with beta 1 the expert acts alone, with beta 0 the policy, and all is labelled"
)
def test_ends(student, rng):
    for beta, actor, mistake in ((1.0, "expert", None), (0.0, "policy", "teacher-forced")):
        found = run(student, rng, [9, 1, 300] if beta else [7], beta, tuple(some_data(rng, 2)))
        found.expect_episodes()
        expect(
            set(found.actors) == {actor},
            f"with beta {beta:g} another than the {actor} acted",
            got=sorted(set(found.actors)),
            mistake=mistake,
        )
        found.expect_observations()
        found.expect_labels()


@graded(
    "4.6", points=1, says="nothing but the generator is chance: the same one leads through the same states"
)
def test_chance(student, rng):
    seed = int(rng.integers(2**31))
    one, same = (run(student, np.random.default_rng(seed), [30, 30], 0.5, []) for _ in range(2))
    short = run(student, rng, [1] * 200, 0.5, []).actors.count("expert")
    expect(60 < short < 140, "the first decision is a chance as well", got=short, expected="about 100 of 200")
    other = run(student, np.random.default_rng(seed + 1), [30, 30], 0.5, [])
    expect(one.actors == same.actors, "the same generator led to other states", mistake="chance-of-its-own")
    expect(
        one.actors != other.actors, "another generator led to the same states", mistake="chance-of-its-own"
    )
