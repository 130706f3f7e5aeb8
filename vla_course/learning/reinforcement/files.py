"""What was learnt by trying, as a folder beside the clone that it corrects: weights in half precision."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from vla_course.learning.encoders.files import MODELS, check_folder
from vla_course.learning.encoders.weights import load_weights, save_weights
from vla_course.learning.policy.files import load_policy
from vla_course.learning.reinforcement.pointing import SECONDS, PointingDecisions
from vla_course.learning.reinforcement.residual import Residual

POINTING: Final = MODELS / "pointing"
"""where the shipped clone is, and what was learnt on it"""
CLONE, RESIDUAL = "clone", "residual"
"""folders in there"""
_CONFIG = "config.json"


def save_residual(residual: Residual, folder: Path = POINTING) -> None:
    """Write what was learnt into `folder`/residual."""
    there = folder / RESIDUAL
    there.mkdir(parents=True, exist_ok=True)
    (there / _CONFIG).write_text(json.dumps({"width": residual.width}, indent=1) + "\n", encoding="utf-8")
    save_weights(residual, there)


def load_residual(folder: Path = POINTING) -> Residual:
    """Read what was learnt from `folder`/residual, by default the shipped one.

    Raises:
        FileNotFoundError: a file is missing.
        ValueError: the weights are not those of the configuration beside them.
    """
    there = folder / RESIDUAL
    check_folder(there)
    told: dict[str, Any] = json.loads((there / _CONFIG).read_text(encoding="utf-8"))
    if not isinstance(told.get("width"), int) or told["width"] < 1:
        raise ValueError(f"{there / _CONFIG}: width is {told.get('width')!r}, expected a whole number from 1")
    residual = Residual(PointingDecisions.sizes, told["width"])
    load_weights(residual, there)
    return residual


class Pointing:
    """Makes episodes of pointing, of so many s, with the clone in `folder`/clone, in whatever process it is called."""

    def __init__(self, folder: Path = POINTING, seconds: float = SECONDS) -> None:
        self._folder, self._seconds = folder, seconds

    def __call__(self) -> PointingDecisions:
        return PointingDecisions(load_policy(self._folder / CLONE), self._seconds)
