"""How far a confidence can be trusted: fitted on one set of sentences, measured on others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional as F

from vla_course.learning.reading.command_reader import EVIDENCE, CommandReader, choose
from vla_course.learning.reading.ears import Ears
from vla_course.learning.reading.lessons import Lesson, command, lesson, nonsense
from vla_course.learning.reading.rewording.rewording import reword
from vla_course.learning.reading.trials import Trial

if TYPE_CHECKING:
    from vla_course.learning.encoders.encoders import LanguageEncoder

BINS: Final = 10
TOGETHER: Final = 64


def calibrate(reader: CommandReader, language: LanguageEncoder, lessons: Sequence[Lesson]) -> None:
    """Fit the confidence of a reader, in place: a logistic regression on what its heads say (Platt 1999).

    What is true of sentences that are reworded as no training was, is learnt from such: `validation` draws them.

    Args:
        reader: trained.
        language: the encoder of words.
        lessons: sentences that it has not learnt from; none that it will be judged by.
    """
    ears = Ears.of(language)
    found, trials = [], []
    with torch.no_grad():
        for first in range(0, len(lessons), TOGETHER):
            some = lessons[first : first + TOGETHER]
            seen = ears.practise([one.sentence for one in some])
            found.append(choose(reader(seen.tokens, seen.mask)).evidence)
            trials += [Trial(*pair) for pair in zip(some, reader.hear(seen.tokens, seen.mask), strict=True)]
    forms = torch.tensor([one.heard.forms_an_instruction for one in trials])  # others are wrong for sure
    evidence = torch.cat(found).double()[forms]
    right = torch.tensor([one.right for one in trials]).double()[forms]
    weights = torch.zeros(EVIDENCE + 1, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.LBFGS([weights], max_iter=200, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimizer.zero_grad()
        logits = evidence @ weights[:EVIDENCE] + weights[EVIDENCE]
        value = F.binary_cross_entropy_with_logits(logits, right) + 1e-4 * weights[:EVIDENCE].square().sum()
        value.backward()
        return value

    optimizer.step(loss)
    reader.calibration.copy_(weights.detach())


def validation(rng: np.random.Generator, count: int) -> list[Lesson]:
    """Draw sentences to judge confidence on: a third as in training, a third reworded as none was, a third no commands.

    The reworded ones have frames and words that are kept from training for this (`rewording`); none is of the templates
    by which the reader is judged in the end.
    """
    found: list[Lesson] = []
    while len(found) < count:
        kind = rng.integers(3)
        if kind == 0:
            found.append(nonsense(rng))
        elif kind == 1:
            found.append(lesson(rng))
        else:
            found.append(kept(rng))
    return [one for one in found if one.belongs is not None]


def kept(rng: np.random.Generator, pair: bool | None = None) -> Lesson:
    """Draw one command or two (default: by chance), reworded as no training was."""
    meaning = command(rng, pair)
    return Lesson(reword(meaning, rng, kept=True), meaning)


def calibration_error(confidence: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    """Return the expected calibration error: how far confidence and share of right ones lie apart in ten equal bins.

    Each bin counts by the sentences in it (Guo, Pleiss, Sun and Weinberger 2017, equation 3).

    Raises:
        ValueError: there is nothing to measure, or not one answer for each confidence.
    """
    if len(confidence) == 0 or confidence.shape != right.shape:
        raise ValueError(
            f"confidence is {confidence.shape} and right {right.shape}, expected as many, at least one"
        )
    of_bin = np.minimum((BINS * confidence).astype(int), BINS - 1)
    apart = [abs(float((confidence - right)[of_bin == k].sum())) for k in range(BINS)]
    return sum(apart) / len(confidence)


def auroc(of_right: NDArray[np.float64], of_wrong: NDArray[np.float64]) -> float:
    """Return how probable it is that a right one has the greater confidence than a wrong one; ties count half.

    That is the area under the receiver operating characteristic (Hanley and McNeil 1982).

    Raises:
        ValueError: there is none of either.
    """
    if len(of_right) == 0 or len(of_wrong) == 0:
        raise ValueError(
            f"there are {len(of_right)} right and {len(of_wrong)} wrong ones, expected some of both"
        )
    higher = (of_right[:, None] > of_wrong[None, :]).mean() + 0.5 * (
        of_right[:, None] == of_wrong[None, :]
    ).mean()
    return float(higher)
