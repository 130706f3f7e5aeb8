"""What is written down of a moment: hands and thing in the pelvis frame and in the pictures, subtask, pushes."""

import dataclasses
import io

import numpy as np
import pytest
from PIL import Image

from vla_course.learning.demonstrations.episode import (
    LONGEST,
    STUCK,
    collect,
    hand_poses,
    in_picture,
    millimetres,
    png,
)
from vla_course.learning.demonstrations.layout import (
    ACTION_KEY,
    EXECUTED_KEY,
    HANDS_KEY,
    STATE_KEY,
    SUBTASK_KEY,
    SUBTASKS,
    TARGET_KEY,
    columns,
)
from vla_course.learning.demonstrations.plan import EpisodePlan, Kick, Settings
from vla_course.learning.demonstrations.staging import NUMBERED
from vla_course.learning.demonstrations.subtasks import subtask_of
from vla_course.learning.environment.action_space import BodyCommand, write_action
from vla_course.learning.environment.environment import HumanoidTaskEnv
from vla_course.learning.environment.variation import Variation
from vla_course.learning.expert_policy.policy import ExpertPolicy
from vla_course.learning.model.joint_range import joint_range
from vla_course.simulation.robot.humanoid import HOME_POSTURE
from vla_course.simulation.robot.layout import ACTION
from vla_course.simulation.tasks.instructions import Instruction
from vla_course.simulation.tasks.tasks import task_for
from vla_course.simulation.world.rotation import multiply, rotate, rotation_matrix

SETTINGS = Settings(image_size=32)


def plan(instruction: Instruction, kicks: tuple[Kick, ...] = ()) -> EpisodePlan:
    task = task_for(instruction, np.random.default_rng(3))
    return EpisodePlan(0, task, 5, 7, -1, Variation(), 0.0, kicks)


@pytest.fixture(scope="module")
def reaching():
    task = task_for(Instruction("reach for", thing="red cup"), np.random.default_rng(3))
    with HumanoidTaskEnv() as env:
        env.reset(seed=1, options={"task": task})
        yield env


def test_hands_are_told_in_the_pelvis_frame(reaching) -> None:
    robot = reaching.stage.humanoid
    pelvis, turned = robot.link_pose("pelvis")
    for side, told in zip(("left", "right"), hand_poses(robot).reshape(2, 7).tolist(), strict=True):
        position, orientation = robot.link_pose(f"{side}_tool")
        np.testing.assert_allclose(pelvis + rotate(turned.tolist(), told[:3]), position, atol=1e-6)
        again = rotation_matrix(np.array(multiply(turned.tolist(), told[3:])))
        np.testing.assert_allclose(again, rotation_matrix(orientation), atol=1e-6)
        assert told[6] >= 0.0


def test_a_thing_in_a_picture_is_where_its_pixels_are() -> None:
    task = task_for(Instruction("go to", other="table"), np.random.default_rng(4))
    with HumanoidTaskEnv() as env:
        env.reset(seed=1, options={"task": task})
        stage, image, seen = env.stage, env.images["head"], 0
        for name in stage.things:
            body = stage.scene.bodies[name]
            rows, columns = np.nonzero(image.segmentation == body)
            u, v, in_sight = in_picture(image, stage.place(name), body)
            if not len(rows):
                assert (u, v, in_sight) == (0.0, 0.0, 0.0)
            elif columns.min() > 0 and columns.max() < 95 and rows.max() < 95:
                seen += 1
                assert in_sight == 1.0
                middle = (columns.mean() + 0.5, rows.mean() + 0.5)
                np.testing.assert_allclose((96 * u, 96 * v), middle, atol=2.0)
        assert seen == 2  # the third is out of sight


def test_what_a_command_serves_is_told_from_it_and_from_physics(reaching) -> None:
    task, stage, robot = reaching.task, reaching.stage, reaching.robot
    posture = BodyCommand(HOME_POSTURE, np.zeros(3), np.zeros(3), np.zeros(2))
    walking = BodyCommand(HOME_POSTURE, np.array((0.2, 0.0, 0.0)), np.zeros(3), np.zeros(2))
    assert SUBTASKS[subtask_of(task, stage, robot, posture)] == "reach"
    assert SUBTASKS[subtask_of(task, stage, robot, walking)] == "approach"
    still = task_for(Instruction("stand still"), np.random.default_rng(1))
    assert SUBTASKS[subtask_of(still, stage, robot, posture)] == "stand"
    turn = task_for(Instruction("turn", direction="left"), np.random.default_rng(1))
    assert SUBTASKS[subtask_of(turn, stage, robot, walking)] == "turn"


def test_pictures_and_depth_survive_being_packed() -> None:
    rng = np.random.default_rng(0)
    picture = rng.integers(0, 255, (8, 8, 3)).astype(np.uint8)
    np.testing.assert_array_equal(np.asarray(Image.open(io.BytesIO(png(picture)))), picture)
    depth = np.array([[0.5, 1.2346], [np.inf, 70.0]], dtype=np.float32)
    np.testing.assert_array_equal(millimetres(depth), [[500, 1235], [0, 65535]])
    packed = np.asarray(Image.open(io.BytesIO(png(millimetres(depth)))))
    np.testing.assert_array_equal(packed, millimetres(depth))


