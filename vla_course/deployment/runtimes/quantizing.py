"""Engines in whole numbers: an ONNX model whose products are of 8 bits, by ONNX Runtime's own tools.

Dynamic: weights are quantised once, what comes in anew at every decision. Static: the ranges of what comes in were
measured on calibration frames, and quantising and its undoing stand in the graph as nodes (QDQ).
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from vla_course.deployment.runtimes.onnx_runtime import runtime
from vla_course.deployment.runtimes.processor import has

if TYPE_CHECKING:
    from onnx import GraphProto, ModelProto

STATIC: Final = ("Conv", "Gemm", "MatMul")
"""kinds of nodes that have weights to multiply by; a norm stays in floating point"""


def dynamic(model: ModelProto) -> ModelProto:
    """Return a model whose matrix products are of 8 bits, ranges of what comes in measured at every decision.

    Convolutions stay as they are: ConvInteger is slow where it is there at all.
    """
    runtime()
    from onnxruntime.quantization import QuantType, quantize_dynamic

    with _workshop(split_gemms(model)) as (before, after):
        quantize_dynamic(
            before,
            after,
            op_types_to_quantize=["MatMul"],
            per_channel=True,
            reduce_range=_narrow(),
            weight_type=QuantType.QInt8,
        )
        return _read(after)


def static(model: ModelProto, frames: Sequence[Mapping[str, Tensor]]) -> ModelProto:
    """Return a model whose products and convolutions are of 8 bits, but for its first and its last.

    Args:
        model: in float32.
        frames: what it is given, for calibration: ranges beyond what they show are cut off.
    """
    runtime()
    from onnxruntime.quantization import QuantFormat, QuantType, quantize_static

    with _workshop(model) as (before, after):
        products = [node.name for node in _read(before).graph.node if node.op_type in STATIC]
        quantize_static(
            before,
            after,
            _Calibration(frames),
            quant_format=QuantFormat.QDQ,
            op_types_to_quantize=list(STATIC),
            nodes_to_exclude=[products[0], products[-1]],
            per_channel=True,
            reduce_range=_narrow(),
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
        )
        return _read(after)


def split_gemms(model: ModelProto) -> ModelProto:
    """Return the same model with `MatMul` and `Add` in place of `Gemm`, which dynamic quantisation passes over."""
    import onnx
    from onnx import helper, numpy_helper

    split = onnx.ModelProto()
    split.CopyFrom(model)
    graph: GraphProto = split.graph
    weights = {one.name: one for one in graph.initializer}
    nodes = []
    for node in graph.node:
        told = {one.name: helper.get_attribute_value(one) for one in node.attribute}
        plain = told.get("alpha", 1.0) == told.get("beta", 1.0) == 1.0 and not told.get("transA", 0)
        if node.op_type != "Gemm" or not plain or node.input[1] not in weights:
            nodes.append(node)
            continue
        left, right, bias = node.input
        if told.get("transB", 0):
            turned = np.ascontiguousarray(numpy_helper.to_array(weights[right]).T)
            right = f"{right}.turned"
            if right not in {one.name for one in graph.initializer}:
                graph.initializer.append(numpy_helper.from_array(turned, right))
        product = f"{node.output[0]}.product"
        nodes += [
            helper.make_node("MatMul", [left, right], [product], name=f"{node.name}.product"),
            helper.make_node("Add", [product, bias], list(node.output), name=f"{node.name}.bias"),
        ]
    del graph.node[:]
    graph.node.extend(nodes)
    used = {name for node in graph.node for name in node.input}
    kept = [one for one in graph.initializer if one.name in used]
    del graph.initializer[:]
    graph.initializer.extend(kept)
    return split


class _Calibration:
    """Hands out calibration frames one by one, as ONNX Runtime asks for them."""

    def __init__(self, frames: Sequence[Mapping[str, Tensor]]) -> None:
        self._frames = iter(frames)

    def get_next(self) -> dict[str, NDArray[Any]] | None:
        frame = next(self._frames, None)
        return None if frame is None else {name: value.numpy() for name, value in frame.items()}


def _narrow() -> bool:
    """Tell whether weights must do with 7 bits: without VNNI sums of two products are cut off at 16 bits (x86)."""
    return has("avx2") and not has("avx512_vnni", "avx_vnni")


@contextmanager
def _workshop(model: ModelProto) -> Iterator[tuple[Path, Path]]:
    """Give the file of a model that is ready to be quantised, and where the quantised one goes."""
    import onnx

    runtime()
    from onnxruntime.quantization.shape_inference import quant_pre_process

    quiet, level = logging.getLogger(), logging.getLogger().level
    quiet.setLevel(logging.ERROR)
    try:
        with TemporaryDirectory() as folder:
            raw, before, after = (Path(folder) / f"{name}.onnx" for name in ("raw", "before", "after"))
            onnx.save(model, raw)
            # Shapes are fixed: plain inference knows them all.
            quant_pre_process(raw, before, skip_symbolic_shape=True)
            yield before, after
    finally:
        quiet.setLevel(level)


def _read(path: Path) -> Any:
    import onnx

    return onnx.load(path)
