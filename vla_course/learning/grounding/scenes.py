"""Moments to learn from, posed: tasks' own scenes and fuller tables, near and far, in many postures and lights."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from math import atan2
from pathlib import Path
from typing import Final

import numpy as np

from vla_course.learning.grounding.sights import AS_DRAWN, OTHER_LIGHT, OTHER_TABLE, Sights, taken
from vla_course.learning.pretraining.snapshots import choose_things, drawn_posture
from vla_course.learning.pretraining.tableau import Tableau
from vla_course.simulation.robot.layout import HEAD, SIDES
from vla_course.simulation.robot.state import FloatArray
from vla_course.simulation.scene.scene import Scene, SceneDescription
from vla_course.simulation.scene.things import ALL_THINGS, COLOURS
from vla_course.simulation.tasks.asked import sample_instruction
from vla_course.simulation.tasks.goals import FACE
from vla_course.simulation.tasks.instructions import SKILLS
from vla_course.simulation.tasks.meant import Pose
from vla_course.simulation.tasks.scenes import MOTIONS, NoScene, sample_setting
from vla_course.simulation.world.light import Light
from vla_course.simulation.world.rotation import about_z

SCENES: Final = 10
"""of a session"""
POSTURES: Final = 4
"""of a scene"""
FROM_TASKS: Final = 0.5
"""how often a scene is that of a task; else its table is fuller"""
FULL: Final = {2: 0.2, 3: 0.4, 4: 0.35, 5: 0.05}
"""how often a fuller table has so many things; room for a fifth takes long to find"""
FAR: Final = 0.35
"""how often a robot before such a full table stands back from it"""
OTHER: Final = 0.15
"""how often the light is one that no scene draws, and how often the table has a colour of things"""
HOLDS: Final = 0.2
"""how often a hand holds a thing"""
ABOUT_THINGS: Final = tuple(skill for skill in SKILLS if skill not in MOTIONS)

Sampler = Callable[[np.random.Generator], tuple[SceneDescription, Pose]]


def session(
    seed: int, number: int, named: Sequence[str], among: Sequence[str] = ALL_THINGS, scenes: int = SCENES
) -> Sights:
    """Take `POSTURES` moments each of some scenes.

    Args:
        seed, number: of chance: the same two give the same bits.
        named: what tasks are about.
        among: what else lies there.
        scenes: how many.
    """
    rng = np.random.default_rng([seed, number])
    with Tableau() as tableau:
        parts = []
        for _ in range(scenes):
            if rng.random() < FROM_TASKS:
                description, pose = _of_task(rng, named, among)
            else:
                description, pose = _full_table(rng, among)
            description, look = _looks(rng, description)
            tableau.arrange(description)
            parts += [_moment(rng, tableau, pose, look) for _ in range(POSTURES)]
    return Sights.joined(parts)


def posed(
    folder: Path,
    seed: int,
    sessions: range,
    named: Sequence[str],
    progress: Callable[[int], None] = lambda done: None,
) -> list[Path]:
    """Return the files of these sessions; those that `folder` lacks are taken first."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"posed-{seed}-{number:04d}.npz" for number in sessions]
    for number, path in zip(sessions, paths, strict=True):
        if not path.exists():
            session(seed, number, named).save(path)
        progress(number + 1)
    return paths


def _of_task(
    rng: np.random.Generator, named: Sequence[str], among: Sequence[str]
) -> tuple[SceneDescription, Pose]:
    while True:
        # Who walks or turns somewhere sees floor: little is to be found there.
        skill = ABOUT_THINGS[rng.integers(len(ABOUT_THINGS))] if rng.random() < 0.9 else "walk"
        try:
            setting = sample_setting(sample_instruction(rng, skill, named), rng, tuple(among))
        except NoScene:
            continue
        return setting.scene, (setting.position, setting.heading)


def _full_table(rng: np.random.Generator, among: Sequence[str]) -> tuple[SceneDescription, Pose]:
    things = choose_things(rng, among, int(rng.choice(list(FULL), p=list(FULL.values()))))
    scene = Scene.sample(rng, things=things, person=bool(rng.random() < 0.6))
    if rng.random() < FAR:
        x, y = -rng.uniform(0.1, 1.8), rng.uniform(-0.8, 0.8)
        table = scene.table.position
        return scene, ((x, y), atan2(table[1] - y, table[0] - x) + rng.uniform(-0.6, 0.6))
    x, y = rng.uniform(-0.08, 0.04), rng.uniform(-0.2, 0.2)
    return scene, ((x, y), rng.uniform(-0.25, 0.25))


