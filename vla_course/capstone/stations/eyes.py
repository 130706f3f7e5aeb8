"""Eyes: in the light of a room, and in less and less of it, the named thing is found in the robot's pictures.

The encoders and the grounder are those that the course ships; what comes to them is what the student's
`preprocess_image` makes of a picture.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray

from vla_course.capstone.own.pieces import PREPROCESS, Pieces
from vla_course.capstone.stations.station import Notes
from vla_course.learning.encoders.frozen import FrozenEncoders
from vla_course.learning.grounding.files import load_grounder
from vla_course.learning.grounding.grounder import Grounder
from vla_course.learning.grounding.sights import ENTITIES, PICTURE_SIZE, Sights, taken
from vla_course.learning.grounding.training import on_it
from vla_course.learning.model.answers import Encoded
from vla_course.simulation.scene.cameras import PLACES, Camera, RobotMount
from vla_course.simulation.tasks.saying import say
from vla_course.simulation.tasks.tasks import Task, sample_task
from vla_course.simulation.world.light import Light
from vla_course.simulation.world.world import World

LIGHTS: Final = (1.0, 0.7, 0.5, 0.35, 0.25, 0.15, 0.08)
"""of what the room has, lamp and glow alike"""
LOOKS: Final = (8, 30)
"""scenes, quick and full"""
SCENES: Final = LOOKS
CLEAR: Final = 25
"""pixels, of the named thing, in the picture that shows most of it"""
VIEW: Final = 1.1
"""rad"""


def measure(pieces: Pieces, notes: Notes) -> None:
    """Look at scenes, each in all lights, and find what a sentence names."""
    torch.set_num_threads(1)
    encoders, grounder, preprocess = FrozenEncoders.load(), load_grounder(), pieces.piece(PREPROCESS)
    found = np.zeros((notes.few(*LOOKS), len(LIGHTS)))
    for number in range(len(found)):
        task, sights, pictures = _scene(notes, number)
        words = say(task.instruction, notes.rng(13, number))
        entity = ENTITIES.index(task.parts[0].instruction.thing)
        for level, rgb in enumerate(pictures):
            encoded = _encoded(encoders, preprocess, rgb, words)
            found[number, level] = _on(grounder, encoded, sights, entity)
        notes.done()
    share = found.mean(axis=0)
    notes.curve(list(LIGHTS), share.tolist())
    notes.number("bright", float(share[0]))
    notes.number("dim", float(share.mean()))


def _scene(notes: Notes, number: int) -> tuple[Task, Sights, list[NDArray[np.uint8]]]:
    """Draw a scene in which the named thing can be seen; return what is true of it, and pictures in every light."""
    for attempt in range(50):
        task = sample_task(notes.rng(12, number, attempt), "point at")
        thing = task.parts[0].instruction.thing
        with World(notes.seed) as world:
            stage = task.start(world)
            sights = taken(stage.humanoid, stage.scene, field_of_view=VIEW)
            if thing not in ENTITIES or sights.pixels[0, :, ENTITIES.index(thing)].max() < CLEAR:
                continue
            cameras = [
                Camera(
                    world,
                    RobotMount(stage.humanoid, place),
                    width=PICTURE_SIZE,
                    height=PICTURE_SIZE,
                    field_of_view=VIEW,
                )
                for place in PLACES
            ]
            light = task.scene.light
            pictures = [
                np.stack([camera.capture(_dimmed(light, share)).rgb for camera in cameras])
                for share in LIGHTS
            ]
        return task, sights, pictures
    raise RuntimeError("no scene in which the named thing can be seen, in 50 draws")


def _dimmed(light: Light, share: float) -> Light:
    """Return a light with a share of itself left."""
    return replace(
        light,
        ambient=share * light.ambient,
        diffuse=share * light.diffuse,
        specular=share * light.specular,
    )


@torch.no_grad()
def _encoded(
    encoders: FrozenEncoders, preprocess: Callable[..., Any], rgb: NDArray[np.uint8], sentence: str
) -> Encoded:
    """Return what the encoders say of pictures (cameras, size, size, 3), as the student's function hands them on."""
    vision = encoders.vision
    pixels = preprocess(rgb, PICTURE_SIZE, vision.mean, vision.std)
    coarse, finer = vision.stages(pixels.contiguous(memory_format=torch.channels_last))
    if finer is None:
        raise ValueError("the vision encoder has no stage with four patches in place of one")
    words, mask = encoders.read([sentence])
    return Encoded(
        coarse.unflatten(0, (1, len(rgb))).unbind(1), words, mask, finer.unflatten(0, (1, len(rgb))).unbind(1)
    )


@torch.no_grad()
def _on(grounder: Grounder, encoded: Encoded, sights: Sights, entity: int) -> bool:
    """Tell whether the place of which the grounder is surest is on the thing."""
    found = grounder.ground(encoded, "thing")
    camera = int(found.confidence[0].argmax())
    box = torch.from_numpy(sights.box[0, camera, entity].astype(np.float32))
    seen = int(sights.pixels[0, camera, entity]) > 0
    return seen and bool(on_it(found.pixels[0, camera], box))
