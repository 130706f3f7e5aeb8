"""Oracles for `policy.py`: words understood by the grammar, things found in the segmentation of the pictures.

With them in place of what is learned a benchmark says what eyes and stack alone reach.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vla_course.simulation.scene.cameras import PLACES, Camera, CameraImage, RobotMount
from vla_course.simulation.tasks.instructions import Instruction
from vla_course.simulation.tasks.stage import Stage
from vla_course.simulation.tasks.tasks import Task
from vla_course.simulation.tasks.understanding import UnknownCommand, understand
from vla_course.simulation.tasks.words import SHAPES_OF_DRINKS

Array = NDArray[np.float64]

DRINKS = [f"look at the {shape}" for shape in SHAPES_OF_DRINKS]
"""what a policy asks itself that is to serve a drink without a name"""
BLUR = 2.0
"""pixels, about a thing's own"""


@dataclass(frozen=True)
class _Part:
    meant: Instruction

    def instruction(self) -> Instruction:
        return self.meant


@dataclass(frozen=True)
class _Heard:
    parts: tuple[_Part, ...]
    confidence: float


def hears(sentence: str) -> _Heard:
    """Hear what the grammar understands."""
    try:
        return _Heard(tuple(map(_Part, understand(sentence).parts)), 1.0)
    except UnknownCommand:
        return _Heard((), 0.0)


@dataclass(frozen=True)
class _Found:
    """Where the pixels of a thing are: `masks` (cameras, size, size)."""

    masks: NDArray[np.bool_]

    @property
    def shows(self) -> list[float]:
        return [float(mask.sum() > 3) for mask in self.masks]

    def score(self, camera: int, pixels: Array) -> Array:
        own = np.argwhere(self.masks[camera])[:, ::-1] + 0.5
        if not len(own):
            return np.full(len(pixels), -np.log(self.masks[camera].size))
        away = np.linalg.norm(pixels[:, None] - own[None], axis=-1).min(axis=1)
        score: Array = -np.log(len(own)) - away**2 / (2.0 * BLUR**2)
        return score


class SegmentationGrounder:
    """Knows which pixels are whose on `stage`, and which things the task means."""

    def __init__(self, task: Task, stage: Stage) -> None:
        self._task, self._stage = task, stage

    def encode(self, rgb: NDArray[np.uint8], sentence: str) -> tuple[str, list[CameraImage]]:
        """Take the same pictures again, with the segmentation."""
        stage, size = self._stage, rgb.shape[1]
        cameras = [
            Camera(stage.world, RobotMount(stage.humanoid, place), width=size, height=size)
            for place in PLACES
        ]
        return sentence, [camera.capture() for camera in cameras]

    def ground(self, encoded: Any, role: str) -> _Found:
        """Return the pixels of what is meant."""
        sentence, images = encoded
        named = self._task.parts[1 if role.startswith("then") else 0].instruction
        name = named.other if role.endswith("other") else named.thing
        if sentence in DRINKS:
            name = next((n for n in self._stage.things if n.split()[1] == sentence.split()[-1]), None)
        body = self._stage.scene.bodies.get(name or "", -2)
        return _Found(np.stack([image.segmentation == body for image in images]))
