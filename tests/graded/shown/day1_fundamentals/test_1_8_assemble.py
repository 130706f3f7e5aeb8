"""1.8: one row of tokens, and which of them are there."""

from dataclasses import replace

import torch

from shown.day1_fundamentals.seats import ROUNDING, some_guests, some_table
from shown.slips import expect_all
from vla_course.course.checking.beside import beside
from vla_course.course.checking.gradients import expect_gradients, gradients
from vla_course.course.checking.judging import expect, expect_close, expect_raises, graded
from vla_course.course.checking.tensors import is_tensor
from vla_course.learning.training.layers import method_with_weights


@graded(
    "1.8", points=2, says="the mask says which words and targets are there; pictures and state always are"
)
def test_mask(student, rng):
    table = some_table(student, rng, cameras=3)
    cases = [
        table.mask_case(some_guests(rng, batch, cameras=3, targets=targets))
        for batch, targets in ((2, 2), (3, 3), (2, None))
    ]
    expect_all(cases[0], cases[1], unit="")
    expect_all(cases[2], unit="")


@graded(
    "1.8",
    points=3,
    says="patches, camera after camera, then words, then the state: each marked with its origin",
)
def test_tokens(student, rng):
    cases = [
        some_table(student, rng, cameras).tokens_case(some_guests(rng, batch, cameras))
        for batch, cameras in ((2, 3), (3, 2))
    ]
    expect_all(*cases, unit="", atol=ROUNDING)


@graded("1.8", points=2, says="a target that is there has a token of its own, after the state")
def test_targets(student, rng):
    table = some_table(student, rng, cameras=2)
    cases = [
        table.target_case(some_guests(rng, batch, 2, targets=targets)) for batch, targets in ((2, 2), (4, 3))
    ]
    expect_all(*cases, unit="", atol=ROUNDING)


@graded(
    "1.8",
    points=2,
    says="a target that is missing leaves no nan behind, neither in a token nor in a gradient",
)
def test_missing_targets(student, rng):
    table, guests = some_table(student, rng, cameras=2), some_guests(rng, 3, cameras=2, targets=2)
    tokens, _ = table.ask(guests)
    expect(
        bool(tokens.isfinite().all()),
        "a token is nan: whatever looks at it, even with a weight of 0, is nan as well",
        mistake="nan-through-a-layer",
    )
    cotangent = torch.from_numpy(rng.normal(size=tuple(tokens.shape)))
    told = gradients(table.model.assemble, guests.arguments(), cotangent=cotangent, of=0).inputs[4]
    expect(
        not is_tensor(told) or bool(told.isfinite().all()),
        "a gradient is nan: the missing pose went through a layer, and one step of training ruins its weights",
        mistake="nan-through-a-layer",
    )
    others = some_guests(rng, 3, cameras=2)
    alone = table.ask(others)[0]
    missing = replace(others, targets=torch.full((3, 2, 6), torch.nan, dtype=torch.float64))
    beside_none, there = table.ask(missing)
    count = alone.shape[1] + 2
    expect(
        there.shape[1] == count and not bool(there[:, -2:].any()),
        "targets that nobody has keep their seats, masked",
        got=there.int()[0],
        mistake="missing-dropped" if there.shape[1] < count else None,
    )
    expect_close(
        beside_none[:, : alone.shape[1]],
        alone,
        what="pictures, words and state beside targets that are all missing",
        atol=ROUNDING,
    )


@graded("1.8", points=1, says="a camera too few or too many is refused")
def test_refusals(student, rng):
    for expected, given in ((3, 2), (3, 4), (2, 3), (1, 0)):
        table, guests = some_table(student, rng, expected), some_guests(rng, 2, given)
        what = f"{given} cameras in place of {expected}"
        expect_raises(ValueError, table.ask, guests, what=what, mistake="any-number-of-cameras")


@graded(
    "1.8", points=2, says="gradients reach each camera, the words, the state, the targets and the origins"
)
def test_gradients(student, rng):
    table, guests = some_table(student, rng, cameras=3), some_guests(rng, 2, cameras=3, targets=2)
    expect_gradients(
        table.model.assemble,
        guests.arguments(),
        of=0,
        reach={
            "the first camera": (0, 0),
            "the second camera": (0, 1),
            "the third camera": (0, 2),
            "the words": 1,
            "the robot state": 3,
            "the targets": 4,
        },
        rng=rng,
        detached="detached",
    )
    name = "modality_embedding.weight"
    expect_gradients(
        beside(student, method_with_weights),
        [table.model, "assemble", {name: torch.from_numpy(table.weights[name])}, *guests.arguments()],
        of=0,
        reach={"the origins": (2, name)},
        rng=rng,
        detached="origin-detached",
    )
