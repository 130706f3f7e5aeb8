"""Training of the direct policy: it learns, it goes on after a kill to the bit, and it says what does not fit."""

import copy
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from vla_course.learning.demonstrations.reader import Demonstrations
from vla_course.learning.environment.proprioception import STATE
from vla_course.learning.expert.around import NEIGHBOURS, PLACE, ROLES, TABLE
from vla_course.learning.model.going_on import NoResume
from vla_course.learning.model.joint_range import joint_range
from vla_course.learning.policy import mirror, spoken, told
from vla_course.learning.policy.chunk_policy import ChunkPolicy, ChunkPolicyConfig
from vla_course.learning.policy.tools import MOVE, POSE, TOOLS, moved, moves_to, tools_of
from vla_course.learning.training import trainer
from vla_course.learning.training.examples import Examples, as_seen, examples_of, in_turn
from vla_course.learning.training.learner import BESIDE, batch_of, begun_beside
from vla_course.learning.training.options import TrainingOptions
from vla_course.learning.training.parts import TrainingParts
from vla_course.learning.training.trainer import CHECKPOINT, train_vla_model
from vla_course.motion.arms.ik_config import InverseKinematicsConfig, reference_solver
from vla_course.simulation.robot.layout import ACTION, ARMS
from vla_course.simulation.tasks.instructions import Instruction

ROOT = Path(__file__).parents[2]
HORIZON = 4
CONFIG = ChunkPolicyConfig(horizon=HORIZON, width=32, layers=2, committed=2)
OPTIONS = TrainingOptions(steps=40, batch=32, every=10)


def examples(count, seed):
    """Frames in which the right arm moves to where the thing is, faster the farther it is away."""
    rng = np.random.default_rng(seed)
    places = np.zeros((count, len(ROLES), PLACE), dtype=np.float32)
    places[:, 0, :3], places[:, 0, 3] = rng.uniform(-0.5, 0.5, size=(count, 3)), 1.0
    states = rng.normal(scale=0.1, size=(count, STATE.size)).astype(np.float32)
    chunks = np.zeros((count, HORIZON, spoken.SIZE), dtype=np.float32)
    chunks[:, :, 7:10] = 0.5 * places[:, None, 0, :3] * np.linspace(0.2, 1.0, HORIZON)[:, None]
    said = np.zeros((count, told.SIZE), dtype=np.float32)
    said[:, 4] = 1.0
    return Examples(
        told=said,
        left=np.zeros((count, 3), dtype=np.float32),
        places=places,
        table=np.ones((count, TABLE), dtype=np.float32),
        neighbours=np.zeros((count, NEIGHBOURS, PLACE), dtype=np.float32),
        tools=tools_of(states[:, STATE.positions][:, ARMS]),
        states=states,
        chunks=chunks,
        own=np.ones((count, HORIZON), dtype=bool),
        episodes=np.zeros(count, dtype=np.int64),
    )


@pytest.fixture(scope="module")
def lesson():
    return examples(600, 0), examples(100, 1)


def policy(seed=0):
    torch.manual_seed(seed)
    return ChunkPolicy(CONFIG)


def same(one, other):
    return all(
        torch.equal(a, b) for a, b in zip(one.state_dict().values(), other.state_dict().values(), strict=True)
    )


def test_a_chunk_is_right_up_to_where_a_learner_acted() -> None:
    acted = np.array([True, True, False, False, True, True])
    assert in_turn(acted, 3).tolist() == [
        [True, True, True],
        [True, True, False],
        [True, False, False],
        [True, False, False],
        [True, True, True],
        [True, True, True],
    ]


def test_a_policy_learns_what_was_shown(lesson):
    learner = policy()
    history = train_vla_model(learner, *lesson, replace(OPTIONS, steps=300, every=100))
    errors = [report.validation for report in history.reports]
    assert errors[-1] < 0.5 * errors[0] or errors[-1] < 0.05


class Killed(Exception):
    pass


@pytest.mark.parametrize("when", [10, 30])
def test_a_training_that_was_killed_ends_with_the_same_bits(lesson, tmp_path, when):
    whole, cut = policy(), policy()
    history = train_vla_model(whole, *lesson, OPTIONS)

    def kill(progress):
        if progress.step == when:
            raise Killed

    with pytest.raises(Killed):
        train_vla_model(cut, *lesson, OPTIONS, tmp_path, report=kill)
    resumed = policy(seed=5)
    rest = train_vla_model(resumed, *lesson, OPTIONS, tmp_path)
    assert same(whole, resumed)
    assert [one.validation for one in rest.reports] == [one.validation for one in history.reports]


