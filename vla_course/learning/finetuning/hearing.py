"""Commands with a taught word in them: what is to be done is heard as before, what is meant is left to the eyes.

The reader answers in nouns of the language, of which the new one is none. It hears "the red cone" as "the red thing";
the grounder is asked with the sentence as it was said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final, TypeVar

from vla_course.simulation.scene.things import COLOURS

Heard = TypeVar("Heard")
NO_COLOUR: Final = "white"
"""said where no colour was: a bare "thing" is no noun of the language. The eyes do not hear of it."""


def taught_listen(listen: Callable[[str], Heard], words: Sequence[str]) -> Callable[[str], Heard]:
    """Return what hears sentences with taught words as `listen` hears them with "thing" in their place.

    Args:
        listen: hears sentences of the language.
        words: that were taught, one or more.

    Raises:
        ValueError: there is no word.
    """
    if not words:
        raise ValueError("words are none, expected one or more that were taught")
    pattern = re.compile(rf"\b(?:({'|'.join(COLOURS)})\s+)?({'|'.join(words)})\b", re.IGNORECASE)
    return lambda sentence: listen(pattern.sub(lambda found: f"{found[1] or NO_COLOUR} thing", sentence))
