"""Engines: files that a runtime reads, made of shipped weights where they are missing, and refused where they are not.

Every file says of which weights it was made, and what goes in and comes out. Engines are derived, so none is shipped:
they lie in `build/engines`, and whoever deletes that folder loses half a minute.
"""

from __future__ import annotations

import json
import logging
import os
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

import torch

from vla_course.deployment.runtimes.networks import Network

if TYPE_CHECKING:
    from onnx import ModelProto

ENGINES: Final = Path(__file__).resolve().parents[3] / "build" / "engines"
OPSET: Final = 20


class EngineFault(ValueError):
    """An engine that is of another model, or not whole; the message names the file and what to do."""


def engine_path(network: Network, variant: str, folder: Path = ENGINES) -> Path:
    """Return where the engine of a network in a variant lies: engines of different weights lie side by side."""
    return folder / f"{network.name}-{network.weights}.{variant}.onnx"


def engine(network: Network, variant: str, make: Callable[[], ModelProto], folder: Path = ENGINES) -> Path:
    """Return the engine of a network in a variant, made where it is missing and checked where it is not.

    Args:
        network: that it is of.
        variant: its name.
        make: makes it; its inputs and outputs are those of the network.
        folder: of engines, made where it is not there.

    Raises:
        EngineFault: as `check`.
    """
    path = engine_path(network, variant, folder)
    if not path.exists():
        model = make()
        del model.metadata_props[:]
        for name, value in _told(network).items():
            model.metadata_props.add(key=name, value=value)
        folder.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(f".{os.getpid()}.part")
        part.write_bytes(model.SerializeToString())
        part.replace(path)  # whoever looks meanwhile sees all of it or nothing
    check(path, network)
    return path


def check(path: Path, network: Network) -> ModelProto:
    """Return the model in a file, if it is an engine of that network and whole.

    Raises:
        EngineFault: it is not.
    """
    import onnx
    from google.protobuf.message import DecodeError

    again = "delete it, and it is made anew"
    try:
        model = onnx.load(path, load_external_data=False)
        onnx.checker.check_model(model)
    except (DecodeError, onnx.checker.ValidationError, IsADirectoryError) as fault:
        why = str(fault).strip().splitlines()[0]
        raise EngineFault(f"{path} is no whole engine ({why}): {again}") from None
    found = {one.key: one.value for one in model.metadata_props}
    for name, expected in _told(network).items():
        if found.get(name) != expected:
            what = "is of another model" if name in found else "does not say of what it is"
            raise EngineFault(
                f"{path} {what}: its {name} are {found.get(name)}, expected {expected}: {again}"
            )
    return model


def _told(network: Network) -> dict[str, str]:
    """Return what an engine says of itself."""
    inputs = {
        name: [str(one.dtype).removeprefix("torch."), *one.shape] for name, one in network.inputs.items()
    }
    return {
        "network": network.name,
        "weights": network.weights,
        "inputs": json.dumps(inputs),
        "outputs": json.dumps(network.outputs),
    }


def exported(network: Network) -> ModelProto:
    """Return a network as ONNX, its shapes fixed: a robot asks for one decision at a time."""
    log = logging.getLogger("torch.onnx")
    level = log.level
    log.setLevel(logging.ERROR)  # it misses torchvision, which nobody asked for
    try:
        with warnings.catch_warnings(), torch.no_grad():
            warnings.simplefilter("ignore")
            program = torch.onnx.export(
                network.module,
                tuple(network.inputs.values()),
                input_names=list(network.inputs),
                output_names=list(network.outputs),
                dynamo=True,
                external_data=False,
                opset_version=OPSET,
                verbose=False,
            )
    finally:
        log.setLevel(level)
    assert program is not None  # by dynamo
    return program.model_proto
