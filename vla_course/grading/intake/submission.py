"""One student's work as it is graded, and all that is known around it."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

Cells = tuple[tuple[int, str], ...]
"""the code cells of a notebook with their numbers"""


@dataclass(frozen=True)
class Submission:
    """What one student handed in: the files that are graded, and all that is known around them."""

    key: str
    name: str
    id: str
    source: str
    """the file or folder that it was read from"""
    files: Mapping[PurePosixPath, bytes] = field(repr=False)
    """by their path below the exercises, such as `day3_humanoid_balance/zmp.py`"""
    notes: tuple[str, ...] = ()
    late_marker: bool = False
    """whether the platform wrote "late" into the name"""
    modified: datetime.datetime | None = None
    """when the file was last written, on this machine"""
    claimed: float | None = None
    """the unofficial score that it came with"""
    platform: str = ""
    """which platform the id is of; nothing where a person wrote it"""
    submitted: datetime.datetime | None = None
    """when the platform says that it came; without a zone where it does not say which"""
    email: str = ""
    came_by: str = ""
    """the platform that named the files, whether or not the id is one of its own"""
    originals: tuple[str, ...] = ()
    """the files and folders that are graded, by those names"""
    notebooks: Mapping[PurePosixPath, Cells] = field(default_factory=dict, repr=False)
    """by their path in the submission: where answers stand that no test finds"""
    group: str = ""
    """with whom it was handed in, by the name of the group"""
    alias: str = ""
    """what stands in place of key and name while marking is anonymous"""

    @property
    def content(self) -> str:
        """A hash of what is graded: equal for equal files, whoever handed them in."""
        found = hashlib.sha256()
        for path, data in sorted(self.files.items()):
            found.update(f"{path}\0{len(data)}\0".encode())
            found.update(data)
        return found.hexdigest()

    def text(self, path: PurePosixPath) -> str:
        return self.files[path].decode("utf-8", errors="replace").replace("\r\n", "\n")

    def write(self, folder: Path) -> Path:
        """Write the files below `folder`; returns it."""
        folder.mkdir(parents=True, exist_ok=True)
        for path, data in self.files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(data)
        return folder
