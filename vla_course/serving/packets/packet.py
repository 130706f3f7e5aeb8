"""A packet: what the robot saw, felt and was told at one moment, on its way to the policy.

On the wire it is an observation of openpi's policy protocol (`prompt`, `observation/...`) with a few keys of our own
(`vla/...`), so that openpi's client and ours speak to the same server.
"""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BeforeValidator, Field, ValidationError, field_validator

from vla_course.learning.environment.proprioception import STATE
from vla_course.serving.packets.border import (
    CORRELATION,
    VERSION,
    CorrelationId,
    Floats,
    FrameId,
    Message,
    Name,
    Seconds,
    floats,
    refuse,
)
from vla_course.serving.packets.codes import Code, PacketError
from vla_course.serving.packets.json_form import from_json, to_json
from vla_course.serving.packets.limits import LIMITS, Limits
from vla_course.serving.packets.pictures import Pixels, decode_picture
from vla_course.serving.packets.wire import Tree, finite, pack, unpack
from vla_course.simulation.robot.layout import ACTION

IMAGE: Final = "observation/image/"
DEPTH: Final = "observation/depth/"
SENSED: Final = "observation/sensed/"
NAMES: Final[Mapping[str, str]] = {
    "query": "prompt",
    "robot_state": "observation/state",
    "images": IMAGE.rstrip("/"),
    "depths": DEPTH.rstrip("/"),
    "sensed": SENSED.rstrip("/"),
    **{
        field: f"vla/{field}"
        for field in (
            *("version", "frame_id", "correlation_id", "timestamp", "wall_time"),
            *("deadline", "committed"),
        )
    },
}
"""how fields are called on the wire"""
_GROUPS: Final = {IMAGE: "images", DEPTH: "depths", SENSED: "sensed"}
_FIELDS: Final = {wire: field for field, wire in NAMES.items() if field not in _GROUPS.values()}


def _picture(value: object) -> object:
    """Take a JPEG or PNG as it is, or pixels (h, w, 3) uint8; what is in a file is looked at when it is decoded."""
    if isinstance(value, bytes):
        if not 0 < len(value) <= LIMITS.picture:
            raise PacketError(
                Code.TOO_LARGE if value else Code.BAD_PICTURE,
                "",
                f"a picture of {len(value)} bytes, expected 1 to {LIMITS.picture}",
            )
        return value
    if not isinstance(value, np.ndarray):
        raise PacketError(Code.WRONG_TYPE, "", f"is {type(value).__name__}, expected a JPEG, a PNG or pixels")
    if value.dtype != np.uint8 or value.ndim != 3 or value.shape[2] != 3 or not value.size:
        raise PacketError(
            Code.BAD_PICTURE, "", f"pixels are {value.dtype} {value.shape}, expected uint8 (h, w, 3)"
        )
    if value.shape[0] * value.shape[1] > LIMITS.pixels:
        raise PacketError(
            Code.TOO_LARGE, "", f"{value.shape[:2]} pixels, expected {LIMITS.pixels} in all at most"
        )
    return value


def _depth(value: object) -> object:
    if not isinstance(value, np.ndarray) or value.dtype != np.uint16 or value.ndim != 2 or not value.size:
        what = f"{value.dtype} {value.shape}" if isinstance(value, np.ndarray) else type(value).__name__
        raise PacketError(Code.BAD_PICTURE, "", f"is {what}, expected uint16 (h, w) mm, 0 where nothing is")
    return value


def _none_committed() -> Floats:
    return np.zeros((0, ACTION.size), np.float32)


def _senses(value: object) -> object:
    if not isinstance(value, np.ndarray) or value.dtype.kind != "f" or not 0 < value.size <= LIMITS.row:
        what = f"{value.dtype} {value.shape}" if isinstance(value, np.ndarray) else type(value).__name__
        raise PacketError(Code.BAD_ARRAY, "", f"is {what}, expected 1 to {LIMITS.row} floats")
    return finite(value, "").astype(np.float32)


