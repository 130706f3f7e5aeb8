"""Demonstrations are read back as they were, and refused where they are not whole: one fault, file and field named."""

import io
import json
from collections.abc import Callable
from copy import copy
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from PIL import Image

from tests.learning.tiny_demonstrations import LENGTHS, SETTINGS, make, recording
from vla_course.learning.demonstrations.dataset import EPISODES, INFO, STATS, TASKS, write_dataset
from vla_course.learning.demonstrations.layout import (
    ACTION_KEY,
    HANDS_KEY,
    STATE_KEY,
    DemonstrationFault,
    depth_key,
    image_key,
)
from vla_course.learning.demonstrations.reader import Demonstrations
from vla_course.learning.demonstrations.staging import Staging, pack

DATA = "data/chunk-000/file-000.parquet"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("read") / "demonstrations")


@pytest.fixture(scope="module")
def read(folder: Path) -> Demonstrations:
    return Demonstrations(folder)


# ---- as it was ---------------------------------------------------------------------------------


def test_every_frame_is_read_back_as_it_was(read: Demonstrations) -> None:
    assert len(read) == sum(LENGTHS)
    for episode in read.episodes:
        rows = recording(episode.index).rows
        span = slice(episode.start, episode.stop)
        assert len(episode) == len(rows)
        np.testing.assert_array_equal(read.actions[span], [row[ACTION_KEY] for row in rows])
        np.testing.assert_array_equal(read.states[span], [row[STATE_KEY] for row in rows])
        np.testing.assert_array_equal(read.hands[span], [row[HANDS_KEY] for row in rows])
        for place in ("head", "chest", "pelvis"):
            wanted = [np.asarray(Image.open(io.BytesIO(row[image_key(place)]))) for row in rows]
            np.testing.assert_array_equal(read.pictures(place, range(episode.start, episode.stop)), wanted)


def test_numbers_are_float32_and_episodes_know_what_they_are(read: Demonstrations) -> None:
    arrays = (read.states, read.actions, read.executed, read.hands, read.targets, read.target_pixels)
    assert {array.dtype for array in arrays} == {np.dtype("float32")}
    assert [array.shape[1] for array in arrays] == [75, 36, 36, 14, 4, 9]
    assert [one.success for one in read.episodes] == [True, True, False, True]
    assert read.episodes[2].failure == "fell"
    assert [one.twin for one in read.episodes] == [1, 0, 3, 2]
    assert read.episodes[1].sentence == "sentence 1"
    np.testing.assert_array_equal(read.frame_of, np.concatenate([np.arange(n) for n in LENGTHS]))


def test_pictures_come_in_any_order(read: Demonstrations) -> None:
    mixed = read.pictures("chest", [17, 0, 6, 0])
    for picture, frame in zip(mixed, (17, 0, 6, 0), strict=True):
        np.testing.assert_array_equal(picture, read.pictures("chest", frame)[0])
    assert read.pictures("chest", []).shape[0] == 0


def test_a_chunk_ends_with_its_episode_and_says_what_is_padding(read: Demonstrations) -> None:
    chunks, beyond = read.chunks([0, 3, 4, 5], horizon=3)
    np.testing.assert_array_equal(chunks[0], read.actions[0:3])
    np.testing.assert_array_equal(beyond[0], [False, False, False])
    np.testing.assert_array_equal(chunks[1], read.actions[[3, 4, 4]])
    np.testing.assert_array_equal(beyond[1], [False, False, True])
    np.testing.assert_array_equal(chunks[2], read.actions[[4, 4, 4]])
    np.testing.assert_array_equal(beyond[2], [False, True, True])
    np.testing.assert_array_equal(chunks[3], read.actions[5:8])


@pytest.mark.parametrize(
    ("frames", "horizon", "fault"), [([0], 0, ValueError), ([18], 2, IndexError), ([-1], 2, IndexError)]
)
def test_chunks_that_cannot_be_are_refused(read: Demonstrations, frames, horizon, fault) -> None:
    with pytest.raises(fault, match="expected"):
        read.chunks(frames, horizon)


