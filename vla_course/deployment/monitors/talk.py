"""What is said and meant: words that nobody taught the robot, and a policy that contradicts itself."""

import re
from functools import cache

import numpy as np

from vla_course.deployment.monitors.reading import Floats
from vla_course.simulation.robot.layout import ACTION
from vla_course.simulation.tasks.saying import every_word

COMPARED = np.r_[ACTION.arms, ACTION.head, ACTION.base_velocity, ACTION.stance]
"""numbers of an action that change evenly; a grip begins and ends at once"""


@cache
def vocabulary() -> frozenset[str]:
    """Return every word of the language, in lower case."""
    return frozenset(word.lower() for word in every_word())


def unknown_words(sentence: str) -> list[str]:
    """Return the words of a sentence that the language does not have; numbers are known."""
    words = re.findall(r"[a-z']+", sentence.lower())
    return [word for word in words if word not in vocabulary()]


def disagreement(earlier: Floats, later: Floats, passed: int) -> float:
    """Return how far apart two chunks (H, 36) are where both say what to do, the root of the mean square; -1 to 1.

    Two chunks of a policy that sees the same world differ little where they overlap; far apart they are where the
    policy is between two answers (Agia et al., "Unpacking failure modes of generative policies" (STAC), CoRL 2024).

    Args:
        earlier: the chunk before.
        later: the one decided `passed` actions after it.
        passed: 1 to H - 1.

    Raises:
        ValueError: nothing of both overlaps, or they have different shapes.
    """
    if earlier.shape != later.shape:
        raise ValueError(f"later is {later.shape}, expected {earlier.shape}, as earlier")
    if not 1 <= passed < len(earlier):
        raise ValueError(f"passed is {passed}, expected 1 to {len(earlier) - 1}: chunks that overlap")
    gap = (earlier[passed:] - later[: len(later) - passed])[:, COMPARED]
    return float(np.sqrt(np.mean(np.square(gap, dtype=np.float64))))
