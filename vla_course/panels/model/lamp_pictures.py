"""A detector by colour, by day and in the evening: the same table in two lights."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vla_course.learning.model.three_modules import HUES, Mask, detect
from vla_course.panels.drawing.style import DCM, Picture, picture
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.scene.cameras import Camera, RobotMount
from vla_course.simulation.scene.scene import Scene
from vla_course.simulation.world.light import Light
from vla_course.simulation.world.world import World

Image = NDArray[np.uint8]

LIGHTS: Final = ("daylight", "evening lamp")
_LAMP: Final = (1.0, 0.6, 0.3)
_SHAPES: Final = ("box", "ball", "bowl")


@dataclass(frozen=True, eq=False)
class Detection:
    """What a camera saw, (h, w, 3) uint8, what was found in it, and whether that lies on the thing asked for."""

    rgb: Image
    found: Mask
    right: bool


def lamp_trial(colour: str, scenes: int = 6, seed: int = 0) -> dict[str, list[Detection]]:
    """Look for one thing of a colour on tables with two others, in both of `LIGHTS`."""
    trial: dict[str, list[Detection]] = {name: [] for name in LIGHTS}
    number = seed
    while len(trial[LIGHTS[0]]) < scenes:
        rng = np.random.default_rng(number)
        number += 1
        paints = [colour, *rng.permutation([other for other in HUES if other != colour])[:2].tolist()]
        names = [f"{paint} {shape}" for paint, shape in zip(paints, _SHAPES, strict=True)]
        with World() as world:
            robot = Humanoid(world)
            scene = Scene.build(world, Scene.sample(rng, things=names, person=False))
            camera = Camera(world, RobotMount(robot, "chest"))
            if (camera.capture().segmentation == scene.bodies[names[0]]).sum() < 300:
                continue  # hardly in the picture
            for name, light in zip(LIGHTS, (world.light, evening(world.light)), strict=True):
                image = camera.capture(light)
                found, truth = detect(image.rgb, colour), image.segmentation == scene.bodies[names[0]]
                right = bool(found.any() and (found & truth).sum() > 0.5 * found.sum())
                trial[name].append(Detection(image.rgb, found, right))
    return trial


def evening(light: Light) -> Light:
    """Return the same lamp turned warm, with little light from elsewhere: a living room after sunset."""
    return replace(light, colour=_LAMP, ambient=0.12, diffuse=0.85)


def lamp_picture(colour: str, trial: dict[str, list[Detection]]) -> Picture:
    """Show a table of a trial in both lights, what was found outlined, and how often that was right.

    It is the first table on which the lamp misleads the detector, where there is one.
    """
    wrong = [number for number, one in enumerate(trial[LIGHTS[1]]) if not one.right]
    shown = wrong[0] if wrong else 0
    scores = {
        name: f"{sum(one.right for one in tries)} of {len(tries)} right" for name, tries in trial.items()
    }
    told = ", ".join(f"{name}: {score}" for name, score in scores.items())
    figure, panes = picture(
        1, 2, height=3.3, alt=f"The patch that a detector takes for something {colour}, outlined; {told}."
    )
    for pane, name in zip(panes, LIGHTS, strict=True):
        one = trial[name][shown]
        pane.imshow(one.rgb)
        if one.found.any():
            pane.contour(one.found, levels=[0.5], colors=[DCM], linewidths=2.5)
        pane.set(xticks=[], yticks=[], title=f"{name}: {scores[name]}")
        pane.grid(False)
    return figure
