"""The model of Day 1 behind a stream: pictures, words and state in, actions out, and what they came from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import torch
from torch import Tensor

from vla_course.learning.demonstrations.layout import STATE_NAMES
from vla_course.learning.encoders.encoders import Words
from vla_course.serving.packets.packet import IMAGE, VLAPacket
from vla_course.serving.stream.decoding import extract_sources
from vla_course.serving.stream.encoding import encode_robot_state, preprocess_image, tokenize_command
from vla_course.serving.stream.model import Decided
from vla_course.simulation.robot.layout import ACTION

if TYPE_CHECKING:
    from vla_course.learning.model.attention import AttentionShares
    from vla_course.reference.day1_fundamentals.humanoid_vla import HumanoidVLA

PERIOD: Final = 0.1
"""s, of an action"""


@dataclass(frozen=True, eq=False)
class Ready:
    """A packet as a `HumanoidVLA` reads it, on the model's device.

    Attributes:
        pictures: of each camera (1, 3, size, size).
        words: of the command, (1, n).
        state: (1, 75).
        copied: a CUDA event, after which pictures and state are there; None on a CPU.
    """

    pictures: tuple[Tensor, ...]
    words: Words
    state: Tensor
    copied: Any = None


class StreamedVLA:
    """A `StreamModel` that sees, hears and acts: pictures are cut, words and state encoded before the model thinks.

    It moves joints and says nothing of where to go: base and stance stay, grippers are half open.

    Args:
        model: a `HumanoidVLA` that moves all joints, on the device where it is to think; it is put in evaluation mode.
        steps: actions of an answer, each for `PERIOD`.
        precision: a type that autocast computes in, such as `torch.bfloat16`; None: that of the weights.
        sources: whether it tells what the actions came from, for which its attention is computed once more.

    Raises:
        ValueError: the model moves another number of joints, reads another state, or `steps` is no whole number from 1.
    """

    period: float = PERIOD

    def __init__(
        self,
        model: HumanoidVLA,
        steps: int | None = None,
        precision: torch.dtype | None = None,
        sources: bool = True,
    ) -> None:
        config = model.config
        joints = ACTION.joints.stop - ACTION.joints.start
        for name, found, expected in (
            ("num_joints", config.num_joints, joints),
            ("state_dim", config.state_dim, len(STATE_NAMES)),
        ):
            if found != expected:
                raise ValueError(f"model.config.{name} is {found}, expected {expected}")
        self._steps = config.chunk if steps is None else steps
        if type(self._steps) is not int or self._steps < 1:
            raise ValueError(f"steps is {steps!r}, expected a whole number from 1")
        self._model, self._precision, self._sources = model.eval(), precision, sources
        self._device = model.vision_encoder.weights.device
        self._copies = torch.cuda.Stream(self._device) if self._device.type == "cuda" else None

    # ---- before it thinks ------------------------------------------------------------------------

    def prepare(self, packet: VLAPacket) -> Ready:
        """Return a packet as the model reads it.

        Raises:
            PacketError: a camera is missing (`camera_lost`), or a picture (`bad_picture`), the command (`bad_text`) or
                the state (`not_finite`, ...) cannot be used.
        """
        model, eyes = self._model, self._model.vision_encoder
        pictures = [
            preprocess_image(
                packet.pixels(camera), eyes.image_size, eyes.mean, eyes.std, IMAGE + camera
            ).unsqueeze(0)
            for camera in model.config.cameras
        ]
        state = torch.from_numpy(encode_robot_state(packet.robot_state)).unsqueeze(0)
        words = tokenize_command(packet.query, model.language_encoder)
        if self._copies is None:
            return Ready(tuple(pictures), words, state)
        with torch.cuda.stream(self._copies):  # beside what the model is at, which is in another stream
            *there, felt = (
                part.pin_memory().to(self._device, non_blocking=True) for part in (*pictures, state)
            )
            return Ready(tuple(there), words, felt, self._copies.record_event())

    # ---- thinking --------------------------------------------------------------------------------

    @torch.inference_mode()
    def infer(self, prepared: Ready) -> Decided:
        """Return the actions (steps, 36), the model's one confidence in them, and what they came from."""
        self._await_copies(prepared)
        model, state = self._model, prepared.state
        kind = self._precision or torch.float32
        with torch.autocast(self._device.type, kind, enabled=self._precision is not None):
            encoded = model.encode(prepared.pictures, prepared.words)
            said = model.decide(encoded, state, sequence_length=self._steps)
            looked = (
                model.attended(encoded, state, sequence_length=self._steps).actions if self._sources else None
            )
        actions = np.zeros((self._steps, ACTION.size), dtype=np.float32)
        actions[:, ACTION.joints] = said.actions[0].float().cpu().numpy()
        confidences = np.full(self._steps, float(said.confidence[0]), dtype=np.float32)
        return Decided(actions, confidences, looked and self._told(looked, prepared.words))

    def _await_copies(self, prepared: Ready) -> None:
        """Let what the model does next begin when its inputs are there; the thread does not wait."""
        if prepared.copied is None:
            return
        thinks = torch.cuda.current_stream(self._device)
        thinks.wait_event(prepared.copied)
        for part in (*prepared.pictures, prepared.state):
            part.record_stream(thinks)  # their memory is not used again before the model is done

    def _told(self, looked: AttentionShares, words: Words) -> Any:
        """Return the sources of the actions, the mean over their steps."""
        patches = looked.patches[0].float().mean(dim=0).cpu().numpy()
        weights = looked.words[0].float().mean(dim=0).cpu().numpy()
        pieces = self._model.language_encoder.pieces(words.input_ids)[0]
        return extract_sources(dict(zip(self._model.config.cameras, patches, strict=True)), pieces, weights)
