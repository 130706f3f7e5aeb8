"""1.8, hidden: neighbours, no targets at all, one camera, other types."""

from dataclasses import replace

import torch

from shown.day1_fundamentals.seats import ROUNDING, some_guests, some_table
from shown.slips import expect_all
from vla_course.course.checking.judging import expect, expect_close, graded


def expect_same(got, expected, what, atol=ROUNDING):
    """Expect another answer's mask, and its tokens where they are there."""
    expect_close(got[1].double(), expected[1].double(), what=f"mask {what}")
    expect_close(got[0][got[1]], expected[0][expected[1]], what=f"tokens {what}", atol=atol)


@graded(
    "1.8",
    points=2,
    says="no sample depends on its neighbours, and what is missing changes nothing",
)
def test_neighbours(student, rng):
    table, guests = some_table(student, rng, cameras=2), some_guests(rng, 4, cameras=2, targets=5)
    answer = table.ask(guests)
    order = torch.from_numpy(rng.permutation(4))
    expect_same(
        table.ask(guests.rows(order)), [part[order] for part in answer], "of samples in another order"
    )
    for row in range(4):
        one = slice(row, row + 1)
        expect_same(table.ask(guests.rows(one)), [part[one] for part in answer], "of a sample alone")
    numbers = replace(guests, spoken=guests.spoken.long(), views=tuple(guests.views))
    expect_same(table.ask(numbers), answer, "with a language mask of 0 and 1, and cameras in a tuple")
    none, no = replace(guests, targets=None), replace(guests, targets=guests.targets[:, :0])
    expect_same(table.ask(no), table.ask(none), "with an empty row of targets")
    nan = torch.full_like(guests.targets, torch.nan)
    tokens, mask = table.ask(replace(guests, targets=nan))
    count = table.ask(none)[0].shape[1]
    seats = mask.shape[1] - count
    expect(seats == 5, "targets that nobody has lose their seats", got=seats, expected=5)
    expect(not bool(mask[:, count:].any()), "targets of nan are not there, in any sample")
    expect_same((tokens[:, :count], mask[:, :count]), table.ask(none), "beside targets that are all missing")


@graded("1.8", points=1, says="one camera is enough, and a pose of zeros is a pose like any other")
def test_one_camera_and_zeros(student, rng):
    table = some_table(student, rng, cameras=1)
    guests = some_guests(rng, 2, cameras=1, words=2)
    zeros = replace(guests, targets=torch.zeros(2, 2, 6, dtype=torch.float64))
    expect_all(table.tokens_case(guests), table.tokens_case(zeros), unit="", atol=ROUNDING)
    expect_all(table.mask_case(zeros), unit="")


@graded(
    "1.8",
    points=1,
    says="float32 and bfloat16 models answer as nearly as their type allows, in their own type",
)
def test_types(student, rng):
    table, guests = some_table(student, rng, cameras=2), some_guests(rng, 2, cameras=2, targets=2)
    exact = table.ask(guests)
    for dtype, atol in ((torch.float32, 1e-4), (torch.bfloat16, 0.2)):
        table.model.to(dtype)
        told = table.ask(guests.to(dtype))
        expect(told[0].dtype is dtype, "the type of the tokens", got=told[0].dtype, expected=dtype)
        expect_same(told, exact, f"in {dtype}", atol)