def test_the_same_plan_gives_the_same_bits_and_rows_are_in_order() -> None:
    looking = plan(Instruction("look at", thing="red cup"))
    one, two = collect(looking, SETTINGS), collect(looking, SETTINGS)
    assert one.success
    assert one.failure == ""
    for first, second in zip(one.rows, two.rows, strict=True):
        assert all(np.array_equal(first[name], second[name]) for name in first)
    names = [SUBTASKS[row[SUBTASK_KEY]] for row in one.rows]
    assert names[0] == "look"
    assert names[-1] == "hold"
    assert [row["next.done"] for row in one.rows] == [False] * (len(one.rows) - 1) + [True]
    assert [row["next.reward"] for row in one.rows][-2:] == [0.0, 1.0]
    assert np.any(one.rows[0][TARGET_KEY])
    assert one.rows[0][STATE_KEY].shape == (75,)
    assert one.rows[0][HANDS_KEY].shape == (14,)
    np.testing.assert_array_equal(one.rows[0][ACTION_KEY], one.rows[0][EXECUTED_KEY])


def test_a_push_is_felt_when_it_is_due() -> None:
    still = Instruction("stand still")
    calm = collect(plan(still), SETTINGS).rows
    pushed = collect(plan(still, (Kick(1.0, (3.0, 0.0)),)), SETTINGS).rows
    felt = [np.abs(a[STATE_KEY] - b[STATE_KEY]).max() for a, b in zip(calm, pushed, strict=False)]
    assert max(felt[:11]) == 0.0
    assert felt[11] > 0.01


def test_an_expert_that_gives_up_or_is_stuck_ends_the_episode_with_a_reason(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looking = plan(Instruction("look at", thing="red cup"))
    away = BodyCommand(HOME_POSTURE, np.zeros(3), np.zeros(3), np.zeros(2))
    monkeypatch.setattr(ExpertPolicy, "command", lambda self: away)
    monkeypatch.setattr("vla_course.learning.demonstrations.episode.STUCK", 1.0)
    stuck = collect(looking, SETTINGS)
    assert (stuck.success, stuck.failure, len(stuck.rows)) == (False, "stuck", 10)

    from vla_course.motion.hands.plan import NoPlan

    def gives_up(self: ExpertPolicy) -> BodyCommand:
        raise NoPlan("it is too far")

    monkeypatch.setattr(ExpertPolicy, "command", gives_up)
    given_up = collect(looking, SETTINGS)
    assert (given_up.success, given_up.failure) == (False, "gave up: it is too far")
    (row,) = given_up.rows  # an episode has a frame, also where nothing can be done
    assert row["next.done"]
    np.testing.assert_allclose(row[ACTION_KEY], write_action(away, joint_range()), atol=1e-6)
    assert STUCK < LONGEST


def walks_on(env, plan):
    """A learner that walks ahead, whatever it is told."""
    command = BodyCommand(HOME_POSTURE, np.array((0.3, 0.0, 0.0)), np.zeros(3), np.zeros(2))
    return lambda: write_action(command, joint_range())[None]


def test_a_learner_and_the_expert_take_turns_and_the_expert_is_asked_in_all_of_them() -> None:
    turning = dataclasses.replace(plan(Instruction("look at", thing="red cup")), turns=(0.4, 0.8, 1.2))
    quiet = dataclasses.replace(SETTINGS, pictures=False)
    both = collect(turning, quiet, walks_on)
    assert both.success
    walks = [bool(row[EXECUTED_KEY][ACTION.base_velocity].any()) for row in both.rows]
    assert walks[:12] == [True] * 4 + [False] * 4 + [True] * 4
    assert not any(walks[12:])
    for row, walk in zip(both.rows, walks, strict=True):
        assert np.array_equal(row[ACTION_KEY], row[EXECUTED_KEY]) != walk
        assert SUBTASKS[row[SUBTASK_KEY]] != "walk"  # what the expert is about
    alone = collect(dataclasses.replace(turning, turns=()), quiet)
    assert not any(row[EXECUTED_KEY][ACTION.base_velocity].any() for row in alone.rows)
    with pytest.raises(ValueError, match=r"plan.turns is \(0.4, 0.8, 1.2\), expected a learner"):
        collect(turning, quiet)


def test_what_a_learner_says_and_has_not_done_in_its_turn_is_not_done_in_the_next() -> None:
    asked = []

    def says_much(env, plan):
        def act():
            asked.append(env.stage.world.time)
            return np.repeat(walks_on(env, plan)(), 10, axis=0)

        return act

    turning = dataclasses.replace(plan(Instruction("look at", thing="red cup")), turns=(0.4, 0.8, 1.2))
    collect(turning, dataclasses.replace(SETTINGS, pictures=False), says_much)
    np.testing.assert_allclose(np.diff(asked), 0.8, atol=0.02)


def test_without_pictures_all_numbers_are_there() -> None:
    one = collect(
        plan(Instruction("look at", thing="red cup")), dataclasses.replace(SETTINGS, pictures=False)
    )
    assert set(one.rows[0]) == set(columns(None)) - set(NUMBERED)
    many = collect(plan(Instruction("look at", thing="red cup")), SETTINGS)
    for name in one.rows[0]:
        assert np.array_equal(one.rows[0][name], many.rows[0][name]), name


def test_a_learner_that_falls_has_no_turn_so_late_again() -> None:
    began = []

    def topples(env, plan):
        """A learner whose robot is pushed over after a second."""
        began.append(env)

        def act():
            if env.stage.world.time > 0.8:
                env.stage.humanoid.push((0.0, 60.0, 0.0))
            return walks_on(env, plan)()

        return act

    falling = dataclasses.replace(plan(Instruction("look at", thing="red cup")), turns=(5.0,))
    quiet = dataclasses.replace(SETTINGS, pictures=False)
    recording = collect(falling, quiet, topples)
    assert len(began) > 1
    assert recording.failure != "fell"
