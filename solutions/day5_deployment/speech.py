"""When a robot should believe what it has heard."""

import math

import numpy as np
from numpy.typing import NDArray

from vla_course.course.exercise import NotAttempted, exercise
from vla_course.deployment.voice.scores import SpeechScores


@exercise("5.11")
def believed(
    heard: SpeechScores, commands: SpeechScores, keep: float = 0.95
) -> tuple[NDArray[np.bool_], float]:
    """Return which utterances are believed to be commands, and the threshold from which on they are.

    A recogniser with a grammar always finds a sentence of the grammar: say "the train is late" and it will hear some
    command or other. So two models explain every utterance: the grammar, and a loop over all sounds of English, which
    explains anything at all. What counts is how much better the grammar does: the *log-likelihood ratio per frame*,
    so that long and short utterances can be compared. Where nothing was loud enough there are no frames, and where the
    grammar has no path its likelihood is 0: such an utterance is less credible than any other, whatever else is said
    of it.

    How large the ratio must be is decided by *commands* that people are known to have spoken: the threshold is the
    highest one that keeps at least the wanted fraction of them. One whose ratio is just the threshold is kept. All of
    `commands` count, also those that the grammar had no path for.

    Args:
        heard: of n utterances, n may be 0.
        commands: of N utterances that are known to be commands, recorded apart from `heard`.
        keep: the fraction of commands to keep, above 0 and at most 1, meant as it is written: 0.55 of 100 are 55.

    Returns:
        (n,) bool, and the threshold in nats per frame. What is silent, or has no path, is never believed.

    Raises:
        ValueError: `keep` is out of its range, there are no commands, or so many of them are silent or have no path
            that no threshold keeps the wanted fraction.
    """
    # BEGIN SOLUTION
    if not 0.0 < keep <= 1.0:
        raise ValueError(f"keep is {keep}, expected more than 0 and at most 1")
    if not len(commands.frames):
        raise ValueError("commands has no utterance, expected some to choose a threshold by")

    def ratios(scores: SpeechScores) -> NDArray[np.float64]:
        spoken = (scores.frames > 0) & np.isfinite(scores.grammar)
        found = np.full(len(scores.frames), -np.inf)
        found[spoken] = (scores.grammar[spoken] - scores.loop[spoken]) / scores.frames[spoken]
        return found

    best_first = np.sort(ratios(commands))[::-1]
    kept = math.ceil(keep * len(best_first) - 1e-9)  # 0.55 * 100 is 55.00000000000001
    threshold = float(best_first[kept - 1])
    if not math.isfinite(threshold):
        raise ValueError(
            f"commands has {np.isfinite(best_first).sum()} of {len(best_first)} that were heard at all,"
            f" expected at least {kept}"
        )
    return ratios(heard) >= threshold, threshold
    # END SOLUTION
