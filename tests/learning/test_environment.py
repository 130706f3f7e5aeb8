"""The Gymnasium environment: its contract, its determinism, and what actions do in it."""

from dataclasses import replace
from itertools import pairwise

import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env
from hypothesis import given
from hypothesis import strategies as st

from vla_course.learning.environment.action_space import (
    HIGHEST_STANCE,
    LOWEST_STANCE,
    STANCES,
    STANDS,
    VELOCITIES,
    BodyCommand,
    read_action,
    write_action,
)
from vla_course.learning.environment.commanded_body import ARM_SPEED, UPRIGHT, CommandedBody
from vla_course.learning.environment.environment import ENVIRONMENT, HumanoidTaskEnv
from vla_course.learning.environment.proprioception import STATE, proprioception
from vla_course.learning.environment.stance_check import StanceCheck
from vla_course.learning.environment.variation import FRICTIONS, HEAVIER, SHIFTED, Askew, sample_variation
from vla_course.learning.model.joint_range import joint_range
from vla_course.motion.arms.pose import rotation_vector
from vla_course.simulation.robot.humanoid import HOME_POSTURE, Humanoid
from vla_course.simulation.robot.layout import ACTION, ARMS, HEAD, LEGS, SIDES
from vla_course.simulation.scene.scene import THINGS
from vla_course.simulation.tasks import scenes
from vla_course.simulation.tasks.tasks import sample_task
from vla_course.simulation.tasks.understanding import UnknownCommand, understand
from vla_course.simulation.world.rotation import heading_of, rotation_matrix
from vla_course.simulation.world.world import World

JOINTS = joint_range()


def command(velocity=(0.0, 0.0, 0.0), grippers=(0.0, 0.0), stance=(0.0, 0.0, 0.0), **joints):
    """Home posture, standing, unless told otherwise."""
    posture = HOME_POSTURE.copy()
    for part, values in joints.items():
        posture[{"arms": ARMS, "head": HEAD}[part]] = values
    return BodyCommand(posture, np.array(velocity), np.array(stance), np.array(grippers))


@pytest.fixture
def env():
    env = HumanoidTaskEnv(skill="stand still", image_size=16)
    yield env
    env.close()


# ---- the contract -------------------------------------------------------------------------------


@pytest.mark.filterwarnings("error:.*WARN:UserWarning")
def test_it_is_registered_and_passes_the_checker():
    made = gymnasium.make(ENVIRONMENT, skill="pick up", image_size=16, render_mode="rgb_array")
    try:
        check_env(made.unwrapped)
    finally:
        made.close()


def test_an_observation_is_what_a_robot_sees_feels_and_is_told(env):
    seen, info = env.reset(seed=0)
    assert {name: np.shape(part) for name, part in seen.items()} == {
        "head": (16, 16, 3),
        "chest": (16, 16, 3),
        "pelvis": (16, 16, 3),
        "state": (75,),
        "instruction": (),
    }
    assert understand(seen["instruction"]).skill == "stand still"
    assert info == {"time": 0.0, "success": False, "failure": "", "veto": ""}


