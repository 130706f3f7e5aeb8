"""1.3, hidden: a robot that does not feel itself, batches in any order, half precision."""

import torch

from shown.day1_fundamentals.meetings import TOLERANCE, some_meeting
from shown.slips import expect_all
from vla_course.course.checking.judging import expect, expect_close, graded


@graded(
    "1.3",
    points=2,
    says="without a state the row is a token shorter, and the rest fuses as if there were none",
)
def test_without_state(student, rng):
    meeting = some_meeting(rng, 3, 4, state=False)
    _, mask = meeting.asked(student)
    expect_close(mask, meeting.there, what="the mask of a row without a state")
    expect_all(meeting.case(student, "the fused tokens without a state"), unit="", atol=TOLERANCE)


@graded("1.3", points=1, says="alone or in a batch, in whatever order: each sample fuses to the same")
def test_order(student, rng):
    meeting = some_meeting(rng, 4, 5)
    model = meeting.built(student)
    fused, _ = meeting.asked_of(model)
    others = {f"sample {i} alone": [i] for i in range(4)} | {"a batch in another order": [2, 3, 1, 0]}
    for what, chosen in others.items():
        other = meeting.chosen(chosen)
        got, mask = other.asked_of(model)
        expect_close(mask, other.there, what=f"the mask of {what}")
        expect_close(
            got[other.there], fused[chosen][other.there], what=f"what {what} fuses to", atol=TOLERANCE
        )


@graded("1.3", points=1, says="in half precision and with a mask of 0 and 1 it fuses to nearly the same")
def test_half_precision(student, rng):
    meeting = some_meeting(rng, 3, 4)
    tokens, mask = meeting.asked(student, torch.bfloat16, torch.int64)
    expect(
        tokens.dtype is torch.bfloat16,
        "bfloat16 comes in, and another type goes out",
        got=tokens.dtype,
        expected=torch.bfloat16,
    )
    expect_close(mask, meeting.there, what="the mask of a row in half precision")
    off = (tokens[meeting.there].double() - torch.from_numpy(meeting.fused())).abs().mean()
    expect(float(off) < 0.05, "in half precision the tokens fuse to something else", got=float(off))
