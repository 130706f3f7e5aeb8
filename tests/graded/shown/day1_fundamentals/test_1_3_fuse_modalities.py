"""1.3: pictures, words and the body in one row, where everything looks at everything that is there."""

from dataclasses import replace

import torch

from shown.day1_fundamentals.meetings import TOLERANCE, some_meeting
from shown.slips import expect_all
from vla_course.course.checking.beside import beside
from vla_course.course.checking.gradients import expect_gradients
from vla_course.course.checking.judging import expect, expect_close, graded
from vla_course.learning.training.layers import method_with_weights


@graded(
    "1.3", points=3, says="each patch, each word and the state has a token, and a mask tells which are there"
)
def test_row(student, rng):
    meeting = some_meeting(rng, 3, 4)
    for kind in (torch.bool, torch.int64):
        _, mask = meeting.asked(student, torch.float64, kind)
        expect(
            mask.dtype is torch.bool,
            f"the mask of the row is not of type bool where the words' mask is {kind}",
            got=mask.dtype,
            expected=torch.bool,
            mistake="mask-of-numbers",
        )
        mistakes = meeting.slips_of_mask(mask)
        expect_close(mask, meeting.there, what="the mask of the row", mistakes=mistakes)


@graded("1.3", points=3, says="each sample fuses to what it would fuse to alone and without any padding")
def test_fused(student, rng):
    expect_all(
        some_meeting(rng, 3, 5).case(student, "the fused tokens of three samples"),
        some_meeting(rng, 2, 7).case(student, "the fused tokens of two samples"),
        unit="",
        atol=TOLERANCE,
    )


@graded(
    "1.3", points=2, says="neither what stands in the padding nor how much of it there is changes anything"
)
def test_padding(student, rng):
    meeting = some_meeting(rng, 3, 4)
    plain, _ = meeting.asked(student)
    other = torch.from_numpy(rng.normal(0.0, 30.0, tuple(meeting.language.shape)))
    filled = torch.where(meeting.words_there[..., None], meeting.language, other)
    more = torch.cat([filled, other[:, :3]], dim=1)
    absent = torch.zeros(3, 3, dtype=torch.bool)
    for what, padded in {
        "other padding": replace(meeting, language=filled),
        "more padding": replace(
            meeting, language=more, words_there=torch.cat([meeting.words_there, absent], dim=1)
        ),
    }.items():
        fused, _ = padded.asked(student)
        expect_close(
            fused[padded.there],
            plain[meeting.there],
            what=f"what is fused with {what}, beside what it was before,",
            atol=TOLERANCE,
        )


@graded(
    "1.3",
    points=2,
    says="pictures, words and state all are taught by what follows, and so is where they are from",
)
def test_gradients(student, rng):
    meeting = some_meeting(rng, 2, 3)
    meeting = replace(meeting, words_there=torch.ones_like(meeting.words_there))
    model = meeting.built(student)
    expect_gradients(
        model.fuse_modalities,
        meeting.arguments(),
        of=0,
        reach={"the pictures": 0, "the words": 1, "the robot state": 2},
        rng=rng,
        unused="modality-ignored",
        detached="detached",
    )
    name = "modality_embedding.weight"
    expect_gradients(
        beside(student, method_with_weights),
        [model, "fuse_modalities", {name: meeting.weights[name]}, *meeting.arguments()],
        of=0,
        reach={"the origins": (2, name)},
        rng=rng,
        detached="origin-detached",
    )
