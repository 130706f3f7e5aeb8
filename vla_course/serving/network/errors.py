"""Errors on the wire: a text frame, as openpi has them, with JSON inside: a code, a sentence, an id, no traceback."""

import json
from typing import Final

from vla_course.serving.packets.codes import Code, PacketError

LONGEST: Final = 4096
"""characters of an error"""


def write_error(fault: PacketError, correlation_id: str) -> str:
    """Return an error as a text frame; `correlation_id` stands in where the packet's own could not be read."""
    said: dict[str, object] = {
        "code": fault.code.value,
        "message": str(fault)[:1000],
        "correlation_id": fault.correlation_id or correlation_id,
    }
    if fault.frame_id is not None:
        said["frame_id"] = fault.frame_id
    return json.dumps(said)


def read_error(text: str) -> PacketError:
    """Return the error in a text frame, whatever a server sent: what is none of ours has the code `internal`."""
    try:
        said = json.loads(text) if len(text) <= LONGEST else None
    except (ValueError, RecursionError):
        said = None
    code = said.get("code") if isinstance(said, dict) else None
    if not isinstance(said, dict) or not isinstance(code, str) or code not in set(Code):
        return PacketError(Code.INTERNAL, "", f"the server said: {text[:500]}")
    frame, correlation = said.get("frame_id"), said.get("correlation_id")
    return PacketError(Code(code), "", str(said.get("message", ""))[:1000]).of(
        frame if type(frame) is int else None, correlation if isinstance(correlation, str) else None
    )
