"""The chapter's sequential listing, mended only until it runs, and the course's pipeline, on one stream of packets.

What was mended, and nothing else:

- CUDA streams and their synchronisation are gone: there is no GPU, and they overlapped nothing.
- A picture is cut by the course's answer to 1.1, not by a library that is not installed; there are three of them.
- The model is the one of Day 1, called as it wants to be; what it feels is laid out by the listing's two loops over
  joints, and the numbers that these leave out are 0.
- Its outputs are 28 joints: the listing's softmax goes over those of the first action. `extract_sources`, which the
  chapter never wrote, is the course's.

Everything that the notebook of Day 2 calls a fault is still there: wall time, lists that grow, no thread.
"""

from __future__ import annotations

import asyncio
import io
import time
from collections.abc import AsyncGenerator, AsyncIterator, Iterable
from typing import Any, Final

import numpy as np
import torch
from PIL import Image

from vla_course.learning.demonstrations.layout import STATE_NAMES
from vla_course.learning.model.vla_config import VLAConfig
from vla_course.reference.day1_fundamentals.humanoid_vla import HumanoidVLA
from vla_course.reference.day1_fundamentals.preprocessing import preprocess_image
from vla_course.serving.packets.packet import VLAPacket
from vla_course.serving.stream.decoding import extract_sources
from vla_course.serving.stream.pipeline import StreamingVLAPipeline, StreamSettings
from vla_course.serving.stream.vla_model import StreamedVLA
from vla_course.simulation.robot.layout import JOINT_NAMES

HERTZ: Final = 30.0
STEPS: Final = VLAConfig().chunk


def model(seed: int) -> HumanoidVLA:
    """Return the model of Day 1; how long it takes does not depend on what it has learned."""
    torch.manual_seed(seed)
    return HumanoidVLA.from_config(VLAConfig()).eval()


class SequentialListing:
    """The chapter's `StreamingVLAPipeline`: one packet after the other, on the event loop."""

    def __init__(self, model: HumanoidVLA) -> None:
        self.model = model
        self.inference_times: list[float] = []

    async def process_stream(
        self, input_stream: AsyncIterator[VLAPacket]
    ) -> AsyncGenerator[dict[str, Any], None]:
        """Answer packets as the chapter does."""
        async for packet in input_stream:
            start_time = time.time()
            try:
                pictures = [self.preprocess_image(picture) for picture in packet.images.values()]
                words = self.model.language_encoder.tokenize([packet.query])
                felt = dict(zip(STATE_NAMES, packet.robot_state.tolist(), strict=True))
                robot_state = self.encode_robot_state(felt)
                with torch.no_grad():
                    encoded = self.model.encode(pictures, words)
                    output = self.model.decide(encoded, robot_state, sequence_length=STEPS)
                    looked = self.model.attended(encoded, robot_state, sequence_length=STEPS).actions
                actions = self.decode_actions(output.actions[:, 0])
                pieces = self.model.language_encoder.pieces(words.input_ids)[0]
                patches = looked.patches[0].mean(dim=0).numpy()
                sources = extract_sources(
                    dict(zip(self.model.config.cameras, patches, strict=True)),
                    pieces,
                    looked.words[0].mean(dim=0).numpy(),
                )
                inference_time = time.time() - start_time
                self.inference_times.append(inference_time)
                yield {
                    "actions": actions,
                    "sources": sources,
                    "timestamp": time.time(),
                    "correlation_id": packet.correlation_id,
                    "inference_time_ms": inference_time * 1000,
                    "success": True,
                }
            except Exception as e:
                yield {
                    "actions": [],
                    "error": str(e),
                    "timestamp": time.time(),
                    "correlation_id": packet.correlation_id,
                    "success": False,
                }

    def preprocess_image(self, image_bytes: Any) -> torch.Tensor:
        """Cut a picture."""
        eyes = self.model.vision_encoder
        pixels = np.array(Image.open(io.BytesIO(image_bytes)))
        return preprocess_image(pixels, eyes.image_size, eyes.mean, eyes.std).unsqueeze(0)

    def encode_robot_state(self, robot_state: dict[str, float]) -> torch.Tensor:
        """Lay out what is felt; what is not there is 0."""
        positions = torch.tensor([robot_state.get(f"{name}.position", 0.0) for name in JOINT_NAMES])
        velocities = torch.tensor([robot_state.get(f"{name}.velocity", 0.0) for name in JOINT_NAMES])
        features = torch.zeros(len(STATE_NAMES))
        features[: 2 * len(JOINT_NAMES)] = torch.cat([positions, velocities], dim=-1)
        return features.unsqueeze(0)

    def decode_actions(self, action_logits: torch.Tensor) -> list[dict[str, Any]]:
        """Let joints compete with each other, and take the five that win."""
        probabilities = torch.softmax(action_logits, dim=-1)
        top, indices = torch.topk(probabilities, k=5, dim=-1)
        return [
            {"type": "idle", "confidence": top[0, i].item(), "index": indices[0, i].item()} for i in range(5)
        ]


async def camera(packets: Iterable[VLAPacket], began: float) -> AsyncGenerator[VLAPacket, None]:
    """Yield packets thirty times a second, stamped when they were due: who asks late gets an old one."""
    for number, packet in enumerate(packets):
        due = began + number / HERTZ
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        yield packet.model_copy(
            update={"frame_id": number, "correlation_id": f"frame:{number}", "timestamp": due}
        )


async def by_listing(model: HumanoidVLA, packets: list[VLAPacket]) -> list[float]:
    """Return the age of each picture when its answer came, s."""
    listing, ages = SequentialListing(model), []
    began = time.monotonic() + 0.1
    async for response in listing.process_stream(camera(packets, began)):
        due = began + len(ages) / HERTZ
        if not response["success"]:
            raise RuntimeError(f"the listing does not run: {response['error']}")
        ages.append(time.monotonic() - due)
    return ages


async def by_pipeline(model: HumanoidVLA, packets: list[VLAPacket]) -> list[float]:
    """Return the same of the course's pipeline; infinite where it would not answer with actions any more."""
    ages: list[float] = []
    settings = StreamSettings(deadline=1.0, stale=1.0)  # everything is answered, as the listing does
    async with StreamingVLAPipeline(StreamedVLA(model), settings=settings) as pipeline:
        began = time.monotonic() + 0.1
        async for response in pipeline.process_stream(camera(packets, began)):
            due = began + len(ages) / HERTZ
            ages.append(time.monotonic() - due if response.success else np.inf)
    return ages
