"""Pictures of data files: read an episode at a time, decoded one by one."""

import io
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from PIL import Image

from vla_course.learning.demonstrations.checks import open_parquet
from vla_course.learning.demonstrations.layout import Column, DemonstrationFault

OPEN: Final = 64
"""episodes, times cameras, whose pictures are kept undecoded in memory: a few megabytes"""

Key = tuple[Path, str, int]


class Pictures:
    """Finds pictures in data files; those of the episodes that were asked for last are at hand."""

    def __init__(self, columns: Mapping[str, Column]) -> None:
        self._columns = columns
        self._open: OrderedDict[Key, list[bytes]] = OrderedDict()

    def get(self, path: Path, name: str, rows: slice, number: int) -> NDArray[Any]:
        """Return a picture.

        Args:
            path: of the data file.
            name: of the column.
            rows: of the file, that are the episode's.
            number: of the frame in its episode.

        Raises:
            DemonstrationFault: it is missing, damaged, or of another size.
        """
        key = (path, name, rows.start)
        if key not in self._open:
            self._open[key] = _read(path, name, rows)
            while len(self._open) > OPEN:
                self._open.popitem(last=False)
        self._open.move_to_end(key)
        where = f"{path}: {name} of row {rows.start + number}"
        shape = self._columns[name].shape
        expected = shape if shape[2] == 3 else shape[:2]
        try:
            picture = np.asarray(Image.open(io.BytesIO(self._open[key][number])))
        except (OSError, SyntaxError, ValueError) as why:
            raise DemonstrationFault(f"{where} is damaged ({why}), expected a picture") from None
        if picture.shape != expected:
            raise DemonstrationFault(f"{where} has shape {picture.shape}, expected {expected}")
        return picture


def _read(path: Path, name: str, rows: slice) -> list[bytes]:
    """Return the undecoded pictures of some rows, read from those row groups alone that hold them."""
    file = open_parquet(path)
    begin, first = 0, 0
    groups: list[int] = []
    for k in range(file.num_row_groups):
        end = begin + file.metadata.row_group(k).num_rows
        if begin < rows.stop and end > rows.start:
            first = begin if not groups else first
            groups.append(k)
        begin = end
    try:
        table = file.read_row_groups(groups, columns=[name])
    except (pa.ArrowException, OSError) as why:
        raise DemonstrationFault(f"{path} is damaged ({why}), expected a whole column {name!r}") from None
    found: list[bytes] = []
    for number, cell in enumerate(table[name].slice(rows.start - first, rows.stop - rows.start).to_pylist()):
        if not (cell and cell.get("bytes")):
            raise DemonstrationFault(
                f"{path}: {name} of row {rows.start + number} is empty, expected a picture"
            )
        found.append(cell["bytes"])
    return found
