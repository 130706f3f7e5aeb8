"""What a folder must hold to be demonstrations: checked at the border, so that whoever reads may trust them.

Every fault is one `DemonstrationFault` that names file and field.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from vla_course.learning.demonstrations.dataset import DATA, EPISODES, INFO, TASKS
from vla_course.learning.demonstrations.layout import VERSION, Column, DemonstrationFault, columns, image_key
from vla_course.learning.demonstrations.staging import IMAGE, column_type
from vla_course.simulation.scene.cameras import PLACES

REFERENCES: Final = ("data/chunk_index", "data/file_index", "dataset_from_index", "dataset_to_index")
ABOUT: Final = (
    *("episode_index", "tasks", "length", "skill", "thing", "success", "failure"),
    *("noise_level", "scene_seed", "twin"),
)
"""what every episode must have told of itself"""


def read_json(folder: Path, name: str) -> dict[str, Any]:
    """Return a JSON file of a dataset. Raises DemonstrationFault: it is not there, or is no JSON object."""
    try:
        value = json.loads((folder / name).read_text(encoding="utf-8"))
    except OSError:
        raise DemonstrationFault(
            f"{folder / name} is not there, expected a LeRobotDataset {VERSION} in {folder}: "
            "`vla-course collect --episodes 100 --out DIR` makes one"
        ) from None
    except ValueError as why:
        raise DemonstrationFault(f"{folder / name} is cut or damaged ({why}), expected JSON") from None
    if not isinstance(value, dict):
        raise DemonstrationFault(f"{folder / name} is {type(value).__name__}, expected a JSON object")
    return value


def open_parquet(path: Path) -> pq.ParquetFile:
    """Open a parquet file. Raises DemonstrationFault: it is not there, or cut."""
    try:
        return pq.ParquetFile(path)
    except FileNotFoundError:
        raise DemonstrationFault(f"{path} is not there, expected a file that meta/info.json counts") from None
    except (pa.ArrowInvalid, OSError) as why:
        raise DemonstrationFault(f"{path} is cut or damaged ({why}), expected a parquet file") from None


def read_columns(path: Path, names: Sequence[str]) -> pa.Table:
    """Read columns of a parquet file. Raises DemonstrationFault: one is missing, or the file is damaged."""
    file = open_parquet(path)
    for name in names:
        if name not in file.schema_arrow.names:
            raise DemonstrationFault(f"{path} has no column {name!r}, expected one")
    try:
        return file.read(columns=list(names))
    except (pa.ArrowException, OSError) as why:
        raise DemonstrationFault(
            f"{path} is damaged ({why}), expected whole columns {', '.join(names)}"
        ) from None


def check_info(path: Path, info: Mapping[str, Any]) -> dict[str, Column]:
    """Check `meta/info.json`, and return the columns that are there.

    Raises:
        DemonstrationFault: another version, a missing camera, or another layout of actions or states.
    """
    version = info.get("codebase_version")
    if version != VERSION:
        raise DemonstrationFault(
            f"{path}: codebase_version is {version!r}, expected {VERSION!r}: "
            "LeRobot's own scripts bring datasets of other versions up to it"
        )
    for name in ("total_episodes", "total_frames", "fps", "features"):
        if name not in info:
            raise DemonstrationFault(f"{path} has no {name}, expected one")
    features = info["features"]
    size = _size(path, features)
    expected = columns(size, depth=any(name.startswith("observation.depth.") for name in features))
    for name, column in expected.items():
        _check_feature(path, name, features.get(name), column)
    return expected


def _size(path: Path, features: Mapping[str, Any]) -> int | None:
    """Return the size of the pictures, None where there are none. Raises DemonstrationFault: a camera is missing."""
    if not any(name.startswith(("observation.images.", "target.pixels")) for name in features):
        return None
    for place in PLACES:
        if image_key(place) not in features:
            raise DemonstrationFault(
                f"{path}: features has no {image_key(place)!r}, expected pictures of the cameras {', '.join(PLACES)}"
            )
    shape = features[image_key(PLACES[0])].get("shape")
    if not (isinstance(shape, list) and len(shape) == 3 and shape[0] == shape[1] and shape[2] == 3):
        raise DemonstrationFault(
            f"{path}: features[{image_key(PLACES[0])!r}].shape is {shape}, expected [size, size, 3]"
        )
    return int(shape[0])


def _check_feature(path: Path, name: str, feature: Mapping[str, Any] | None, column: Column) -> None:
    if feature is None:
        raise DemonstrationFault(
            f"{path}: features has no {name!r}, expected {column.to_json()['shape']} numbers"
        )
    for part, expected in column.to_json().items():
        there = feature.get(part)
        if there == expected:
            continue
        if part == "names" and isinstance(there, list) and isinstance(expected, list):
            other = next(k for k, (a, b) in enumerate(zip(there, expected, strict=False)) if a != b)
            raise DemonstrationFault(
                f"{path}: features[{name!r}].names[{other}] is {there[other]!r}, expected {expected[other]!r}: "
                "it is of another layout"
            )
        raise DemonstrationFault(f"{path}: features[{name!r}].{part} is {there!r}, expected {expected!r}")


def check_episodes(folder: Path, info: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Check `meta/episodes` against `meta/info.json`, and return what each episode told of itself.

    Raises:
        DemonstrationFault: a column is missing, or the counts do not agree.
    """
    path = folder / EPISODES
    file = open_parquet(path)
    for name in (*ABOUT, *REFERENCES):
        if name not in file.schema_arrow.names:
            raise DemonstrationFault(f"{path} has no column {name!r}, expected one")
    episodes: list[dict[str, Any]] = read_columns(path, file.schema_arrow.names).to_pylist()
    if len(episodes) != info["total_episodes"]:
        raise DemonstrationFault(
            f"{folder / INFO}: total_episodes is {info['total_episodes']}, but {path} tells of {len(episodes)}"
        )
    begin = 0
    for number, one in enumerate(episodes):
        end = begin + one["length"]
        for name, expected in (
            ("episode_index", number),
            ("dataset_from_index", begin),
            ("dataset_to_index", end),
        ):
            if one[name] != expected:
                raise DemonstrationFault(
                    f"{path}: {name} of row {number} is {one[name]}, expected {expected}"
                )
        begin = end
    if begin != info["total_frames"]:
        raise DemonstrationFault(
            f"{folder / INFO}: total_frames is {info['total_frames']}, but the lengths of {path} add up to {begin}"
        )
    return episodes


