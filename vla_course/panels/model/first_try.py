"""A model on a robot: it is told something, acts on what it sees, and what comes of it is photographed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from vla_course.learning.environment.environment import HumanoidTaskEnv, Observation
from vla_course.panels.drawing import style
from vla_course.panels.drawing.style import Picture, picture
from vla_course.panels.model.inputs import pixels_of
from vla_course.reference.day1_fundamentals.preprocessing import preprocess_image
from vla_course.simulation.robot.layout import ACTION, ARMS
from vla_course.simulation.scene.cameras import PLACES

Image = NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Try:
    """What came of one sentence.

    Attributes:
        confidence: of the model, the mean over its decisions.
        success, failure: what the task's rule of physics says; failure is empty where nothing went wrong.
        swing: rad, how far the arm joint went that went farthest.
        pictures: (240, 320, 3) uint8 from aside, one each half second.
    """

    sentence: str
    seconds: float
    confidence: float
    success: bool
    failure: str
    swing: float
    pictures: tuple[Image, ...]

    def __str__(self) -> str:
        ending = "done" if self.success else self.failure or "not done, stands"
        return f"{ending} after {self.seconds:.1f} s, {100 * self.confidence:.0f} % sure of it"


def first_try(model: Any, sentence: str, seed: int = 0, seconds: float = 2.4) -> Try:
    """Let a `HumanoidVLA` act for so long, or until it has done what it was told or fallen; legs are planned.

    It plans a chunk, carries it out, and plans the next one. It says nothing of where to go and of grippers: the
    base stays, grippers are half open.
    """
    pictures: list[Image] = []
    sure: list[float] = []
    env = HumanoidTaskEnv(instruction=sentence, render_mode="rgb_array")
    with env:
        seen, told = env.reset(seed=seed)
        arms = [seen["state"][ARMS]]
        actions = np.zeros((0, 28), dtype=np.float32)
        over = False
        while not over and told["time"] < seconds - 1e-9:
            if len(pictures) <= told["time"] / 0.5:
                pictures.append(_photograph(env))
            if len(actions) == 0:
                actions, confidence = _decide(model, seen)
                sure.append(confidence)
            action = np.zeros(ACTION.size, dtype=np.float32)
            action[ACTION.joints], actions = actions[0], actions[1:]
            seen, _, over, _, told = env.step(action)
            arms.append(seen["state"][ARMS])
        pictures.append(_photograph(env))
    swing = float(np.ptp(np.array(arms), axis=0).max())
    return Try(
        sentence, told["time"], float(np.mean(sure)), told["success"], told["failure"], swing, tuple(pictures)
    )


def _photograph(env: HumanoidTaskEnv) -> Image:
    shown = env.render()
    assert shown is not None
    return shown


@torch.no_grad()
def _decide(model: Any, seen: Observation) -> tuple[NDArray[np.float32], float]:
    pixels = pixels_of({place: seen[place] for place in PLACES}, model.vision_encoder, preprocess_image)
    state = torch.from_numpy(seen["state"]).unsqueeze(0)
    answer = model.predict(pixels, [seen["instruction"]], state, sequence_length=model.config.chunk)
    actions: NDArray[np.float32] = answer.actions[0].float().numpy()
    return actions, float(answer.confidence[0])


def tries_picture(tries: Sequence[Try], count: int = 5) -> Picture:
    """Show each try in a row of `count` pictures."""
    told = "; ".join(f"{one.sentence!r}: {one}" for one in tries)
    figure, panes = picture(
        len(tries), count, height=1.8 * len(tries), alt=f"Photographs of a robot that a model moves. {told}."
    )
    for row, one in enumerate(tries):
        shown = np.linspace(0, len(one.pictures) - 1, count).round().astype(int)
        for pane, number in zip(panes[row * count :], shown, strict=False):
            pane.imshow(one.pictures[number][45:225, 75:265], interpolation="lanczos")
            pane.set(xticks=[], yticks=[])
            pane.spines[:].set_visible(False)
            pane.grid(False)
        line = panes[row * count].text(
            0.0,
            1.06,
            f"“{one.sentence}”: {one}",
            fontsize=10,
            color=style.INK,
            transform=panes[row * count].transAxes,
        )
        line.set_in_layout(False)
    figure.set_layout_engine("constrained", h_pad=0.16)  # room for the lines
    return figure
