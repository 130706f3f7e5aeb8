"""LeRobot's own reader opens what the course writes, and finds the same in it.

LeRobot pins versions that the course does not have, so it lives in an environment of its own. Say where:

    python3.11 -m venv /tmp/lerobot && /tmp/lerobot/bin/pip install lerobot==0.4.4
    LEROBOT_PYTHON=/tmp/lerobot/bin/python pytest tests/learning/test_lerobot.py
"""

import json
import os
import subprocess
from pathlib import Path

import numpy as np
import pytest

from tests.learning.tiny_demonstrations import make
from vla_course.learning.demonstrations.layout import (
    ACTION_KEY,
    EXECUTED_KEY,
    HANDS_KEY,
    STATE_KEY,
    SUBTASKS,
    TARGET_KEY,
    image_key,
)
from vla_course.learning.demonstrations.reader import Demonstrations
from vla_course.simulation.scene.cameras import PLACES

PYTHON = os.environ.get("LEROBOT_PYTHON", "")
SHIPPED = Path(__file__).parents[2] / "data" / "demonstrations"
HORIZON = 4

pytestmark = pytest.mark.skipif(
    not PYTHON, reason="LEROBOT_PYTHON names no interpreter that has LeRobot 0.4.4"
)


def opened(folder: Path, frames: list[int]) -> dict:
    """Return what LeRobot says of a dataset."""
    script = Path(__file__).with_name("open_with_lerobot.py")
    command = [PYTHON, str(script), str(folder), json.dumps(frames), str(HORIZON)]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    environment |= {"HF_HUB_OFFLINE": "1", "HF_DATASETS_CACHE": str(folder.parent / "cache")}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=240, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize("which", ["tiny", "shipped"])
def test_lerobot_finds_in_a_dataset_what_the_course_finds(which: str, tmp_path: Path) -> None:
    if which == "shipped" and not SHIPPED.exists():
        pytest.skip("no demonstrations are shipped")
    folder = make(tmp_path / "demonstrations") if which == "tiny" else SHIPPED
    ours = Demonstrations(folder)
    last = len(ours) - 1
    frames = [0, ours.episodes[0].stop - 2, ours.episodes[1].start, last]
    theirs = opened(folder, frames)
    assert (theirs["frames"], theirs["episodes"], theirs["rate"]) == (len(ours), len(ours.episodes), 10)
    assert theirs["cameras"] == [image_key(place) for place in PLACES]
    for item, frame in zip(theirs["items"], frames, strict=True):
        episode = ours.episodes[ours.episode_of[frame]]
        assert item["task"] == episode.sentence
        assert item["subtask"] == SUBTASKS[ours.subtasks[frame]]
        for key, array in (
            (ACTION_KEY, ours.actions),
            (EXECUTED_KEY, ours.executed),
            (STATE_KEY, ours.states),
            (HANDS_KEY, ours.hands),
            (TARGET_KEY, ours.targets),
        ):
            np.testing.assert_array_equal(np.array(item[key], dtype=np.float32), array[frame])
        for place in PLACES:
            picture = np.array(item[image_key(place)]).transpose(1, 2, 0) * 255.0
            np.testing.assert_allclose(picture, ours.pictures(place, frame)[0], atol=1e-3)
    chunks, beyond = ours.chunks(frames, HORIZON)
    np.testing.assert_array_equal(np.array(theirs["chunks"], dtype=np.float32), chunks)
    np.testing.assert_array_equal(theirs["beyond"], beyond)
    np.testing.assert_allclose(theirs["means"][ACTION_KEY], ours.statistics[ACTION_KEY]["mean"], atol=1e-6)
