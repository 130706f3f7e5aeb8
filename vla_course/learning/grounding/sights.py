"""What the three cameras show at a moment, and where everything is in their pictures: what grounding learns from.

The places come from the cameras' segmentation. They are labels: nothing that acts ever sees them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.scene.cameras import PLACES, Camera, CameraImage, RobotMount
from vla_course.simulation.scene.scene import Scene
from vla_course.simulation.scene.things import ALL_THINGS
from vla_course.simulation.world.rotation import heading_of

PICTURE_SIZE: Final = 96
"""width and height of a picture, pixels"""
ENTITIES: Final = (*ALL_THINGS, "table", "person")
"""what words may mean, in the order of the arrays"""
SHOWN: Final = 6
"""visible pixels from which something shows; with fewer it may or may not"""
AS_DRAWN: Final = 0
OTHER_LIGHT: Final = 1
OTHER_TABLE: Final = 2
LOOKS: Final = ("as scenes draw it", "other light", "a table in a colour of things")
"""how light and table look, by number"""


@dataclass(frozen=True, slots=True)
class Sights:
    """N moments, with a column for each of the 50 `ENTITIES`, and behind those for whatever else was asked for.

    Attributes:
        rgb: (N, 3, 96, 96, 3) uint8, of the cameras in the order of `PLACES`.
        pixels: (N, 3, 50) uint16, how many pixels of each of `ENTITIES` are visible.
        middle: (N, 3, 50, 2) float32, pixels (u, v): the visible pixel nearest to the mean of all visible ones.
        box: (N, 3, 50, 4) uint8, the first and the last column and row that show it: left, top, right, bottom.
        depth: (N, 3, 50) float32, m, of the pixels that show it, their median.
        place: (N, 50, 2) float32, m, world, where its middle is; nan where the scene does not have it.
        robot: (N, 3) float32, where the robot stands, m, m, and its heading, rad.
        speaker: (N,) float32, rad, the heading of the person; nan where there is none.
        told: (N,) bool, whether "on your left" and "on my left" hold as the robot stands now.
        held: (N,) int8, which of the things a hand holds, -1 none.
        look: (N,) int8, index of `LOOKS`.
    """

    rgb: NDArray[np.uint8]
    pixels: NDArray[np.uint16]
    middle: NDArray[np.float32]
    box: NDArray[np.uint8]
    depth: NDArray[np.float32]
    place: NDArray[np.float32]
    robot: NDArray[np.float32]
    speaker: NDArray[np.float32]
    told: NDArray[np.bool_]
    held: NDArray[np.int8]
    look: NDArray[np.int8]

    def __len__(self) -> int:
        return len(self.rgb)

    def names(self, moment: int) -> list[str]:
        """Return what the scene of a moment has of `ENTITIES`, whatever it has beyond them."""
        there = np.isfinite(self.place[moment, : len(ENTITIES), 0])
        return [ENTITIES[k] for k in np.flatnonzero(there)]

    @classmethod
    def joined(cls, parts: Sequence[Self]) -> Self:
        """Lay several behind each other."""
        names = [field.name for field in fields(cls)]
        return cls(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in names})

    def part(self, rows: NDArray[np.int64] | slice) -> Sights:
        """Return the moments of these rows."""
        return Sights(**{field.name: getattr(self, field.name)[rows] for field in fields(self)})

    def mirrored(self) -> Sights:
        """Return the same moments in a looking glass: left is right, in pictures and in the world (y becomes -y)."""
        box, flip = self.box.copy(), np.array((1.0, -1.0), dtype=np.float32)
        shown = self.pixels[..., None] > 0
        middle = np.where(shown, (PICTURE_SIZE, 0.0) + self.middle * (-1.0, 1.0), 0.0).astype(np.float32)
        box[..., 0], box[..., 2] = PICTURE_SIZE - 1 - self.box[..., 2], PICTURE_SIZE - 1 - self.box[..., 0]
        return replace(
            self,
            rgb=np.ascontiguousarray(self.rgb[:, :, :, ::-1]),
            middle=middle,
            box=np.where(shown, box, 0).astype(np.uint8),
            place=self.place * flip,
            robot=self.robot * np.array((1.0, -1.0, -1.0), dtype=np.float32),
            speaker=-self.speaker,
        )

    def save(self, path: Path) -> None:
        """Write them to one .npz file; it is there whole, or not at all."""
        part = path.with_name(path.stem + ".part.npz")
        np.savez(part, **{field.name: getattr(self, field.name) for field in fields(self)})
        part.replace(path)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read what `save` wrote."""
        with np.load(path) as file:
            return cls(**{field.name: file[field.name] for field in fields(cls)})


