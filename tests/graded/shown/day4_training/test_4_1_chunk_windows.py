"""4.1: what follows each step of an episode, up to its end and beyond."""

import numpy as np

from shown.day4_training.episodes import some_episode
from shown.slips import expect_all
from vla_course.course.checking.judging import expect_raises, graded


@graded(
    "4.1", points=2, says="a chunk begins with its start, and the last action stands for all after the end"
)
def test_chunks(student, rng):
    long, short = some_episode(rng, 30, 8), some_episode(rng, 11, 5)
    expect_all(*long.cases(student, "an episode"), *short.cases(student, "a short one"), unit="", atol=1e-6)


@graded("4.1", points=1, says="a chunk of no steps, and a start outside of the episode, are refused")
def test_refusals(student, rng):
    actions = some_episode(rng, 6, 2, [0]).actions
    for what, starts, horizon in (
        ("a horizon of 0", [0, 1], 0),
        ("a start of -1", [2, -1], 3),
        ("a start right after the end", [6], 3),
        ("a start far beyond the end", [1, 40], 3),
        ("a start after the end between two others", [0, 6, 2], 3),
        ("a start of -1 between two others", [0, -1, 2], 3),
    ):
        some = np.array(starts, dtype=np.int64)
        expect_raises(
            ValueError, student.chunk_windows, actions, some, horizon, what=what, mistake="anything-accepted"
        )