def data_files(folder: Path, episodes: Sequence[Mapping[str, Any]]) -> dict[Path, int]:
    """Return the data files of a dataset in their order, and how many frames each is to have."""
    frames: dict[Path, int] = {}
    for one in episodes:
        path = folder / DATA.format(chunk_index=one["data/chunk_index"], file_index=one["data/file_index"])
        frames[path] = frames.get(path, 0) + one["length"]
    return frames


def check_data(path: Path, frames: int, expected: Mapping[str, Column]) -> None:
    """Check the frames and the types of a data file. Raises DemonstrationFault where they are others."""
    file = open_parquet(path)
    if file.metadata.num_rows != frames:
        raise DemonstrationFault(
            f"{path} has {file.metadata.num_rows} frames, expected the {frames} that meta/episodes counts"
        )
    schema = file.schema_arrow
    for name, column in expected.items():
        if name not in schema.names:
            raise DemonstrationFault(f"{path} has no column {name!r}, expected one")
        kind, there = column_type(column), schema.field(name).type
        same = there == kind or (kind == IMAGE and pa.types.is_struct(there))
        if pa.types.is_fixed_size_list(kind) and pa.types.is_fixed_size_list(there):
            same = there.list_size == kind.list_size and there.value_type == kind.value_type
        if not same:
            raise DemonstrationFault(f"{path}: column {name!r} is {there}, expected {kind}")


def check_finite(path: Path, name: str, values: np.ndarray, column: Column, first: int) -> None:
    """Raise DemonstrationFault where a number (n, *shape) of a column is not finite; `first`: row of the file."""
    if column.dtype != "float32" or np.isfinite(values).all():
        return
    row, part = (int(k) for k in np.argwhere(~np.isfinite(values.reshape(len(values), -1)))[0])
    what = name if column.names is None else f"{name} ({column.names[part]})"
    raise DemonstrationFault(
        f"{path}: {what} of row {first + row} is {values.reshape(len(values), -1)[row, part]}, "
        "expected a finite number"
    )


def check_tasks(folder: Path, info: Mapping[str, Any]) -> list[str]:
    """Return the sentences by their number. Raises DemonstrationFault: the counts do not agree."""
    path = folder / TASKS
    table = open_parquet(path).read()
    texts = next((name for name in table.column_names if name != "task_index"), None)
    if "task_index" not in table.column_names or texts is None:
        raise DemonstrationFault(
            f"{path} has columns {table.column_names}, expected task_index and the sentences"
        )
    if table.num_rows != info.get("total_tasks"):
        raise DemonstrationFault(
            f"{folder / INFO}: total_tasks is {info.get('total_tasks')}, but {path} has {table.num_rows}"
        )
    found = dict(zip(table["task_index"].to_pylist(), table[texts].to_pylist(), strict=True))
    return [str(found[number]) for number in sorted(found)]
