"""4.1, hidden: horizons beyond the whole episode, a single action, no chunk at all, types."""

import numpy as np

from shown.day4_training.episodes import some_episode
from shown.slips import expect_all
from vla_course.course.checking.judging import expect, graded


@graded("4.1", points=1, says="a horizon may be longer than the episode, and an episode a single action")
def test_long_horizons(student, rng):
    longer = some_episode(rng, 4, 9, [3, 0, 2, 2])
    single = some_episode(rng, 1, 3, [0])
    expect_all(
        *longer.cases(student, "an episode shorter than a chunk"),
        *single.cases(student, "a single action"),
        unit="",
        atol=1e-6,
    )


@graded("4.1", points=1, says="chunks of one step, and no chunk at all, keep their shape")
def test_small_shapes(student, rng):
    steps = some_episode(rng, 5, 1, [4, 0])
    none = some_episode(rng, 5, 3, [])
    expect_all(*steps.cases(student, "chunks of one step"), unit="", atol=1e-6)
    for got, shape in zip(none.asked(student), ((0, 3, 4), (0, 3)), strict=True):
        expect(np.shape(got) == shape, "of no starts there are no chunks", got=np.shape(got), expected=shape)


@graded("4.1", points=1, says="chunks are float32, the mask is bool")
def test_types(student, rng):
    chunks, mask = some_episode(rng, 12, 4).asked(student)
    for name, got, kind in (("chunks", chunks, np.float32), ("mask", mask, np.bool_)):
        found = np.asarray(got).dtype
        expect(
            found == kind, f"the {name} are of another type", got=found, expected=kind, mistake="another-type"
        )
