"""Every code with which a packet, a request or a connection can be answered, in one place; codes never change."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self


class Code(StrEnum):
    """How a packet was answered. Programs compare codes; the sentence beside one is for people."""

    OK = "ok"

    # What came cannot be read.
    MALFORMED = "malformed"
    TOO_LARGE = "too_large"
    TOO_DEEP = "too_deep"
    BAD_KEY = "bad_key"
    MISSING_FIELD = "missing_field"
    UNKNOWN_FIELD = "unknown_field"
    WRONG_TYPE = "wrong_type"
    WRONG_VERSION = "wrong_version"
    OUT_OF_RANGE = "out_of_range"
    NOT_FINITE = "not_finite"
    BAD_TEXT = "bad_text"
    BAD_ARRAY = "bad_array"
    BAD_PICTURE = "bad_picture"

    # It can be read, and no action follows from it.
    CAMERA_LOST = "camera_lost"
    STALE = "stale"
    SUPERSEDED = "superseded"
    DEADLINE_MISSED = "deadline_missed"
    OVERLOADED = "overloaded"
    MODEL_FAILED = "model_failed"
    CANCELLED = "cancelled"

    # The connection.
    UNAUTHORIZED = "unauthorized"
    FORBIDDEN_ORIGIN = "forbidden_origin"
    NOT_FOUND = "not_found"
    WRONG_METHOD = "wrong_method"
    TOO_MANY_CONNECTIONS = "too_many_connections"
    RATE_LIMITED = "rate_limited"
    SLOW_READER = "slow_reader"
    UNKNOWN_SESSION = "unknown_session"
    SHUTTING_DOWN = "shutting_down"

    INTERNAL = "internal"

    @property
    def meaning(self) -> str:
        """One sentence for people."""
        return MEANINGS[self]


MEANINGS: Final[dict[Code, str]] = {
    Code.OK: "actions follow",
    Code.MALFORMED: "the bytes are no message of this protocol",
    Code.TOO_LARGE: "something is larger than its limit",
    Code.TOO_DEEP: "values are nested deeper than any packet is",
    Code.BAD_KEY: "a key is no text, too long, or there twice",
    Code.MISSING_FIELD: "a field that every packet has is not there",
    Code.UNKNOWN_FIELD: "a field that no packet has is there",
    Code.WRONG_TYPE: "a field holds another kind of value than it is for",
    Code.WRONG_VERSION: "the packet has a version that is not spoken here",
    Code.OUT_OF_RANGE: "a number lies outside its range",
    Code.NOT_FINITE: "a number is not a number, or infinite",
    Code.BAD_TEXT: "a text is empty, too long, or holds what nobody says",
    Code.BAD_ARRAY: "an array has a type or a shape that is not for it, or other bytes than its shape says",
    Code.BAD_PICTURE: "a picture is no JPEG or PNG that can be read",
    Code.CAMERA_LOST: "a camera that the policy needs sent no picture",
    Code.STALE: "the packet is older than what may still be acted on",
    Code.SUPERSEDED: "a newer packet came before this one was looked at",
    Code.DEADLINE_MISSED: "the answer would come too late",
    Code.OVERLOADED: "the server has no room for this packet now",
    Code.MODEL_FAILED: "the model raised an exception or answered with something else than actions",
    Code.CANCELLED: "the stream ended before this packet was answered",
    Code.UNAUTHORIZED: "the token is missing or wrong",
    Code.FORBIDDEN_ORIGIN: "a web page of another origin may not connect",
    Code.NOT_FOUND: "there is nothing at this path",
    Code.WRONG_METHOD: "only GET is answered here",
    Code.TOO_MANY_CONNECTIONS: "as many clients are connected as the server serves",
    Code.RATE_LIMITED: "packets come faster than this connection may send them",
    Code.SLOW_READER: "the client does not read its answers",
    Code.UNKNOWN_SESSION: "no session of this name is kept here",
    Code.SHUTTING_DOWN: "the server is stopping",
    Code.INTERNAL: "something went wrong in the server; its log has it under the correlation id",
}


@dataclass(frozen=True)
class Fault:
    """What was wrong with one field of a packet."""

    code: Code
    field: str
    """where, such as `observation/state` or `vla/frame_id`; empty where it is the message as a whole"""
    said: str
    """what was there, and what was expected"""

    def __str__(self) -> str:
        return f"{self.field}: {self.said}" if self.field else self.said


class PacketError(ValueError):
    """A packet that cannot be used: a stable code, the field, and what was expected.

    Attributes:
        fault: what was wrong.
        frame_id, correlation_id: of the packet, where they could still be read, so that it can be answered.
    """

    def __init__(self, code: Code, field: str, said: str) -> None:
        self.fault = Fault(code, field, said)
        self.frame_id: int | None = None
        self.correlation_id: str | None = None
        super().__init__(str(self.fault))

    def of(self, frame_id: int | None, correlation_id: str | None) -> Self:
        """Say which packet it was, and return itself, to be raised."""
        self.frame_id, self.correlation_id = frame_id, correlation_id
        return self

    @property
    def code(self) -> Code:
        """The stable code."""
        return self.fault.code
