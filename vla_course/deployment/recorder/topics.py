"""What a flight recorder knows how to record: topics, and the JSON schema of the messages of each.

Schemas named `foxglove.*` are those that Foxglove draws by itself (docs.foxglove.dev, "message schemas"): pictures,
poses and log lines. The others are ours; Foxglove plots their numbers and lists their fields. Every message
has a `timestamp` on the robot's clock, which is also its log time, so that one slider moves all of them.
"""

from typing import Any, Final

Schema = dict[str, Any]

JOINTS: Final = "/joints"
SOLES: Final = "/soles"
IMU: Final = "/imu"
BALANCE: Final = "/balance"
"""how far the DCM is inside of the soles, m; a gap while the robot walks"""
BELIEVED: Final = "/base/believed"
TRUE: Final = "/base/true"
"""privileged: only a simulator knows it"""
COMMANDED: Final = "/command/policy"
FILTERED: Final = "/command/safe"
"""what the safety layer made of it; the same where it let it pass"""
DECISION: Final = "/policy"
VERDICT: Final = "/safety"
EVENTS: Final = "/events"
"""codes, e-stops, incidents: lines for people"""
TIMINGS: Final = "/timings"
LAB: Final = "/lab/soles"
ABOUT: Final = "/about"
"""what the recording is of: numbers that stay"""
CAMERA: Final = "/camera/"
"""and the name of the camera behind it"""

_NUMBER: Final[Schema] = {"type": "number"}
_TEXT: Final[Schema] = {"type": "string"}
_TIME: Final[Schema] = {
    "type": "object",
    "title": "time",
    "properties": {
        "sec": {"type": "integer", "minimum": 0},
        "nsec": {"type": "integer", "minimum": 0, "maximum": 999_999_999},
    },
}


def _numbers(*shape: int) -> Schema:
    """Return the schema of an array of numbers; -1 for any length."""
    inner = _NUMBER
    for length in reversed(shape):
        inner = {"type": "array", "items": inner}
        if length >= 0:
            inner |= {"minItems": length, "maxItems": length}
    return inner


def _object(title: str, **properties: Schema) -> Schema:
    return {
        "title": title,
        "type": "object",
        "properties": {"timestamp": _TIME, **properties},
        "required": ["timestamp", *properties],
    }


def _vector(title: str, axes: str) -> Schema:
    return {"title": title, "type": "object", "properties": dict.fromkeys(axes, _NUMBER)}


_POSE: Final = _object(
    "foxglove.PoseInFrame",
    frame_id=_TEXT,
    pose={
        "title": "foxglove.Pose",
        "type": "object",
        "properties": {
            "position": _vector("foxglove.Vector3", "xyz"),
            "orientation": _vector("foxglove.Quaternion", "xyzw"),
        },
    },
)
_PICTURE: Final = _object(
    "foxglove.CompressedImage",
    frame_id=_TEXT,
    data={"type": "string", "contentEncoding": "base64"},
    format=_TEXT,
)
_COMMAND: Final = _object("vla.Command", action=_numbers(-1), correlation_id=_TEXT)

_SCHEMAS: Final[dict[str, Schema]] = {
    JOINTS: _object(
        "vla.Joints",
        positions=_numbers(28),
        velocities=_numbers(28),
        asked_torques=_numbers(28),
        given_torques=_numbers(28),
    ),
    SOLES: _object("vla.Soles", forces=_numbers(2, 3)),
    IMU: _object("vla.Imu", com_acceleration=_numbers(3), angular_velocity=_numbers(3)),
    BALANCE: _object("vla.Balance", margin=_NUMBER, center_of_mass=_numbers(3), com_velocity=_numbers(3)),
    BELIEVED: _POSE,
    TRUE: _POSE,
    COMMANDED: _COMMAND,
    FILTERED: _COMMAND,
    DECISION: _object(
        "vla.Decision", chunk=_numbers(-1, -1), code=_TEXT, seconds=_NUMBER, correlation_id=_TEXT
    ),
    VERDICT: _object("vla.Verdict", verdict=_TEXT, reason=_TEXT, correlation_id=_TEXT),
    EVENTS: _object(
        "foxglove.Log",
        level={"type": "integer"},
        message=_TEXT,
        name=_TEXT,
        file=_TEXT,
        line={"type": "integer"},
    ),
    TIMINGS: _object("vla.Timings", seconds={"type": "object", "additionalProperties": _NUMBER}),
    LAB: _object("vla.LabSoles", lab_time=_NUMBER, positions=_numbers(2, 3)),
    ABOUT: _object("vla.About", mass=_NUMBER, gravity=_NUMBER, torque_limits=_numbers(28), lab_ahead=_NUMBER),
}

TOPICS: Final = (*_SCHEMAS, CAMERA)


def schema_of(topic: str) -> Schema:
    """Return the JSON schema of a topic's messages.

    Raises:
        ValueError: nothing of this name is recorded.
    """
    if topic.startswith(CAMERA) and topic != CAMERA:
        return _PICTURE
    if topic not in _SCHEMAS:
        raise ValueError(f"topic is {topic!r}, expected one of {', '.join(_SCHEMAS)} or {CAMERA}NAME")
    return _SCHEMAS[topic]
