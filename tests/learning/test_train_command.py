"""`vla-course train`, `collect --learner`: folders become a policy, also after a kill; what is wrong is named."""

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest
import torch
from typer.testing import CliRunner

from vla_course.cli import app
from vla_course.course.errors import CourseError
from vla_course.learning.demonstrations.layout import ACTION_KEY, EXECUTED_KEY
from vla_course.learning.demonstrations.plan import LEARNS, SHOWS, TURNS, Settings, plan_episode
from vla_course.learning.demonstrations.reader import Demonstrations
from vla_course.learning.demonstrations.staging import Staging
from vla_course.learning.encoders.weights import CONFIG
from vla_course.learning.policy.chunk_policy import ChunkPolicy, ChunkPolicyConfig
from vla_course.learning.policy.files import load_policy, save_policy
from vla_course.learning.training.options import TrainingOptions
from vla_course.learning.training.train_policy import lesson_of, train_policy
from vla_course.learning.training.trainer import CHECKPOINT
from vla_course.learning.training.turns import collect_in_turns

SHIPPED = Path(__file__).parents[2] / "data" / "demonstrations"
SMALL = ChunkPolicyConfig(horizon=4, width=16, layers=1, committed=2)
OPTIONS = TrainingOptions(steps=4, batch=16, every=2, held_out=0.2)


@pytest.fixture(scope="module")
def shipped():
    return Demonstrations(SHIPPED)


def test_from_folders_to_a_policy_that_says_how_it_was_made(tmp_path):
    history = train_policy([SHIPPED, SHIPPED], tmp_path, OPTIONS, SMALL, checkpoints=tmp_path / "training")
    made = json.loads((tmp_path / CONFIG).read_text())["made"]
    assert load_policy(tmp_path).config == SMALL
    assert made["demonstrations"] == ["vla-course collect --episodes 26 --out DIR --seed 1"] * 2
    assert made["validation"] == pytest.approx(history.reports[-1].best, abs=1e-5)
    # What is done needs no checkpoint any more; how it went is kept.
    assert not (tmp_path / "training" / CHECKPOINT).exists()
    assert list((tmp_path / "training" / "log").glob("events.*"))


class Killed(Exception):
    pass


def test_a_policy_of_a_training_that_was_cut_off_is_the_same(tmp_path):
    def kill(progress):
        raise Killed

    whole, cut = tmp_path / "whole", tmp_path / "cut"
    train_policy([SHIPPED], whole, OPTIONS, SMALL, checkpoints=whole / "training")
    with pytest.raises(Killed):
        train_policy([SHIPPED], cut, OPTIONS, SMALL, report=kill, checkpoints=cut / "training")
    assert not (cut / CONFIG).exists()
    train_policy([SHIPPED], cut, OPTIONS, SMALL, checkpoints=cut / "training")
    one, other = (load_policy(folder).state_dict() for folder in (whole, cut))
    assert all(torch.equal(one[name], other[name]) for name in one)


def test_a_lesson_is_taught_in_a_mirror_and_judged_without(shipped):
    lesson = lesson_of([shipped], 4, OPTIONS)
    frames = sum(len(one) for one in shipped.episodes if one.success)
    assert len(lesson.learn) / 2 + len(lesson.held_out) == frames


def test_where_nothing_is_left_to_validate_on_it_says_so(shipped):
    with pytest.raises(ValueError, match="no success is left to validate on, expected one at least"):
        lesson_of([shipped], 4, dataclasses.replace(OPTIONS, held_out=0.0))


COLLECT = ["collect", "--episodes", "2", "--out", "OUT"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["train", "nowhere", "--out", "OUT"], "nowhere/meta/info.json is not there"),
        ([*COLLECT, "--learner", "nowhere"], "--learner: nowhere/config.json is missing"),
        ([*COLLECT, "--no-pictures", "--depth"], "Settings.depth is True, expected none"),
    ],
)
def test_what_is_not_there_is_named(tmp_path, arguments, says):
    told = CliRunner().invoke(app, [str(tmp_path / one) if one == "OUT" else one for one in arguments])
    assert isinstance(told.exception, CourseError)
    assert says in str(told.exception)


@pytest.mark.parametrize(
    ("option", "value", "expected"),
    [
        ("--steps", "0", "greater than or equal to 1"),
        ("--seed", "-1", "greater than or equal to 0"),
        ("--precision", "half", "measured"),
    ],
)
def test_an_option_out_of_its_range_is_named_as_it_was_typed(tmp_path, option, value, expected):
    told = CliRunner().invoke(app, ["train", str(SHIPPED), "--out", str(tmp_path), option, value])
    assert told.exit_code == 2
    assert option in told.output
    assert expected in told.output


def test_an_episode_in_which_a_policy_takes_turns_tells_of_them(tmp_path):
    torch.manual_seed(0)
    save_policy(ChunkPolicy(SMALL), tmp_path / "policy")
    settings = Settings(seed=3, skills=("look at",), pictures=False, learner=str(tmp_path / "policy"))
    plan = plan_episode(settings, 0)
    stretches = np.diff((0.0, *plan.turns))
    assert ((stretches[::2] >= LEARNS[0] - 1e-3) & (stretches[::2] <= LEARNS[1] + 1e-3)).all()
    assert ((stretches[1::2] >= SHOWS[0] - 1e-3) & (stretches[1::2] <= SHOWS[1] + 1e-3)).all()
    assert TURNS <= plan.turns[-1] <= TURNS + SHOWS[1] + LEARNS[1]
    assert plan.learns(0.0)
    assert not plan.learns(plan.turns[0])
    assert plan.learns(plan.turns[1])
    assert not plan.learns(plan.turns[-1])
    with Staging(tmp_path / "out", settings) as staging:
        staging.keep(0, collect_in_turns(settings, 0))
        table, known = staging.read(0)
    assert known["turns"] == json.dumps(plan.turns)
    intended, executed = (np.stack(table[key].to_pylist()) for key in (ACTION_KEY, EXECUTED_KEY))
    moves = np.abs(intended - executed).max(axis=1) > 1e-6
    own = [plan.learns(0.1 * number) for number in range(len(moves))]
    assert moves.tolist() == own
    quiet = plan_episode(dataclasses.replace(settings, learner=""), 0)
    assert quiet.task.scene == plan.task.scene  # the same scenes as without
    assert not quiet.turns

