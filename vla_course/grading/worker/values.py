"""What may cross between grader and worker: plain values, arrays, tensors, a few dataclasses; the rest by handle.

A value becomes a tree that msgpack knows by itself: None, bool, int, float, str and bytes as they are, all
others a list whose first element says what it is. No extension types, no pickle: reading a value runs no code
but this file's and the constructors of the dataclasses named here.
"""

from __future__ import annotations

import importlib
import math
import operator
from collections import deque
from collections.abc import Callable
from dataclasses import fields
from itertools import islice
from types import GeneratorType
from typing import TYPE_CHECKING, Any, Union

import numpy as np

from vla_course.course.checking.tensors import is_tensor
from vla_course.grading.worker import tensors

if TYPE_CHECKING:
    import torch

MAX_DEPTH = 32
MAX_ELEMENTS = 2**20
MAX_KEYS = 10_000
MAX_ARRAY_BYTES = 2**25
MAX_TEXT = 2**20
MAX_INT_BYTES = 128
MAX_DIMENSIONS = 8

DATACLASSES = {
    "BalanceState": "vla_course.motion.standing.balance_state",
    "BalanceCommands": "vla_course.motion.standing.balance_state",
    "BalanceConfig": "vla_course.motion.standing.balance_config",
    "InverseKinematicsConfig": "vla_course.motion.arms.ik_config",
    "Pose": "vla_course.motion.arms.pose",
    "Graspable": "vla_course.motion.hands.things",
    "Gripper": "vla_course.motion.hands.things",
    "Grasp": "vla_course.motion.hands.things",
    "Footstep": "vla_course.motion.footsteps.footstep",
    "Gradients": "vla_course.course.checking.gradients",
    "HumanoidDescription": "vla_course.simulation.robot.description",
    "TerrainMap": "vla_course.motion.ground.terrain_map",
    "TerrainAnalysis": "vla_course.motion.ground.terrain_map",
    "SoleGround": "vla_course.motion.ground.footing",
    "FootingLimits": "vla_course.motion.ground.footing",
    "PlannerConfig": "vla_course.motion.planning.foothold_graph",
    "GoalPose": "vla_course.motion.footsteps.plan",
    "Stance": "vla_course.motion.footsteps.plan",
    "FootstepPlan": "vla_course.motion.footsteps.plan",
    "Mended": "vla_course.motion.planning.step_safety",
    "VerifiedSteps": "vla_course.motion.planning.step_safety",
    "Pillar": "vla_course.motion.ground.obstacles",
    "Block": "vla_course.motion.ground.obstacles",
    "VLAConfig": "vla_course.learning.model.vla_config",
    "JointRange": "vla_course.learning.model.joint_range",
    "JointActions": "vla_course.learning.model.answers",
    "TaskPlan": "vla_course.learning.model.answers",
    "HumanoidPrediction": "vla_course.learning.model.answers",
    "AttentionShares": "vla_course.learning.model.attention",
    "OutputAttention": "vla_course.learning.model.attention",
    "LatencyReport": "vla_course.learning.model.machine",
    "MachineCeiling": "vla_course.learning.model.machine",
    "Roofline": "vla_course.learning.model.machine",
    "ActionStatistics": "vla_course.learning.training.action_statistics",
    "PolicyLoss": "vla_course.learning.reinforcement.policy_loss",
    "PairedResult": "vla_course.learning.evaluation.paired_result",
    "PelvisBelief": "vla_course.deployment.estimation.pelvis",
    "PelvisReading": "vla_course.deployment.estimation.pelvis",
    "PelvisNoise": "vla_course.deployment.estimation.pelvis",
    "ClockOffset": "vla_course.deployment.recorder.clock",
    "Evidence": "vla_course.deployment.recorder.accidents.evidence",
    "Diagnosis": "vla_course.deployment.recorder.accidents.evidence",
    "Quantized": "vla_course.deployment.runtimes.quantized",
    "SpeechScores": "vla_course.deployment.voice.scores",
    "Separation": "vla_course.deployment.safety.limits",
}
"""The frame's dataclasses that cross as themselves, each with its module. Later days add theirs here."""