def _looks(rng: np.random.Generator, scene: SceneDescription) -> tuple[SceneDescription, int]:
    """Now and then change light or table into what no scene draws."""
    chance = rng.random()
    if chance < OTHER:
        tint = tuple(rng.uniform(0.75, 1.0, size=3).tolist())
        light = Light(scene.light.direction, tint, rng.uniform(0.25, 0.65), rng.uniform(0.1, 0.5))
        return replace(scene, light=light), OTHER_LIGHT
    if chance < 2 * OTHER:
        paint = np.array(list(COLOURS.values())[rng.integers(len(COLOURS))]) + rng.uniform(-0.15, 0.15, 3)
        red, green, blue = np.clip(paint, 0.05, 0.95).tolist()
        return replace(scene, table=replace(scene.table, colour=(red, green, blue))), OTHER_TABLE
    return scene, AS_DRAWN


def _moment(rng: np.random.Generator, tableau: Tableau, pose: Pose, look: int) -> Sights:
    """Take another posture, look somewhere, perhaps hold something; and take the pictures."""
    scene = tableau.scene
    assert scene is not None
    fov, held = pose_robot(rng, tableau, pose)
    one = taken(tableau.robot, scene, field_of_view=fov, held=held, look=look)
    if held is not None:
        things = {thing.name: thing for thing in scene.description.things}
        tableau.put(held, np.array(things[held].position), about_z(things[held].heading))
    return one


def pose_robot(
    rng: np.random.Generator, tableau: Tableau, pose: Pose, holds: float = HOLDS
) -> tuple[float, str | None]:
    """Let a robot take another posture before the scene of a tableau.

    Args:
        rng: of chance.
        tableau: with a scene.
        pose: where about it stands, m, and its heading, rad.
        holds: how often a hand holds one of the things.

    Returns:
        The field of view of its cameras, rad, and the thing in a hand, None where there is none.
    """
    scene = tableau.scene
    assert scene is not None
    (x, y), heading = pose
    still = rng.random() < 0.4
    bow, lean, raised = rng.uniform(-0.05, 0.28), rng.normal(0.0, 0.03), rng.uniform(-0.05, 0.04)
    if still:
        tableau.stand((x, y), heading)
    else:
        east, north, turn = rng.normal(0.0, (0.03, 0.03, 0.06)).tolist()
        tableau.stand((x + east, y + north), heading + turn, bow, lean, raised)
    posture = drawn_posture(rng, 0.4)
    tableau.pose(posture)
    names = sorted(thing.name for thing in scene.description.things)
    held = _held(rng, tableau, names) if rng.random() < holds else None
    _turn_head(rng, tableau, posture, held)
    return 1.1 if rng.random() < 0.7 else rng.uniform(1.0, 1.25), held


def _held(rng: np.random.Generator, tableau: Tableau, names: Sequence[str]) -> str:
    """Put one of the things into a hand: upright, at the tool point, as far as chance lets it be."""
    name, side = names[int(rng.integers(len(names)))], SIDES[int(rng.integers(2))]
    tool, _ = tableau.robot.link_pose(f"{side}_tool")
    tilt = rng.normal(0.0, 0.2, size=2)
    turn = np.array((*tilt / 2.0, 0.0, 1.0))
    tableau.put(name, tool + rng.normal(0.0, 0.01, size=3), (turn / np.linalg.norm(turn)).tolist())
    return name


def _turn_head(rng: np.random.Generator, tableau: Tableau, posture: FloatArray, held: str | None) -> None:
    """Look at something, straight ahead, or anywhere."""
    scene, chance = tableau.scene, rng.random()
    assert scene is not None
    names = [name for name in scene.bodies if name != "table"]
    if chance < 0.6 and names:
        name = held if held and rng.random() < 0.5 else names[rng.integers(len(names))]
        target = scene.pose(name)[0]
        if name == "person":
            target[2] = FACE
        posture[HEAD] = tableau.look(target) + rng.normal(0.0, 0.08, size=2)
    elif chance < 0.8:
        posture[HEAD] = rng.normal(0.0, 0.03, size=2)
    else:
        posture[HEAD] = rng.uniform(-0.7, 0.7), rng.uniform(-0.1, 0.9)
    tableau.pose(posture)
