"""Broken episodes are found, each by its rule, and the card says what is in a dataset."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.learning.tiny_demonstrations import SETTINGS, make, recording
from vla_course.learning.demonstrations.broken import FASTEST_JOINT, fences, find_broken
from vla_course.learning.demonstrations.card import CARD, card_of, command_of, held_out_in
from vla_course.learning.demonstrations.collecting import collect_demonstrations
from vla_course.learning.demonstrations.dataset import EPISODES
from vla_course.learning.demonstrations.episode import Row
from vla_course.learning.demonstrations.layout import ACTION_KEY, HANDS_KEY, STATE_KEY, TARGET_KEY
from vla_course.learning.demonstrations.plan import DIRECT, Settings
from vla_course.learning.demonstrations.reader import Demonstrations
from vla_course.learning.demonstrations.staging import about, frames_of, packed
from vla_course.learning.environment.proprioception import STATE
from vla_course.learning.expert.around import ROLES
from vla_course.simulation.robot.layout import ACTION
from vla_course.simulation.scene.things import HELD_OUT
from vla_course.simulation.tasks.instructions import Instruction

FRAMES = 60
UP = (0.0, 0.0, 0.0, 1.0)


def targets(thing: Sequence[float]) -> np.ndarray:
    """Return the column of targets where there is a thing and nothing else."""
    found = np.zeros((len(ROLES), 3), dtype=np.float32)
    found[0] = thing
    return found.ravel()


def healthy() -> list[Row]:
    """Return the frames of an episode in which an arm goes evenly to a thing."""
    begin = recording(0).rows[0]
    rows = []
    for k in range(FRAMES):
        state = np.zeros(STATE.size, dtype=np.float32)
        state[12] = 0.02 * k  # rad, the left shoulder
        state[STATE.gravity] = (0.0, 0.0, -1.0)
        action = np.zeros(ACTION.size, dtype=np.float32)
        hands = np.array((0.3, 0.2, 0.1, *UP, 0.3, -0.2, 0.1, *UP), dtype=np.float32)
        rows.append(
            begin
            | {STATE_KEY: state, ACTION_KEY: action, HANDS_KEY: hands, "next.success": k == FRAMES - 1}
            | {TARGET_KEY: targets((0.35, -0.2, 0.1))}
        )
    return rows


def read_one(folder: Path, rows: list[Row], instruction: Instruction, **told: object) -> Demonstrations:
    """Return a dataset of one episode."""
    known = about(recording(0)) | {
        "skill": instruction.skill,
        "instruction": json.dumps({"skill": instruction.skill, **instruction.said()}),
        "length": len(rows),
        **told,
    }
    data = packed(frames_of(rows, SETTINGS), known)
    collect_demonstrations(folder, 1, SETTINGS, lambda *_: iter([(0, data)]))
    return Demonstrations(folder)


def kinds(demonstrations: Demonstrations) -> list[str]:
    return [fault.kind for fault in find_broken(demonstrations)]


REACH = Instruction("reach for", thing="red cup")


def test_a_healthy_episode_has_no_fault(tmp_path: Path) -> None:
    assert find_broken(read_one(tmp_path, healthy(), REACH)) == []


def rests(rows: list[Row]) -> None:
    for row in rows:
        row[STATE_KEY][STATE.positions] = 0.1


def jumps(rows: list[Row]) -> None:
    rows[20][STATE_KEY][15] += 0.11 * FASTEST_JOINT


def asks_too_much(rows: list[Row]) -> None:
    for row in rows[30:]:
        row[ACTION_KEY][20] = 0.6


def bows_too_fast(rows: list[Row]) -> None:
    for row in rows[30:]:
        row[ACTION_KEY][ACTION.stance.start] = 0.5


def saturates(rows: list[Row]) -> None:
    for k, row in enumerate(rows):
        row[ACTION_KEY][14] = min(1.0, 0.03 * k)


@pytest.mark.parametrize(
    ("spoil", "kind", "told"),
    [
        (rests, "stuck", "rests from frame 0 on"),
        (jumps, "jump", "left_elbow moves at 8."),
        (asks_too_much, "jump", "right_shoulder_roll is asked to go"),
        (bows_too_fast, "jump", "stance_bow is asked to go"),
        (saturates, "saturated", "left_shoulder_yaw is at its limit in 43%"),
    ],
)
def test_each_fault_is_found_by_its_rule(
    tmp_path: Path, spoil: Callable[[list[Row]], None], kind: str, told: str
) -> None:
    rows = healthy()
    spoil(rows)
    (fault,) = find_broken(read_one(tmp_path, rows, REACH))
    assert fault.kind == kind
    assert told in fault.told


def test_a_robot_that_is_told_to_stand_still_may_rest(tmp_path: Path) -> None:
    rows = healthy()
    rests(rows)
    assert kinds(read_one(tmp_path, rows, Instruction("stand still"))) == []


def odometry(*numbers: float) -> Callable[[Row], None]:
    def change(row: Row) -> None:
        row[STATE_KEY][STATE.odometry] = numbers

    return change


def target(*place: float) -> Callable[[Row], None]:
    def change(row: Row) -> None:
        row[TARGET_KEY] = targets(place)

    return change


WALK = Instruction("walk", direction="backward", amount=1.0, unit="metres")
TURN = Instruction("turn", direction="right", amount=90, unit="degrees")
POINT, PICK = Instruction("point at", thing="red cup"), Instruction("pick up", thing="red cup")


@pytest.mark.parametrize(
    ("instruction", "right", "wrong", "told"),
    [
        (WALK, odometry(-1.05, 0.1, 0.0, 6), odometry(0.6, 0.0, 0.0, 4), "came -0.60 m and not 1.00"),
        (TURN, odometry(0.0, 0.0, -1.5, 6), odometry(0.0, 0.0, 1.5, 6), "turned by 86 degrees"),
        (Instruction("stand still"), odometry(0, 0, 0, 0), odometry(0, 0, 0, 2), "made 2 steps"),
        (REACH, target(0.4, -0.2, 0.1), target(0.6, -0.2, 0.1), "is 30 cm from the thing"),
        (POINT, target(0.6, -0.2, 0.1), target(0.6, -0.05, 0.1), "passes it by 15 cm"),
        (POINT, target(0.6, -0.2, 0.1), target(0.35, -0.2, 0.1), "passes it by 0 cm"),
        (PICK, target(0.32, -0.2, 0.2), target(0.32, -0.2, 0.1), "0 cm higher"),
        (PICK, target(0.32, -0.2, 0.2), target(0.32, -0.2, 0.3), "is 20 cm from the hand"),
    ],
)
def test_a_success_that_physics_contradicts_is_found(
    tmp_path: Path, instruction: Instruction, right, wrong, told: str
) -> None:
    rows = healthy()
    right(rows[-1])
    assert kinds(read_one(tmp_path / "right", rows, instruction)) == []
    wrong(rows[-1])
    (fault,) = find_broken(read_one(tmp_path / "wrong", rows, instruction))
    assert fault.kind == "label"
    assert told in fault.told
    labelled = read_one(tmp_path / "failed", rows, instruction, success=False, failure="not done in time")
    assert kinds(labelled) == []


def test_a_label_that_contradicts_itself_is_found(tmp_path: Path) -> None:
    (fault,) = find_broken(read_one(tmp_path, healthy(), REACH, success=False, failure=""))
    assert fault.told == "success is False, and failure says ''"


def test_lengths_far_out_are_outliers_once_there_are_enough() -> None:
    lengths = [40, 42, 45, 41, 44, 43, 39, 300]
    least, most = fences(lengths)
    assert [length for length in lengths if not least <= length <= most] == [300]
    assert fences(lengths[4:]) == (0.0, np.inf)


# ---- the card ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("card") / "demonstrations")


def test_the_card_counts_what_is_there(folder: Path) -> None:
    card = (folder / CARD).read_text(encoding="utf-8")
    assert card == card_of(Demonstrations(folder))
    assert card.startswith("---\nlicense: mit\n")
    assert "4 episodes, 18 frames, 0.0 minutes at 10 decisions a second" in card
    assert "| reach for | 4 | 3 of 4 | 0 of 0 | 0.5 s | fell (1) |" in card
    assert "| red | 4 | - | 0 | 0 | 0 | - |" in card
    assert "None is about a held-out pair." in card
    assert "4 of 4 episodes begin in pairs" in card
    seen = (Demonstrations(folder).target_pixels[:, [2, 5, 8]] > 0.5).any(axis=1)
    assert f"and in {seen.mean():.0%} of all" in card
    assert "vla-course collect --episodes 4 --out DIR --seed 0 --image-size 8" in card


def test_the_card_tells_of_a_held_out_pair_that_was_named(folder: Path, tmp_path: Path) -> None:
    spoilt = make(tmp_path)
    table = pq.read_table(spoilt / EPISODES)
    things = table["thing"].to_pylist()
    things[2] = HELD_OUT[0]
    place = table.schema.get_field_index("thing")
    pq.write_table(table.set_column(place, "thing", pa.array(things)), spoilt / EPISODES)
    assert "**1 is about a held-out pair**: 2." in card_of(Demonstrations(spoilt))
    assert held_out_in("the green cup")
    assert not held_out_in("the red cup", "the blue ball")


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (Settings(), "vla-course collect --episodes 7 --out DIR --seed 0"),
        (
            Settings(seed=3, skills=DIRECT[:2], noise=0.5, depth=True),
            'vla-course collect --episodes 7 --out DIR --seed 3 --skills "walk,turn" --noise 0.5 --depth',
        ),
    ],
)
def test_the_card_names_the_command_that_makes_the_dataset(settings: Settings, words: str) -> None:
    assert command_of(settings, 7) == words
