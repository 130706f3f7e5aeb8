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
from vla_course.learning.reading.lessons import Lesson, command, lesson
from vla_course.learning.reading.near_misses.near_misses import aside, faulty
from vla_course.learning.reading.rewording.rewording import reword
from vla_course.learning.reading.trials import Trial

if TYPE_CHECKING:
    from vla_course.learning.encoders.encoders import LanguageEncoder

BINS: Final = 10
MISSED: Final = 0.2
"""What part of the near misses of validation a robot may act on. With less it refuses more of what is said in other
words: `benchmarks/reading.py` counts both, on validation, for this bound and for others."""
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
            choices = choose(reader(seen.tokens, seen.mask))
            found.append(choices.evidence)
            trials += [Trial(*pair) for pair in zip(some, reader.told(choices), strict=True)]
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
    """Draw sentences to judge confidence on: a third as in training, a third reworded as none was, a third near misses.

    The reworded ones have frames and words that are kept from training for this (`rewording`), near misses kinds and
    words (`near_misses`); none is of the templates and kinds by which the reader is judged in the end.
    """
    found: list[Lesson] = []
    while len(found) < count:
        kind = rng.integers(3)
        if kind == 0:
            found.append(missed(rng))
        elif kind == 1:
            found.append(lesson(rng))
        else:
            found.append(kept(rng))
    return [one for one in found if one.belongs is not None]


def least_to_act_on(near_misses: Sequence[Trial]) -> float:
    """Return the least confidence, in steps of 0.05, with which a robot acts on few enough near misses (`MISSED`).

    Args:
        near_misses: of validation, heard.

    Raises:
        ValueError: there are none.
    """
    if not near_misses:
        raise ValueError("near_misses is empty, expected some that were heard")
    confidence = np.array([one.heard.confidence for one in near_misses])
    steps = [round(0.05 * step, 2) for step in range(1, 20)]
    return next((one for one in steps if (confidence >= one).mean() <= MISSED), 1.0)


def missed(rng: np.random.Generator) -> Lesson:
    """Draw a near miss of validation: a command with a fault, or an aside of a kind that no training has."""
    return (faulty if rng.random() < 0.5 else aside)(rng, "validation")


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
