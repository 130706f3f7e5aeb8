"""A LeRobotDataset v3.0 of staged episodes, written with pyarrow alone.

    meta/info.json  meta/stats.json  meta/tasks.parquet  meta/subtasks.parquet
    meta/episodes/chunk-000/file-000.parquet  data/chunk-000/file-000.parquet ...

Episodes stand in the order of their numbers, a row group each; a data file ends when it is as big as `FILE_SIZE`.
Beside LeRobot's own columns `meta/episodes` has what `staging.about` knows of each episode.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from vla_course.learning.demonstrations.layout import ROBOT, SUBTASKS, VERSION, DemonstrationFault, columns
from vla_course.learning.demonstrations.staging import NUMBERED, Staging, column_type, packed, write_whole
from vla_course.learning.demonstrations.statistics import Statistics

if TYPE_CHECKING:
    from vla_course.learning.demonstrations.plan import Settings


DATA: Final = "data/chunk-{chunk_index:03d}/file-{file_index:03d}.parquet"
EPISODES: Final = "meta/episodes/chunk-000/file-000.parquet"
INFO, STATS, SETTINGS = "meta/info.json", "meta/stats.json", "meta/settings.json"
TASKS, SUBTASKS_FILE = "meta/tasks.parquet", "meta/subtasks.parquet"
FILE_SIZE: Final = 100
"""MB, about, of a data file"""
FILES_A_CHUNK: Final = 1000

About = dict[str, Any]


def write_dataset(folder: Path, staging: Staging, settings: Settings, file_size: float = FILE_SIZE) -> None:
    """Make a dataset of all staged episodes; what the folder held is replaced.

    `meta/info.json` comes last, so that a folder without it holds no dataset yet. The same episodes give the same
    bytes.

    Args:
        folder: of the dataset.
        staging: where the episodes are, from number 0 on without a gap.
        settings: with which they were collected.
        file_size: MB, of a data file, about.

    Raises:
        DemonstrationFault: there is no episode, one is missing, or one is damaged.
    """
    numbers = sorted(staging.indices())
    if not numbers or numbers != list(range(len(numbers))):
        raise DemonstrationFault(
            f"{staging.folder} holds {len(numbers)} episodes, expected one or more, numbered from 0 without a gap"
        )
    writer = _Writer(folder, settings, file_size)
    for number in numbers:
        table, known = staging.read(number)
        writer.add(table, known)
    writer.finish()


def take_apart(folder: Path, staging: Staging) -> None:
    """Stage the episodes of a dataset again, so that more can be added; a folder without a dataset has none."""
    if not (folder / INFO).exists():
        return
    episodes = pq.read_table(folder / EPISODES).to_pylist()
    files: dict[Path, pq.ParquetFile] = {}
    groups: dict[Path, int] = {}
    for known in episodes:
        path = folder / DATA.format(
            chunk_index=known.pop("data/chunk_index"), file_index=known.pop("data/file_index")
        )
        file = files.setdefault(path, pq.ParquetFile(path))
        group = groups[path] = groups.get(path, -1) + 1
        number = known["episode_index"]
        if not staging.path(number).exists():
            told = {
                name: value for name, value in known.items() if "/" not in name and name[:8] != "dataset_"
            }
            staging.keep(number, packed(file.read_row_group(group).drop_columns(list(NUMBERED)), told))


class _Writer:
    """A dataset that is being written, episode by episode."""

    def __init__(self, folder: Path, settings: Settings, file_size: float) -> None:
        self._folder, self._settings, self._file_size = folder, settings, file_size
        self._columns = columns(settings.picture_size, settings.depth)
        fields = [(name, column_type(column)) for name, column in self._columns.items()]
        self._schema = pa.schema(fields).with_metadata({b"huggingface": _hugging_face(self._schema_info())})
        self._tasks: dict[str, int] = {}
        self._episodes: list[About] = []
        self._statistics = Statistics(self._columns)
        self._frames = 0
        self._files: list[Path] = []
        self._file: pq.ParquetWriter | None = None
        # First what says that there is a dataset, then what it says it of.
        for old in (*folder.glob(INFO), *folder.glob("meta/**/*.*"), *folder.glob("data/**/*.parquet")):
            old.unlink(missing_ok=True)

    def add(self, table: pa.Table, known: About) -> None:
        """Append an episode."""
        length, number = table.num_rows, len(self._episodes)
        place = self._place()
        task = self._tasks.setdefault(known["tasks"][0], len(self._tasks))
        frames = np.arange(length)
        numbered = {
            "timestamp": (frames / self._settings.decisions).astype(np.float32),
            "frame_index": frames,
            "episode_index": np.full(length, number),
            "index": self._frames + frames,
            "task_index": np.full(length, task),
        }
        for name, values in numbered.items():
            table = table.append_column(name, pa.array(values))
        table = table.select(self._schema.names).cast(self._schema)
        assert self._file is not None
        self._file.write_table(table, row_group_size=max(1, length))
        self._statistics.add(table)
        self._episodes.append(
            {
                **known,
                "episode_index": number,
                "data/chunk_index": place[0],
                "data/file_index": place[1],
                "dataset_from_index": self._frames,
                "dataset_to_index": self._frames + length,
                "meta/episodes/chunk_index": 0,
                "meta/episodes/file_index": 0,
            }
        )
        self._frames += length

    def _place(self) -> tuple[int, int]:
        """Return chunk and file of the coming episode; begin a file where the one before is full."""
        if self._file is None or self._files[-1].stat().st_size > self._file_size * 1e6:
            if self._file is not None:
                self._file.close()
            chunk, number = divmod(len(self._files), FILES_A_CHUNK)
            path = self._folder / DATA.format(chunk_index=chunk, file_index=number)
            path.parent.mkdir(parents=True, exist_ok=True)
            self._files.append(path)
            # Pictures are compressed already.
            self._file = pq.ParquetWriter(path, self._schema, compression="zstd", use_dictionary=False)
        return divmod(len(self._files) - 1, FILES_A_CHUNK)

    def finish(self) -> None:
        """Write what is known of all episodes."""
        assert self._file is not None
        self._file.close()
        (self._folder / EPISODES).parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(_episode_table(self._episodes), self._folder / EPISODES)
        _write_index(self._folder / TASKS, "task_index", list(self._tasks))
        _write_index(self._folder / SUBTASKS_FILE, "subtask_index", list(SUBTASKS))
        _write_json(self._folder / STATS, self._statistics.to_json())
        _write_json(self._folder / SETTINGS, asdict(self._settings))
        _write_json(self._folder / INFO, self._info())

    def _schema_info(self) -> dict[str, Any]:
        """Return the features as Hugging Face's reader of parquet files wants them."""
        found: dict[str, Any] = {}
        for name, column in self._columns.items():
            value = {"dtype": column.dtype, "_type": "Value"}
            if column.dtype == "image":
                found[name] = {"_type": "Image"}
            elif column.shape == (1,):
                found[name] = value
            else:
                found[name] = {"feature": value, "length": column.shape[0], "_type": "List"}
        return found

    def _info(self) -> dict[str, Any]:
        rate = self._settings.decisions
        return {
            "codebase_version": VERSION,
            "robot_type": ROBOT,
            "total_episodes": len(self._episodes),
            "total_frames": self._frames,
            "total_tasks": len(self._tasks),
            "chunks_size": FILES_A_CHUNK,
            "data_files_size_in_mb": FILE_SIZE,
            "video_files_size_in_mb": 200,
            "fps": int(rate) if rate == int(rate) else rate,
            "splits": {"train": f"0:{len(self._episodes)}"},
            "data_path": DATA,
            "video_path": None,
            "features": {name: column.to_json() for name, column in self._columns.items()},
        }


