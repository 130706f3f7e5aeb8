"""Is the humanoid's model fast enough for the robot, with which eyes, and what binds it?

Three cameras, one command, one robot, a chunk of eight actions; one thread of a processor, and a GPU where there is
one. "Model" begins with pictures as the encoder wants them and the command as a sentence, "end to end" with the
cameras' bytes. Each model has a process of its own, so that its memory is its own.

python benchmarks/model_latency.py [--quick] [--json] [--seed N]
"""

import multiprocessing
import resource
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

import numpy as np
import torch
from report import Figure, arguments, report

from vla_course.learning.encoders.backbones import BACKBONES, backbone
from vla_course.learning.encoders.encoders import load_language_encoder, load_vision_encoder
from vla_course.learning.model.machine import (
    LatencyReport,
    MachineCeiling,
    count_flops,
    measure_ceiling,
    waited,
    weight_bytes,
)
from vla_course.reference.day1_fundamentals.humanoid_vla import HumanoidVLA
from vla_course.reference.day1_fundamentals.latency import measure_latency, roofline
from vla_course.reference.day1_fundamentals.preprocessing import preprocess_image

SHIPPED = "shipped"
COMMAND = ["pick up the red cup"]
STEPS = 8
"""actions of a chunk"""
RATE = 10
"""Hz: the policy of a humanoid speaks at 10 to 30"""
MEMORY = {"cpu": "memory of the process", "cuda": "memory of the device"}


@dataclass(frozen=True)
class Case:
    """What is measured."""

    eyes: str
    """SHIPPED, or one of BACKBONES"""
    device: str
    seed: int
    repeats: int


@dataclass(frozen=True)
class Measured:
    """What was found."""

    model: LatencyReport
    end_to_end: LatencyReport
    flops: int
    weights: int
    """bytes"""
    memory: int
    """bytes: resident in the process at most, or allocated on the GPU"""
    ceiling: MachineCeiling


def main() -> None:
    options = arguments(__doc__ or "")
    repeats = 20 if options.quick else 500
    figures = []
    for device in ("cpu", "cuda") if torch.cuda.is_available() else ("cpu",):
        cases = [Case(eyes, device, options.seed, repeats) for eyes in (SHIPPED, *BACKBONES)]
        found = [alone(case) for case in cases]
        # One machine has one ceiling: the highest that any of them has touched.
        ceiling = MachineCeiling(
            max(one.ceiling.flops for one in found), max(one.ceiling.bandwidth for one in found)
        )
        figures += [
            Figure(f"{device}: ceiling of the arithmetic", ceiling.flops / 1e9, "Gflop/s"),
            Figure(f"{device}: ceiling of the memory", ceiling.bandwidth / 1e9, "GB/s"),
        ]
        for case, one in zip(cases, found, strict=True):
            figures += figures_of(case, one, ceiling)
    report("model_latency", figures, options)


def alone(case: Case) -> Measured:
    """Measure in a fresh process: the greatest memory of one model is never that of another."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as process:
        return process.submit(measured, case).result()


def measured(case: Case) -> Measured:
    """Build a model and measure it, in a process that does nothing else."""
    torch.set_num_threads(1)
    torch.manual_seed(case.seed)
    vision = load_vision_encoder() if case.eyes == SHIPPED else backbone(case.eyes).fine_tune(False).eval()
    model = HumanoidVLA(vision, load_language_encoder()).eval().to(case.device)
    rng = np.random.default_rng(case.seed)
    frames = [rng.integers(0, 256, (240, 320, 3), dtype=np.uint8) for _ in model.config.cameras]
    state = torch.from_numpy(rng.normal(size=(1, model.config.state_dim)).astype(np.float32)).to(case.device)

    def seen() -> list[torch.Tensor]:
        pixels = [preprocess_image(frame, vision.image_size, vision.mean, vision.std) for frame in frames]
        return [picture.unsqueeze(0).to(case.device) for picture in pixels]

    ready = seen()

    @torch.inference_mode()
    def step() -> object:
        return model(ready, COMMAND, state, sequence_length=STEPS)

    @torch.inference_mode()
    def whole() -> object:
        return model.predict(seen(), COMMAND, state, sequence_length=STEPS).targets[0].cpu().numpy()

    fast, slow = (
        measure_latency(waited(work, case.device), 1 + case.repeats // 10, case.repeats)
        for work in (step, whole)
    )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    if case.device == "cuda":
        peak = torch.cuda.max_memory_allocated()
    flops = count_flops(lambda: model(ready, COMMAND, state, sequence_length=STEPS))
    return Measured(fast, slow, flops, weight_bytes(model), peak, measure_ceiling(device=case.device))


def figures_of(case: Case, found: Measured, ceiling: MachineCeiling) -> list[Figure]:
    """Return what is reported of one model."""
    name = f"{case.eyes}, {case.device}: "
    roof = roofline(found.flops, found.weights, ceiling)
    reached = found.flops / (found.model.p50 * 1e-3)
    latencies = [
        Figure(name + f"{part}, {percentile}", getattr(times, percentile), "ms", n=case.repeats)
        for part, times in (("model", found.model), ("end to end", found.end_to_end))
        for percentile in ("p50", "p95", "p99")
    ]
    bar, aim = (f">= {RATE}", f"{3 * RATE}") if case.eyes == SHIPPED else ("", "")
    return [
        *latencies,
        Figure(name + "control rate", found.end_to_end.control_rate, "Hz", bar, aim, n=case.repeats),
        Figure(name + "throughput", found.model.throughput, "1/s", n=case.repeats),
        Figure(name + MEMORY[case.device], found.memory / 2**20, "MiB"),
        Figure(name + "weights", found.weights / 2**20, "MiB"),
        Figure(name + "work", found.flops / 1e6, "Mflop"),
        Figure(name + "intensity", roof.intensity, "flop/byte"),
        Figure(name + f"of what is attainable, {roof.bound} bound", 100 * reached / roof.attainable, "%"),
    ]


if __name__ == "__main__":
    main()
