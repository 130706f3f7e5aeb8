"""1.6: one reading, a task with its probability, and a plan."""

import numpy as np
import torch

from shown.day1_fundamentals.plans import CONFIG, some_reading
from shown.day1_fundamentals.weights import array, draw_weights
from shown.slips import expect_all
from vla_course.course.checking.gradients import expect_gradients
from vla_course.course.checking.judging import expect, expect_close, graded


def some_head(student, rng):
    """The student's head in float64, and its weights."""
    head = student.TaskPlanningHead(CONFIG).double().eval()
    return head, draw_weights(head, rng)


@graded("1.6", points=2, says="the tokens that are there decide how probable each task is, in training too")
def test_tasks(student, rng):
    head, weights = some_head(student, rng)
    expect_all(*(some_reading(rng, batch).task_case(head, weights) for batch in (2, 4)), unit="", atol=1e-9)
    head.train()
    expect_all(some_reading(rng, 3).task_case(head, weights), unit="", atol=1e-9)


@graded("1.6", points=1, says="probabilities add up to 1 and tell logits apart, however large these are")
def test_large_logits(student, rng):
    head, weights = some_head(student, rng)
    reading = some_reading(rng, batch=5)
    for loud, shift in ((1.0, 0.0), (20.0, 0.0), (400.0, 0.0), (1e5, 0.0), (1.0, 2e3)):
        louder = weights | {
            "task_classifier.weight": loud * weights["task_classifier.weight"],
            "task_classifier.bias": shift + weights["task_classifier.bias"],
        }
        head.load_state_dict({name: torch.from_numpy(value) for name, value in louder.items()})
        large = loud > 1.0 or shift > 0.0
        probabilities = array(reading.answer(head).task_probabilities)
        expect(
            bool(np.isfinite(probabilities).all() and (probabilities >= 0.0).all()),
            "there is a probability that is no number from 0",
            got=probabilities,
            mistake="too-large-to-exponentiate",
        )
        expect_close(probabilities.sum(axis=-1), np.ones(5), what="sum of a row of probabilities")
        right = np.asarray(reading.task_case(head, louder).expected)
        expect(
            bool(np.allclose(probabilities, right, rtol=0.0, atol=1e-6 if large else 1e-9)),
            "the probabilities are not to each other as the exponentials of the logits",
            got=probabilities,
            expected=right,
            mistake="logits-cut" if large else None,
        )


@graded("1.6", points=2, says="the plan is a row of steps, each with a logit for every word")
def test_plan(student, rng):
    head, weights = some_head(student, rng)
    expect_all(*(some_reading(rng, batch).plan_case(head, weights) for batch in (2, 3)), unit="", atol=1e-9)
    loud = weights | {"task_decoder.2.weight": 100.0 * weights["task_decoder.2.weight"]}
    head.load_state_dict({name: torch.from_numpy(value) for name, value in loud.items()})
    expect_all(some_reading(rng, 2).plan_case(head, loud), unit="", atol=1e-7)


@graded("1.6", points=1, says="task and plan both teach the tokens: gradients reach them from either")
def test_gradients(student, rng):
    head, _ = some_head(student, rng)
    reading = some_reading(rng)
    for part in ("task_probabilities", "task_sequence"):
        expect_gradients(
            head,
            [reading.tokens, reading.mask],
            of=part,
            reach={"the fused tokens": 0},
            rng=rng,
            detached="detached",
        )