@pytest.mark.parametrize("seed", range(4))
def test_a_training_that_was_killed_at_any_step_again_and_again_ends_with_the_same_bits(
    lesson, tmp_path, seed
):
    from vla_course.reference.day4_training.training_step import training_step

    rng, whole, kills = np.random.default_rng(seed), policy(), 0
    history = train_vla_model(whole, *lesson, OPTIONS)
    left = 0

    def dying(*args, **settings):
        nonlocal left
        left -= 1
        if left < 0:
            raise Killed
        return training_step(*args, **settings)

    parts, done = replace(TrainingParts.reference(), step=dying), None
    while done is None:
        left, cut = int(rng.integers(OPTIONS.every + 1, 25)), policy(seed=kills)
        try:
            done = train_vla_model(cut, *lesson, OPTIONS, tmp_path, parts=parts)
        except Killed:
            kills += 1
    assert kills >= 1
    assert same(whole, cut)
    assert [one.loss for one in done.reports] == [one.loss for one in history.reports]


def test_it_stops_early_where_nothing_gets_better_and_keeps_the_best(lesson, monkeypatch):
    errors, seen = iter((1.0, 0.5, 0.6, 0.7)), []

    def error(training, mean):
        seen.append(copy.deepcopy(mean))
        return next(errors)

    monkeypatch.setattr(trainer._Training, "error", error)
    learner = policy()
    history = train_vla_model(learner, *lesson, replace(OPTIONS, steps=400, patience=2))
    assert history.stopped == "2 validations without a better one"
    assert [report.best for report in history.reports] == [1.0, 0.5, 0.5, 0.5]
    assert same(learner, seen[1])


@pytest.mark.parametrize(
    ("options", "config", "says"),
    [
        (replace(OPTIONS, rate=3e-3), CONFIG, "options.rate is 0.001, expected 0.003"),
        (OPTIONS, replace(CONFIG, width=48), "policy.width is 32, expected 48"),
    ],
)
def test_a_checkpoint_of_another_training_is_refused_and_says_in_what_it_differs(
    lesson, tmp_path, options, config, says
):
    train_vla_model(policy(), *lesson, OPTIONS, tmp_path)
    with pytest.raises(NoResume, match=says):
        train_vla_model(ChunkPolicy(config), *lesson, options, tmp_path)


def test_a_checkpoint_of_other_frames_is_refused_though_they_are_as_many(lesson, tmp_path):
    train_vla_model(policy(), *lesson, OPTIONS, tmp_path)
    other = replace(lesson[0], chunks=lesson[0].chunks + np.float32(1e-3))
    with pytest.raises(NoResume, match="checksum of the frames is"):
        train_vla_model(policy(), other, lesson[1], OPTIONS, tmp_path)


def test_a_checkpoint_that_was_cut_off_is_refused(lesson, tmp_path):
    train_vla_model(policy(), *lesson, OPTIONS, tmp_path)
    path = tmp_path / CHECKPOINT
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(NoResume, match="expected a whole checkpoint"):
        train_vla_model(policy(), *lesson, OPTIONS, tmp_path)


def test_without_anything_to_learn_from_it_says_so(lesson):
    nothing = lesson[0].of(np.zeros(0, dtype=np.int64))
    with pytest.raises(ValueError, match="examples has no frame"):
        train_vla_model(policy(), nothing, lesson[1], OPTIONS)


def test_statistics_are_those_of_what_is_learnt_from_alone(lesson):
    learner = policy()
    far = replace(lesson[1], chunks=lesson[1].chunks * 100.0)
    train_vla_model(learner, lesson[0], far, replace(OPTIONS, steps=1))
    assert float(learner.high.max()) < 2.0


def test_eyes_that_err_see_what_is_there_and_nothing_else(lesson):
    places = lesson[0].places
    seen = as_seen(places, np.random.default_rng(0))
    off = np.abs(seen[:, 0, :3] - places[:, 0, :3])
    assert 0.0 < off.max() < 0.03
    assert (seen[:, 1:] == 0.0).all()
    assert (seen[..., 3] == places[..., 3]).all()


@pytest.mark.parametrize("wrong", [{"steps": 0}, {"rate": 0.0}, {"held_out": 1.0}, {"precision": "half"}])
def test_options_name_what_is_wrong(wrong):
    with pytest.raises(ValueError, match=f"TrainingOptions.{next(iter(wrong))} is"):
        TrainingOptions(**wrong)


