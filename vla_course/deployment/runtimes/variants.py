"""The ways of running the networks, by name: what each is, why a machine may not have it, and how it is made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import torch
from torch import Tensor

from vla_course.deployment.runtimes import peers, quantizing, torch_runtimes
from vla_course.deployment.runtimes.engines import ENGINES, check, engine, exported
from vla_course.deployment.runtimes.frames import Frame, frames_of, inputs_of
from vla_course.deployment.runtimes.networks import Network, Run, Shipped
from vla_course.deployment.runtimes.onnx_runtime import session
from vla_course.learning.model.machine import weight_bytes

if TYPE_CHECKING:
    from onnx import ModelProto


@dataclass(frozen=True, eq=False)
class Workshop:
    """What variants are made of.

    Attributes:
        shipped: the networks.
        folder: of engines.
        calibration: frames by which ranges are measured; None: of the demonstrations that ship.
    """

    shipped: Shipped
    folder: Path = ENGINES
    calibration: list[Frame] | None = field(default=None)

    @cached_property
    def inputs(self) -> Mapping[str, list[dict[str, Tensor]]]:
        """What each network is given in the calibration frames; read when the first engine asks for it."""
        frames = self.calibration
        if frames is None:
            frames, _ = frames_of(self.shipped, np.random.default_rng(0))
        return inputs_of(frames, self.shipped)

    def onnx(self, network: Network) -> Path:
        """Return the engine in float32."""
        return engine(network, "float32", lambda: exported(network), self.folder)

    def quantized(self, network: Network, variant: str, make: Callable[[ModelProto], ModelProto]) -> Path:
        """Return an engine that is made of the one in float32."""
        return engine(network, variant, lambda: make(check(self.onnx(network), network)), self.folder)

    def dynamic(self, network: Network) -> Path:
        """Return the engine of 8 bits whose ranges are measured while it runs."""
        return self.quantized(network, "int8-dynamic", quantizing.dynamic)

    def static(self, network: Network) -> Path:
        """Return the engine of 8 bits whose ranges were measured before."""
        return self.quantized(
            network, "int8-static", lambda model: quantizing.static(model, self.inputs[network.name])
        )


@dataclass(frozen=True)
class Loaded:
    """A network, ready to run.

    Attributes:
        run: it.
        size: bytes, of its file or its weights.
    """

    run: Run
    size: int


@dataclass(frozen=True)
class Variant:
    """A way of running the networks.

    Attributes:
        says: what it is, for people.
        missing: says in a sentence why this machine does not have it; empty where it does.
        load: makes it ready.
    """

    says: str
    missing: Callable[[], str]
    load: Callable[[Network, Workshop], Loaded]


def _here() -> str:
    return ""


def _torch(network: Network, workshop: Workshop) -> Loaded:
    return Loaded(network.run, weight_bytes(network.module))


def _autocast(dtype: torch.dtype) -> Variant:
    name = str(dtype).removeprefix("torch.")
    return Variant(
        f"torch, products in {name}",
        lambda: torch_runtimes.without(dtype),
        lambda network, workshop: Loaded(
            torch_runtimes.autocast(network, dtype), weight_bytes(network.module)
        ),
    )


def _compiled(network: Network, workshop: Workshop) -> Loaded:
    return Loaded(torch_runtimes.compiled(network), weight_bytes(network.module))


def _of_file(
    path_of: Callable[[Workshop, Network], Path], run_of: Callable[[Path, Network], Run]
) -> Callable[[Network, Workshop], Loaded]:
    def load(network: Network, workshop: Workshop) -> Loaded:
        path = path_of(workshop, network)
        return Loaded(run_of(path, network), path.stat().st_size)

    return load


REFERENCE, DEFAULT = "torch", "onnx"
VARIANTS: Final[Mapping[str, Variant]] = {
    REFERENCE: Variant("torch, float32: as it was trained", _here, _torch),
    "bfloat16": _autocast(torch.bfloat16),
    "float16": _autocast(torch.float16),
    "compiled": Variant("torch.compile, float32", torch_runtimes.without_compiler, _compiled),
    DEFAULT: Variant("ONNX Runtime, float32", _here, _of_file(Workshop.onnx, session)),
    "int8-dynamic": Variant(
        "ONNX Runtime, matrix products of 8 bits", _here, _of_file(Workshop.dynamic, session)
    ),
    "int8-static": Variant(
        "ONNX Runtime, products and convolutions of 8 bits, calibrated",
        _here,
        _of_file(Workshop.static, session),
    ),
    "openvino": Variant("OpenVINO, float32", peers.without_openvino, _of_file(Workshop.onnx, peers.openvino)),
    "tensorrt": Variant("TensorRT", peers.without_tensorrt, _of_file(Workshop.onnx, peers.tensorrt)),
}
"""a line adds one"""


def check_variant(name: str) -> None:
    """Refuse a variant that is unknown, or not to be had here; raises ValueError."""
    if not isinstance(name, str) or name not in VARIANTS:
        raise ValueError(f"runtime is {name!r}, expected one of: {', '.join(VARIANTS)}")
    why = VARIANTS[name].missing()
    if why:
        raise ValueError(f"runtime {name!r} is not to be had here: {why}")
