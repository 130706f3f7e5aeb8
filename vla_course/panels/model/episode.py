"""An episode of the expert: photographs from aside and by the robot's own cameras while it obeys a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vla_course.learning.environment.proprioception import proprioception
from vla_course.learning.expert.expert import Expert
from vla_course.panels.drawing import style
from vla_course.panels.drawing.busy import phase_line
from vla_course.panels.drawing.style import Picture, picture
from vla_course.simulation.scene.cameras import PLACES, Camera, Place, RobotMount, Tripod
from vla_course.simulation.tasks.stage import Stage
from vla_course.simulation.tasks.tasks import Task, task_for
from vla_course.simulation.tasks.understanding import understand
from vla_course.simulation.world.engine import pybullet
from vla_course.simulation.world.rotation import about_z, rotation_matrix
from vla_course.simulation.world.world import World

Image = NDArray[np.uint8]

WIDTH, HEIGHT = 320, 240
"""pixels of the robot's cameras"""
PATIENCE: Final = "a quarter of a minute to half a minute"
"""how long `run_expert` takes, in words for whoever waits"""
_BESIDE: Final = (1.9, -1.5, 1.5)
"""m, where the visitor stands"""
_ROWS: Final = ("visitor", "head", "chest", "pelvis")


@dataclass(frozen=True, eq=False)
class Moment:
    """What a robot knows at one moment, which is all that a model is given, and what a visitor sees.

    Attributes:
        time: s after the beginning.
        doing: what the robot is about.
        rgb: (240, 320, 3) uint8 of each of its cameras.
        state: (75,) float32, as `proprioception` lays it out.
        visitor: (300, 300, 3) uint8, from beside the robot.
    """

    time: float
    doing: str
    rgb: dict[Place, Image]
    state: NDArray[np.float32]
    visitor: Image


@dataclass(frozen=True, eq=False)
class Episode:
    """A task carried out by the expert, who knows where everything is."""

    task: Task
    sentence: str
    moments: tuple[Moment, ...]
    reached: str
    """what the task's rule of physics says in the end"""

    def __str__(self) -> str:
        return f"{self.reached} after {self.moments[-1].time:.1f} s"


def task_of(sentence: str, seed: int) -> Task:
    """Draw a task for a sentence of the command language. Raises ValueError where it is none."""
    return task_for(understand(sentence), np.random.default_rng(seed))


def run_expert(
    sentence: str, seed: int, every: float = 1.2, *, shoved: tuple[float, float] | None = None
) -> Episode:
    """Let the expert carry out a sentence, and photograph it every so many s.

    Args:
        shoved: m along x and y, by which somebody moves the thing as soon as a plan for the hand stands. The
            expert would look again and plan anew where its hand has met nothing; here it ends with that.
    """
    task = task_of(sentence, seed)
    moments: list[Moment] = []
    with World(seed=0) as world, phase_line(PATIENCE) as say:
        stage = task.start(world)
        cameras, expert = cameras_of(stage), Expert(task, stage)
        due, first = 0.0, None
        for doing in expert.perform():
            task.observe(stage)
            say(f"{doing}, {world.time:.0f} s after the command")
            if shoved and first is None and expert.run is not None:
                first = expert.run
                _shove(stage, str(task.instruction.thing), shoved)
                due = world.time
            missed = first is not None and bool(first.aborted)
            over = missed or bool(task.succeeded(stage) or task.failed(stage))
            if world.time >= due or over:
                moments.append(moment_of(stage, cameras, doing))
                due += every
            if over:
                break
        if not moments or moments[-1].time < world.time:
            moments.append(moment_of(stage, cameras, expert.ending or "end"))
        why = f"not done ({expert.reason})" if expert.reason else "not done"
        reached = "done" if task.succeeded(stage) else task.failed(stage) or why
        if first is not None and first.aborted:
            reached = f"not taken ({first.aborted})"
    return Episode(task, sentence, tuple(moments), reached)


def _shove(stage: Stage, thing: str, by: tuple[float, float]) -> None:
    (x, y, z), turn = stage.scene.pose(thing)
    place = (x + by[0], y + by[1], z)
    body, client = stage.scene.bodies[thing], stage.world.client
    pybullet.resetBasePositionAndOrientation(body, place, turn, physicsClientId=client)


def film(episode: Episode, count: int = 6, rows: Sequence[str] = _ROWS) -> Picture:
    """Show `count` moments: above from beside the robot ("visitor"), below as its cameras see them."""
    picked = np.linspace(0, len(episode.moments) - 1, min(count, len(episode.moments))).round().astype(int)
    shown = [episode.moments[k] for k in picked]
    figure, panes = picture(
        len(rows),
        len(shown),
        height=0.65 + 1.17 * len(rows),
        alt=f"The robot, told to {episode.sentence}, at {len(shown)} moments, "
        f"seen from {' and '.join(rows)}: {episode}.",
        height_ratios=[1.25 if name == "visitor" else 1.0 for name in rows],
    )
    for row, name in enumerate(rows):
        for pane, moment in zip(panes[row * len(shown) :], shown, strict=False):
            image = moment.visitor if name == "visitor" else moment.rgb[name]
            pane.imshow(image, interpolation="lanczos")
            pane.set(xticks=[], yticks=[])
            pane.spines[:].set_visible(False)
            if row == 0:
                pane.set_title(f"{moment.time:.1f} s · {moment.doing}", loc="center", fontsize=10)
        panes[row * len(shown)].set_ylabel(name, color=style.INK)
    figure.suptitle(
        f"“{episode.sentence}”", x=0.01, ha="left", fontsize=12.5, fontweight="bold", color=style.INK
    )
    return figure


def moment_of(stage: Stage, cameras: dict[str, Camera], doing: str) -> Moment:
    """Photograph what `cameras_of` the stage see, and read what the robot feels."""
    rgb = {place: cameras[place].capture().rgb for place in PLACES}
    state = proprioception(stage.humanoid.state())
    return Moment(stage.world.time, doing, rgb, state, cameras["visitor"].capture().rgb)


def cameras_of(stage: Stage) -> dict[str, Camera]:
    """Return the robot's own cameras by their places, and a "visitor" beside it."""
    (x, y), heading = stage.humanoid.state().base_position[:2].tolist(), stage.heading
    turn = rotation_matrix(np.array(about_z(heading)))
    here = np.array((x, y, 0.0))
    beside = Tripod(
        tuple((turn @ _BESIDE + here).tolist()), tuple((turn @ (0.25, 0.0, 0.85) + here).tolist())
    )
    visitor = Camera(stage.world, beside, width=300, height=300, field_of_view=0.7)
    return {
        place: Camera(stage.world, RobotMount(stage.humanoid, place), width=WIDTH, height=HEIGHT)
        for place in PLACES
    } | {"visitor": visitor}