def said_of(rng, count=5):
    """A posture, and actions near to it with where they bring the tools."""
    state = np.zeros(STATE.size, dtype=np.float32)
    unit = rng.uniform(-0.4, 0.4, size=28).astype(np.float32)
    joints = joint_range()
    state[STATE.positions] = joints.lower + (unit + 1.0) / 2.0 * (joints.upper - joints.lower)
    actions = rng.uniform(-1.0, 1.0, size=(count, ACTION.size)).astype(np.float32)
    actions[:, ACTION.joints] = unit + rng.uniform(-0.05, 0.05, size=(count, 28))
    base = actions[:, ACTION.base_velocity]
    base[np.abs(base) < spoken.STILL] = 0.0
    arms = (joints.lower + (actions[:, ACTION.joints] + 1.0) / 2.0 * (joints.upper - joints.lower))[:, ARMS]
    return state, tools_of(state[None, STATE.positions][:, ARMS])[0], actions, tools_of(arms)


def test_a_chunk_is_relative_and_comes_back():
    state, now, actions, aims = said_of(np.random.default_rng(0))
    numbers = spoken.spoken(actions, aims, state, now)
    for solver in (None, reference_solver()(InverseKinematicsConfig())):
        back = spoken.acted(numbers, state, now, solver)
        assert np.allclose(back[:, spoken.SPOKEN], actions[:, spoken.SPOKEN], atol=2e-3)
    still = spoken.acted(np.zeros((3, spoken.SIZE), np.float32), state, now)
    posture = joint_range().to_unit(state[STATE.positions])[12:]
    assert np.allclose(spoken.spoken(still, np.stack([now] * 3), state, now), 0.0, atol=1e-5)
    state[STATE.stance] = 0.1, 0.05, 0.02
    still = spoken.acted(np.zeros((3, spoken.SIZE), np.float32), state, now)
    assert np.allclose(still[:, ACTION.joints][:, 12:], posture, atol=1e-5)  # arms and head stay
    assert not still[:, ACTION.stance].any()  # a stance is said as it is to be


def test_a_velocity_that_is_hardly_said_is_none():
    state, now, actions, aims = said_of(np.random.default_rng(0))
    actions[:, ACTION.base_velocity] = 0.9 * spoken.STILL, -0.9 * spoken.STILL, 1.1 * spoken.STILL
    back = spoken.acted(spoken.spoken(actions, aims, state, now), state, now)
    assert np.allclose(back[:, ACTION.base_velocity], (0.0, 0.0, 1.1 * spoken.STILL), atol=1e-6)


def test_where_a_tool_is_said_to_go_counts_more_than_how_its_arm_is_said_to_move():
    state, now, actions, aims = said_of(np.random.default_rng(1))
    numbers = spoken.spoken(actions, aims, state, now)
    roughly = numbers.copy()
    roughly[:, :14] += np.random.default_rng(2).normal(scale=0.01, size=(len(numbers), 14)).astype(np.float32)

    def misses(solver):
        joints = joint_range()
        acted = spoken.acted(roughly, state, now, solver)[:, ACTION.joints]
        arms = (joints.lower + (acted + 1.0) / 2.0 * (joints.upper - joints.lower))[:, ARMS]
        return np.linalg.norm(tools_of(arms)[..., :3] - aims[..., :3], axis=-1).max()

    assert misses(None) > 0.005
    assert misses(reference_solver()(InverseKinematicsConfig())) < 0.001


def test_moves_of_tools_lead_where_they_say():
    rng = np.random.default_rng(3)
    arms = rng.uniform(-0.5, 0.5, size=(6, 14))
    tools = tools_of(arms)
    assert tools.shape == (6, TOOLS, POSE)
    moves = moves_to(tools[1:], tools[:-1])
    assert moves.shape == (5, TOOLS, MOVE)
    for k, side in ((0, 0), (3, 1)):
        there = moved(moves[k, side], tools[k, side])
        assert np.allclose(there.position, tools[k + 1, side, :3], atol=1e-6)
        assert np.allclose(there.rotation.T.ravel(), tools[k + 1, side, 3:], atol=1e-5)


def test_what_is_committed_changes_the_rest_of_a_chunk_and_what_is_not_given_does_not(lesson):
    learner = policy().eval()
    inputs = {
        "told": torch.randn(2, told.SIZE),
        "left": torch.zeros(2, 3),
        "places": torch.rand(2, len(ROLES), PLACE),
        "table": torch.rand(2, TABLE),
        "neighbours": torch.rand(2, NEIGHBOURS, PLACE),
        "tools": torch.rand(2, TOOLS, POSE),
        "state": torch.randn(2, STATE.size),
        "committed": torch.randn(2, HORIZON, spoken.SIZE),
        "given": torch.tensor([0, 2]),
    }
    first = learner(inputs)
    inputs["committed"] = torch.randn(2, HORIZON, spoken.SIZE)
    second = learner(inputs)
    assert torch.equal(first[0], second[0])
    assert not torch.equal(first[1], second[1])