def test_a_split_holds_out_scenes_and_never_one_twin_alone(read: Demonstrations) -> None:
    for seed in range(5):
        kept, out = read.split(0.5, np.random.default_rng(seed))
        assert sorted(kept + out) == [0, 1, 2, 3]
        assert {index // 2 for index in kept}.isdisjoint({index // 2 for index in out})
        assert len(out) == 2
    np.testing.assert_array_equal(read.frames_of([1, 3]), [5, 6, 7, *range(12, 18)])


def of_scenes(read: Demonstrations, scenes: list[list[tuple[str, bool]]]) -> Demonstrations:
    """Return demonstrations of other scenes: of each the skills, and whether the expert succeeded."""
    other = copy(read)
    named = [(scene, skill, success) for scene, some in enumerate(scenes) for skill, success in some]
    other.episodes = tuple(
        replace(read.episodes[0], index=index, scene_seed=scene, skill=skill, success=success)
        for index, (scene, skill, success) in enumerate(named)
    )
    return other


def test_a_split_holds_out_no_skill_as_a_whole_where_others_can_be_held_out(read: Demonstrations) -> None:
    walk, turn, look = (("walk", True), ("turn", True), ("look at", True))
    alike = of_scenes(read, [[walk, walk], [walk, turn], [turn, walk], [look, walk], [walk]])
    failed = of_scenes(read, [[walk], [walk], [("walk", False)], [("turn", False)], [turn]])
    for seed in range(20):
        for shown, fraction in ((alike, 0.6), (failed, 0.4)):
            kept, out = shown.split(fraction, np.random.default_rng(seed))
            taught = {shown.episodes[index].skill for index in kept if shown.episodes[index].success}
            assert {shown.episodes[index].skill for index in out} <= taught, seed
            scenes = {shown.episodes[index].scene_seed for index in out}
            assert len(scenes) == round(fraction * 5)
    drawn = {tuple(alike.split(0.2, np.random.default_rng(seed))[1]) for seed in range(20)}
    assert len(drawn) == 4  # every scene but that of the only look


def test_a_split_holds_out_as_many_as_it_is_told_whatever_is_left(read: Demonstrations) -> None:
    alone = of_scenes(read, [[(skill, True)] for skill in ("walk", "turn", "look at", "point at")])
    for seed in range(5):
        assert len(alone.split(0.5, np.random.default_rng(seed))[1]) == 2
    assert alone.split(1.0, np.random.default_rng(0)) == ([], [0, 1, 2, 3])
    assert alone.split(0.0, np.random.default_rng(0)) == ([0, 1, 2, 3], [])


def test_statistics_are_those_of_numpy(read: Demonstrations) -> None:
    told = read.statistics[ACTION_KEY]
    np.testing.assert_allclose(told["mean"], read.actions.mean(axis=0), atol=1e-6)
    np.testing.assert_allclose(told["std"], read.actions.std(axis=0), atol=1e-6)
    np.testing.assert_allclose(told["q01"], np.quantile(read.actions, 0.01, axis=0), atol=1e-6)
    np.testing.assert_allclose(told["q90"], np.quantile(read.actions, 0.9, axis=0), atol=1e-6)
    assert told["count"] == sum(LENGTHS)
    assert read.statistics[image_key("head")]["mean"].shape == (3, 1, 1)


def test_many_data_files_read_as_one(tmp_path: Path, folder: Path) -> None:
    with Staging(tmp_path, SETTINGS) as staging:
        for index in range(4):
            staging.keep(index, pack(recording(index), SETTINGS))
        write_dataset(tmp_path, staging, SETTINGS, file_size=0.001)
    assert len(list(tmp_path.glob("data/*/*.parquet"))) == 4
    many, one = Demonstrations(tmp_path), Demonstrations(folder)
    np.testing.assert_array_equal(many.actions, one.actions)
    np.testing.assert_array_equal(many.pictures("pelvis", range(18)), one.pictures("pelvis", range(18)))


def test_depth_is_kept_on_request_to_the_millimetre(tmp_path: Path, read: Demonstrations) -> None:
    settings = replace(SETTINGS, depth=True)
    kept = Demonstrations(make(tmp_path, settings))
    rows = recording(0, settings).rows
    millimetres = np.asarray(Image.open(io.BytesIO(rows[3][depth_key("chest")])))
    metres = kept.depth("chest", [3])[0]
    assert metres.shape == (8, 8)
    np.testing.assert_allclose(metres[millimetres > 0], millimetres[millimetres > 0] / 1000.0, rtol=1e-6)
    assert np.isinf(metres[millimetres == 0]).all()
    with pytest.raises(DemonstrationFault, match="info.json: features has no 'observation.depth.chest'"):
        read.depth("chest", [0])


# ---- what is not whole -------------------------------------------------------------------------


def edit(path: Path, change: Callable[[dict], object]) -> None:
    """Change a JSON file."""
    value = json.loads(path.read_text(encoding="utf-8"))
    change(value)
    path.write_text(json.dumps(value), encoding="utf-8")


def rewrite(path: Path, change: Callable[[pa.Table], pa.Table]) -> None:
    """Change a parquet file."""
    pq.write_table(change(pq.read_table(path)), path)


def with_cell(table: pa.Table, name: str, row: int, value: object) -> pa.Table:
    """Return a table with another value in a cell."""
    cells = table[name].to_pylist()
    cells[row] = value
    return table.set_column(table.schema.get_field_index(name), name, pa.array(cells, table[name].type))


def cut(path: Path) -> None:
    """Leave the first half of a file."""
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def with_number(name: str, part: int, value: float) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        def put(table: pa.Table) -> pa.Table:
            numbers = table[name][7].as_py()
            numbers[part] = value
            return with_cell(table, name, 7, numbers)

        rewrite(folder / DATA, put)

    return change


def without_feature(name: str) -> Callable[[Path], None]:
    return lambda folder: edit(folder / INFO, lambda info: info["features"].pop(name))


def feature(name: str, part: str, value: object) -> Callable[[Path], None]:
    return lambda folder: edit(folder / INFO, lambda info: info["features"][name].update({part: value}))


def info(**changed: object) -> Callable[[Path], None]:
    return lambda folder: edit(folder / INFO, lambda value: value.update(changed))


def other_names(folder: Path) -> None:
    def swap(value: dict) -> None:
        names = value["features"][ACTION_KEY]["names"]
        names[0], names[1] = names[1], names[0]

    edit(folder / INFO, swap)


def shorter_actions(folder: Path) -> None:
    def shorten(table: pa.Table) -> pa.Table:
        numbers = np.array(table[ACTION_KEY].to_pylist(), dtype=np.float32)[:, :33]
        column = pa.FixedSizeListArray.from_arrays(pa.array(numbers.ravel()), 33)
        return table.set_column(table.schema.get_field_index(ACTION_KEY), ACTION_KEY, column)

    rewrite(folder / DATA, shorten)


BROKEN: dict[str, tuple[Callable[[Path], None], str]] = {
    "no camera in info": (
        without_feature(image_key("chest")),
        "info.json: features has no 'observation.images.chest', expected pictures of the cameras head, chest",
    ),
    "no camera in data": (
        lambda folder: rewrite(folder / DATA, lambda table: table.drop_columns([image_key("pelvis")])),
        "file-000.parquet has no column 'observation.images.pelvis', expected one",
    ),
    "no actions": (without_feature(ACTION_KEY), "info.json: features has no 'action', expected"),
    "a nan in an action": (
        with_number(ACTION_KEY, 20, np.nan),
        "file-000.parquet: action (right_shoulder_roll) of row 7 is nan, expected a finite number",
    ),
    "an infinite state": (
        with_number(STATE_KEY, 64, np.inf),
        "file-000.parquet: observation.state (odometry_ahead) of row 7 is inf, expected a finite number",
    ),
    "an empty cell": (
        lambda folder: rewrite(folder / DATA, lambda table: with_cell(table, "next.reward", 4, None)),
        "file-000.parquet: column 'next.reward' has empty cells, expected numbers",
    ),
    "another size of actions": (
        feature(ACTION_KEY, "shape", [33]),
        "info.json: features['action'].shape is [33], expected [36]",
    ),
    "another order of joints": (
        other_names,
        "info.json: features['action'].names[0] is 'left_hip_roll', expected 'left_hip_yaw': it is of another layout",
    ),
    "actions of another size in the data": (
        shorter_actions,
        "file-000.parquet: column 'action' is fixed_size_list",
    ),
    "an older version": (
        info(codebase_version="v2.1"),
        "info.json: codebase_version is 'v2.1', expected 'v3.0'",
    ),
    "a cut data file": (lambda folder: cut(folder / DATA), "file-000.parquet is cut or damaged"),
    "cut episodes": (lambda folder: cut(folder / EPISODES), f"{EPISODES} is cut or damaged"),
    "cut tasks": (lambda folder: cut(folder / TASKS), f"{TASKS} is cut or damaged"),
    "cut info": (lambda folder: cut(folder / INFO), "info.json is cut or damaged"),
    "no data file": (lambda folder: (folder / DATA).unlink(), "file-000.parquet is not there, expected"),
    "no info": (lambda folder: (folder / INFO).unlink(), "info.json is not there, expected a LeRobotDataset v3.0"),
    "fewer frames than counted": (
        lambda folder: rewrite(folder / DATA, lambda table: table.slice(0, 17)),
        "file-000.parquet has 17 frames, expected the 18 that meta/episodes counts",
    ),
    "more frames promised": (
        info(total_frames=20),
        "info.json: total_frames is 20, but the lengths of",
    ),
    "more episodes promised": (info(total_episodes=5), "info.json: total_episodes is 5, but"),
    "more tasks promised": (info(total_tasks=9), "info.json: total_tasks is 9, but"),
    "an episode missing": (
        lambda folder: rewrite(folder / EPISODES, lambda table: table.slice(1)),
        "info.json: total_episodes is 4, but",
    ),
    "a length that does not fit": (
        lambda folder: rewrite(folder / EPISODES, lambda table: with_cell(table, "length", 1, 4)),
        "dataset_to_index of row 1 is 8, expected 9",
    ),
    "frames in another order": (
        lambda folder: rewrite(folder / DATA, lambda table: table.take(pa.array([1, 0, *range(2, 18)]))),
        "file-000.parquet: frame_index of frame 0 is 1, expected 0",
    ),
    "a sentence that is another one's": (
        lambda folder: rewrite(folder / DATA, lambda table: with_cell(table, "task_index", 6, 0)),
        "file-000.parquet: task_index of frame 6 is 0, expected 1",
    ),
    "no skill": (
        lambda folder: rewrite(folder / EPISODES, lambda table: table.drop_columns(["skill"])),
        f"{EPISODES} has no column 'skill', expected one",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_not_whole_is_refused_with_file_and_field(tmp_path: Path, name: str) -> None:
    breaks, told = BROKEN[name]
    folder = make(tmp_path / "demonstrations")
    breaks(folder)
    with pytest.raises(DemonstrationFault) as caught:
        Demonstrations(folder)
    assert told in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"\x89PNG\r\n\x1a\n half of it", "observation.images.head of row 6 is damaged"),
        (None, "observation.images.head of row 6 is empty, expected a picture"),
        ("big", "observation.images.head of row 6 has shape (9, 9, 3), expected (8, 8, 3)"),
    ],
)
def test_a_broken_picture_is_named_when_it_is_asked_for(tmp_path: Path, data: object, told: str) -> None:
    folder = make(tmp_path)
    if data == "big":
        file = io.BytesIO()
        Image.new("RGB", (9, 9)).save(file, "PNG")
        data = file.getvalue()
    cell = {"bytes": data, "path": None}
    rewrite(folder / DATA, lambda table: with_cell(table, image_key("head"), 6, cell))
    demonstrations = Demonstrations(folder)
    assert demonstrations.pictures("head", [0, 1]).shape == (2, 8, 8, 3)
    with pytest.raises(DemonstrationFault) as caught:
        demonstrations.pictures("head", [6])
    assert told in str(caught.value)


def test_a_cut_picture_column_does_not_hide_behind_a_whole_footer(tmp_path: Path) -> None:
    folder = make(tmp_path)
    data = bytearray((folder / DATA).read_bytes())
    data[100:4000] = bytes(3900)
    (folder / DATA).write_bytes(data)
    with pytest.raises(DemonstrationFault, match="file-000.parquet"):
        Demonstrations(folder).pictures("head", range(18))


def test_statistics_that_are_gone_are_named(tmp_path: Path) -> None:
    folder = make(tmp_path)
    (folder / STATS).unlink()
    with pytest.raises(DemonstrationFault, match="stats.json is not there"):
        _ = Demonstrations(folder).statistics