Sense = Annotated[Floats, BeforeValidator(_senses)]
Picture = Annotated[bytes | NDArray[np.uint8], BeforeValidator(_picture)]
Depth = Annotated[NDArray[np.uint16], BeforeValidator(_depth)]


class VLAPacket(Message):
    """What the robot saw, felt and was told at one moment.

    Two clocks, never compared with each other: `timestamp` is read from the sender's monotonic clock and tells how old
    a picture is, to the sender alone; `wall_time` is for logs, and may jump. How long a packet took over the wire
    cannot be known from it: the receiver counts from when it came.

    Raises:
        pydantic.ValidationError: a field is wrong. What comes from outside is read by `from_wire`, `from_json` or
            `from_tree`, which raise `PacketError` with a stable code.
    """

    frame_id: FrameId
    """counts the sender's packets, from 0"""
    correlation_id: CorrelationId
    """by which everything that is said of this packet can be found: letters, digits, and . _ : -"""
    timestamp: Seconds
    """s, sender's monotonic clock, when the pictures were taken"""
    query: Annotated[str, Field(min_length=1, max_length=LIMITS.text)]
    """what the robot was told"""
    images: Annotated[dict[Name, Picture], Field(min_length=1, max_length=LIMITS.cameras)]
    """of each camera a JPEG or PNG, or pixels (h, w, 3) uint8"""
    robot_state: Annotated[Floats, floats(STATE.size)]
    """(75,), laid out as `learning.environment.proprioception.STATE`; finite"""
    depths: Annotated[dict[Name, Depth], Field(max_length=LIMITS.cameras)] = Field(default_factory=dict)
    """of each depth camera (h, w) uint16 mm along the optical axis, 0 where nothing is"""
    sensed: Annotated[dict[Name, Sense], Field(max_length=LIMITS.cameras)] = Field(default_factory=dict)
    """what the robot made of pictures and words by itself, by name; finite. Which a policy wants its metadata say"""
    committed: Annotated[Floats, floats(ACTION.size, rows=64)] = Field(default_factory=_none_committed)
    """(d, 36), actions that the robot carries out while it waits for the answer: the answer begins with them"""
    deadline: Annotated[float, Field(gt=0.0, le=60.0, allow_inf_nan=False)] | None = None
    """s after it came, by which the answer must leave; later it is of no use"""
    wall_time: Seconds | None = None
    """s since 1970, when it was sent; for logs"""
    version: Literal[1] = VERSION

    @field_validator("query")
    @classmethod
    def _said(cls, value: str) -> str:
        if not value.isprintable() or not value.strip():
            raise PacketError(Code.BAD_TEXT, "", "is blank or holds control characters, expected a sentence")
        return value

    def pixels(self, camera: str, limits: Limits = LIMITS) -> Pixels:
        """Return what a camera saw, (h, w, 3) uint8; a JPEG or PNG is decoded now.

        Raises:
            PacketError: there is no picture of this camera (`camera_lost`), or it cannot be read (`bad_picture`,
                `too_large`).
        """
        if camera not in self.images:
            said = f"no picture, there are {', '.join(self.images)}"
            raise PacketError(Code.CAMERA_LOST, IMAGE + camera, said).of(self.frame_id, self.correlation_id)
        picture = self.images[camera]
        if not isinstance(picture, bytes):
            return picture
        try:
            return decode_picture(picture, IMAGE + camera, limits)
        except PacketError as fault:
            raise fault.of(self.frame_id, self.correlation_id) from None

    def to_tree(self) -> Tree:
        """Return it as an observation of openpi's protocol; what is empty or None is left out."""
        tree: Tree = {
            wire: getattr(self, field) for wire, field in _FIELDS.items() if getattr(self, field) is not None
        }
        if not len(self.committed):
            del tree[NAMES["committed"]]
        for start, group in _GROUPS.items():
            tree |= {start + name: value for name, value in getattr(self, group).items()}
        return tree

    @classmethod
    def from_tree(cls, tree: Mapping[str, Any], fill: Mapping[str, Any] | None = None) -> Self:
        """Return the packet that an observation is.

        Args:
            tree: as `wire.unpack` returns it.
            fill: fields for those that are not there, such as ids for the observation of a plain openpi client.

        Raises:
            PacketError: with the code of what is wrong, and the ids where they could be read.
        """
        found: dict[str, Any] = dict(fill or {})
        groups: dict[str, Any] = {"images": {}, "depths": {}, "sensed": {}}
        for wire, value in tree.items():
            start = next((start for start in _GROUPS if wire.startswith(start)), None)
            if start is None:
                found[_FIELDS.get(wire, wire)] = value
            else:
                groups[_GROUPS[start]][wire.removeprefix(start)] = value
        try:
            return cls._read(tree, found | groups)
        except PacketError as fault:
            raise fault.of(*_ids(found)) from None

    @classmethod
    def _read(cls, tree: Mapping[str, Any], found: dict[str, Any]) -> Self:
        version = found.setdefault("version", VERSION)
        if type(version) is not int or version != VERSION:
            raise PacketError(
                Code.WRONG_VERSION, NAMES["version"], f"is {str(version)[:20]}, expected {VERSION}"
            )
        for wire in tree:
            if wire in cls.model_fields:  # on the wire it has another name
                raise PacketError(Code.UNKNOWN_FIELD, wire, f"is called {NAMES[wire]} on the wire")
        try:
            return cls(**found)
        except ValidationError as fault:
            refuse(fault, NAMES)

    def to_wire(self, limits: Limits = LIMITS) -> bytes:
        """Return it as msgpack; raises `PacketError` (`too_large`) where it is longer than a message may be."""
        return pack(self.to_tree(), limits)

    @classmethod
    def from_wire(cls, data: bytes, limits: Limits = LIMITS, fill: Mapping[str, Any] | None = None) -> Self:
        """Return the packet in a msgpack message; raises `PacketError` as `unpack` and `from_tree` do."""
        return cls.from_tree(unpack(data, limits), fill)

    def to_json(self, indent: int | None = None) -> str:
        """Return it as JSON, for people."""
        return to_json(self.to_tree(), indent)

    @classmethod
    def from_json(cls, text: str, limits: Limits = LIMITS) -> Self:
        """Return the packet that JSON says; raises `PacketError` as `from_wire` does."""
        tree = from_json(text, limits)
        for wire, value in tree.items():
            start = next((start for start in _LISTED if wire.startswith(start)), None)
            if start is not None and isinstance(value, list):
                tree[wire] = _small(value, _LISTED[start], wire)
        return cls.from_tree(tree)

    def __eq__(self, other: object) -> bool:
        """Tell whether the other says the same; arrays are compared number by number."""
        return isinstance(other, VLAPacket) and self.to_json() == other.to_json()


_LISTED: Final[Mapping[str, Any]] = {IMAGE: np.uint8, DEPTH: np.uint16, SENSED: np.float32}


def _small(value: list[Any], dtype: Any, wire: str) -> NDArray[Any]:
    """Return a picture, or what was sensed, that JSON has in lists."""
    try:
        return np.array(value, dtype=dtype)
    except (ValueError, TypeError, OverflowError) as fault:
        raise PacketError(Code.BAD_ARRAY, wire, f"no numbers: {fault}"[:200]) from None


def _ids(found: Mapping[str, Any]) -> tuple[int | None, str | None]:
    """Return the ids of a packet of which anything may be wrong, where they can be read."""
    frame, correlation = found.get("frame_id"), found.get("correlation_id")
    named = isinstance(correlation, str) and re.fullmatch(CORRELATION, correlation)
    return (
        frame if type(frame) is int and 0 <= frame < 2**63 else None,
        correlation if named else None,
    )
