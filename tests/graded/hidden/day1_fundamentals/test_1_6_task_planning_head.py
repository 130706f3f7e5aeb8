"""1.6, hidden: neighbours and padding say nothing, and eight bits are enough."""

import numpy as np
import torch

from shown.day1_fundamentals.plans import Reading, some_reading
from shown.day1_fundamentals.test_1_6_task_planning_head import some_head
from shown.day1_fundamentals.weights import array
from vla_course.course.checking.judging import expect_close, graded
from vla_course.learning.model.answers import TaskPlan


def expect_same(got, expected, what, atol=1e-9):
    """Expect both parts of an answer to be those of another."""
    for part, name in (("task_probabilities", "probabilities"), ("task_sequence", "plan")):
        expect_close(getattr(got, part), getattr(expected, part), what=f"{name} {what}", atol=atol)


@graded("1.6", points=1, says="neither padding nor the other samples of a batch change an answer")
def test_padding_and_neighbours(student, rng):
    head, _ = some_head(student, rng)
    reading = some_reading(rng, batch=4, count=7)
    answer = reading.answer(head)
    for garbage in (1e3, torch.inf, torch.nan):
        filled = reading.tokens.masked_fill(~reading.mask.unsqueeze(-1), garbage)
        expect_same(Reading(filled, reading.mask).answer(head), answer, f"beside padding of {garbage}")
    numbers = Reading(reading.tokens, reading.mask.long())
    expect_same(numbers.answer(head), answer, "with a mask of 0 and 1")
    order = torch.from_numpy(rng.permutation(4))
    turned = Reading(reading.tokens[order], reading.mask[order]).answer(head)
    expect_close(turned.task_sequence, answer.task_sequence[order], what="plan of samples in another order")
    for row, (tokens, mask) in enumerate(zip(reading.tokens, reading.mask, strict=True)):
        alone = Reading(tokens[mask][None], mask[mask][None]).answer(head)
        own = TaskPlan(answer.task_probabilities[row][None], answer.task_sequence[row][None])
        expect_same(alone, own, "of a sample alone")


@graded("1.6", points=1, says="float32 and bfloat16 models answer as nearly as their type allows")
def test_types(student, rng):
    head, _ = some_head(student, rng)
    reading = some_reading(rng, batch=3)
    exact = reading.answer(head)
    for dtype, atol in ((torch.float32, 1e-4), (torch.bfloat16, 0.1)):
        told = Reading(reading.tokens.to(dtype), reading.mask).answer(head.to(dtype))
        expect_same(told, exact, f"in {dtype}", atol)
    rows = array(told.task_probabilities).sum(axis=-1)
    expect_close(rows, np.ones(3), what="sum of a row of probabilities in bfloat16", atol=0.02)