DTYPES = tuple(map(np.dtype, ("?", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8", "c8", "c16")))
_CODES = {dtype: code for code, dtype in enumerate(DTYPES)}

LIST, TUPLE, DICT, SET, ARRAY, SCALAR, DATACLASS, HANDLE, COMPLEX, BIG, TENSOR, DTYPE = range(12)

_ATOMS = (type(None), bool, float)
_LISTS: tuple[type, ...] = (list, range, deque, type({}.keys()), type({}.values()), type({}.items()))


class Unsendable(ValueError):
    """A value that may not cross: too large, too deep, or of a kind that the other side must not get."""


class WireError(ValueError):
    """What came over the wire is not a value."""


Changeable = Union[np.ndarray, "torch.Tensor", list[Any], dict[Any, Any]]
"""what a call can change in place"""

HandleOf = Callable[[object], int]
"""The handle of an object that stays here; raises `Unsendable` where there are none."""

ObjectOf = Callable[[int], object]
"""The object, or its proxy, of a handle; raises `WireError` for an unknown one."""


def no_handle(value: object) -> int:
    """The grader keeps its objects to itself."""
    kinds = "numbers, text, arrays, tensors and dataclasses can"
    raise Unsendable(f"{type(value).__name__} cannot cross to the worker: {kinds}")


class Encoder:
    """Turns values into trees.

    Of a tensor its type, shape and numbers cross, wherever it lies; that it requires a gradient does not.
    """

    def __init__(self, handle_of: HandleOf = no_handle) -> None:
        self.handle_of = handle_of
        self.elements = 0
        self.bytes = 0

    def encode(self, value: object, depth: int = 0) -> Any:
        kind = type(value)
        if kind in _ATOMS:
            return value
        if kind is np.ndarray:
            return self._array(value)  # type: ignore[arg-type]
        if kind is int:
            return _integer(value)  # type: ignore[arg-type]
        if kind is str or kind is bytes:
            return _text(value)  # type: ignore[arg-type]
        if depth >= MAX_DEPTH:
            raise Unsendable(f"values nested deeper than {MAX_DEPTH} cannot cross")
        if DATACLASSES.get(kind.__name__) == kind.__module__:
            inner = [self.encode(getattr(value, field.name), depth + 1) for field in fields(kind)]  # type: ignore[arg-type]
            return [DATACLASS, kind.__name__, *inner]
        if isinstance(value, _LISTS):
            return [LIST, *self._each(value, depth)]
        if isinstance(value, tuple):
            return [TUPLE, *self._each(value, depth)]
        if isinstance(value, dict):
            return [DICT, *self._each([part for item in value.items() for part in item], depth)]
        if isinstance(value, set | frozenset):
            return [SET, *self._each(value, depth)]
        if isinstance(value, np.ndarray):
            return self._array(np.asarray(value))
        if isinstance(value, np.generic):
            return self._scalar(value)
        return self._other(value, depth)

    def _other(self, value: object, depth: int) -> Any:
        """Subclasses of plain types cross as the plain type, generators as a list, everything else by handle."""
        match value:
            case int():
                return _integer(int(value))
            case float():
                return float(value)
            case str():
                return _text(str(value))
            case bytes():
                return _text(bytes(value))
            case complex():
                return [COMPLEX, value.real, value.imag]
        if is_tensor(value):
            return self._tensor(value)
        if type(value).__name__ == "dtype" and type(value).__module__ == "torch":
            code = tensors.code_of(value)  # type: ignore[arg-type]
            return [HANDLE, self.handle_of(value)] if code is None else [DTYPE, code]
        if isinstance(value, GeneratorType):
            return [LIST, *self._each(list(islice(value, MAX_ELEMENTS + 1)), depth)]
        return [HANDLE, self.handle_of(value)]

    def _each(self, values: Any, depth: int) -> list[Any]:
        self.elements += len(values)
        if self.elements > MAX_ELEMENTS:
            raise Unsendable(f"more than {MAX_ELEMENTS} elements cannot cross: hand over an array")
        return [value if type(value) in _ATOMS else self.encode(value, depth + 1) for value in values]

    def _array(self, array: np.ndarray) -> Any:
        code = _CODES.get(array.dtype)
        if code is None:
            if array.dtype.kind != "f":
                return [HANDLE, self.handle_of(array)]
            array, code = array.astype(np.float64), _CODES[np.dtype("f8")]  # long double, or bytes the other way round
        self._bounded(array.ndim, array.size * array.itemsize)
        return [ARRAY, code, array.flags.writeable, *array.shape, array.tobytes()]

    def _tensor(self, tensor: torch.Tensor) -> Any:
        code = tensors.code_of(tensor.dtype)
        if code is None or not tensors.has_bytes(tensor):
            return [HANDLE, self.handle_of(tensor)]
        self._bounded(tensor.ndim, tensor.numel() * tensors.item_bytes(code))
        return [TENSOR, code, *tensor.shape, tensors.bytes_of(tensor)]

    def _bounded(self, dimensions: int, size: int) -> None:
        self.bytes += size
        if self.bytes > MAX_ARRAY_BYTES:
            raise Unsendable(f"arrays of {self.bytes / 2**20:.0f} MiB cannot cross: {MAX_ARRAY_BYTES >> 20} MiB can")
        if dimensions > MAX_DIMENSIONS:
            raise Unsendable(f"an array of {dimensions} dimensions cannot cross: {MAX_DIMENSIONS} can")

    def _scalar(self, value: np.generic) -> Any:
        code = _CODES.get(value.dtype)
        if code is not None:
            return [SCALAR, code, value.tobytes()]
        if value.dtype.kind == "f":
            return float(value)
        if value.dtype.kind in "US":
            return _text(value.item())
        return [HANDLE, self.handle_of(value)]


def has_changed(value: Changeable, came: bytes | list[Any]) -> bool:
    """Whether it is no longer what it came as: its bytes, or what lay in it."""
    if isinstance(value, list | dict):
        held = _held(value)
        return len(held) != len(came) or any(map(operator.is_not, held, came))
    if not _is_writable(value):
        return False
    return (value.tobytes() if isinstance(value, np.ndarray) else tensors.bytes_of(value)) != came


def _held(value: list[Any] | dict[Any, Any]) -> list[Any]:
    """What lies in a list; the keys of a dict, then its values."""
    return [*value] if isinstance(value, list) else [*value, *value.values()]


def _is_writable(array: np.ndarray | torch.Tensor) -> bool:
    """Whether it can be changed in place: a tensor whose elements share their memory (`expand`) cannot."""
    if isinstance(array, np.ndarray):
        return array.flags.writeable
    return all(step > 0 or size <= 1 for step, size in zip(array.stride(), array.shape, strict=True))


class Decoder:
    """Turns trees into values; every size is checked before anything of that size is made.

    `changeable` collects what can be changed in place with what it came as: arrays and tensors with their bytes, lists
    and dicts with what lay in them.
    """

    def __init__(self, object_of: ObjectOf) -> None:
        self.object_of = object_of
        self.changeable: list[tuple[Changeable, bytes | list[Any]]] = []
        self.keys = 0

    def decode(self, tree: Any, depth: int = 0) -> Any:
        if type(tree) is not list:
            return tree
        if not tree or depth > MAX_DEPTH:
            raise WireError(f"a value nested deeper than {MAX_DEPTH}, or an empty one")
        tag, inner = tree[0], tree[1:]
        try:
            return _READERS[tag](self, inner, depth + 1)
        except WireError:
            raise
        except (TypeError, ValueError, LookupError, OverflowError, RuntimeError) as fault:
            raise WireError(f"not a value ({type(fault).__name__}: {fault})"[:300]) from None

    def _each(self, inner: list[Any], depth: int) -> list[Any]:
        return [value if type(value) is not list else self.decode(value, depth) for value in inner]

    def _list(self, inner: list[Any], depth: int) -> list[Any]:
        values = self._each(inner, depth)
        self.changeable.append((values, _held(values)))
        return values

    def _tuple(self, inner: list[Any], depth: int) -> tuple[Any, ...]:
        return tuple(self._each(inner, depth))

    def _dict(self, inner: list[Any], depth: int) -> dict[Any, Any]:
        flat = self._hashed(inner, depth)
        values = dict(zip(flat[::2], flat[1::2], strict=True))
        self.changeable.append((values, _held(values)))
        return values

    def _set(self, inner: list[Any], depth: int) -> set[Any]:
        return set(self._hashed(inner, depth))

    def _hashed(self, inner: list[Any], depth: int) -> list[Any]:
        self.keys += len(inner)  # keys that all hash alike cost their number squared
        if self.keys > MAX_KEYS:
            raise WireError(f"more than {MAX_KEYS} keys")
        return self._each(inner, depth)

    def _array(self, inner: list[Any], depth: int) -> np.ndarray:
        code, writeable, *shape, data = inner
        dtype = _dtype(code)
        _must_fill(shape, dtype.itemsize, data)
        array = np.frombuffer(data, dtype).reshape(shape).copy()
        if dtype.kind == "b":
            array = np.array(array.view(np.uint8) != 0)  # a bool of 2 is no bool
        array.flags.writeable = bool(writeable)
        self.changeable.append((array, data))
        return array

    def _tensor(self, inner: list[Any], depth: int) -> torch.Tensor:
        code, *shape, data = inner
        _must_fill(shape, tensors.item_bytes(_tensor_code(code)), data)
        tensor = tensors.tensor_of(code, shape, data)
        self.changeable.append((tensor, data))
        return tensor

    def _dtype(self, inner: list[Any], depth: int) -> torch.dtype:
        (code,) = inner
        return tensors.dtype_of(_tensor_code(code))

    def _scalar(self, inner: list[Any], depth: int) -> Any:
        code, data = inner
        return np.frombuffer(data, _dtype(code), count=1)[0]

    def _dataclass(self, inner: list[Any], depth: int) -> Any:
        name, *values = inner
        kind = getattr(importlib.import_module(DATACLASSES[name]), name)
        return kind(*self._each(values, depth))

    def _handle(self, inner: list[Any], depth: int) -> Any:
        (number,) = inner
        if type(number) is not int:
            raise WireError("a handle that is no number")
        return self.object_of(number)

    def _complex(self, inner: list[Any], depth: int) -> complex:
        real, imag = inner
        return complex(float(real), float(imag))

    def _big(self, inner: list[Any], depth: int) -> int:
        (data,) = inner
        if type(data) is not bytes or len(data) > MAX_INT_BYTES:
            raise WireError("a whole number out of bounds")
        return int.from_bytes(data, "little", signed=True)


_READERS: dict[int, Callable[[Decoder, list[Any], int], Any]] = {
    LIST: Decoder._list,
    TUPLE: Decoder._tuple,
    DICT: Decoder._dict,
    SET: Decoder._set,
    ARRAY: Decoder._array,
    SCALAR: Decoder._scalar,
    DATACLASS: Decoder._dataclass,
    HANDLE: Decoder._handle,
    COMPLEX: Decoder._complex,
    BIG: Decoder._big,
    TENSOR: Decoder._tensor,
    DTYPE: Decoder._dtype,
}


def _dtype(code: Any) -> np.dtype:
    if type(code) is not int or not 0 <= code < len(DTYPES):
        raise WireError("an array of an unknown type")
    return DTYPES[code]


def _tensor_code(code: Any) -> int:
    if type(code) is not int or not 0 <= code < len(tensors.DTYPES):
        raise WireError("a tensor of an unknown type")
    return code


def _must_fill(shape: list[Any], itemsize: int, data: Any) -> None:
    """Check the size before anything of it is made."""
    if len(shape) > MAX_DIMENSIONS or not all(type(n) is int and 0 <= n <= MAX_ARRAY_BYTES for n in shape):
        raise WireError("an array of impossible shape")
    if type(data) is not bytes or len(data) > MAX_ARRAY_BYTES or math.prod(shape) * itemsize != len(data):
        raise WireError("an array whose bytes do not fill its shape")


def _integer(value: int) -> Any:
    if -(2**63) <= value < 2**64:
        return value
    if value.bit_length() >= 8 * MAX_INT_BYTES:
        raise Unsendable(f"a whole number of {value.bit_length()} bits cannot cross: {8 * MAX_INT_BYTES - 1} can")
    return [BIG, value.to_bytes(MAX_INT_BYTES, "little", signed=True)]


def _text(value: str | bytes) -> str | bytes:
    if len(value) > MAX_TEXT:
        raise Unsendable(f"{len(value)} characters cannot cross: {MAX_TEXT} can")
    return value
