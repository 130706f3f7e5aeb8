"""ONNX Runtime: a session on one thread that leaves the processor alone between two decisions."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from vla_course.deployment.runtimes.networks import Network, Run


def runtime() -> Any:
    """Return the library.

    It is told to report to nobody: its wheels collect telemetry, in a thread that starts with the import, unless this
    variable is set by then.
    """
    os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
    import onnxruntime

    return onnxruntime


def session(path: Path, network: Network) -> Run:
    """Return an engine at work.

    One thread, and none that spins: what waits for work in a loop takes the core that the simulator runs on.
    """
    ort = runtime()
    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    working = ort.InferenceSession(path.read_bytes(), options, providers=["CPUExecutionProvider"])
    names, outputs = tuple(network.inputs), network.outputs

    def run(inputs: Mapping[str, Tensor]) -> dict[str, Tensor]:
        found = working.run(outputs, {name: inputs[name].numpy() for name in names})
        return {name: torch.from_numpy(array) for name, array in zip(outputs, found, strict=True)}

    return run
