"""A response: the answer to one packet, actions or a code that says why there are none."""

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal, Self

from pydantic import Field, ValidationError, field_validator, model_validator

from vla_course.serving.packets.border import (
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
from vla_course.serving.packets.wire import Tree, pack, unpack
from vla_course.simulation.robot.layout import ACTION

Fallback = Literal["hold", "stand", "last_chunk", "smaller_model"]
"""what is done where no new actions of the model come: keep the posture, slow to a stand, go on with what was said
last, or act on the answer of a smaller model"""

_OWN: Final = (
    *("version", "frame_id", "correlation_id", "timestamp", "code", "message", "due", "period"),
    *("confidences", "sources", "fallback"),
)
NAMES: Final[Mapping[str, str]] = {
    "actions": "actions",
    "timings_ms": "policy_timing",
    **{field: f"vla/{field}" for field in _OWN},
}
"""how fields are called on the wire"""
_FIELDS: Final = {wire: field for field, wire in NAMES.items()}
SERVER_TIMING: Final = "server_timing"
"""what openpi's server adds to a reply: a matter of the connection, not of the response"""

Milliseconds = Annotated[float, Field(ge=0.0, allow_inf_nan=False)]
Weight = Annotated[float, Field(ge=0.0, le=1.0, allow_inf_nan=False)]


class PatchSource(Message):
    """A patch of a picture that actions came from: camera, row and column in the encoder's grid, and its weight."""

    camera: Name
    row: Annotated[int, Field(ge=0, lt=1024)]
    column: Annotated[int, Field(ge=0, lt=1024)]
    weight: Weight


class WordSource(Message):
    """A word of the query that actions came from, and its weight."""

    word: Annotated[str, Field(min_length=1, max_length=LIMITS.text)]
    weight: Weight


Count = Annotated[int, Field(ge=1, le=1024)]


class Sources(Message):
    """What actions came from; the greatest weights first."""

    grids: Annotated[dict[Name, tuple[Count, Count]], Field(max_length=LIMITS.cameras)] = Field(
        default_factory=dict
    )
    """of each camera the rows and columns of patches, over the square in the middle of its picture"""
    patches: Annotated[tuple[PatchSource, ...], Field(max_length=1024)] = ()
    words: Annotated[tuple[WordSource, ...], Field(max_length=256)] = ()

    @model_validator(mode="after")
    def _lie_in_their_grids(self) -> Self:
        for patch in self.patches:
            rows, columns = self.grids.get(patch.camera, (0, 0))
            if patch.row >= rows or patch.column >= columns:
                said = f"row {patch.row}, column {patch.column} of {patch.camera}, expected in its grid"
                raise PacketError(Code.OUT_OF_RANGE, NAMES["sources"], f"{said} of {rows} x {columns}")
        return self


class VLAResponse(Message):
    """The answer to one packet.

    Raises:
        pydantic.ValidationError: a field is wrong, an `ok` has no actions, or an error has some though no `fallback`
            says why. What comes from outside is read by `from_wire`, which raises `PacketError`.
    """

    frame_id: FrameId
    """of the packet"""
    correlation_id: CorrelationId
    """of the packet"""
    code: Code = Code.OK
    message: Annotated[str, Field(max_length=LIMITS.text)] = ""
    """for people; with a code other than `ok` it says what was wrong"""
    actions: Annotated[Floats, floats(ACTION.size, rows=1024)] | None = None
    """(H, 36) in -1 to 1, laid out as `simulation.robot.layout.ACTION`"""
    timestamp: Seconds | None = None
    """s, the packet's own `timestamp`: only its sender's clock understands it"""
    due: Seconds | None = None
    """s, on the same clock: when the first of the actions is due; without it, at `timestamp`"""
    period: Annotated[float, Field(gt=0.0, le=10.0, allow_inf_nan=False)] | None = None
    """s from one action to the next"""
    confidences: Annotated[Floats, floats()] | None = None
    """(H,) 0 to 1, of each action"""
    sources: Sources | None = None
    fallback: Fallback | None = None
    """what is done instead, where the model gave no actions"""
    timings_ms: dict[Name, Milliseconds] = Field(default_factory=dict)
    """by stage, durations on the server's monotonic clock"""
    version: Literal[1] = VERSION

    @field_validator("code", mode="before")
    @classmethod
    def _known(cls, value: object) -> object:
        # In strict mode an enum is not read from its text.
        return Code(value) if isinstance(value, str) and value in set(Code) else value

    @field_validator("sources", mode="before")
    @classmethod
    def _read(cls, value: object) -> object:
        return _sources(value) if isinstance(value, dict) else value

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        if self.code is Code.OK and self.actions is None:
            raise PacketError(Code.MISSING_FIELD, "actions", "missing, an `ok` has actions")
        if self.code is not Code.OK and self.actions is not None and self.fallback is None:
            raise PacketError(Code.UNKNOWN_FIELD, "actions", f"there with {self.code.value} and no fallback")
        if self.confidences is not None:
            rows = 0 if self.actions is None else len(self.actions)
            if len(self.confidences) != rows:
                said = f"{len(self.confidences)} numbers, expected one for each of {rows} actions"
                raise PacketError(Code.BAD_ARRAY, NAMES["confidences"], said)
            if rows and not (self.confidences.min() >= 0.0 and self.confidences.max() <= 1.0):
                raise PacketError(Code.OUT_OF_RANGE, NAMES["confidences"], "not all from 0 to 1")
        return self

    @property
    def success(self) -> bool:
        """Whether the model's actions came."""
        return self.code is Code.OK

    def to_tree(self) -> Tree:
        """Return it as a reply of openpi's protocol; what is empty or None is left out."""
        tree: Tree = {
            wire: value
            for wire, field in _FIELDS.items()
            if (value := getattr(self, field)) is not None
            and not (isinstance(value, str | dict) and not value)
        }
        tree[NAMES["code"]] = self.code.value
        if self.sources is not None:
            tree[NAMES["sources"]] = self.sources.model_dump()
        return tree

    @classmethod
    def from_tree(cls, tree: Mapping[str, Any]) -> Self:
        """Return the response that a reply is; raises `PacketError`."""
        found = {_FIELDS.get(wire, wire): value for wire, value in tree.items() if wire != SERVER_TIMING}
        version = found.setdefault("version", VERSION)
        if type(version) is not int or version != VERSION:
            raise PacketError(
                Code.WRONG_VERSION, NAMES["version"], f"is {str(version)[:20]}, expected {VERSION}"
            )
        try:
            return cls(**found)
        except ValidationError as fault:
            refuse(fault, NAMES)

    def to_wire(self, limits: Limits = LIMITS) -> bytes:
        """Return it as msgpack."""
        return pack(self.to_tree(), limits)

    @classmethod
    def from_wire(cls, data: bytes, limits: Limits = LIMITS) -> Self:
        """Return the response in a msgpack message; raises `PacketError` as `unpack` and `from_tree` do."""
        return cls.from_tree(unpack(data, limits))

    def to_json(self, indent: int | None = None) -> str:
        """Return it as JSON, for people."""
        return to_json(self.to_tree(), indent)

    @classmethod
    def from_json(cls, text: str, limits: Limits = LIMITS) -> Self:
        """Return the response that JSON says; raises `PacketError`."""
        return cls.from_tree(from_json(text, limits))

    @classmethod
    def error(cls, fault: PacketError, **fields: Any) -> Self:
        """Return the answer to a packet that cannot be used.

        Args:
            fault: what was wrong; it knows the packet's ids where they could be read.
            fields: others of the response, such as `frame_id` and `correlation_id` where `fault` has none.

        Raises:
            pydantic.ValidationError: the ids are known neither here nor there.
        """
        known = {"frame_id": fault.frame_id, "correlation_id": fault.correlation_id}
        told = {field: value for field, value in known.items() if value is not None}
        return cls(code=fault.code, message=str(fault)[: LIMITS.text], **(fields | told))

    def __eq__(self, other: object) -> bool:
        """Tell whether the other says the same; arrays are compared number by number."""
        return isinstance(other, VLAResponse) and self.to_json() == other.to_json()


def _sources(value: dict[str, Any]) -> dict[str, Any]:
    """Return sources with lists, which is all that a wire has, as the tuples that strict reading wants."""
    read = {key: tuple(rows) if isinstance(rows, list) else rows for key, rows in value.items()}
    grids = read.get("grids")
    if isinstance(grids, dict):
        read["grids"] = {key: tuple(grid) if isinstance(grid, list) else grid for key, grid in grids.items()}
    return read
