"""Torch tensors as bytes and back. Torch is loaded with the first tensor that arrives, never before."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import torch

DTYPES = (
    "bool", "int8", "int16", "int32", "int64", "uint8", "float16", "float32", "float64", "bfloat16",
    "complex64", "complex128",
)  # fmt: skip
"""What a tensor on the wire may be made of; its place here is its code."""

_ITEM_BYTES = (1, 1, 2, 4, 8, 1, 2, 4, 8, 2, 8, 16)


def code_of(dtype: torch.dtype) -> int | None:
    """The code of a dtype; None for one that does not cross."""
    name = str(dtype).removeprefix("torch.")
    return DTYPES.index(name) if name in DTYPES else None


def item_bytes(code: int) -> int:
    """Bytes of one number."""
    return _ITEM_BYTES[code]


def has_bytes(tensor: torch.Tensor) -> bool:
    """Whether its numbers are all there: neither sparse, nor quantised, nor without data (`meta`)."""
    import torch

    return tensor.layout is torch.strided and tensor.device.type != "meta" and not tensor.is_quantized


def bytes_of(tensor: torch.Tensor) -> bytes:
    """Its numbers in order of rows, wherever it lies and whatever it is a view of."""
    import torch

    flat = tensor.detach().resolve_conj().resolve_neg().cpu().contiguous().reshape(-1)
    numbers: np.ndarray = flat.view(torch.uint8).numpy()
    return numbers.tobytes()


def tensor_of(code: int, shape: list[int], data: bytes) -> torch.Tensor:
    """The tensor of these bytes, which fill that shape; a bool is true whatever its byte."""
    import torch

    if not data:
        return torch.empty(shape, dtype=dtype_of(code))
    flat = torch.frombuffer(bytearray(data), dtype=torch.uint8).clone()
    return (flat != 0 if DTYPES[code] == "bool" else flat.view(dtype_of(code))).reshape(shape)


@cache
def dtype_of(code: int) -> torch.dtype:
    """The dtype of a code."""
    import torch

    dtype: torch.dtype = getattr(torch, DTYPES[code])
    return dtype
