"""Reads a recording as far as it goes: whole, cut off at any byte, or damaged; and refuses what is none.

A recording is a row of records, each behind its kind and its length (mcap.dev/spec), and a chunk has a checksum of its
own. So the records are walked one by one, and whatever is whole is read; an index at the end is not needed.
"""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Final

import zstandard
from mcap.data_stream import ReadDataStream
from mcap.exceptions import McapError
from mcap.opcode import Opcode
from mcap.records import Channel, Chunk, Schema
from mcap.records import Message as Stored
from mcap.stream_reader import breakup_chunk
from mcap.well_known import MessageEncoding

from vla_course.deployment.recorder.messages import Message

MAGIC: Final = b"\x89MCAP0\r\n"
LARGEST: Final = 256 * 2**20
"""bytes of a chunk, unpacked; whoever says more is not believed"""
_RECORD: Final = struct.Struct("<BQ")
_BROKEN: Final = (
    McapError,
    zstandard.ZstdError,
    struct.error,
    ValueError,
    LookupError,
    RuntimeError,
    EOFError,
)
"""what reading a chunk raises that is none"""


class NotARecording(ValueError):
    """A file that no flight recorder wrote, or of which nothing is left."""


@dataclass(frozen=True)
class Recovered:
    """What could be read of a recording."""

    messages: list[Message]
    """in the order in which they were written"""
    remark: str
    """one sentence on what is missing; empty where nothing is"""


def recover(path: Path) -> Recovered:
    """Return what can be read of one file.

    Raises:
        NotARecording: it is of something else, or holds no whole chunk.
        OSError: it cannot be read at all.
    """
    return recover_bytes(path.read_bytes(), path.name)


def recover_all(paths: Sequence[Path]) -> Recovered:
    """Return what can be read of the segments of a ring, one after the other; those without a whole chunk are told.

    Raises:
        NotARecording: nothing can be read of any of them.
        OSError: one cannot be read at all.
    """
    messages: list[Message] = []
    remarks = []
    for path in paths:
        try:
            part = recover(path)
        except NotARecording as why:
            remarks.append(str(why))
            continue
        messages += part.messages
        remarks += [part.remark] if part.remark else []
    if not messages:
        raise NotARecording("; ".join(remarks) or "there is no segment of a recording here")
    return Recovered(messages, "; ".join(remarks))


def recover_bytes(data: bytes, name: str) -> Recovered:
    """Return what can be read of the bytes of a file; `name` is what errors call it. Raises as `recover` does."""
    if not data.startswith(MAGIC):
        said = "is empty" if not data else f"begins with {data[:8]!r}"
        raise NotARecording(f"{name} {said}, expected a flight recording (MCAP)")
    messages: list[Message] = []
    channels: dict[int, Channel] = {}
    damaged, read, closed = 0, len(MAGIC), False
    for kind, content, end in _records(data):
        read = end
        if kind == Opcode.FOOTER:
            closed = data[end : end + len(MAGIC)] == MAGIC
            break
        if kind != Opcode.CHUNK:
            continue
        try:
            messages += _unpacked(content, channels, name)
        except NotARecording:
            raise
        except _BROKEN:
            damaged += 1
    if not messages:
        raise NotARecording(f"{name} holds no whole chunk ({len(data)} bytes), expected a flight recording")
    remarks = []
    if not closed:
        lost = len(data) - read
        remarks.append(f"{name} was {f'cut off, {lost} bytes of it are of no use' if lost else 'not closed'}")
    if damaged:
        remarks.append(f"{name} has {damaged} damaged chunk{'s' if damaged > 1 else ''}, left out")
    return Recovered(messages, "; ".join(remarks))


def _records(data: bytes) -> Iterator[tuple[int, bytes, int]]:
    """Yield the records that are whole: kind, content, and where each ends."""
    at = len(MAGIC)
    while at + _RECORD.size <= len(data):
        kind, length = _RECORD.unpack_from(data, at)
        end = at + _RECORD.size + length
        if end > len(data):
            return
        yield kind, data[at + _RECORD.size : end], end
        at = end


def _unpacked(content: bytes, channels: dict[int, Channel], name: str) -> list[Message]:
    """Return the messages of a chunk, and note the channels that are named in it."""
    chunk = Chunk.read(ReadDataStream(BytesIO(content)))
    packed = chunk.compression == "zstd"
    size = max(
        chunk.uncompressed_size, zstandard.frame_content_size(chunk.data) if packed else len(chunk.data)
    )
    if size > LARGEST:
        raise ValueError(f"a chunk of {size} bytes, expected at most {LARGEST}")
    found = []
    for record in breakup_chunk(chunk, validate_crc=True):
        match record:
            case Channel():
                if record.message_encoding != MessageEncoding.JSON:
                    raise NotARecording(
                        f"{name} has {record.topic!r} in {record.message_encoding!r}, expected messages in JSON"
                    )
                channels[record.id] = record
            case Stored():
                found.append(Message(channels[record.channel_id].topic, record.log_time, bytes(record.data)))
            case Schema():
                pass
    return found
