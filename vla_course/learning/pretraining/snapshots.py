"""Pictures to learn from: the robot stands at a table in many postures and photographs what lies there."""

from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from vla_course.learning.pretraining.captions import Sighting
from vla_course.learning.pretraining.tableau import Tableau
from vla_course.motion.arms.postures import hanging, raised, ready, tucked
from vla_course.simulation.robot.humanoid import HOME_POSTURE
from vla_course.simulation.robot.layout import HEAD, LEFT_ARM, RIGHT_ARM
from vla_course.simulation.robot.state import FloatArray
from vla_course.simulation.scene.cameras import Camera, CameraImage, Place, RobotMount
from vla_course.simulation.scene.scene import Scene
from vla_course.simulation.scene.things import colour_and_shape

PICTURE_SIZE: Final = 96
"""width and height of a picture, pixels"""
FIELDS_OF_VIEW: Final = (1.05, 1.3)
"""rad; the cameras' own is 1.1"""
SCENES_A_SESSION: Final = 10
MOST_A_SCENE: Final = 5
"""things on a table; about half of them show in a picture"""
CAMERA_SHARES: Final[dict[Place, float]] = {"head": 0.55, "chest": 0.35, "pelvis": 0.10}


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A picture (96, 96, 3) uint8 and every thing of the scene that shows in it."""

    rgb: NDArray[np.uint8]
    sightings: tuple[Sighting, ...]


class Studio:
    """A robot, a table before it, and chance: nothing falls or moves here, for no step of physics is made.

    Args:
        rng: draws where the robot stands, the scenes, the postures, the cameras.
    """

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng
        x, y = rng.uniform(-0.04, 0.04, size=2).tolist()
        self._tableau = Tableau((x, y), rng.uniform(-0.08, 0.08))

    def arrange(self, things: Sequence[str]) -> None:
        """Lay the table anew: another table, light, floor, in seven of ten a person, and these things on it."""
        person = bool(self._rng.random() < 0.7)
        self._tableau.arrange(Scene.sample(self._rng, things=things, person=person))

    def take(self, place: Place | None = None) -> Snapshot:
        """Take another posture, and with the camera at `place` (default: by chance) a picture.

        Raises:
            ValueError: nothing was arranged.
        """
        if self._tableau.scene is None:
            raise ValueError("there is no scene, expected `arrange` before `take`")
        self._tableau.pose(drawn_posture(self._rng))
        places = tuple(CAMERA_SHARES)
        drawn = places[self._rng.choice(len(places), p=list(CAMERA_SHARES.values()))]
        camera = Camera(
            self._tableau.world,
            RobotMount(self._tableau.robot, place or drawn),
            width=PICTURE_SIZE,
            height=PICTURE_SIZE,
            field_of_view=self._rng.uniform(*FIELDS_OF_VIEW),
        )
        image = camera.capture()
        return Snapshot(image.rgb, sightings(image, self._tableau.scene))

    def close(self) -> None:
        """Give its world back."""
        self._tableau.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def drawn_posture(rng: np.random.Generator, spread: float = 0.25) -> FloatArray:
    """Draw joints (28,) rad: each arm near one of the named postures, the head turned to the table."""
    posture = np.array(HOME_POSTURE)
    arms = (hanging, tucked, raised, ready)
    posture[LEFT_ARM] = arms[rng.integers(len(arms))]("left") + rng.normal(0.0, spread, size=7)
    posture[RIGHT_ARM] = arms[rng.integers(len(arms))]("right") + rng.normal(0.0, spread, size=7)
    posture[HEAD] = rng.uniform(-0.3, 0.3), rng.uniform(0.4, 0.9)
    return posture


def sightings(image: CameraImage, scene: Scene) -> tuple[Sighting, ...]:
    """Return what of each thing an image shows, by its segmentation; what shows nothing is left out."""
    found = []
    height, width = image.segmentation.shape
    for thing in scene.description.things:
        rows, columns = np.nonzero(image.segmentation == scene.bodies[thing.name])
        if len(rows) == 0:
            continue
        cut = rows.min() == 0 or columns.min() == 0 or rows.max() == height - 1 or columns.max() == width - 1
        across, down = float((columns.mean() + 0.5) / width), float((rows.mean() + 0.5) / height)
        found.append(Sighting(thing.name, len(rows), across, down, bool(cut)))
    return tuple(found)


def choose_things(rng: np.random.Generator, among: Sequence[str], count: int) -> list[str]:
    """Draw different names; one after the first shares its colour or its shape half of the time.

    Raises:
        ValueError: there are fewer names than `count`.
    """
    if count > len(among):
        raise ValueError(f"count is {count}, expected at most {len(among)} among {len(among)} names")
    names = [among[int(rng.integers(len(among)))]]
    while len(names) < count:
        rest = [name for name in among if name not in names]
        alike = [name for name in rest if set(colour_and_shape(name)) & set(colour_and_shape(names[0]))]
        pool = alike if alike and rng.random() < 0.5 else rest
        names.append(pool[int(rng.integers(len(pool)))])
    return names


def session(seed: int, number: int, among: Sequence[str]) -> list[Snapshot]:
    """Take two pictures each of `SCENES_A_SESSION` scenes with up to `MOST_A_SCENE` of the things `among`."""
    rng = np.random.default_rng([seed, number])
    with Studio(rng) as studio:
        taken = []
        for _ in range(SCENES_A_SESSION):
            studio.arrange(choose_things(rng, among, int(rng.integers(1, MOST_A_SCENE + 1))))
            taken += [studio.take(), studio.take()]
    return taken
