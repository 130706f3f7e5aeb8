"""The same actions twice: as the body carries them out, and through the safety layer, photographed and measured."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from vla_course.deployment.safety.emergency import Category, EmergencyStop
from vla_course.deployment.safety.layer import SafetyLayer
from vla_course.deployment.safety.parts import SafetyParts
from vla_course.deployment.safety.surroundings import Surroundings
from vla_course.learning.environment.action_space import BodyCommand
from vla_course.learning.environment.commanded_body import CommandedBody
from vla_course.motion.hands.scene import tabletop_in
from vla_course.panels.drawing.style import INK, SOFT, ZMP, Picture, picture
from vla_course.simulation.robot.humanoid import HOME_POSTURE, Humanoid
from vla_course.simulation.robot.layout import ARMS, LEFT_ARM, RIGHT_ARM
from vla_course.simulation.scene.cameras import Camera, Tripod
from vla_course.simulation.scene.scene import Scene, SceneDescription
from vla_course.simulation.tasks.contacts import ITSELF, Contacts
from vla_course.simulation.world.world import World

Array = NDArray[np.float64]
Commands = Callable[[int], BodyCommand]
"""number of the decision, ten a second -> what is asked"""

HOME = BodyCommand(HOME_POSTURE, np.zeros(3), np.zeros(3), np.ones(2))
_ASIDE = Tripod((-0.2, 2.3, 1.25), (0.2, 0.0, 0.72))
_PERIOD = 0.1
_PHOTO = (250, 300)
"""pixels, width and height"""


@dataclass
class GuardedRun:
    """What a robot did, tick by tick."""

    time: list[float] = field(default_factory=list)
    arms: list[float] = field(default_factory=list)
    """rad/s, the fastest joint of both arms"""
    table: list[float] = field(default_factory=list)
    """N, on the table"""
    itself: list[float] = field(default_factory=list)
    """N, of the robot on itself"""
    photos: list[NDArray[np.uint8]] = field(default_factory=list)
    fell_at: float | None = None
    told: list[str] = field(default_factory=list)
    """what the layer said, each sentence once"""

    @property
    def ending(self) -> str:
        """Say in a word or two how it ended."""
        return "stands" if self.fell_at is None else f"falls, {self.fell_at:.1f} s"


def into_the_table(decision: int) -> BodyCommand:
    """Both hands swing out over the table, and down through it; the trunk bows after them."""
    joints = HOME_POSTURE.copy()
    out, down = (-1.55, 0.15, 0.0, -0.25, 0.0, 0.0, 0.0), (-0.25, 0.05, 0.0, -0.85, 0.0, 0.0, 0.0)
    left = np.array(out if decision < 8 else down)
    joints[LEFT_ARM], joints[RIGHT_ARM] = left, left * (1.0, -1.0, -1.0, 1.0, -1.0, 1.0, -1.0)
    return replace(HOME, joints=joints, stance=np.array((0.0 if decision < 8 else 0.45, 0.0, 0.0)))


def walk_and_wave(decision: int) -> BodyCommand:
    """Straight ahead, with arms that swing."""
    joints = HOME_POSTURE.copy()
    joints[ARMS] += 0.5 if decision % 6 < 3 else -0.3
    return replace(HOME, joints=joints, base_velocity=np.array((0.35, 0.0, 0.0)))


def guarded_run(
    commands: Commands,
    *,
    layer: bool,
    seconds: float = 2.4,
    photos: Sequence[float] = (),
    press: float | None = None,
    category: Category = 2,
    table: bool = True,
    parts: SafetyParts | None = None,
) -> GuardedRun:
    """Let a robot do what `commands` ask.

    Args:
        commands: asked ten times a second.
        layer: whether the safety layer stands between.
        seconds: how long.
        photos: s, at which it is photographed.
        press: s, at which the emergency stop is pressed; None: never.
        category: of the stop.
        table: whether a table stands before it.
        parts: the layer's pieces that are exercises, the reference's by default.
    """
    world, run = World(1), GuardedRun()
    try:
        scene = Scene.build(world, _described(table))
        robot = CommandedBody(Humanoid(world))
        guard = SafetyLayer(robot, emergency=EmergencyStop(category), parts=parts) if layer else None
        if guard is not None and table:
            guard.surroundings = Surroundings(tables=(tabletop_in(scene),))
        contacts = Contacts(robot.walker.humanoid, scene)
        camera = Camera(world, _ASIDE, width=_PHOTO[0], height=_PHOTO[1], field_of_view=0.62)
        due = list(photos)
        for decision in range(round(seconds / _PERIOD)):
            command = commands(decision)
            ticks = (guard or robot).carry_out(command, _PERIOD)
            for _ in ticks:
                _note(run, robot, contacts)
                if guard is not None and press is not None and world.time >= press:
                    guard.emergency.press("a lesson")
                if due and world.time >= due[0] - 1e-9:
                    run.photos.append(camera.capture().rgb)
                    due.pop(0)
            if guard is not None:
                run.told += [str(one) for one in guard.interventions if str(one) not in run.told]
    finally:
        world.close()
    return run


def film_picture(rows: Sequence[tuple[str, GuardedRun]], photos: Sequence[float], title: str = "") -> Picture:
    """Draw runs as rows of photos, with what they are and how they end."""
    shown = "; ".join(f"{name}: {run.ending}" for name, run in rows)
    times = ", ".join(f"{moment:.1f}" for moment in photos)
    figure, panes = picture(
        len(rows), len(photos), height=1.95 * len(rows) + 0.3, alt=f"Photographed after {times} s. {shown}."
    )
    for k, (name, run) in enumerate(rows):
        for pane, photo, moment in zip(panes[k * len(photos) :], run.photos, photos, strict=False):
            pane.imshow(photo, interpolation="lanczos")
            pane.set(xticks=[], yticks=[])
            pane.spines[:].set_visible(False)
            pane.set_xlabel(f"{moment:.1f} s", color=SOFT)
        first = panes[k * len(photos)]
        first.set_ylabel(name, color=ZMP if run.fell_at is not None else INK)
    if title:
        figure.suptitle(title, x=0.01, ha="left", fontsize=11.5, fontweight="bold", color=INK)
    return figure


def _note(run: GuardedRun, robot: CommandedBody, contacts: Contacts) -> None:
    humanoid = robot.walker.humanoid
    contacts.observe()
    contacts.look()
    run.time.append(humanoid.world.time)
    run.arms.append(float(np.abs(humanoid.state().joint_velocities[ARMS]).max()))
    run.table.append(contacts.mean("table"))
    run.itself.append(contacts.mean(ITSELF))
    if run.fell_at is None and humanoid.has_fallen():
        run.fell_at = humanoid.world.time


def _described(table: bool) -> SceneDescription:
    description = Scene.sample(np.random.default_rng(5), things=(), person=False)
    if table:
        top = replace(description.table, position=(0.52, 0.0, 0.70))
    else:
        top = replace(description.table, position=(9.0, 0.0, 0.70))
    return replace(description, table=top)