def count_moments(path: Path) -> int:
    """Return how many moments a file of `Sights` has."""
    with np.load(path) as file:
        return len(file["told"])


def taken(
    robot: Humanoid,
    scene: Scene,
    *,
    field_of_view: float = 1.1,
    told: bool = True,
    held: str | None = None,
    look: int = AS_DRAWN,
    entities: Sequence[str] = ENTITIES,
) -> Sights:
    """Take one moment with all cameras of a robot.

    Args:
        robot: on it the cameras are.
        scene: what it stands before, in the same world.
        field_of_view: rad.
        told: whether the sides of things hold from here.
        held: the thing in a hand.
        look: index of `LOOKS`.
        entities: the columns: `ENTITIES`, and perhaps more behind them.
    """
    images = photographed(robot, field_of_view)
    seen = [_seen(image, scene, entities) for image in images]
    place = np.full((len(entities), 2), np.nan, dtype=np.float32)
    for name in scene.bodies:
        place[entities.index(name)] = scene.pose(name)[0][:2]
    pelvis, turn = robot.link_pose("pelvis")
    person = scene.description.person
    one = (
        np.stack([image.rgb for image in images]),
        *(np.stack([view[k] for view in seen]) for k in range(4)),
        place,
        np.array([*pelvis[:2], heading_of(turn)], dtype=np.float32),
        np.float32(np.nan if person is None else person.heading),
        np.bool_(told),
        np.int8(-1 if held is None else entities.index(held)),
        np.int8(look),
    )
    return Sights(*(np.asarray(value)[None] for value in one))


def photographed(robot: Humanoid, field_of_view: float = 1.1) -> list[CameraImage]:
    """Return a picture of each of a robot's cameras, in the order of `PLACES`; `field_of_view` is in rad."""
    return [
        Camera(
            robot.world,
            RobotMount(robot, place),
            width=PICTURE_SIZE,
            height=PICTURE_SIZE,
            field_of_view=field_of_view,
        ).capture()
        for place in PLACES
    ]


def _seen(
    image: CameraImage, scene: Scene, entities: Sequence[str]
) -> tuple[NDArray[np.uint16], NDArray[np.float32], NDArray[np.uint8], NDArray[np.float32]]:
    """Return of every entity its visible pixels, their middle, their box and their depth."""
    count = len(entities)
    pixels, box = np.zeros(count, dtype=np.uint16), np.zeros((count, 4), dtype=np.uint8)
    middle, depth = np.zeros((count, 2), dtype=np.float32), np.zeros(count, dtype=np.float32)
    for name, body in scene.bodies.items():
        rows, columns = np.nonzero(image.segmentation == body)
        if len(rows) == 0:
            continue
        k, away = entities.index(name), np.hypot(columns - columns.mean(), rows - rows.mean())
        nearest = away.argmin()
        pixels[k] = len(rows)
        # The mean of a ball is on it. The mean of a cup behind a finger may be on the finger.
        mean = np.array((columns.mean(), rows.mean()))
        middle[k] = 0.5 + (mean if away[nearest] < 0.75 else np.array((columns[nearest], rows[nearest])))
        box[k] = columns.min(), rows.min(), columns.max(), rows.max()
        depth[k] = np.median(image.depth[rows, columns])
    return pixels, middle, box, depth
