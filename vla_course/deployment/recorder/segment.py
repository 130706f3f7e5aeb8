"""One MCAP file that grows chunk by chunk: what is flushed can be read, whatever happens next."""

import json
import os
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import IO, Final, Self, cast

from mcap.well_known import MessageEncoding, SchemaEncoding
from mcap.writer import CompressionType, Writer

from vla_course.deployment.recorder.messages import Message
from vla_course.deployment.recorder.topics import schema_of

PROFILE: Final = "vla-course"
CHUNK: Final = 4 * 2**20
"""bytes, of messages in a chunk at most; mostly a chunk ends earlier, because it is flushed"""


class Segment:
    """An MCAP file (mcap.dev/spec) of one recording.

    A chunk is compressed, has a checksum and is on the disk when `flush` returns: not only the process may be killed
    then, the plug may be pulled as well. A file that is never closed lacks its index; `recovery` reads it all the same.

    Args:
        path: of the file, which is new.

    Attributes:
        size: bytes on the disk so far.
        first, last: ns, the times of what was written first and last.

    Raises:
        OSError: it cannot be written; so do `write`, `flush` and `close`.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.first: int | None = None
        self.last = 0
        self._channels: dict[str, int] = {}
        self._schemas: dict[str, int] = {}
        self._file: IO[bytes] = path.open("xb", buffering=0)
        whole = cast(IO[bytes], _Whole(self._file))  # all of a file that a writer asks for
        self._writer = Writer(whole, chunk_size=CHUNK, compression=CompressionType.ZSTD)
        self._writer.start(PROFILE, library="vla-course flight recorder")
        self.size = self._file.tell()

    def write(self, messages: Iterable[Message]) -> None:
        """Add messages; a chunk that is full goes to the file."""
        for message in messages:
            self.first = message.time if self.first is None else self.first
            self.last = message.time
            self._writer.add_message(self._channel(message.topic), message.time, message.data, message.time)

    def flush(self) -> None:
        """End the chunk and put it on the disk."""
        self._writer.flush()
        os.fsync(self._file.fileno())
        self.size = self._file.tell()

    def close(self) -> None:
        """Write what is left and the index that lets readers jump."""
        try:
            self._writer.finish()
            os.fsync(self._file.fileno())
            self.size = self._file.tell()
        finally:
            self._file.close()

    def abandon(self) -> None:
        """Close the file as it is, without its end."""
        self._file.close()

    def _channel(self, topic: str) -> int:
        if topic not in self._channels:
            schema = schema_of(topic)
            title = schema["title"]
            if title not in self._schemas:
                text = json.dumps(schema).encode()
                self._schemas[title] = self._writer.register_schema(title, SchemaEncoding.JSONSchema, text)
            self._channels[topic] = self._writer.register_channel(
                topic, MessageEncoding.JSON, self._schemas[title]
            )
        return self._channels[topic]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self.close()
        else:
            self.abandon()


class _Whole:
    """A file whose `write` writes all of it: an unbuffered one may stop half-way, where a disk is nearly full."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def write(self, data: bytes) -> int:
        left = memoryview(data)
        while left:
            left = left[self._file.write(left) :]
        return len(data)

    def tell(self) -> int:
        return self._file.tell()

    def flush(self) -> None:
        self._file.flush()
