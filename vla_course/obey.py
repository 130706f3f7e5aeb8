"""`vla-course run "pick up the red cup"`: the robot is told a sentence, sees, does it; as a film and in a few lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import av
import numpy as np
from numpy.typing import NDArray

from vla_course.demo import codec
from vla_course.simulation.scene.cameras import PLACES, Camera, RobotMount, Tripod
from vla_course.simulation.tasks.tasks import task_for
from vla_course.simulation.tasks.understanding import understand
from vla_course.simulation.world.world import World

if TYPE_CHECKING:
    from vla_course.learning.planned.policy import PlannedPolicy
    from vla_course.simulation.tasks.stage import Stage

Image8 = NDArray[np.uint8]

RATE: Final = 12.5
"""pictures a second"""
WIDTH, HEIGHT = 640, 480
"""pixels, of the view from aside; what the three cameras see stands beside it, one above the other"""
LINGERS: Final = 1.0
"""s, for which the film goes on after the end"""


@dataclass
class Run:
    """What came of a sentence.

    Attributes:
        success, failure: what the task's rule of physics says; failure is empty where nothing went wrong.
        seconds: of the simulation.
        lines: what the policy heard, named and did, for people.
        pictures: of the film.
    """

    sentence: str
    success: bool = False
    failure: str = ""
    seconds: float = 0.0
    lines: list[str] = field(default_factory=list)
    pictures: int = 0


def run(
    sentence: str,
    path: Path,
    seed: int = 0,
    progress: Callable[[str, float, float], None] = lambda doing, now, end: None,
    policy: PlannedPolicy | None = None,
) -> Run:
    """Let the planned policy do what a sentence asks, in a scene drawn for it, and film it.

    Args:
        sentence: one command or two.
        path: of the film.
        seed: of the scene.
        progress: told what the robot is about, s so far and s at most.
        policy: by default the one that the course ships.

    Raises:
        UnknownCommand: there is no scene for it, because it is none of the language.
        NoScene: it asks for what no scene has.
    """
    policy = policy or shipped()
    task, done = task_for(understand(sentence), np.random.default_rng(seed)), Run(sentence)
    path.parent.mkdir(parents=True, exist_ok=True)
    with World(seed) as world, av.open(str(path), "w") as container:
        stage = task.start(world)
        film = _Film(container, stage)
        over = None
        for doing in policy.perform(stage.humanoid, sentence):
            task.observe(stage)
            film.follow()
            progress(doing, world.time, task.seconds)
            if over is None and (task.succeeded(stage) or task.failed(stage) or world.time > task.seconds):
                over = world.time + LINGERS
            if over is not None and world.time >= over:
                break
        done.success, done.failure = task.succeeded(stage), task.failed(stage)
        done.seconds, done.pictures = world.time, film.end()
    done.lines = list(_told(policy, done))
    return done


def shipped() -> PlannedPolicy:
    """Return the planned policy with the reader and the grounder that the course ships."""
    from vla_course.learning.planned.learned import shipped_policy

    return shipped_policy()


def _told(policy: PlannedPolicy, done: Run) -> Iterator[str]:
    """Say what a policy heard, named and did."""
    for named in policy.named:
        where = ""
        if named.target is not None:
            x, y, z = named.target.tolist()
            where = f", seen at ({x:.2f}, {y:.2f}, {z:.2f}) m"
        yield f"understood: {named.instruction}{where}, {100 * named.confidence:.0f} % sure"
    if policy.refusal:
        yield f"said: {policy.refusal}"
    ending = "done" if done.success else done.failure or "not done"
    yield f"{ending} after {done.seconds:.1f} s, by the task's own rule of physics"


class _Film:
    """A film of a stage: from aside, and what the robot's cameras see."""

    def __init__(self, container: Any, stage: Stage) -> None:
        self._container, self._stage, self._next = container, stage, 0.0
        stream = container.add_stream(codec(), rate=Fraction(RATE).limit_denominator())
        stream.width, stream.height, stream.pix_fmt = WIDTH + HEIGHT // 3, HEIGHT, "yuv420p"
        if stream.codec_context.name != "libx264":
            stream.bit_rate = 4_000_000
        self._stream, self._pictures = stream, 0
        size = HEIGHT // 3
        self._eyes = [
            Camera(stage.world, RobotMount(stage.humanoid, place), width=size, height=size) for place in PLACES
        ]

    def follow(self) -> None:
        """Take a picture, where it is time for one."""
        world = self._stage.world
        if world.time < self._next - 1e-9:
            return
        self._next += 1.0 / RATE
        x, y, _ = self._stage.humanoid.state().base_position.tolist()
        aside = Camera(
            world, Tripod((x + 1.5, y + 1.9, 1.7), (x + 0.25, y, 0.75)), width=WIDTH, height=HEIGHT, field_of_view=0.75
        )
        eyes = np.concatenate([eye.capture().rgb for eye in self._eyes])
        whole = np.concatenate((aside.capture().rgb, eyes), axis=1)
        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(whole), format="rgb24")
        self._container.mux(self._stream.encode(frame))
        self._pictures += 1

    def end(self) -> int:
        """Close the film; return how many pictures it has."""
        self._container.mux(self._stream.encode(None))
        return self._pictures
