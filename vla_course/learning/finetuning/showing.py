"""Scenes with a kind of thing that is new: demonstrations to learn its name from, and moments to be asked about it.

Nothing moves: who demonstrates is taken to have a hand that comes to the middle of the thing, give or take a
centimetre. Where the hand went is all that a demonstration says; that the thing does not show in a picture is known
where the place is out of the picture, and left open where something is before it. A demonstration reads no
segmentation; moments to be asked about do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from vla_course.learning.encoders.frozen import FrozenEncoders
from vla_course.learning.grounding.scenes import POSTURES, pose_robot
from vla_course.learning.grounding.sights import ENTITIES, PICTURE_SIZE, Sights, photographed, taken
from vla_course.learning.pretraining.tableau import Tableau
from vla_course.simulation.scene.cameras import CameraImage
from vla_course.simulation.scene.scene import Scene, SceneDescription
from vla_course.simulation.scene.things import COLOURS, NEW_SHAPES, TRAINED
from vla_course.simulation.tasks.instructions import Instruction, Skill
from vla_course.simulation.tasks.meant import Pose
from vla_course.simulation.tasks.saying import say

HAND: Final = 0.01
"""m, standard deviation along each axis of where the demonstrator's hand goes"""
BEFORE: Final = 0.06
"""m: what is so much nearer than the place of the hand hides the thing"""
OUTSIDE: Final = 5.0
"""pixels beyond the border from which a thing does not show in the picture"""
TWO: Final = 0.4
"""how often two things of the new kind stand there, in different colours"""
SKILLS_SHOWN: Final[tuple[Skill, ...]] = ("reach for", "point at", "pick up", "look at")
EVERYTHING: Final = (*ENTITIES, *(f"{colour} {shape}" for shape in NEW_SHAPES for colour in COLOURS))
"""columns of moments with new things"""
_SAID_AS: Final = "cup"
"""sentences are said of this shape, and the new word is put in its place"""


@dataclass(frozen=True, eq=False)
class Demonstrations:
    """N demonstrations of how something is called.

    Attributes:
        sentences: N, each names it.
        rgb: (N, 3, 96, 96, 3) uint8, what the three cameras saw before the hand moved.
        shows: (N, 3) float32, 1 the place of the hand is in the picture, 0 it is outside, nan something is before it.
        middle: (N, 3, 2) float32, pixels (u, v), where it is.

    Raises:
        ValueError: there are none; pictures of another size; or arrays that do not go together.
    """

    sentences: tuple[str, ...]
    rgb: NDArray[np.uint8]
    shows: NDArray[np.float32]
    middle: NDArray[np.float32]

    def __post_init__(self) -> None:
        count = len(self.sentences)
        if not count:
            raise ValueError("there are no demonstrations, expected one or more")
        side = PICTURE_SIZE
        for name, shape in (("rgb", (3, side, side, 3)), ("shows", (3,)), ("middle", (3, 2))):
            value = getattr(self, name)
            if value.shape != (count, *shape):
                raise ValueError(f"Demonstrations.{name} is {value.shape}, expected {(count, *shape)}")
        if not (self.shows == 1.0).any():
            raise ValueError("Demonstrations.shows is 1 in no picture, expected the thing in one at least")

    def __len__(self) -> int:
        return len(self.sentences)

    def first(self, count: int) -> Demonstrations:
        """Return the first of them."""
        return Demonstrations(
            self.sentences[:count], self.rgb[:count], self.shows[:count], self.middle[:count]
        )

    def mirrored(self) -> Demonstrations:
        """Return them in a looking glass."""
        middle = (PICTURE_SIZE, 0.0) + self.middle * (-1.0, 1.0)
        rgb = np.ascontiguousarray(self.rgb[:, :, :, ::-1])
        return Demonstrations(self.sentences, rgb, self.shows, middle.astype(np.float32))


@dataclass(frozen=True, eq=False)
class Lesson:
    """Demonstrations as the frozen encoders see them, each a second time in a looking glass.

    Attributes:
        sentences: 2 N.
        coarse, finer: (2 N, 3, P, width) and (2 N, 3, 4 P, channels).
        shows, middle: (2 N, 3) and (2 N, 3, 2), as in `Demonstrations`.
    """

    sentences: tuple[str, ...]
    coarse: Tensor
    finer: Tensor
    shows: Tensor
    middle: Tensor

    def __len__(self) -> int:
        return len(self.sentences)

    @classmethod
    def of(cls, shown: Demonstrations, encoders: FrozenEncoders) -> Lesson:
        """Look at demonstrations with the frozen encoders, which are `encoders`."""
        both = (shown, shown.mirrored())
        coarse, finer = encoders.see(np.concatenate([one.rgb for one in both]))
        return cls(
            2 * shown.sentences,
            coarse,
            finer,
            torch.from_numpy(np.concatenate([one.shows for one in both])),
            torch.from_numpy(np.concatenate([one.middle for one in both])),
        )