def _hugging_face(features: dict[str, Any]) -> bytes:
    return json.dumps({"info": {"features": features}}).encode()


def _episode_table(episodes: Sequence[About]) -> pa.Table:
    names = list(episodes[0])
    kinds = {"tasks": pa.list_(pa.string()), "scene_things": pa.list_(pa.string())}
    return pa.table({name: pa.array([one[name] for one in episodes], kinds.get(name)) for name in names})


def _write_index(path: Path, column: str, texts: Sequence[str]) -> None:
    """Write texts and their numbers, the texts as the index that pandas finds again."""
    level = "__index_level_0__"
    pandas = {
        "index_columns": [level],
        "column_indexes": [],
        "columns": [
            {"name": column, "field_name": column, "pandas_type": "int64", "numpy_type": "int64", "metadata": None},
            {"name": None, "field_name": level, "pandas_type": "unicode", "numpy_type": "object", "metadata": None},
        ],
        "pandas_version": "2.2.0",
        "creator": {"library": "pyarrow", "version": pa.__version__},
    }  # fmt: skip
    table = pa.table({column: pa.array(range(len(texts)), pa.int64()), level: pa.array(texts, pa.string())})
    pq.write_table(table.replace_schema_metadata({b"pandas": json.dumps(pandas).encode()}), path)


def _write_json(path: Path, value: object) -> None:
    write_whole(path, (json.dumps(value, indent=1) + "\n").encode())
