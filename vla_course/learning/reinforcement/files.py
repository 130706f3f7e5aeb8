"""What was learnt by trying, as a folder beside the clone that it corrects: weights in half precision."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from vla_course.learning.encoders.files import MODELS
from vla_course.learning.encoders.weights import CONFIG, load_weights, read_config, save_model
from vla_course.learning.policy.files import load_policy
from vla_course.learning.reinforcement.pointing import ASKEW, SECONDS, PointingDecisions
from vla_course.learning.reinforcement.residual import Residual

POINTING: Final = MODELS / "pointing"
"""where the shipped clone is, and what was learnt on it"""
CLONE, RESIDUAL = "clone", "residual"
"""folders in there"""


def save_residual(residual: Residual, folder: Path = POINTING) -> None:
    """Write what was learnt into `folder`/residual."""
    save_model(residual, folder / RESIDUAL, {"width": residual.width})


def load_residual(folder: Path = POINTING) -> Residual:
    """Read what was learnt from `folder`/residual, by default the shipped one.

    Raises:
        FileNotFoundError: a file is missing.
        ValueError: the weights are not those of the configuration beside them.
    """
    there = folder / RESIDUAL
    told = read_config(there)
    if not isinstance(told.get("width"), int) or told["width"] < 1:
        raise ValueError(f"{there / CONFIG}: width is {told.get('width')!r}, expected a whole number from 1")
    residual = Residual(PointingDecisions.sizes, told["width"])
    load_weights(residual, there)
    return residual


class Pointing:
    """Makes episodes of pointing with the clone in `folder`/clone, in whatever process it is called.

    Args:
        folder: of the clone.
        seconds: s, that an episode has.
        askew: rad, how far the hand is turned at random when an episode begins: 0 where it is judged.
    """

    def __init__(self, folder: Path = POINTING, seconds: float = SECONDS, askew: float = 0.0) -> None:
        self._folder, self._seconds, self._askew = folder, seconds, askew

    def __call__(self) -> PointingDecisions:
        return PointingDecisions(load_policy(self._folder / CLONE), self._seconds, self._askew)


def practice(folder: Path = POINTING) -> Pointing:
    """Return what makes the episodes in which things are tried."""
    return Pointing(folder, askew=ASKEW)
