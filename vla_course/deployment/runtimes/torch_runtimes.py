"""Torch itself: as the networks are, in 16 bits where the device multiplies in them, and compiled."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from copy import deepcopy
from typing import Final

import torch
from torch import Tensor

from vla_course.deployment.runtimes.networks import Network, Run
from vla_course.deployment.runtimes.processor import has

BFLOAT16: Final = ("avx512_bf16", "amx_bf16", "bf16")
FLOAT16: Final = ("avx512_fp16", "amx_fp16", "asimdhp")
"""instruction sets of x86 and ARM that multiply in them"""
COMPILERS: Final = ("c++", "g++", "clang++", "cl")


def device() -> str:
    """Return where torch is quickest here."""
    return "cuda" if torch.cuda.is_available() else "cpu"


def without(dtype: torch.dtype) -> str:
    """Say why a number format of 16 bits gains nothing here; empty where the device multiplies in it."""
    if device() == "cuda":
        return ""
    sets = BFLOAT16 if dtype == torch.bfloat16 else FLOAT16
    name = str(dtype).removeprefix("torch.")
    return (
        ""
        if has(*sets)
        else f"this processor has no {name} arithmetic ({', '.join(sets)}), and there is no GPU"
    )


def without_compiler() -> str:
    """Say why nothing can be compiled here; empty where it can."""
    if device() == "cuda" or any(shutil.which(one) for one in (os.environ.get("CXX", ""), *COMPILERS) if one):
        return ""
    return "torch.compile needs a C++ compiler, and there is none here"


def autocast(network: Network, dtype: torch.dtype) -> Run:
    """Return a network whose products are of 16 bits; norms, sines and what comes out stay float32.

    Weights stay what they are, and are cast at every decision: they get no smaller.
    """
    where = device()
    module = deepcopy(network.module).to(where)

    @torch.inference_mode()
    def run(inputs: Mapping[str, Tensor]) -> dict[str, Tensor]:
        with torch.autocast(where, dtype):
            found = module(*(inputs[name].to(where) for name in network.inputs))
        return _named(network, found)

    return run


def compiled(network: Network) -> Run:
    """Return a network compiled for its one shape; compiling takes a minute or more.

    Raises:
        ValueError: torch cannot compile it here; the message has the reason.
    """
    where = device()
    module = torch.compile(deepcopy(network.module).to(where), dynamic=False)

    @torch.no_grad()  # the compiler takes numpy's constants for other tensors in inference mode, and gives up
    def run(inputs: Mapping[str, Tensor]) -> dict[str, Tensor]:
        return _named(network, module(*(inputs[name].to(where) for name in network.inputs)))

    try:
        run(network.inputs)
    except Exception as fault:  # whatever a compiler may say
        why = str(fault).strip().splitlines()[0]
        raise ValueError(
            f"torch.compile fails on {network.name} ({why}), expected a compiled network"
        ) from fault
    return run


def _named(network: Network, found: Tensor | tuple[Tensor, ...]) -> dict[str, Tensor]:
    parts = found if isinstance(found, tuple) else (found,)
    return {name: part.float().cpu() for name, part in zip(network.outputs, parts, strict=True)}
