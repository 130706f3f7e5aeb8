"""What one training of the course costs, whether a killed one goes on to the same bits, and how quick a decision is."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import torch

from vla_course.learning.encoders.frozen import FrozenEncoders
from vla_course.learning.encoders.weights import WEIGHTS
from vla_course.learning.environment.environment import HumanoidTaskEnv
from vla_course.learning.expert.scene_knowledge import TrueKnowledge
from vla_course.learning.grounding.files import load_grounder
from vla_course.learning.planned.learned import LearnedGrounder
from vla_course.learning.policy.actor import EXECUTE, Actor
from vla_course.learning.policy.chunk_policy import ChunkPolicy
from vla_course.learning.reading.files import load_reader
from vla_course.learning.training.trainer import CHECKPOINT
from vla_course.simulation.tasks.tasks import sample_task

SENTENCE: Final = "pick up the red cup"
_LOOK: Final = 0.05
"""s, between two looks at whether a training has got anywhere"""


@dataclass(frozen=True)
class StepTime:
    """Processor seconds of a step of a network's training."""

    key: str
    seconds: float


@dataclass(frozen=True)
class Cost:
    """What a training took."""

    key: str
    minutes: float
    """of the processor, on one thread"""
    memory: float
    """bytes, resident at most"""


def command(folders: Sequence[Path], out: Path, steps: int | None) -> list[str]:
    """Return the words of `vla-course train`."""
    words = [sys.executable, "-m", "vla_course.cli", "train", *map(str, folders), "--out", str(out)]
    return words if steps is None else [*words, "--steps", str(steps)]


def cost(key: str, folders: Sequence[Path], out: Path, steps: int | None) -> Cost:
    """Train as a student does, on one thread, and return what it took.

    Raises:
        RuntimeError: the training failed.
    """
    (out / "training" / CHECKPOINT).unlink(missing_ok=True)  # what it took is asked of a whole one
    child, memory, ended = subprocess.Popen(command(folders, out, steps), env=_alone()), 0.0, 0
    while not ended:
        time.sleep(_LOOK)
        memory = max(memory, _peak(child.pid))
        ended, status, used = os.wait4(child.pid, os.WNOHANG)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise RuntimeError(f"`vla-course train` ended with {child.returncode}")
    return Cost(key, (used.ru_utime + used.ru_stime) / 60.0, memory)


def _peak(pid: int) -> float:
    """Return how many bytes a process has had in memory at most.

    What `wait4` tells begins with the memory of whoever started it, which is this benchmark with all its examples.
    """
    told = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    found = re.search(r"VmHWM:\s+(\d+) kB", told)  # gone from a process that has ended
    return 1024.0 * int(found[1]) if found else 0.0


@dataclass(frozen=True)
class Kill:
    """What came of a training that was killed: bytes of its weights that differ from those of one that was not."""

    key: str
    differ: int
    after: float
    """s, after its first checkpoint"""


def killed(key: str, folders: Sequence[Path], steps: int, seed: int) -> Kill:
    """Train twice, kill the second at a random moment after its first checkpoint, and let it go on."""
    rng = np.random.default_rng(seed)
    with tempfile.TemporaryDirectory() as scratch:
        calm, cut = Path(scratch, "calm"), Path(scratch, "cut")
        begin = time.monotonic()
        subprocess.run(command(folders, calm, steps), env=_alone(), check=True)
        rest, after = time.monotonic() - begin, 0.0
        while not (cut / "training" / CHECKPOINT).exists():
            rest *= 0.5  # a training that was done before it was killed is of no use: sooner, then
            shutil.rmtree(cut, ignore_errors=True)
            after = float(rng.uniform(0.0, rest))
            _kill(command(folders, cut, steps), cut / "training" / CHECKPOINT, after)
        subprocess.run(command(folders, cut, steps), env=_alone(), check=True)
        one, other = ((folder / WEIGHTS).read_bytes() for folder in (calm, cut))
        differ = sum(a != b for a, b in zip(one, other, strict=False)) + abs(len(one) - len(other))
        return Kill(key, differ, round(after, 2))


def _kill(words: list[str], checkpoint: Path, after: float) -> None:
    """Begin a training and kill it so many seconds after its first checkpoint, should it still be under way."""
    child = subprocess.Popen(words, env=_alone())
    while not checkpoint.exists() and child.poll() is None:
        time.sleep(_LOOK)
    time.sleep(after)
    child.send_signal(signal.SIGKILL)
    child.wait()


def _alone() -> dict[str, str]:
    return {**os.environ, "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


@dataclass(frozen=True)
class Pace:
    """Processor ms of one thread: pictures of three cameras into places, places into numbers, numbers into joints."""

    seeing: list[float]
    deciding: list[float]
    acting: list[float]

    def p95(self, *parts: str) -> float:
        """Return the 95th percentile of the sum of some parts, ms."""
        return float(np.quantile(np.sum([getattr(self, part) for part in parts], axis=0), 0.95))


def decision_pace(network: ChunkPolicy, repeats: int) -> Pace:
    """Time decisions in one scene: all three cameras are looked at anew before each."""
    torch.set_num_threads(1)
    task = sample_task(np.random.default_rng(0), "pick up")
    env, grounder = HumanoidTaskEnv(), LearnedGrounder.load()
    pace = Pace([], [], [])
    try:
        seen, _ = env.reset(seed=0, options={"task": task})
        rgb = np.stack([seen[place] for place in env.cameras])
        instruction = task.parts[0].instruction
        actor = Actor(network, TrueKnowledge(env.stage), instruction, task.hand, env.robot)
        for repeat in range(-10, repeats):
            times = [time.thread_time()]
            grounder.ground(grounder.encode(rgb, SENTENCE), "thing")
            times.append(time.thread_time())
            inputs = actor.inputs()
            numbers = actor.decided(inputs)
            times.append(time.thread_time())
            actor.acted(numbers[:EXECUTE], inputs)
            times.append(time.thread_time())
            if repeat >= 0:
                for part, taken in zip(
                    (pace.seeing, pace.deciding, pace.acting), np.diff(times), strict=True
                ):
                    part.append(1e3 * float(taken))
    finally:
        env.close()
    return pace


def parameters(network: ChunkPolicy) -> dict[str, int]:
    """Return how many numbers each part of the direct policy has learned."""
    encoders = FrozenEncoders.load()
    parts = {
        "vision encoder": encoders.vision,
        "language encoder": encoders.language,
        "reader": load_reader(),
        "grounder": load_grounder(),
        "network": network,
    }
    return {name: sum(one.numel() for one in part.parameters()) for name, part in parts.items()}