def test_half_of_what_is_decided_already_lies_beside_what_is_right_and_the_chunk_comes_back():
    torch.manual_seed(2)
    right = torch.randn(400, 12, spoken.SIZE)
    given = torch.tensor([0, 3]).repeat(200)
    off = begun_beside(right, given) - right
    assert not off[given == 0].any()
    begun = off[given == 3]
    torch.testing.assert_close(begun[:, 1:3], begun[:, :1].expand(-1, 2, -1), atol=1e-6, rtol=0.0)
    beside = begun[:, 0].abs().amax(dim=-1) > 0.0
    assert 70 < beside.sum() < 130
    assert 0.9 * BESIDE < begun.abs().max() <= BESIDE + 1e-6
    size = begun[beside].abs().mean(dim=(0, 2))
    assert (size[3:].diff() < 0.0).all()
    assert size[-1] < 0.1 * size[2]
    at_once = np.r_[np.arange(ACTION.size)[ACTION.base_velocity], np.arange(ACTION.size)[ACTION.grippers]]
    assert not begun[..., np.flatnonzero(np.isin(spoken.SPOKEN, at_once))].any()


def test_a_chunk_goes_on_from_what_was_decided_though_the_state_says_otherwise(lesson):
    trained = policy()
    train_vla_model(trained, *lesson, replace(OPTIONS, steps=2000, every=100, average=0.95, patience=20))
    trained.eval()
    batch = batch_of(lesson[1], np.arange(64), trained, None) | {"given": torch.full((64,), 2)}
    right = trained.normal(batch["chunks"])

    def followed(number: int) -> float:
        beside = right.clone()
        beside[:, :, number] += BESIDE
        with torch.no_grad():
            moved = trained({**batch, "committed": beside}) - trained({**batch, "committed": right})
        return float(moved[:, 2, number].mean()) / BESIDE

    assert np.mean([followed(number) for number in (0, 20, 30)]) > 0.05


def test_frames_of_shipped_demonstrations_are_examples():
    demonstrations = Demonstrations(ROOT / "data" / "demonstrations")
    kept, held = demonstrations.split(0.2, np.random.default_rng(0))
    learnt, validated = (examples_of(demonstrations, some, HORIZON) for some in (kept, held))
    good = [one for one in demonstrations.episodes if one.success]
    assert len(learnt) + len(validated) == sum(map(len, good))
    assert not set(learnt.episodes) & set(validated.episodes)
    last = np.flatnonzero(np.diff(learnt.episodes, append=-1))
    assert (learnt.own[last].sum(axis=1) == 1).all()
    named = [bool(demonstrations.episodes[number].thing) for number in learnt.episodes]
    assert ((learnt.places[:, 0, 3] > 0.0) == named).all()


def test_without_a_success_there_is_nothing_to_learn_from():
    demonstrations = Demonstrations(ROOT / "data" / "demonstrations")
    failed = [one.index for one in demonstrations.episodes if not one.success]
    with pytest.raises(ValueError, match=f"none of the {len(failed)} episodes succeeded"):
        examples_of(demonstrations, failed, HORIZON)


def test_in_a_mirror_the_other_hand_does_the_same():
    rng = np.random.default_rng(5)
    state, now, actions, aims = said_of(rng)
    numbers = spoken.spoken(actions, aims, state, now)
    other = mirror.mirrored(state, mirror.of_state())
    arms = other[None, STATE.positions][:, ARMS]
    assert np.allclose(tools_of(arms)[0], mirror.of_tools(now), atol=1e-5)
    acted = spoken.acted(mirror.mirrored(numbers, mirror.of_said()), other, mirror.of_tools(now))
    joints = joint_range()
    there = tools_of(
        (joints.lower + (acted[:, ACTION.joints] + 1.0) / 2.0 * (joints.upper - joints.lower))[:, ARMS]
    )
    assert np.allclose(there, mirror.of_tools(aims), atol=1e-4)
    assert np.allclose(acted[:, ACTION.grippers], actions[:, ACTION.grippers][:, ::-1])
    back = mirror.mirrored(mirror.mirrored(numbers, mirror.of_said()), mirror.of_said())
    assert np.array_equal(back, numbers)


