"""1.7: the steps of a chunk ask, read, and know of those before them."""

import numpy as np
import torch

from shown.day1_fundamentals.chunks import ROUNDING, some_chunker, some_tokens
from shown.day1_fundamentals.weights import array
from shown.slips import expect_all
from vla_course.course.checking.beside import beside
from vla_course.course.checking.gradients import expect_gradients
from vla_course.course.checking.judging import expect, expect_close, expect_raises, graded
from vla_course.learning.model.vla_config import DECODERS
from vla_course.learning.training.layers import with_weights


@graded(
    "1.7",
    points=2,
    says="every step asks its own question of the tokens that are there, and keeps it in mind",
)
def test_questions(student, rng):
    chunker = some_chunker(student, rng, "lstm").forgetful()
    cases = [chunker.read_case(some_tokens(rng, batch), steps) for batch, steps in ((3, 4), (2, 6))]
    features = array(chunker.ask(some_tokens(rng, 2), 4))
    expect(
        bool(features.any()),
        "with a memory that says nothing but zeros, all features are zero",
        mistake="outputs-alone",
    )
    expect(
        float(np.ptp(features, axis=1).max()) > 1e-3,
        "with a memory that says nothing but zeros, all steps are the same",
        got=features[0, :, 0],
        mistake="same-for-all-steps",
    )
    expect_all(*cases, unit="", atol=ROUNDING)


@graded("1.7", points=2, says='of kind "lstm", what is remembered of the steps before is added to each step')
def test_lstm(student, rng):
    chunker, seen = some_chunker(student, rng, "lstm"), some_tokens(rng, 2)
    once, again = (array(chunker.ask(seen, 3)) for _ in range(2))
    expect(
        bool(np.allclose(once, again, rtol=0.0, atol=ROUNDING)),
        "asked the same twice, the decoder answers something else: what is left of the first chunk?",
        got=float(np.abs(once - again).max()),
        expected=0.0,
        mistake="state-kept",
    )
    cases = [chunker.memory_case(some_tokens(rng, batch), steps) for batch, steps in ((2, 5), (4, 3))]
    expect_all(*cases, unit="", atol=ROUNDING)


@graded("1.7", points=2, says='of kind "transformer", each step looks back at those before it')
def test_transformer(student, rng):
    chunker = some_chunker(student, rng, "transformer")
    cases = [chunker.memory_case(some_tokens(rng, batch), steps) for batch, steps in ((2, 5), (4, 3))]
    expect_all(*cases, unit="", atol=ROUNDING)


@graded("1.7", points=1, says="a longer chunk begins like a shorter one, in training too")
def test_longer_chunks(student, rng):
    for kind in DECODERS:
        chunker, seen = some_chunker(student, rng, kind), some_tokens(rng, 2)
        long = array(chunker.ask(seen, 7))
        for steps in (1, 4, 7):
            begun = chunker.ask(seen, steps)
            expect_close(begun, long[:, :steps], what=f"a chunk of {steps} beside one of 7", atol=ROUNDING)
        chunker.model.train()  # without any dropout
        expect_close(chunker.ask(seen, 4), long[:, :4], what="a chunk of 4 in training", atol=ROUNDING)


@graded("1.7", points=1, says="a chunk without steps is refused")
def test_refusals(student, rng):
    for kind in DECODERS:
        chunker, seen = some_chunker(student, rng, kind), some_tokens(rng, 2)
        for steps in (0, -1, -8):
            what = f"a sequence_length of {steps}"
            arguments = (seen.tokens, seen.mask, steps)
            expect_raises(ValueError, chunker.model, *arguments, what=what, mistake="no-steps-accepted")


@graded("1.7", points=1, says="gradients reach the tokens from every step, and the weights of the questions")
def test_gradients(student, rng):
    for kind in DECODERS:
        chunker, seen = some_chunker(student, rng, kind), some_tokens(rng, 2)
        reach = {"the fused tokens": 0}
        expect_gradients(
            chunker.model, [seen.tokens, seen.mask, 3], reach=reach, rng=rng, detached="detached"
        )
        name = "step_encoder.weight"
        expect_gradients(
            beside(student, with_weights),
            [chunker.model, {name: torch.from_numpy(chunker.weights[name])}, seen.tokens, seen.mask, 3],
            reach={"the questions' weights": (1, name)},
            rng=rng,
            unused="questions-kept",
            detached="questions-detached",
        )
