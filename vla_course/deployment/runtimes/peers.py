"""Runtimes that the course does not install: OpenVINO on processors of Intel's kind, TensorRT on NVIDIA's GPUs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from vla_course.deployment.runtimes.networks import Network, Run


def without_openvino() -> str:
    """Say why there is no OpenVINO; empty where there is."""
    try:
        import openvino  # noqa: F401
    except (ImportError, OSError) as fault:
        return f"OpenVINO is not installed ({fault}): pip install openvino"
    return ""


def openvino(path: Path, network: Network) -> Run:
    """Return an ONNX engine at work in OpenVINO, in float32: left alone it takes bfloat16 where there is AMX."""
    import openvino as ov

    core = ov.Core()
    hints = {"INFERENCE_PRECISION_HINT": "f32", "INFERENCE_NUM_THREADS": 1, "PERFORMANCE_HINT": "LATENCY"}
    model = core.compile_model(core.read_model(path), "CPU", hints)

    def run(inputs: Mapping[str, Tensor]) -> dict[str, Tensor]:
        found = model({name: inputs[name].numpy() for name in network.inputs})
        return {name: torch.from_numpy(found[name].copy()) for name in network.outputs}

    return run


def without_tensorrt() -> str:
    """Say why there is no TensorRT; empty where there is, and a GPU for it."""
    if not torch.cuda.is_available():
        return "TensorRT runs on NVIDIA's GPUs, and torch finds none here"
    try:
        import tensorrt  # noqa: F401
    except (ImportError, OSError) as fault:  # OSError: installed, and the driver's libraries are not
        return f"TensorRT does not load ({fault})"
    return ""


def tensorrt(path: Path, network: Network) -> Run:
    """Return an ONNX engine built by TensorRT for this GPU; the plan fits no other GPU and version, and is not kept.

    Raises:
        RuntimeError: TensorRT does not take the network; the message has its reasons.
    """
    import tensorrt as trt

    logger = trt.Logger(trt.Logger.ERROR)
    builder = trt.Builder(logger)
    graph = builder.create_network(0)
    parser = trt.OnnxParser(graph, logger)
    if not parser.parse(path.read_bytes()):
        faults = "; ".join(str(parser.get_error(one)) for one in range(parser.num_errors))
        raise RuntimeError(f"TensorRT does not take {path}: {faults}")
    plan = builder.build_serialized_network(graph, builder.create_builder_config())
    if plan is None:
        raise RuntimeError(f"TensorRT builds nothing of {path}")
    engine: Any = trt.Runtime(logger).deserialize_cuda_engine(plan)
    context, stream = engine.create_execution_context(), torch.cuda.Stream()
    shapes = {name: tuple(engine.get_tensor_shape(name)) for name in network.outputs}
    given = {name: value.cuda() for name, value in network.inputs.items()}
    found = {name: torch.empty(shape, device="cuda") for name, shape in shapes.items()}
    for name, tensor in {**given, **found}.items():
        context.set_tensor_address(name, tensor.data_ptr())

    def run(inputs: Mapping[str, Tensor]) -> dict[str, Tensor]:
        with torch.cuda.stream(stream):
            for name, tensor in given.items():
                tensor.copy_(inputs[name])
            context.execute_async_v3(stream.cuda_stream)
        stream.synchronize()
        return {name: tensor.cpu() for name, tensor in found.items()}

    return run
