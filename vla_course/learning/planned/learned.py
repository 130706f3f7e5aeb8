"""What is learned of the planned way: the shipped reader and grounder behind the two calls that a policy makes."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
import torch
from numpy.typing import NDArray

from vla_course.learning.encoders.frozen import FrozenEncoders
from vla_course.learning.grounding.files import GROUNDER, load_grounder
from vla_course.learning.grounding.found import Grounding
from vla_course.learning.grounding.grounder import Grounder
from vla_course.learning.model.answers import Encoded
from vla_course.learning.planned.finding import Role
from vla_course.learning.planned.policy import PlannedPolicy
from vla_course.learning.reading.command_reader import listen
from vla_course.learning.reading.files import load_reader
from vla_course.learning.reading.heard import Heard

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class LearnedFound:
    """Where a grounder thinks that something is, of one moment."""

    grounding: Grounding

    @property
    def shows(self) -> list[float]:
        """How likely it is that each picture shows it."""
        shown: list[float] = self.grounding.shows[0].tolist()
        return shown

    def score(self, camera: int, pixels: Array) -> Array:
        """Return the log of its density at `pixels` (N, 2) of one picture, 1/pixel^2."""
        scores = self.grounding.score(camera, torch.as_tensor(pixels, dtype=torch.float32))
        return scores.numpy().astype(np.float64)


class LearnedGrounder:
    """A trained grounder with the encoders whose features it was trained on."""

    def __init__(self, grounder: Grounder, encoders: FrozenEncoders) -> None:
        self._grounder, self._encoders = grounder, encoders

    @classmethod
    def load(cls) -> Self:
        """Load what the course ships."""
        return cls(load_grounder(), FrozenEncoders.load())

    def encode(self, rgb: NDArray[np.uint8], sentence: str) -> Encoded:
        """Return what the encoders say of pictures (cameras, size, size, 3) and a sentence."""
        return self._encoders.encode(rgb[None], [sentence])

    def ground(self, encoded: Encoded, role: Role) -> LearnedFound:
        """Return where it is that plays a role in the sentence."""
        return LearnedFound(self._grounder.ground(encoded, role))


def learned_listen(encoders: FrozenEncoders | None = None) -> Callable[[str], Heard]:
    """Return what the shipped reader hears in a sentence, in a function."""
    reader, language = load_reader(), (encoders or FrozenEncoders.load()).language
    return lambda sentence: listen(reader, language, [sentence])[0]


def ears_and_eyes(grounder: Path = GROUNDER) -> tuple[Callable[[str], Heard], LearnedGrounder]:
    """Return what hears sentences, and what finds in pictures what they name, with a grounder or the one that ships.

    Raises:
        FileNotFoundError: the grounder's folder, or a file in it, is missing.
        ValueError: it is none of a grounder.
    """
    found, encoders = load_grounder(grounder), FrozenEncoders.load()
    return learned_listen(encoders), LearnedGrounder(found, encoders)


def shipped_policy() -> PlannedPolicy:
    """Return the planned policy that the course ships, all that is learned in it included."""
    return PlannedPolicy(*ears_and_eyes())
