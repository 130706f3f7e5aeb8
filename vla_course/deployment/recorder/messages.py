"""Messages as they stand in a recording: plain JSON, numbers of six digits, and pictures as JPEG in base64."""

import base64
import json
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vla_course.deployment.recorder.topics import schema_of

NANO: Final = 1_000_000_000
DIGITS: Final = 5
"""behind the point: a hundredth of a millimetre, a thousandth of a degree"""

Level = Literal["info", "warning", "error", "fatal"]
LEVELS: Final[dict[Level, int]] = {"info": 2, "warning": 3, "error": 4, "fatal": 5}
"""as foxglove.Log counts them"""

LATEST: Final = 2.0**32
"""s, on a robot's clock; a file that is asked to hold more cannot be written"""

Fields = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Message:
    """One message: where it belongs, when it was, and what it says."""

    topic: str
    time: int
    """ns, on the robot's clock"""
    data: bytes
    """JSON"""

    @property
    def fields(self) -> Fields:
        """What it says, read; raises ValueError where that is no JSON object."""
        try:
            read = json.loads(self.data)
        except ValueError:
            read = None
        if not isinstance(read, dict):
            what = f"a message of {self.topic} is {self.data[:40]!r}"
            raise ValueError(f"{what}, expected a JSON object")
        return read


def message(topic: str, time: float, fields: Fields) -> Message:
    """Return a message of `topic`, at `time` s on the robot's clock.

    Arrays become lists. What is not finite becomes null, which JSON has and Foxglove shows as a gap.

    Raises:
        ValueError: nothing of this name is recorded, a field is missing or one too many, or the time is below 0 or
            beyond what a recording can hold.
    """
    expected = set(schema_of(topic)["properties"]) - {"timestamp"}
    if set(fields) != expected:
        raise ValueError(f"fields of {topic} are {sorted(fields)}, expected {sorted(expected)}")
    if not isinstance(time, int | float | np.floating) or not 0.0 <= time < LATEST:
        raise ValueError(f"time of a message of {topic} is {time!r}, expected seconds, from 0 to {LATEST:g}")
    at = round(time * NANO)
    told = {"timestamp": {"sec": at // NANO, "nsec": at % NANO}}
    told |= {name: _plain(value) for name, value in fields.items()}
    return Message(topic, at, json.dumps(told, separators=(",", ":"), allow_nan=False).encode())


def pose(position: ArrayLike, orientation: ArrayLike) -> Fields:
    """Return the fields of a pose in the world: position (3,) m and orientation x y z w (4,)."""
    spot, turn = np.asarray(position), np.asarray(orientation)
    return {
        "frame_id": "world",
        "pose": {
            "position": dict(zip("xyz", spot, strict=True)),
            "orientation": dict(zip("xyzw", turn, strict=True)),
        },
    }


def picture(jpeg: bytes, camera: str) -> Fields:
    """Return the fields of a picture that was compressed already."""
    return {"frame_id": camera, "data": base64.b64encode(jpeg).decode("ascii"), "format": "jpeg"}


def log(level: Level, text: str, name: str) -> Fields:
    """Return the fields of a line for people; `name` says who speaks."""
    return {"level": LEVELS[level], "message": text, "name": name, "file": "", "line": 0}


def pixels(fields: Fields) -> NDArray[np.uint8]:
    """Return the picture (h, w, 3) in a message of a camera.

    Raises:
        ValueError: it is none that can be read.
    """
    from vla_course.serving.packets.pictures import decode_picture

    return decode_picture(base64.b64decode(field_of(fields, "data", str)), "data")


def field_of(fields: Fields, name: str, kind: type[Any]) -> Any:
    """Return a field that another program may have written. Raises ValueError: it is not there, or not of its kind."""
    if not isinstance(fields.get(name), kind):
        raise ValueError(f"field {name!r} is {fields.get(name)!r}, expected {kind.__name__}")
    return fields[name]


def _plain(value: Any) -> Any:
    """Return a value as JSON has it."""
    match value:
        case dict():
            return {str(name): _plain(inner) for name, inner in value.items()}
        case np.ndarray() | list() | tuple():
            numbers = np.asarray(value, dtype=np.float64)
            rounded = np.round(numbers, DIGITS)
            return rounded.tolist() if np.isfinite(numbers).all() else _with_gaps(rounded)
        case bool() | str() | int():
            return value
        case float() | np.floating():
            return round(float(value), DIGITS) if np.isfinite(value) else None
        case np.integer():
            return int(value)
    raise ValueError(
        f"{type(value).__name__} cannot be recorded, expected numbers, text, arrays or a dict of them"
    )


def _with_gaps(numbers: NDArray[np.float64]) -> Any:
    if numbers.ndim == 0:
        return float(numbers) if np.isfinite(numbers) else None
    return [_with_gaps(row) for row in numbers]
