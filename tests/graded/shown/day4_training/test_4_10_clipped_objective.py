"""4.10: what a robot learns from its trials, and how far it dares to go."""

from dataclasses import replace

import torch

from shown.day4_training.trials import some_trials
from shown.slips import expect_all
from vla_course.course.checking.gradients import expect_gradients, gradients
from vla_course.course.checking.judging import expect, expect_raises, graded


@graded("4.10", points=3, says="of the two surrogates the more pessimistic one counts, sample by sample")
def test_loss(student, rng):
    expect_all(
        some_trials(rng, 12).loss_case(student, "the loss of twelve samples"),
        some_trials(rng, 25).loss_case(student, "the loss of twenty-five others"),
        some_trials(rng, 11).gone_far().loss_case(student, "the loss of a policy very far away"),
        some_trials(rng, 8).of_many_joints().loss_case(student, "the loss of tiny densities"),
        replace(some_trials(rng, 8), clip=0.65).loss_case(student, "the loss with a wide clip"),
        unit="",
    )


@graded(
    "4.10", points=1, says="the fraction beyond the clip and the divergence say how far the policy has come"
)
def test_distance(student, rng):
    expect_all(
        some_trials(rng, 20).rest_case(student, "clipped and kl of twenty samples"),
        some_trials(rng, 14, 0.8).rest_case(student, "clipped and kl of a policy far away"),
        some_trials(rng, 11).gone_far().rest_case(student, "clipped and kl of a policy very far away"),
        some_trials(rng, 9).just_beyond().rest_case(student, "clipped and kl just beyond the clip"),
        unit="",
        atol=1e-6,
    )


@graded("4.10", points=1, says="the new policy is taught, and nobody else")
def test_gradients(student, rng):
    arguments = some_trials(rng, 9).tensors()
    expect_gradients(
        student.clipped_objective,
        arguments,
        of="loss",
        reach={"the new policy's log probabilities": 0},
        rng=rng,
        detached="detached",
    )
    told = gradients(
        student.clipped_objective, arguments, cotangent=torch.ones((), dtype=torch.float64), of="loss"
    )
    for name, gradient in (("old_log_probs", told.inputs[1]), ("advantages", told.inputs[2])):
        is_none = gradient is None or not bool(gradient.abs().max() > 0.0)
        expect(is_none, f"a gradient reaches {name}, which are what was seen", mistake="teaches-the-past")


@graded("4.10", points=1, says="samples that do not line up, and clips out of range, are refused")
def test_refusals(student, rng):
    new, old, gains, clip = some_trials(rng, 6).tensors()
    for what, arguments in (
        ("a column of advantages", (new, old, gains[:, None], clip)),
        ("old log probabilities of one sample", (new, old[:1], gains, clip)),
        ("tables of samples", (new[None], old[None], gains[None], clip)),
        ("no sample", (new[:0], old[:0], gains[:0], clip)),
        ("a clip of 0", (new, old, gains, 0.0)),
        ("a clip of 1", (new, old, gains, 1.0)),
    ):
        expect_raises(
            ValueError, student.clipped_objective, *arguments, what=what, mistake="anything-accepted"
        )
