"""The course's side of LeRobot's ACT: a lesson as arrays for it, and what it has learned as something that can act.

ACT gets what all get: the robot's state with the instruction behind it, and as the state of the environment all places,
what is left to go and where the hands are. It answers as it does everywhere, with targets of joints, gripper openings,
velocity and stance: absolute, without inverse kinematics. LeRobot pins versions that the course does not have, so it
lives in an environment of its own:

    python3.11 -m venv /tmp/lerobot && /tmp/lerobot/bin/pip install lerobot==0.4.4
    LEROBOT_PYTHON=/tmp/lerobot/bin/python python benchmarks/training.py ...
"""

import json
import os
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from vla_course.learning.policy import spoken
from vla_course.learning.policy.chunk_policy import ChunkPolicyConfig
from vla_course.learning.training.examples import Examples
from vla_course.motion.arms.ik_config import Chain, InverseKinematicsAnswer, InverseKinematicsConfig
from vla_course.motion.arms.pose import Pose

SCRIPT: Final = Path(__file__).with_name("training_act_lerobot.py")
SAID: Final = len(spoken.SPOKEN)
Array = NDArray[np.float64]
Floats = NDArray[np.float32]


def interpreter() -> str:
    """Return the Python that has LeRobot; empty where none is named."""
    return os.environ.get("LEROBOT_PYTHON", "")


def as_arrays(examples: Examples) -> dict[str, NDArray[np.generic]]:
    """Return examples as ACT takes them: `state`, `around`, `actions` (n, H, SAID) absolute, and which are `own`."""
    now = spoken.posture(examples.states)
    return {
        "state": np.concatenate((examples.states, examples.told), axis=1),
        "around": _around({name: getattr(examples, name) for name in AROUND}),
        "actions": examples.chunks[..., :SAID] + now[:, None],
        "own": examples.own,
    }


AROUND: Final = ("left", "places", "table", "neighbours", "tools")


def _around(inputs: Mapping[str, Floats]) -> Floats:
    rows = [inputs[name].reshape(len(inputs[name]), -1) for name in AROUND]
    return np.concatenate(rows, axis=1)


def train(examples: Examples, out: Path, seconds: float, seed: int) -> dict[str, float]:
    """Let LeRobot train on examples for so many processor seconds; return `parameters`, `steps` and `loss`.

    Raises:
        RuntimeError: LeRobot could not.
    """
    lesson = out.with_suffix(".npz")
    np.savez(lesson, **as_arrays(examples))
    told = subprocess.run(
        [interpreter(), str(SCRIPT), str(lesson), str(out), str(seconds), str(seed)],
        capture_output=True,
        text=True,
        check=False,
        env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
    )
    lesson.unlink()
    if told.returncode:
        raise RuntimeError(f"{interpreter()} could not train ACT: {told.stderr[-2000:]}")
    found: dict[str, float] = json.loads(told.stdout.splitlines()[-1])
    return found


class Act:
    """A trained ACT that acts as a network of the course does."""

    def __init__(self, path: Path, config: ChunkPolicyConfig) -> None:
        self.config, self._model = config, torch.jit.load(str(path)).eval()

    def eval(self) -> "Act":
        """Be ready to act."""
        return self

    @torch.no_grad()
    def __call__(self, inputs: Mapping[str, Tensor]) -> Tensor:
        """Return the spoken numbers (B, H, SIZE) of chunks, in units: nothing is said of where tools go."""
        around = torch.from_numpy(_around({name: inputs[name].numpy() for name in AROUND}))
        actions = self._model(torch.cat((inputs["state"], inputs["told"]), dim=1), around)
        now = torch.from_numpy(spoken.posture(inputs["state"].numpy()))
        return torch.nn.functional.pad(actions - now[:, None], (0, spoken.SIZE - SAID))

    def units(self, chunk: Tensor) -> Tensor:
        """Return chunks as they are."""
        return chunk

    def on(self, examples: Examples) -> Callable[[NDArray[np.int64]], Tensor]:
        """Return what answers rows (B,) of examples."""
        names = {"state": "states", "told": "told", **{name: name for name in AROUND}}

        def said(rows: NDArray[np.int64]) -> Tensor:
            return self({name: torch.from_numpy(getattr(examples, of)[rows]) for name, of in names.items()})

        return said


class JointsAlone:
    """In place of inverse kinematics for a policy that speaks of joints alone: it brings the arm where it is."""

    def __init__(self, config: InverseKinematicsConfig) -> None:
        self._config = config

    def step(
        self, jacobian: Array, error: Array, joints: Array, lower: Array, upper: Array, rest: Array
    ) -> Array:
        """Stay."""
        return joints

    def solve(
        self, chain: Chain, target: Pose, seed: Array, rest: Array | None = None, restarts: int = 0
    ) -> InverseKinematicsAnswer:
        """Return the joints of `seed`."""
        return InverseKinematicsAnswer(seed, True, 0.0, 0.0, 0)
