"""Episodes on their way into a dataset: each a file of its own, written whole or not at all.

`DIR/.collecting` holds what was asked (`settings.json`) and an `episode-NNNNNN.parquet` for each that is there. A
recording becomes bytes where it was made, in this process, another one or on another machine; only who collects
writes files. So whoever is killed leaves whole episodes behind and nothing else that counts.
"""

from __future__ import annotations

import fcntl
import io
import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from vla_course.learning.demonstrations.layout import Column, DemonstrationFault, columns

if TYPE_CHECKING:
    from vla_course.learning.demonstrations.episode import Recording, Row
    from vla_course.learning.demonstrations.plan import Settings


STAGED: Final = ".collecting"
_SETTINGS: Final = "settings.json"
_ABOUT: Final = b"episode"
"""the key under which a staged file says what its episode was"""
NUMBERED: Final = ("timestamp", "frame_index", "episode_index", "index", "task_index")
"""columns that are made when all episodes are there"""
IMAGE: Final = pa.struct([("bytes", pa.binary()), ("path", pa.string())])


def column_type(column: Column) -> pa.DataType:
    """Return how a column is kept in a parquet file."""
    if column.dtype == "image":
        return IMAGE
    scalar = {"float32": pa.float32(), "int64": pa.int64(), "bool": pa.bool_()}[column.dtype]
    return scalar if column.shape == (1,) else pa.list_(scalar, column.shape[0])


def pack(recording: Recording, settings: Settings) -> bytes:
    """Return a recording as the bytes of a parquet file."""
    return packed(frames_of(recording.rows, settings), about(recording))


def frames_of(rows: list[Row], settings: Settings) -> pa.Table:
    """Return rows as a table, without the columns that are made when all episodes are there."""
    every = columns(settings.picture_size, settings.depth)
    return pa.table({name: _column(rows, name, one) for name, one in every.items() if name not in NUMBERED})


def packed(frames: pa.Table, known: Mapping[str, Any]) -> bytes:
    """Return an episode's frames, and what is known of it, as the bytes of a parquet file."""
    file = io.BytesIO()
    frames = frames.replace_schema_metadata({_ABOUT: json.dumps(dict(known)).encode()})
    pq.write_table(frames, file, compression="zstd", use_dictionary=False)
    return file.getvalue()


def _column(rows: list[Row], name: str, column: Column) -> pa.Array:
    kind = column_type(column)
    if column.dtype == "image":
        return pa.array([{"bytes": row[name], "path": None} for row in rows], type=kind)
    if column.shape == (1,):
        return pa.array([row[name] for row in rows], type=kind)
    numbers = np.array([row[name] for row in rows], dtype=column.dtype).reshape(len(rows), *column.shape)
    return pa.FixedSizeListArray.from_arrays(pa.array(numbers.ravel()), type=kind)


def about(recording: Recording) -> dict[str, Any]:
    """Return what is known of an episode beside its frames, as plain values."""
    plan = recording.plan
    said = plan.instruction
    return {
        "episode_index": plan.index,
        "tasks": [recording.sentence],
        "length": len(recording.rows),
        "skill": said.skill,
        "thing": said.thing or "",
        "instruction": json.dumps({"skill": said.skill, **said.said()}),
        "hand": plan.task.hand or "",
        "scene_things": [thing.name for thing in plan.task.scene.things],
        "success": recording.success,
        "failure": recording.failure,
        "vetoes": recording.vetoes,
        "noise_level": plan.level,
        "turns": json.dumps(plan.turns),
        "kicks": json.dumps([asdict(kick) for kick in plan.kicks]),
        "variation": json.dumps(asdict(plan.variation)),
        "episode_seed": plan.seed,
        "scene_seed": plan.scene_seed,
        "twin": plan.twin,
        "commit": commit(),
    }


@cache
def commit() -> str:
    """Return the commit of the course that is running, "unknown" where there is none."""
    told = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],
        cwd=Path(__file__).parent,
        capture_output=True,
        text=True,
        check=False,
    )
    return told.stdout.strip() or "unknown"


class Staging:
    """The episodes that are being collected into `folder`; a context, in which nobody else can collect there.

    Args:
        folder: of the dataset.
        settings: what is collected.

    Raises:
        DemonstrationFault: other episodes are being collected there, or somebody else is at it.
    """

    def __init__(self, folder: Path, settings: Settings) -> None:
        self.folder = folder / STAGED
        self.folder.mkdir(parents=True, exist_ok=True)
        self._lock = (self.folder / "lock").open("w", encoding="utf-8")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._lock.close()
            raise DemonstrationFault(
                f"somebody else is collecting into {folder}, expected nobody to: wait, or collect into another folder"
            ) from None
        for part in self.folder.glob("*.part"):  # of somebody who was killed while writing
            part.unlink()
        check_settings(self.folder / _SETTINGS, settings)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._lock.close()

    def path(self, index: int) -> Path:
        """Return where an episode is kept."""
        return self.folder / f"episode-{index:06d}.parquet"

    def keep(self, index: int, data: bytes) -> None:
        """Keep an episode: it is there as a whole, or not at all."""
        write_whole(self.path(index), data)

    def indices(self) -> set[int]:
        """Return the episodes that are there."""
        return {int(path.stem.removeprefix("episode-")) for path in self.folder.glob("episode-*.parquet")}

    def read(self, index: int) -> tuple[pa.Table, dict[str, Any]]:
        """Return the frames of an episode, and what is known of it.

        Raises:
            DemonstrationFault: the file is damaged.
        """
        path = self.path(index)
        try:
            table = pq.read_table(path)
            known: dict[str, Any] = json.loads(table.schema.metadata[_ABOUT])
        except (pa.ArrowInvalid, OSError, KeyError, TypeError, ValueError) as why:
            raise DemonstrationFault(
                f"{path} is damaged ({why}), expected an episode: delete it, and it is collected anew"
            ) from None
        return table, known

    def clear(self) -> None:
        """Forget the episodes: they are in the dataset."""
        for path in self.folder.iterdir():
            path.unlink()
        self.folder.rmdir()


def check_settings(path: Path, settings: Settings) -> None:
    """Keep settings in a file, or compare them with those that are there.

    Raises:
        DemonstrationFault: those are others.
    """
    asked = json.loads(json.dumps(asdict(settings)))
    if not path.exists():
        write_whole(path, json.dumps(asked, indent=1).encode())
        return
    try:
        known: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as why:
        raise DemonstrationFault(f"{path} is damaged ({why}), expected settings as JSON") from None
    for name, value in asked.items():
        if known.get(name) != value:
            raise DemonstrationFault(
                f"{path}: {name} is {known.get(name)!r} there and {value!r} was asked for, expected the same: "
                "go on with those settings, or collect into another folder"
            )


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that it is there as a whole, or not at all, also when the machine stops."""
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    with part.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
