"""1.3: pictures, words and the body in one row, where everything looks at everything that is there."""

from dataclasses import replace

import torch

from shown.day1_fundamentals.meetings import PATCHES, TOLERANCE, some_meeting
from shown.slips import expect_all
from vla_course.course.checking.gradients import expect_gradients
from vla_course.course.checking.judging import expect, expect_close, graded


@graded(
    "1.3", points=3, says="each patch, each word and the state has a token, and a mask tells which are there"
)
def test_row(student, rng):
    meeting = some_meeting(rng, 3, 4)
    there, words = meeting.there, meeting.words_there
    body = torch.ones(3, 1, dtype=torch.bool)
    patches = torch.ones(3, PATCHES, dtype=torch.bool)
    known = {
        "words-first": torch.cat([words, patches, body], dim=1),
        "state-first": torch.cat([body, patches, words], dim=1),
        "padding-called-there": torch.ones_like(there),
        "mask-inverted": torch.cat([patches, ~words, body], dim=1),
        "state-called-padding": torch.cat([patches, words, ~body], dim=1),
    }
    for kind in (torch.bool, torch.int64):
        _, mask = meeting.asked(student, torch.float64, kind)
        expect(
            mask.dtype is torch.bool,
            f"the mask of the row is not of type bool where the words' mask is {kind}",
            got=mask.dtype,
            expected=torch.bool,
            mistake="mask-of-numbers",
        )
        mistakes = {"mask-turned-all-round": ~there, **known}
        expect_close(mask, there, what="the mask of the row", mistakes=mistakes)


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


@graded("1.3", points=2, says="pictures, words and state all are taught by what follows")
def test_gradients(student, rng):
    meeting = some_meeting(rng, 2, 3)
    meeting = replace(meeting, words_there=torch.ones_like(meeting.words_there))
    expect_gradients(
        meeting.built(student).fuse_modalities,
        meeting.arguments(),
        of=0,
        reach={"the pictures": 0, "the words": 1, "the robot state": 2},
        rng=rng,
        unused="modality-ignored",
        detached="detached",
    )
