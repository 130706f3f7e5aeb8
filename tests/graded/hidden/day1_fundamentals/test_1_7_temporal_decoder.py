"""1.7, hidden: neighbours and padding say nothing; other types, one token, many steps."""

import torch

from shown.day1_fundamentals.chunks import ROUNDING, Seen, some_chunker, some_tokens
from shown.slips import expect_all
from vla_course.course.checking.judging import expect_close, graded
from vla_course.learning.model.vla_config import DECODERS


@graded("1.7", points=2, says="neither padding nor the other samples of a batch change a step")
def test_padding_and_neighbours(student, rng):
    for kind in DECODERS:
        chunker, seen = some_chunker(student, rng, kind), some_tokens(rng, 4, count=6)
        features = chunker.ask(seen, 3)
        filled = chunker.ask(seen.filled(1e4), 3)
        expect_close(filled, features, what=f"features ({kind}) beside other padding", atol=ROUNDING)
        order = torch.from_numpy(rng.permutation(4))
        turned = chunker.ask(seen.rows(order), 3)
        expect_close(turned, features[order], what=f"features ({kind}) in another order", atol=ROUNDING)
        for row in range(4):
            tokens, mask = seen.tokens[row], seen.mask[row]
            alone = chunker.ask(Seen(tokens[mask][None], mask[mask][None]), 3)
            expect_close(alone[0], features[row], what=f"features ({kind}) of a sample alone", atol=ROUNDING)


@graded(
    "1.7", points=1, says="one token is enough, a chunk may be long, and models may be of float32 or bfloat16"
)
def test_sizes_and_types(student, rng):
    for kind in DECODERS:
        chunker = some_chunker(student, rng, kind)
        one = Seen(some_tokens(rng, 1).tokens[:, :1], torch.ones(1, 1, dtype=torch.bool))
        expect_all(chunker.memory_case(one, 1), chunker.memory_case(one, 70), unit="", atol=10 * ROUNDING)
        seen = some_tokens(rng, 3)
        exact = chunker.ask(seen, 4)
        for dtype, atol in ((torch.float32, 1e-3), (torch.bfloat16, 0.3)):
            rounded = chunker.model.to(dtype)(seen.tokens.to(dtype), seen.mask, 4)
            expect_close(rounded, exact, what=f"features ({kind}) in {dtype}", atol=atol)
