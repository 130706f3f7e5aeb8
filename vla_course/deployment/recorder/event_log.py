"""The event log: one JSON object a line, for programs that look for codes; bounded, rotated, without secrets."""

import json
import re
import threading
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

_CODE: Final = re.compile(r"[a-z][a-z0-9_]{0,63}")
_SECRET: Final = re.compile(
    r"token|secret|password|passwd|authorization|cookie|api_?key|credential", re.IGNORECASE
)
HIDDEN: Final = "(hidden)"
LONGEST: Final = 4096
"""bytes of a line; of one that would be longer the fields are left out"""
_TEXT: Final = 500
"""characters of a text"""
_DEEPEST: Final = 8
"""lists and dicts in each other: what lies deeper, or in itself, is left out"""
_OURS: Final = ("monotonic", "wall", "code", "correlation_id")


class EventLog:
    """Writes lines such as `{"monotonic": 12.5, "wall": 1.8e9, "code": "e_stop", "correlation_id": "a1", ...}`.

    `monotonic` is what durations are taken from; `wall` says to people when that was and may jump. A field whose name
    sounds of a secret is written as `(hidden)`, whatever it holds. A disk that does not take a line stops nobody:
    `lost` counts, and `trouble` has the reason.

    Args:
        path: of the file; the full ones before it are `path.1`, `path.2` and so on.
        size: bytes of one file.
        files: how many there are at most, this one counted.
        clock, wall: s.

    Attributes:
        lost: lines that no disk took.
        trouble: why the last of them was lost.

    Raises:
        ValueError: there is no room for a line, or for a file.
    """

    def __init__(
        self,
        path: Path,
        size: int = 2**20,
        files: int = 5,
        *,
        clock: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
    ) -> None:
        if type(size) is not int or type(files) is not int or size < LONGEST or files < 1:
            raise ValueError(
                f"size is {size!r} and files {files!r}, expected at least {LONGEST} bytes and 1 file"
            )
        self.path, self._size, self._files = path, size, files
        self._clock, self._wall = clock, wall
        self._lock = threading.Lock()
        self.lost, self.trouble = 0, ""

    def write(self, code: str, correlation_id: str = "", **fields: Any) -> None:
        """Add a line.

        Args:
            code: lower-case words joined by `_`, as `Code` and `Incident` have them.
            correlation_id: what joins lines of one packet or command, here and in a server's log.
            fields: numbers, text, or lists and dicts of them.

        Raises:
            ValueError: the code is none, or a field has a name that every line has.
        """
        if not isinstance(code, str) or not _CODE.fullmatch(code):
            raise ValueError(f"code is {code!r}, expected lower-case words joined by _")
        if taken := sorted(set(fields) & set(_OURS)):
            raise ValueError(f"a field is called {taken[0]!r}, expected a name that not every line has")
        line = {
            "monotonic": _plain("monotonic", round(self._clock(), 6)),
            "wall": _plain("wall", round(self._wall(), 3)),
            "code": code,
            "correlation_id": str(correlation_id)[:_TEXT],
        }
        data = _line(line | {name: _plain(name, value) for name, value in fields.items()})
        if len(data) > LONGEST:
            data = _line(line | {"left_out": sorted(fields)[:20]})
        with self._lock:
            try:
                self._append(data)
            except OSError as why:
                self.lost += 1
                self.trouble = str(why)

    def _append(self, data: bytes) -> None:
        if self.path.exists() and self.path.stat().st_size + len(data) > self._size:
            self._rotate()
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("ab") as file:
            file.write(data)

    def _rotate(self) -> None:
        older = [self.path, *(self.path.with_name(f"{self.path.name}.{k}") for k in range(1, self._files))]
        older[-1].unlink(missing_ok=True)
        for newer, place in reversed(list(pairwise(older))):
            if newer.exists():
                newer.rename(place)


def _line(said: dict[str, Any]) -> bytes:
    return json.dumps(said, separators=(",", ":")).encode() + b"\n"


def _plain(name: str, value: Any, depth: int = 0) -> Any:
    """Return a field as JSON has it, cut to size, and nothing where its name sounds of a secret."""
    if _SECRET.search(name):
        return HIDDEN
    match value:
        case dict() | list() | tuple() if depth == _DEEPEST:
            return "..."
        case dict():
            return {str(key): _plain(str(key), inner, depth + 1) for key, inner in value.items()}
        case list() | tuple():
            return [_plain(name, inner, depth + 1) for inner in value]
        case bool() | int() | None:
            return value
        case float():
            return value if value - value == 0.0 else str(value)
    return str(value)[:_TEXT]