def test_moves_of_tools_are_mirrored_with_their_turns():
    state, now, actions, aims = said_of(np.random.default_rng(6))
    moves = spoken.spoken(actions, aims, state, now)[:, len(spoken.SPOKEN) :].reshape(-1, TOOLS, MOVE)
    numbers = spoken.spoken(actions, aims, state, now)
    other = mirror.mirrored(numbers, mirror.of_said())[:, len(spoken.SPOKEN) :].reshape(-1, TOOLS, MOVE)
    expected = moves_to(mirror.of_tools(aims), mirror.of_tools(now))
    assert np.allclose(other, expected, atol=1e-5)
    assert not np.allclose(other, moves)


def test_a_skill_is_drawn_by_the_root_of_its_frames(lesson):
    said = np.zeros((500, told.SIZE), dtype=np.float32)
    said[:400, 0], said[400:, 2] = 1.0, 1.0
    shares = replace(lesson[0].of(np.arange(500)), told=said).shares()
    assert shares.sum() == pytest.approx(1.0)
    assert shares[:400].sum() / shares[400:].sum() == pytest.approx(2.0)


def test_every_skill_is_drawn_while_a_policy_learns(lesson, monkeypatch):
    said = np.zeros((600, told.SIZE), dtype=np.float32)
    said[:, 0] = 1.0
    said[590:, 0], said[590:, 2] = 0.0, 1.0
    drawn = []

    def noted(examples, rows, *rest):
        drawn.extend(rows.tolist())
        return batch_of(examples, rows, *rest)

    monkeypatch.setattr(trainer, "batch_of", noted)
    train_vla_model(policy(), replace(lesson[0], told=said), lesson[1], replace(OPTIONS, steps=20))
    rare = np.mean([row >= 590 for row in drawn if row < 600][: 20 * OPTIONS.batch])
    assert rare > 3 * 10 / 600


def test_what_hardly_ever_happens_is_within_the_range_of_its_number(lesson):
    learner, chunks = policy(), np.zeros_like(lesson[0].chunks)
    chunks[:, :, 0] = np.linspace(-0.1, 0.1, len(chunks))[:, None]
    chunks[:3, :, 18] = 0.96  # one frame in two hundred turns
    train_vla_model(learner, replace(lesson[0], chunks=chunks), lesson[1], replace(OPTIONS, steps=1))
    assert float(learner.high[18]) > 0.9


def test_in_a_mirror_a_command_to_the_left_is_one_to_the_right():
    left = told.told(Instruction("move to", thing="red cup", other="left side of the table"))
    right = told.told(Instruction("move to", thing="red cup", other="right side of the table"))
    assert not np.array_equal(left, right)
    assert np.array_equal(mirror.mirrored(left, mirror.of_told()), right)
    turn = told.told(Instruction("turn", direction="left", amount=90, unit="degrees"))
    turned = told.told(Instruction("turn", direction="right", amount=90, unit="degrees"))
    assert np.array_equal(mirror.mirrored(turn, mirror.of_told()), turned)


SIGNS = {ACTION.base_velocity.start: np.array((1, -1, -1)), ACTION.stance.start: np.array((1, -1, 1))}


def test_in_a_mirror_what_turns_and_walks_to_the_left_does_so_to_the_right():
    state = np.zeros(STATE.size, dtype=np.float32)
    state[STATE.angular_velocity], state[STATE.gravity] = (0.1, 0.2, 0.3), (0.1, 0.2, -0.9)
    state[STATE.odometry], state[STATE.stance] = (1.0, 2.0, 0.5, 4.0), (0.2, 0.1, 0.05)
    state[STATE.footing] = (0.1, 0.2, 0.3, 1.0)
    other = mirror.mirrored(state, mirror.of_state())
    assert np.allclose(other[STATE.angular_velocity], (-0.1, 0.2, -0.3))
    assert np.allclose(other[STATE.gravity], (0.1, -0.2, -0.9))
    assert np.allclose(other[STATE.odometry], (1.0, -2.0, -0.5, 4.0))
    assert np.allclose(other[STATE.stance], (0.2, -0.1, 0.05))
    assert np.allclose(other[STATE.footing], (0.1, -0.2, -0.3, -1.0))
    action = np.zeros((1, ACTION.size), dtype=np.float32)
    action[0, ACTION.base_velocity], action[0, ACTION.stance] = (0.3, 0.2, 0.1), (0.3, 0.2, 0.1)
    now = tools_of(np.zeros((1, 14)))[0]
    said = spoken.spoken(action, now[None], np.zeros(STATE.size, dtype=np.float32), now)
    back = spoken.acted(mirror.mirrored(said, mirror.of_said()), np.zeros(STATE.size, dtype=np.float32), now)
    for part in (ACTION.base_velocity, ACTION.stance):
        assert np.allclose(back[0, part], SIGNS[part.start] * (0.3, 0.2, 0.1))