def demonstrate(seed: int, shape: str, word: str, count: int, colours: Sequence[str] = ()) -> Demonstrations:
    """Show a new kind of thing, and say its name.

    Args:
        seed: of chance.
        shape: one of `NEW_SHAPES`.
        word: what it is called.
        count: demonstrations, one or more.
        colours: it is shown in these, of `COLOURS`; default: in all.

    Raises:
        ValueError: no such shape, no such colour, or no demonstrations are asked for.
    """
    if count < 1:
        raise ValueError(f"count is {count}, expected one demonstration or more")
    _check_shape(shape)
    for colour in colours:
        if colour not in COLOURS:
            raise ValueError(f"colours has {colour!r}, expected some of: {', '.join(COLOURS)}")
    rng = np.random.default_rng([seed, 2])
    parts: list[tuple[str, list[CameraImage], list[tuple[float, tuple[float, float]]]]] = []
    with Tableau() as tableau:
        while len(parts) < count:
            named = f"{_any(rng, colours or tuple(COLOURS))} {shape}"
            description, pose = laid(rng, named, ())
            tableau.arrange(description)
            field_of_view, _ = pose_robot(rng, tableau, pose, holds=0.0)
            images = photographed(tableau.robot, field_of_view)
            assert tableau.scene is not None
            hand = tableau.scene.pose(named)[0] + rng.normal(0.0, HAND, size=3)
            places = [_in_picture(image, hand) for image in images]
            if any(shows == 1.0 for shows, _ in places):
                parts.append((_said(rng, named.split()[0], word), images, places))
    return Demonstrations(
        tuple(sentence for sentence, _, _ in parts),
        np.array([[image.rgb for image in images] for _, images, _ in parts]),
        np.array([[shows for shows, _ in places] for _, _, places in parts], dtype=np.float32),
        np.array([[pixel for _, pixel in places] for _, _, places in parts], dtype=np.float32),
    )


def moments(seed: int, shape: str, scenes: int, postures: int = POSTURES) -> Sights:
    """Return moments before tables with things of a new kind on them, with true places: to be asked, not learnt from.

    Args:
        seed: of chance.
        shape: one of `NEW_SHAPES`.
        scenes, postures: so many scenes, and moments of each; one or more.

    Raises:
        ValueError: no such shape, no scenes, or no postures.
    """
    _check_shape(shape)
    for name, count in (("scenes", scenes), ("postures", postures)):
        if count < 1:
            raise ValueError(f"{name} is {count}, expected 1 or more")
    rng, parts = np.random.default_rng([seed, 3]), []
    with Tableau() as tableau:
        for _ in range(scenes):
            colours = rng.permutation(tuple(COLOURS)).tolist()
            more = (f"{colours[1]} {shape}",) if rng.random() < TWO else ()
            description, pose = laid(rng, f"{colours[0]} {shape}", more)
            scene = tableau.arrange(description)
            for _ in range(postures):
                field_of_view, _ = pose_robot(rng, tableau, pose, holds=0.0)
                parts.append(taken(tableau.robot, scene, field_of_view=field_of_view, entities=EVERYTHING))
    return Sights.joined(parts)


def laid(rng: np.random.Generator, named: str, more: Sequence[str]) -> tuple[SceneDescription, Pose]:
    """Draw a table with a new thing, perhaps more of them, and known things beside: one often has its colour."""
    colour = named.split()[0]
    alike = [name for name in TRAINED if name.split()[0] == colour]
    beside = [_any(rng, alike)] if rng.random() < 0.6 else []
    while len(beside) < 1 + int(rng.random() < 0.6):
        beside += [name for name in (_any(rng, TRAINED),) if name not in beside]
    scene = Scene.sample(rng, things=(named, *more, *beside), person=bool(rng.random() < 0.5))
    x, y = rng.uniform(-0.08, 0.04), rng.uniform(-0.2, 0.2)
    return scene, ((x, y), rng.uniform(-0.25, 0.25))


def _said(rng: np.random.Generator, colour: str, word: str) -> str:
    """Name it, or say what is to be done with it."""
    if rng.random() < 0.5:
        return f"{colour} {word}"
    skill = SKILLS_SHOWN[rng.integers(len(SKILLS_SHOWN))]
    return say(Instruction(skill, thing=f"{colour} {_SAID_AS}"), rng).replace(_SAID_AS, word)


def _in_picture(image: CameraImage, hand: NDArray[np.float64]) -> tuple[float, tuple[float, float]]:
    """Return whether the place of a hand is in a picture (1, 0, or nan: something is before it), and where."""
    u, v, depth = image.project(hand).tolist()
    beyond = max(-u, -v, u - PICTURE_SIZE, v - PICTURE_SIZE)
    if depth <= 0.0 or beyond > OUTSIDE:
        return 0.0, (0.0, 0.0)
    if beyond >= 0.0 or image.depth[int(v), int(u)] < depth - BEFORE:
        return np.nan, (0.0, 0.0)
    return 1.0, (u, v)


def _check_shape(shape: str) -> None:
    if shape not in NEW_SHAPES:
        raise ValueError(f"shape is {shape!r}, expected one of: {', '.join(NEW_SHAPES)}")


def _any(rng: np.random.Generator, of: Sequence[str]) -> str:
    return of[int(rng.integers(len(of)))]
