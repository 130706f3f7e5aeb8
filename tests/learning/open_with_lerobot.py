"""What LeRobot's own reader finds in a dataset, as JSON: for an interpreter that has LeRobot, not for the course's."""

import json
import sys
from pathlib import Path

import numpy as np
from lerobot.datasets.lerobot_dataset import LeRobotDataset

folder, frames, horizon = sys.argv[1], json.loads(sys.argv[2]), int(sys.argv[3])
rate = json.loads(Path(folder, "meta/info.json").read_text())["fps"]
whole = LeRobotDataset("course/demonstrations", root=folder)
chunked = LeRobotDataset(
    "course/demonstrations", root=folder, delta_timestamps={"action": [k / rate for k in range(horizon)]}
)


def plain(value):
    return value if isinstance(value, str) else np.asarray(value).tolist()


said = {
    "frames": len(whole),
    "episodes": whole.num_episodes,
    "rate": whole.fps,
    "cameras": whole.meta.camera_keys,
    "items": [{key: plain(value) for key, value in whole[frame].items()} for frame in frames],
    "chunks": [plain(chunked[frame]["action"]) for frame in frames],
    "beyond": [plain(chunked[frame]["action_is_pad"]) for frame in frames],
    "means": {key: plain(of["mean"]) for key, of in whole.meta.stats.items()},
}
print(json.dumps(said))
