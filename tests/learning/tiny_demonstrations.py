"""A handful of short demonstrations for tests: written down by hand, quick to make, whole in every respect."""

from pathlib import Path
from typing import Any

import numpy as np

from vla_course.learning.demonstrations.collecting import collect_demonstrations
from vla_course.learning.demonstrations.episode import Recording, png
from vla_course.learning.demonstrations.layout import columns
from vla_course.learning.demonstrations.plan import EpisodePlan, Settings
from vla_course.learning.demonstrations.staging import NUMBERED, pack
from vla_course.learning.environment.variation import Variation
from vla_course.simulation.tasks.instructions import Instruction
from vla_course.simulation.tasks.tasks import Task, task_for

SETTINGS = Settings(image_size=8)
LENGTHS = (5, 3, 4, 6)
_TASKS: list[Task] = []


def _task() -> Task:
    if not _TASKS:
        _TASKS.append(task_for(Instruction("reach for", thing="red cup"), np.random.default_rng(0)))
    return _TASKS[0]


def recording(index: int, settings: Settings = SETTINGS, **changed: Any) -> Recording:
    """Return an episode of random numbers, the same for the same index."""
    rng = np.random.default_rng(index)
    plan = EpisodePlan(index, _task(), index, index // 2, index ^ 1, Variation(), 0.5, ())
    rows = []
    length = LENGTHS[index % len(LENGTHS)]
    for k in range(length):
        row: dict[str, Any] = {}
        for name, column in columns(settings.image_size, settings.depth).items():
            if name in NUMBERED:
                continue
            if column.dtype == "image":
                kind = np.uint8 if column.shape[2] == 3 else np.uint16
                shape = column.shape if column.shape[2] == 3 else column.shape[:2]
                row[name] = png(rng.integers(0, 250, shape).astype(kind))
            elif column.dtype == "float32":
                numbers = rng.uniform(-0.9, 0.9, column.shape).astype(np.float32)
                row[name] = float(numbers[0]) if column.shape == (1,) else numbers
            else:
                row[name] = k == length - 1 if column.dtype == "bool" else int(rng.integers(0, 5))
        rows.append(row)
    told = {
        "sentence": f"sentence {index % 3}",
        "success": index != 2,
        "failure": "fell" if index == 2 else "",
    }
    return Recording(plan, rows=rows, vetoes=0, **{**told, **changed})


def work(settings: Settings, index: int) -> bytes:
    """Collect an episode without a simulation."""
    return pack(recording(index, settings), settings)


def here(settings, indices):
    """Collect in this process."""
    for index in indices:
        yield index, work(settings, index)


def make(folder: Path, settings: Settings = SETTINGS, episodes: int = 4) -> Path:
    """Collect a few episodes into a folder."""
    collect_demonstrations(folder, episodes, settings, here)
    return folder