def test_the_state_is_laid_out_as_it_says():
    with World(0) as world:
        humanoid = Humanoid(world, heading=1.0)
        humanoid.grip(1.0, 0.0)
        humanoid.push((0.0, 20.0, 0.0))
        world.run(0.3)
        state = humanoid.state()
        felt = proprioception(state)
    assert felt.dtype == np.float32
    np.testing.assert_allclose(felt[STATE.positions], state.joint_positions, rtol=1e-6)
    np.testing.assert_allclose(felt[STATE.velocities], state.joint_velocities, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(felt[STATE.grippers], state.gripper_openings, rtol=1e-5, atol=1e-6)
    assert np.linalg.norm(felt[STATE.gravity]) == pytest.approx(1.0)
    assert felt[STATE.gravity][2] < -0.99
    assert np.linalg.norm(felt[STATE.angular_velocity]) == pytest.approx(
        np.linalg.norm(state.base_angular_velocity), rel=1e-5
    )


def test_the_state_does_not_tell_where_in_the_world_the_robot_is():
    felt = []
    for position, heading in (((0.0, 0.0), 0.0), ((2.0, -1.0), 2.5)):
        with World(0) as world:
            felt.append(proprioception(Humanoid(world, position=position, heading=heading).state()))
    np.testing.assert_allclose(*felt, atol=1e-6)


def test_the_state_says_how_far_the_robot_has_come_and_how_it_stands(env):
    env.reset(seed=3)
    for _ in range(30):
        seen, *_ = env.step(write_action(command((0.2, 0.0, 0.3)), JOINTS))
    told = seen["state"][STATE.odometry]
    ahead, left = env.stage.way()
    np.testing.assert_allclose(told[:3], (ahead, left, env.stage.turned), atol=0.03)
    assert ahead > 0.3
    assert told[3] == 4  # 0.8 s to set out, then a step each 0.52 s
    assert seen["state"][STATE.stance].tolist() == [0.0, 0.0, 0.0]


def test_the_state_says_where_a_step_under_way_leads_and_which_foot_is_next(env):
    seen, _ = env.reset(seed=3)
    still = seen["state"][STATE.footing]
    np.testing.assert_allclose(still, (0.0, 0.0, 0.0, 0.0), atol=0.03)
    sides, led = [], []

    def step(velocity):
        seen, *_ = env.step(write_action(command(velocity), JOINTS))
        ahead, left, turn, side = seen["state"][STATE.footing].tolist()
        state = env.robot.walker.body.state
        look = rotation_matrix(state.base_orientation)
        yaw = float(np.arctan2(look[1, 0], look[0, 0]))
        x, y, _ = state.base_position
        c, s = np.cos(yaw), np.sin(yaw)
        sides.append(side)
        led.append((x + c * ahead - s * left, y + s * ahead + c * left, yaw + turn))

    for _ in range(22):
        step((0.2, 0.0, 0.3))
    while env.robot.walker.phase != "single":
        step((0.2, 0.0, 0.3))
    under_way = led[-1]  # from here on the feet only close
    while env.robot.walker.phase != "stand":
        step((0.0, 0.0, 0.0))
    for _ in range(8):
        step((0.0, 0.0, 0.0))
    np.testing.assert_allclose(led[-1], under_way, atol=0.02)
    turns = [side for side, before in zip(sides[1:], sides, strict=False) if side != before and side != 0.0]
    assert len(turns) > 3
    assert all(one == -other for one, other in pairwise(turns))
    assert sides[-1] == 0.0


def test_the_same_seed_gives_the_same_bits():
    runs = []
    for _ in range(2):
        env = HumanoidTaskEnv(skill="reach for", image_size=16)
        seen, _ = env.reset(seed=7)
        frames = [seen]
        for k in range(4):
            action = np.random.default_rng(k).uniform(-1, 1, ACTION.size)
            frames.append(env.step(action)[0])
        env.close()
        runs.append(frames)
    for one, other in zip(*runs, strict=True):
        for name in one:
            np.testing.assert_array_equal(one[name], other[name])


@pytest.mark.parametrize("cameras", [(), ("chest",)])
def test_pictures_that_nobody_wants_are_not_taken(cameras):
    env = HumanoidTaskEnv(skill="turn", cameras=cameras, image_size=8)
    seen, _ = env.reset(seed=0)
    assert seen in env.observation_space
    assert set(seen) == {*cameras, "state", "instruction"}
    seen, *_ = env.step(np.zeros(ACTION.size))
    assert set(seen) == {*cameras, "state", "instruction"}
    env.close()


def test_an_episode_may_ask_for_a_sentence_or_bring_its_task():
    env = HumanoidTaskEnv(instruction="Grab the RED cup!", image_size=16)
    seen, _ = env.reset(seed=0)
    assert seen["instruction"] == "Grab the RED cup!"
    assert "red cup" in env.stage.things
    task = sample_task(np.random.default_rng(0), "turn")
    env.reset(options={"task": task})
    assert env.task is task
    env.close()


@pytest.mark.parametrize("seed", range(6))
def test_an_episode_of_the_courses_own_things_begins_with_every_seed(seed):
    env = HumanoidTaskEnv(instruction="pick up the red cup", things=THINGS, image_size=8)
    env.reset(seed=seed)
    assert set(env.stage.things) <= set(THINGS)
    env.close()


def test_an_episode_whose_scene_is_rare_begins_with_every_seed(monkeypatch):
    env = HumanoidTaskEnv(instruction="walk back 2 metres and tidy the table", cameras=())
    monkeypatch.setattr(scenes, "_DRAWS", 20)  # one scene in 85 will do
    for seed in range(3):
        env.reset(seed=seed)
    env.close()


def test_an_episode_may_ask_for_two_things_in_a_row():
    env = HumanoidTaskEnv(skill="stand still", instruction="Stop, then turn left.", image_size=8)
    env.reset(seed=0)
    assert [part.instruction.skill for part in env.task.parts] == ["stand still", "turn"]
    assert env.observation_space["instruction"].contains("Stop, then turn left.")
    env.close()


def test_who_stands_still_is_rewarded_once_and_done(env):
    env.reset(seed=0)
    action, rewards = write_action(command(), JOINTS), []
    for _ in range(40):
        _, reward, terminated, truncated, info = env.step(action)
        rewards.append(reward)
        if terminated or truncated:
            break
    assert (terminated, truncated, info["success"]) == (True, False, True)
    assert rewards == [0.0] * (len(rewards) - 1) + [1.0]
    assert 3.0 <= info["time"] <= 4.0  # first it settles on its feet


def test_an_episode_is_cut_off_when_its_time_is_up(env):
    env.reset(seed=0)
    walking = write_action(command((0.2, 0.0, 0.0)), JOINTS)
    for _ in range(60):
        _, reward, terminated, truncated, info = env.step(walking)
    assert (reward, terminated, truncated) == (0.0, False, True)
    assert info["time"] == pytest.approx(env.task.seconds, abs=1e-6)


def test_a_fall_ends_an_episode(env):
    env.reset(seed=0)
    env.stage.humanoid.push((0.0, 0.0, -400.0))
    env.stage.humanoid.push((150.0, 0.0, 0.0))
    for _ in range(30):
        _, reward, terminated, _, info = env.step(write_action(command(), JOINTS))
        if terminated:
            break
    assert (reward, terminated, info["failure"]) == (0.0, True, "fell")


def test_a_fall_ends_an_episode_whatever_went_wrong_before(env):
    env.reset(seed=0, options={"task": sample_task(np.random.default_rng(0), "pick up")})
    env.stage.failure = "moved the red bowl"
    env.stage.humanoid.push((0.0, 0.0, -400.0))
    env.stage.humanoid.push((-150.0, 0.0, 0.0))
    for _ in range(30):
        *_, terminated, _, info = env.step(write_action(command(), JOINTS))
        if terminated:
            break
    assert (terminated, info["failure"]) == (True, "moved the red bowl")


@pytest.mark.parametrize("decisions", [15, 20, 30])
def test_decisions_are_as_many_a_second_as_was_asked(decisions):
    env = HumanoidTaskEnv(skill="look at", decisions=decisions, image_size=8)
    env.reset(seed=0)
    assert env.metadata["render_fps"] == decisions
    for _ in range(decisions):
        *_, info = env.step(write_action(command(), JOINTS))
    assert info["time"] == pytest.approx(1.0, abs=0.005)
    env.close()


@pytest.mark.parametrize(
    ("action", "told"),
    [
        (np.zeros(28), r"action has shape \(28,\), expected \(36,\)"),
        (np.full(36, np.nan), r"action\[0\] is nan, expected a finite number from -1 to 1"),
        ([0.0] * 35 + [np.inf], r"action\[35\] is inf"),
    ],
)
def test_a_bad_action_is_refused(env, action, told):
    env.reset(seed=0)
    with pytest.raises(ValueError, match=told):
        env.step(action)


def test_bad_arguments_are_refused(env):
    with pytest.raises(ValueError, match="skill is 'dance', expected one of: walk, "):
        HumanoidTaskEnv(skill="dance")
    with pytest.raises(UnknownCommand, match="I do not know how to do a somersault"):
        HumanoidTaskEnv(instruction="do a somersault")
    with pytest.raises(ValueError, match="decisions is 50, expected 10 to 30 a second"):
        HumanoidTaskEnv(decisions=50)
    with pytest.raises(
        ValueError, match="cameras are \\('knee',\\), expected different ones of: head, chest, pelvis"
    ):
        HumanoidTaskEnv(cameras=("knee",))
    for size in (0, 96.0, float("nan"), "96"):
        with pytest.raises(ValueError, match=f"image_size is {size!r}, expected a whole number"):
            HumanoidTaskEnv(image_size=size)
    with pytest.raises(ValueError, match="instruction is 5, expected a sentence"):
        HumanoidTaskEnv(instruction=5)
    with pytest.raises(ValueError, match="instruction is 'stand still\\\\n', expected letters, digits"):
        HumanoidTaskEnv(instruction="stand still\n")
    with pytest.raises(ValueError, match="a box does not stand on a cup: only a box or a cylinder carries"):
        HumanoidTaskEnv(instruction="put the green box on the red cup")
    with pytest.raises(ValueError, match="things has no cup or bottle"):
        HumanoidTaskEnv(skill="serve a drink", things=("red ball", "green box", "blue ball"))
    with pytest.raises(
        ValueError, match="skill is 'walk', but instruction 'stand still' asks for 'stand still'"
    ):
        HumanoidTaskEnv(skill="walk", instruction="stand still")
    with pytest.raises(ValueError, match="things: there is no 'banana'"):
        HumanoidTaskEnv(things=("red cup", "banana"))
    with pytest.raises(ValueError, match="expected nothing or a Task under 'task'"):
        env.reset(options={"pose": 1})
    with pytest.raises(RuntimeError, match="expected `reset` before `step`"):
        HumanoidTaskEnv().step(np.zeros(36))


# ---- what actions mean --------------------------------------------------------------------------


def test_an_action_is_read_as_it_was_written():
    posture = JOINTS.lower + 0.3 * (JOINTS.upper - JOINTS.lower)
    meant = BodyCommand(
        posture.astype(float), np.array((0.2, -0.1, 0.3)), np.array((0.3, -0.2, -0.05)), np.array((0.25, 1.0))
    )
    read = read_action(write_action(meant, JOINTS), JOINTS)
    np.testing.assert_allclose(read.joints, meant.joints, atol=1e-5)
    np.testing.assert_allclose(read.base_velocity, meant.base_velocity, atol=1e-6)
    np.testing.assert_allclose(read.stance, meant.stance, atol=1e-6)
    np.testing.assert_allclose(read.grippers, meant.grippers, atol=1e-6)


@given(st.lists(st.floats(-1.0, 1.0, width=32), min_size=ACTION.size, max_size=ACTION.size))
def test_writing_is_the_inverse_of_reading(numbers):
    action = np.array(numbers, dtype=np.float32)
    lowest, highest = LOWEST_STANCE / STANCES, HIGHEST_STANCE / STANCES
    action[ACTION.stance] = np.clip(action[ACTION.stance], lowest, highest)
    still = np.abs(action[ACTION.base_velocity]) < STANDS
    action[ACTION.base_velocity] = np.where(still, 0.0, action[ACTION.base_velocity])
    np.testing.assert_allclose(write_action(read_action(action, JOINTS), JOINTS), action, atol=2e-6)


def test_one_is_the_limit_of_everything_and_noise_is_no_reason_to_step():
    most, least = read_action(np.full(36, 2.0), JOINTS), read_action(np.full(36, -1.0), JOINTS)
    np.testing.assert_allclose(most.joints, JOINTS.upper, rtol=1e-6)
    np.testing.assert_allclose(least.joints, JOINTS.lower, rtol=1e-6)
    np.testing.assert_allclose(most.base_velocity, VELOCITIES)
    np.testing.assert_allclose(most.stance, HIGHEST_STANCE)
    np.testing.assert_allclose(least.stance, LOWEST_STANCE)
    assert read_action(np.zeros(36), JOINTS).stance.tolist() == [0.0, 0.0, 0.0]
    assert (most.grippers.tolist(), least.grippers.tolist()) == ([1.0, 1.0], [0.0, 0.0])
    assert read_action(np.full(36, 0.04), JOINTS).base_velocity.tolist() == [0.0, 0.0, 0.0]


@pytest.mark.parametrize(("axis", "velocity"), [(0, (0.4, 0.0, 0.0)), (1, (0.0, -0.2, 0.0))])
def test_the_base_goes_where_it_is_sent(axis, velocity):
    with World(0) as world:
        robot = CommandedBody(Humanoid(world))
        for _ in range(40):
            for _ in robot.carry_out(command(velocity), 0.1):
                pass
        moved = robot.walker.humanoid.state().base_position
    # It takes 0.8 s to set out, and a step ends where the velocity says.
    assert moved[axis] == pytest.approx(velocity[axis] * 3.2, abs=0.15)
    assert abs(moved[1 - axis]) < 0.1


def test_arms_head_and_grippers_go_where_they_are_sent_within_their_speeds():
    arms = HOME_POSTURE[ARMS].copy()
    arms[3] = arms[10] = -1.8
    with World(0) as world:
        robot = CommandedBody(Humanoid(world))
        rates = []
        for _ in range(15):
            for _ in robot.carry_out(command(arms=arms, head=(0.6, 0.4), grippers=(1.0, 0.5)), 0.1):
                rates.append(np.abs(robot.walker.body.state.joint_velocities[12:]).max())
        state = robot.walker.body.state
    np.testing.assert_allclose(state.joint_positions[ARMS], arms, atol=0.03)
    np.testing.assert_allclose(state.joint_positions[HEAD], (0.6, 0.4), atol=0.03)
    np.testing.assert_allclose(state.gripper_openings, (1.0, 0.5), atol=0.05)
    assert max(rates) < 1.3 * ARM_SPEED


def carried_out(robot, meant, seconds):
    """Command the same thing for so long; return the places of both soles."""
    for _ in range(round(10 * seconds)):
        for _ in robot.carry_out(meant, 0.1):
            pass
    return np.array([robot.walker.humanoid.link_pose(f"{side}_sole")[0] for side in SIDES])


@pytest.mark.parametrize("stance", [(0.6, 0.0, 0.0), (0.3, 0.5, -0.1), (-0.1, -0.5, 0.03)])
def test_a_stance_is_taken_and_held_and_given_up_again(stance):
    with World(0) as world:
        robot = CommandedBody(Humanoid(world))
        soles = carried_out(robot, command(), 1.0)
        for asked, tolerance in ((stance, 0.03), ((0.0, 0.0, 0.0), 0.02)):
            stood = carried_out(robot, command(stance=asked), 1.5)
            state, balance = robot.walker.body.state, robot.walker.body.balance
            bow, turn, height = asked
            axis = rotation_matrix(state.base_orientation)[:, 2]
            np.testing.assert_allclose(
                axis, (np.sin(bow) * np.cos(turn), np.sin(bow) * np.sin(turn), np.cos(bow)), atol=tolerance
            )
            assert heading_of(state.base_orientation) == pytest.approx(turn, abs=tolerance)
            assert balance.center_of_mass[2] == pytest.approx(0.70 + height, abs=0.005)
            np.testing.assert_allclose(robot.stance, asked, atol=1e-9)
            np.testing.assert_allclose(stood, soles, atol=0.003)
            assert robot.veto == ""


@pytest.mark.parametrize(
    ("stance", "told"),
    [
        ((0.0, 0.0, 0.06), "stance: height is 0.06, expected -0.13 to 0.03"),
        ((0.9, 0.0, 0.0), "stance: bow is 0.90, expected -0.10 to 0.70"),
        ((0.0, -0.7, 0.0), "stance: turn is -0.70, expected -0.55 to 0.55"),
    ],
)
def test_a_stance_beyond_what_legs_can_is_refused_and_the_rest_goes_on(stance, told):
    arms = HOME_POSTURE[ARMS].copy()
    arms[3] = -1.2
    with World(0) as world:
        robot = CommandedBody(Humanoid(world))
        carried_out(robot, command(stance=(0.2, 0.1, -0.02)), 1.0)
        carried_out(robot, command(stance=stance, arms=arms), 1.0)
        assert told in robot.veto
        np.testing.assert_allclose(robot.stance, (0.2, 0.1, -0.02), atol=1e-9)
        np.testing.assert_allclose(robot.walker.body.state.joint_positions[ARMS], arms, atol=0.03)
        carried_out(robot, command(), 0.1)
        assert robot.veto == ""


def test_legs_that_do_not_reach_the_ground_refuse_a_stance():
    with World(0) as world:
        robot = CommandedBody(Humanoid(world))
        carried_out(robot, command(), 0.5)
        asked, body = np.array((0.3, 0.0, 0.03)), robot.walker.body
        assert StanceCheck(robot.walker.humanoid).fault(asked, body) == ""
        hollow = body.state.joint_positions.copy()
        hollow[LEGS] = [0.0, 0.0, -0.06, 0.11, -0.05, 0.0] * 2  # the ground is 8 cm lower than it was
        body.state = replace(body.state, joint_positions=hollow)
        assert "legs" in StanceCheck(robot.walker.humanoid).fault(asked, body)


def test_a_bow_that_is_meant_is_no_reason_to_step():
    with World(0) as world:
        robot = CommandedBody(Humanoid(world))
        soles = carried_out(robot, command(), 1.0)
        held = carried_out(robot, command(stance=(0.6, 0.3, 0.0)), 4.0)
        np.testing.assert_allclose(held, soles, atol=0.003)
        assert robot.walker.unable == 0.0


def test_a_bowed_robot_straightens_up_before_it_sets_out_and_walks_upright():
    with World(0) as world:
        robot = CommandedBody(Humanoid(world))
        carried_out(robot, command(stance=(0.5, 0.3, -0.08)), 1.5)
        phases = []
        for _ in range(30):
            for _ in robot.carry_out(command((0.3, 0.0, 0.0), stance=(0.5, 0.3, -0.08)), 0.1):
                phases.append(robot.walker.phase)
                if phases[-1] != "stand":
                    assert (np.abs(robot.stance) <= UPRIGHT).all()
        assert phases[:100] == ["stand"] * 100  # 0.4 s and more, to straighten up
        assert phases[-1] != "stand"
        assert robot.walker.body.state.base_position[0] > 0.2
        assert not robot.walker.humanoid.has_fallen()


def test_leg_targets_are_the_walkers_not_the_policys():
    ends = []
    for legs in (-1.0, 1.0):
        with World(0) as world:
            robot = CommandedBody(Humanoid(world))
            action = write_action(command(), JOINTS)
            action[LEGS] = legs
            for _ in range(3):
                for _ in robot.carry_out(read_action(action, JOINTS), 0.1):
                    pass
            ends.append(robot.walker.body.state.joint_positions)
    np.testing.assert_array_equal(*ends)


def test_who_is_about_to_fall_is_not_sent_anywhere(monkeypatch):
    gripped = []
    with World(0) as world:
        robot = CommandedBody(Humanoid(world))
        monkeypatch.setattr(robot.walker.humanoid, "grip", lambda *openings: gripped.append(openings))
        for _ in range(3):
            for _ in robot.carry_out(command(), 0.1):
                pass
        assert robot.veto == ""
        robot.walker.humanoid.push((60.0, 0.0, 0.0))
        while not robot.veto and not robot.walker.humanoid.has_fallen():
            before = robot.walker.body.upper_posture.copy()
            gripped.clear()
            for _ in robot.carry_out(
                command((0.4, 0.0, 0.0), (1.0, 1.0), arms=HOME_POSTURE[ARMS] - 0.5), 0.1
            ):
                pass
        assert "m/s" in robot.veto or "leans" in robot.veto or "DCM" in robot.veto
        np.testing.assert_array_equal(robot.walker.body.upper_posture, before)
        assert not gripped
        assert (robot.walker.source.forward, robot.walker.source.turning) == (0.0, 0.0)


@pytest.mark.parametrize("seed", range(2))
def test_no_action_makes_the_robot_fall(seed):
    rng = np.random.default_rng(seed)
    with World(seed) as world:
        robot = CommandedBody(Humanoid(world))
        for _ in range(30):
            for _ in robot.carry_out(read_action(rng.uniform(-1, 1, ACTION.size), JOINTS), 0.1):
                pass
        assert not robot.walker.humanoid.has_fallen()


def test_who_is_lost_is_not_sent_anywhere(monkeypatch):
    with World(0) as world:
        robot = CommandedBody(Humanoid(world))
        monkeypatch.setattr(type(robot.walker), "lost", property(lambda walker: True))
        for _ in robot.carry_out(command((0.4, 0.0, 0.0)), 0.1):
            pass
        assert "on its way" in robot.veto
        assert robot.walker.source.forward == 0.0


# ---- another robot of its kind -----------------------------------------------------------------


def test_a_variation_changes_cameras_masses_and_the_floor_by_as_much_as_it_says() -> None:
    task = sample_task(np.random.default_rng(3), "reach for")
    variation = sample_variation(np.random.default_rng(1))
    with HumanoidTaskEnv() as env:
        usual, _ = env.reset(seed=0, options={"task": task})
        masses, images = env.stage.humanoid.link_masses, env.images
        other, _ = env.reset(seed=0, options={"task": task, "variation": variation})
        for name, factor in variation.masses.items():
            assert env.stage.humanoid.link_masses[name] == pytest.approx(factor * masses[name], rel=1e-6)
        assert env.stage.world.ground_friction == variation.floor
        for place in ("head", "chest", "pelvis"):
            assert (usual[place] != other[place]).any()
            askew = variation.cameras[place]
            moved = images[place].rotation.T @ (env.images[place].position - images[place].position)
            np.testing.assert_allclose(moved, askew.shift, atol=1e-6)
            turn = images[place].rotation.T @ env.images[place].rotation
            np.testing.assert_allclose(rotation_vector(turn), askew.tilt, atol=1e-6)


def test_no_variation_is_the_robot_as_it_should_be() -> None:
    drawn = sample_variation(np.random.default_rng(1), strength=0.0)
    assert set(drawn.masses.values()) == {1.0}
    assert drawn.floor == 1.0
    assert set(drawn.cameras.values()) == {Askew()}
    full = sample_variation(np.random.default_rng(1))
    assert max(np.abs(askew.shift).max() for askew in full.cameras.values()) <= SHIFTED
    assert 1.0 - HEAVIER <= min(full.masses.values()) < max(full.masses.values()) <= 1.0 + HEAVIER
    assert FRICTIONS[0] <= full.floor <= FRICTIONS[1]


def test_pictures_of_the_last_moment_have_depth_and_the_name_of_every_pixel() -> None:
    with HumanoidTaskEnv("look at", image_size=32) as env:
        observation, _ = env.reset(seed=1)
        assert env.images.keys() == {"head", "chest", "pelvis"}
        np.testing.assert_array_equal(env.images["head"].rgb, observation["head"])
        assert np.isfinite(env.images["chest"].depth).any()
