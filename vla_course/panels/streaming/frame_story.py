"""The story of one frame: how long each stage takes on its way from the cameras to an action, on this machine."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from vla_course.learning.environment.environment import HumanoidTaskEnv
from vla_course.learning.expert.scene_knowledge import TrueKnowledge
from vla_course.learning.policy.actor import Actor
from vla_course.learning.policy.files import load_policy
from vla_course.panels.drawing import style
from vla_course.panels.drawing.style import Picture, picture
from vla_course.serving.packets.packet import VLAPacket
from vla_course.serving.packets.pictures import encode_picture
from vla_course.serving.remote.network import DirectNetwork
from vla_course.simulation.scene.cameras import PLACES, Camera, RobotMount
from vla_course.simulation.tasks.tasks import sample_task

if TYPE_CHECKING:
    from collections.abc import Iterator

SIZE: Final = 96
"""pixels a side, of a picture that crosses"""
PERIOD: Final = 1000.0 / 30.0
"""ms, from one frame to the next"""
ROBOTS: Final = ("photograph", "compress", "sense", "pack")
"""stages at the robot's end; the others are the server's"""


@dataclass(frozen=True)
class Story:
    """What became of a frame.

    Attributes:
        views: (3, size, size, 3), what the cameras saw, in the order of `PLACES`.
        packet: what crossed, and `wire`: as bytes.
        stages: ms, the median of several frames, in their order.
    """

    views: NDArray[np.uint8]
    packet: VLAPacket
    wire: bytes
    stages: dict[str, float]


def follow(seed: int = 3, frames: int = 5) -> Story:
    """Follow a few frames of a robot that is to reach for something, and time what is done with them."""
    task = sample_task(np.random.default_rng(seed), "reach for")
    env = HumanoidTaskEnv(cameras=())
    try:
        observation, _ = env.reset(seed=seed, options={"task": task})
        network = load_policy()
        instruction = task.parts[0].instruction
        actor = Actor(network, TrueKnowledge(env.stage), instruction, task.hand, env.robot)
        humanoid = env.stage.humanoid
        cameras = {
            place: Camera(humanoid.world, RobotMount(humanoid, place), width=SIZE, height=SIZE)
            for place in PLACES
        }
        answers = DirectNetwork(network)
        laps: list[dict[str, float]] = []
        for number in range(frames + 1):
            lap: dict[str, float] = {}
            with _timed(lap, "photograph"):
                views = {place: camera.capture().rgb for place, camera in cameras.items()}
            with _timed(lap, "compress"):
                pictures: dict[str, Any] = {place: encode_picture(view) for place, view in views.items()}
            with _timed(lap, "sense"):
                inputs = actor.inputs()
            with _timed(lap, "pack"):
                packet = VLAPacket(
                    frame_id=number,
                    correlation_id=f"robot:{number}",
                    timestamp=time.monotonic(),
                    query=observation["instruction"],
                    images=pictures,
                    robot_state=inputs.pop("state"),
                    sensed=inputs,
                )
                wire = packet.to_wire()
            with _timed(lap, "read and check"):
                came = VLAPacket.from_wire(wire)
            with _timed(lap, "decode pictures"):
                for place in PLACES:
                    came.pixels(place)
            with _timed(lap, "think"):
                response = answers(came)
            with _timed(lap, "answer"):
                response.to_wire()
            laps.append(lap)
    finally:
        env.close()
    # The first frame loads and warms up; nobody who counts it measures what comes after.
    stages = {stage: float(np.median([lap[stage] for lap in laps[1:]])) for stage in laps[0]}
    return Story(np.stack([views[place] for place in PLACES]), packet, wire, stages)


@contextmanager
def _timed(lap: dict[str, float], stage: str) -> Iterator[None]:
    began = time.perf_counter()
    yield
    lap[stage] = 1000.0 * (time.perf_counter() - began)


def story_picture(story: Story) -> Picture:
    """Draw what the cameras saw, and under it when each stage begins and ends."""
    whole = sum(story.stages.values())
    figure, panes = picture(
        2,
        len(PLACES),
        height=4.8,
        alt=f"Three pictures, and {_told(story.stages)}; {whole:.0f} ms in all.",
        height_ratios=[1.25, 1.5],
    )
    for place, view, pane in zip(PLACES, story.views, panes, strict=False):
        pane.imshow(view, interpolation="lanczos")
        pane.set(xticks=[], yticks=[])
        pane.spines[:].set_visible(False)
        pane.grid(visible=False)
        pane.set_title(f"its {place} sees", loc="left", fontsize=9.5, fontweight="normal")
    axes, *rest = panes[len(PLACES) :]
    for pane in rest:
        pane.remove()
    grid = axes.get_gridspec()
    assert grid is not None
    axes.set_subplotspec(grid[1, :])
    begins = 0.0
    for row, (stage, took) in enumerate(story.stages.items()):
        colour = style.PUSH if stage in ROBOTS else style.CART_TABLE
        axes.barh(row, took, left=begins, color=colour, height=0.72)
        axes.text(
            begins + took + 0.012 * whole, row, f"{took:.1f}", va="center", fontsize=9.5, color=style.INK
        )
        begins += took
    for frame in range(1, int(whole / PERIOD) + 2):
        axes.axvline(frame * PERIOD, color=style.INK, lw=0.9, ls=":", zorder=0.9)
        axes.text(frame * PERIOD, -0.9, "next frame ", fontsize=9, color=style.INK, va="center", ha="right")
    most = max(1.08 * whole, 1.02 * PERIOD)
    axes.set(xlabel="since the shutter (ms)", xlim=(0, most), ylim=(len(story.stages) - 0.4, -1.2))
    axes.set_yticks(range(len(story.stages)), list(story.stages))
    axes.tick_params(axis="y", length=0, labelcolor=style.INK)
    axes.grid(visible=False, axis="y")
    return figure


def _told(stages: dict[str, float]) -> str:
    return ", ".join(f"{stage} {took:.1f} ms" for stage, took in stages.items())
