"""Films of a stage: the robot from aside, and beside that what its three cameras see."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Final, Self

import av
import numpy as np
from numpy.typing import NDArray

from vla_course.simulation.scene.cameras import PLACES, Camera, RobotMount, Tripod
from vla_course.simulation.tasks.stage import Stage

RATE: Final = 12.5
"""pictures a second"""


@dataclass(frozen=True)
class FilmSize:
    """How large a film is, and how small its file.

    Attributes:
        width, height: pixels of the view from aside; the cameras' pictures stand beside it, one above the other.
        quality: of x264, "crf": 18 is hardly to be told from the original, 28 is good enough for a page.

    Raises:
        ValueError: the whole picture has an odd number of pixels in a row or column, which films cannot have.
    """

    width: int = 640
    height: int = 480
    quality: int = 23

    def __post_init__(self) -> None:
        if (self.width + self.eye) % 2 or self.height % 2:
            raise ValueError(
                f"width and height are {self.width} and {self.height}, expected {self.width} + {self.eye} and "
                f"{self.height} to be even"
            )

    @property
    def eye(self) -> int:
        """Pixels, of the square pictures of the robot's cameras."""
        return self.height // 3


@dataclass(frozen=True, slots=True, eq=False)
class Filmed:
    """One picture of a film: the robot from aside, and what its cameras see, (h, w, 3) in the order of `PLACES`."""

    aside: NDArray[np.uint8]
    eyes: tuple[NDArray[np.uint8], ...]


class StageFilm:
    """A film of a stage, written while things happen on it; a context. Call `follow` after every tick.

    Args:
        path: of the film; it is there as a whole when the context is left, or not at all.
        stage: that is filmed.
        size: of the pictures.
        every: s between two pictures; more than 1 / `RATE` makes time fly.

    Attributes:
        pictures: how many there are.
        last: the last one; None before the first.
    """

    def __init__(
        self, path: Path, stage: Stage, size: FilmSize | None = None, every: float = 1.0 / RATE
    ) -> None:
        size = size or FilmSize()
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path, self._part = path, path.with_suffix(f".part{path.suffix}")
        self._stage, self._size, self._every, self._next, self.pictures = stage, size, every, 0.0, 0
        self.last: Filmed | None = None
        container: Any = av.open(str(self._part.absolute()), "w")  # "a:b.mp4" would be a protocol "a"
        stream = container.add_stream(codec(), rate=Fraction(RATE).limit_denominator())
        eye = size.eye
        stream.width, stream.height, stream.pix_fmt = size.width + eye, size.height, "yuv420p"
        stream.codec_context.thread_count = 1  # pictures are small, and several robots may be filmed at once
        if stream.codec_context.name == "libx264":
            stream.options = {"crf": str(size.quality)}
        else:
            stream.bit_rate = 4_000_000
        self._container, self._stream = container, stream
        self._eyes = [
            Camera(stage.world, RobotMount(stage.humanoid, place), width=eye, height=eye) for place in PLACES
        ]

    def follow(self) -> Filmed | None:
        """Take a picture, where it is time for one, and return it."""
        world = self._stage.world
        if world.time < self._next - 1e-9:
            return None
        self._next += self._every
        x, y, _ = self._stage.humanoid.state().base_position.tolist()
        aside = Camera(
            world,
            Tripod((x + 1.5, y + 1.9, 1.7), (x + 0.25, y, 0.75)),
            width=self._size.width,
            height=self._size.height,
            field_of_view=0.75,
        )
        filmed = Filmed(aside.capture().rgb, tuple(eye.capture().rgb for eye in self._eyes))
        whole = np.concatenate((filmed.aside, np.concatenate(filmed.eyes)), axis=1)
        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(whole), format="rgb24")
        self._container.mux(self._stream.encode(frame))
        self.pictures, self.last = self.pictures + 1, filmed
        return filmed

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self._container.mux(self._stream.encode(None))
        self._container.close()
        if kind is None:
            self._part.replace(self._path)
        else:
            self._part.unlink(missing_ok=True)


def codec() -> str:
    """Return the name of the best film codec that is here."""
    return "libx264" if "libx264" in av.codecs_available else "mpeg4"
