"""The expert as commands: recorded and replayed, and asked anew at every decision, from wherever it is."""

from math import pi, radians

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vla_course.learning.environment.action_space import BodyCommand, write_action
from vla_course.learning.environment.commanded_body import CommandedBody
from vla_course.learning.environment.environment import HumanoidTaskEnv
from vla_course.learning.expert.approach import round_table
from vla_course.learning.expert.pacing import PACE, apart, towards, velocity_to
from vla_course.learning.expert.recording import recorded
from vla_course.learning.expert.scene_knowledge import TrueKnowledge
from vla_course.learning.expert_policy.foot_tasks import FootTasks
from vla_course.learning.expert_policy.knowledge import Knowledge
from vla_course.learning.expert_policy.policy import ExpertPolicy
from vla_course.learning.model.joint_range import joint_range
from vla_course.motion.arms.chain import ARMS_IN_JOINTS, ARMS_IN_UPPER, ArmChain
from vla_course.motion.footsteps.footstep import Footstep
from vla_course.motion.footsteps.plan import GoalPose, Stance, middle_of
from vla_course.motion.walking.footing import STEP_TIME, Footing
from vla_course.simulation.robot.humanoid import HOME_POSTURE, Humanoid
from vla_course.simulation.robot.layout import ACTION, ARMS
from vla_course.simulation.tasks.tasks import sample_task, task_for
from vla_course.simulation.tasks.understanding import understand
from vla_course.simulation.world.rotation import rotation_matrix
from vla_course.simulation.world.world import World

JOINTS = joint_range()


@pytest.fixture
def env():
    env = HumanoidTaskEnv(cameras=())
    yield env
    env.close()


def begin(env, sentence, seed=0):
    env.reset(seed=seed, options={"task": task_for(understand(sentence), np.random.default_rng(seed))})
    return ExpertPolicy(env.task, env.stage, env.robot)


def ask(env, policy, decisions=1000, astray=lambda k, action: action):
    """Let the policy act, led astray by `astray`; return what is known in the end."""
    for k in range(decisions):
        *_, ended, late, info = env.step(astray(k, write_action(policy.command(), JOINTS)))
        if ended or late:
            break
    return info


# ---- feet ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "goal", [(1.0, 0.0, 0.0), (-0.45, 0.0, 0.0), (0.0, 0.5, 0.0), (0.0, 0.0, -pi / 2), (0.5, 0.3, 0.7)]
)
def test_a_velocity_asked_at_every_decision_stops_at_a_place_and_a_heading(goal):
    with World(0) as world:
        robot = CommandedBody(Humanoid(world))

        def stands():
            return middle_of(Stance(robot.walker.measured(0), robot.walker.measured(1)))

        def go(velocity):
            for _ in robot.carry_out(
                BodyCommand(HOME_POSTURE.copy(), velocity, np.zeros(3), np.zeros(2)), 0.1
            ):
                pass

        for _ in range(8):
            go(np.zeros(3))
        here = stands()
        place = GoalPose(here.x + goal[0], here.y + goal[1], here.yaw + goal[2])
        for _ in range(90):
            go(velocity_to(robot.walker, place))
        assert robot.walker.phase == "stand"
        far, turn = apart(stands(), place)
        assert far < 0.03
        assert turn < radians(3.0)


@given(st.floats(-1, 1), st.floats(-1, 1), st.floats(-2, 2), st.sampled_from(["left", "right"]))
def test_steps_towards_a_place_arrive_and_then_none_is_made(x, y, yaw, side):
    goal, footing = GoalPose(x, y, yaw), Footing(Footstep(side, 0.0, 0.09 if side == "left" else -0.09))
    for _ in range(40):
        velocity = towards(footing, goal)
        assert (np.abs(velocity) <= PACE + 1e-9).all()
        if not velocity.any():
            break
        footing = footing.after(velocity)
    far, turn = apart(footing.place, goal)
    assert far < 0.02
    assert turn < 0.02


def test_a_step_moves_the_place_by_velocity_times_the_time_of_a_step():
    footing = Footing(Footstep("right", 1.0, 2.0, yaw=0.5))
    moved = footing.after(np.array((0.3, 0.0, 0.0)))
    assert np.hypot(moved.place.x - footing.place.x, moved.place.y - footing.place.y) == pytest.approx(
        0.3 * STEP_TIME
    )
    closed = footing.after(np.zeros(3))
    assert apart(closed.place, footing.place) == pytest.approx((0.0, 0.0), abs=1e-9)


# ---- recorded -----------------------------------------------------------------------------------


def test_who_goes_round_a_table_is_led_to_its_next_stop(env):
    policy = begin(env, "go to the person")
    feet = FootTasks(Knowledge(env.stage, env.robot))
    table = env.stage.scene.description.table.position
    behind = GoalPose(2.0 * table[0] - feet.here.x, 2.0 * table[1] - feet.here.y)
    stop = round_table(TrueKnowledge(env.stage).table, behind, feet.here)
    assert apart(stop, behind)[0] > 0.5
    asked = []
    feet._first_step = lambda footing, goal: asked.append(goal)  # the steps themselves are another question
    feet._open_way(behind)
    assert asked == [stop]
    assert policy.command().base_velocity.any()


@pytest.mark.parametrize("sentence", ["walk 3 steps to the right", "reach for the red cup"])
def test_what_the_expert_did_can_be_replayed(env, sentence):
    task = task_for(understand(sentence), np.random.default_rng(1))
    with World(1) as world:
        actions = [write_action(command, JOINTS) for command in recorded(task, task.start(world))]
    env.reset(seed=1, options={"task": task})
    for action in [*actions, *actions[-1:] * 20]:
        *_, ended, late, info = env.step(action)
        if ended or late:
            break
    assert (info["success"], info["failure"]) == (True, "")


@pytest.mark.slow
def test_replayed_feet_gather_speed_and_end_where_the_experts_did(env):
    task, end = sample_task(np.random.default_rng(4), "go to"), np.zeros(3)
    with World(4) as world:
        stage = task.start(world)
        actions = [write_action(command, JOINTS) for command in recorded(task, stage)]
        end[:] = *stage.feet(), stage.heading
    env.reset(seed=4, options={"task": task})
    for action in [*actions, *actions[-1:] * 20]:
        *_, ended, _, info = env.step(action)
        if ended:
            break
    assert (info["success"], info["failure"]) == (True, "")
    away = np.array((*env.stage.feet(), env.stage.heading)) - end
    assert np.abs(away).max() < 0.05


# ---- asked --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "after"),
    [("turn left by 90 degrees", 23), ("pick up the red cup", 15), ("pick up the red cup", 31)],
)
def test_the_same_state_has_the_same_answer(env, sentence, after):
    policy = begin(env, sentence)
    ask(env, policy, after)
    first, again = policy.command(), policy.command()
    stranger = ExpertPolicy(env.task, env.stage, env.robot).command()
    for other in (again, stranger):
        np.testing.assert_array_equal(write_action(other, JOINTS), write_action(first, JOINTS))


@pytest.mark.parametrize("skill", ["walk", "turn", "look at", "stand still", "reach for", "point at"])
def test_the_expert_does_what_is_asked_decision_by_decision(env, skill):
    env.reset(seed=4, options={"task": sample_task(np.random.default_rng(4), skill)})
    info = ask(env, ExpertPolicy(env.task, env.stage, env.robot))
    assert (info["success"], info["failure"]) == (True, "")


@pytest.mark.slow
@pytest.mark.parametrize(
    "sentence",
    [
        "pick up the red cup",
        "go to the person",
        "put the red box on the green cylinder",
    ],
)
def test_the_expert_takes_and_brings_and_walks_up_decision_by_decision(env, sentence):
    info = ask(env, begin(env, sentence, 1))
    assert (info["success"], info["failure"]) == (True, "")


@pytest.mark.slow
@pytest.mark.parametrize(("skill", "seed"), [("place", 1), ("move to", 0)])
def test_what_is_brought_stays_upright_and_its_neighbours_stay_where_they_are(env, skill, seed):
    env.reset(seed=seed, options={"task": sample_task(np.random.default_rng(seed), skill)})
    policy, aslant, thing = (
        ExpertPolicy(env.task, env.stage, env.robot),
        [],
        env.task.parts[0].instruction.thing,
    )

    def look(k, action):
        if env.stage.borne(thing) == 0.0:
            aslant.append(np.arccos(rotation_matrix(env.stage.scene.pose(thing)[1])[2, 2]))
        return action

    info = ask(env, policy, astray=look)
    assert (info["success"], info["failure"]) == (True, "")
    assert np.median(aslant) < radians(4.0)


@pytest.mark.slow
def test_the_servo_carries_what_the_hand_holds(env):
    policy = begin(env, "pick up the red bottle", 2)
    ask(env, policy, 70)
    for _ in env.robot.carry_out(policy.command(), 1.5):
        pass
    side = next(side for side in ("left", "right") if env.stage.grip_on("red bottle", side) > 0.0)
    robot, hand = env.robot, ("left", "right").index(side)
    assert robot.loads.estimates[hand].mass > 0.1
    assert robot.loads.estimates[1 - hand].mass == 0.0
    sent, real = ArmChain(side), ArmChain(side)
    sent.move(robot.walker.body.upper_posture[ARMS_IN_UPPER[side]])
    real.move(robot.walker.body.state.joint_positions[ARMS_IN_JOINTS[side]])
    pelvis = rotation_matrix(robot.walker.body.state.base_orientation)
    sag = pelvis @ (sent.pose.position - real.pose.position)
    assert abs(sag[2]) < 0.001  # 6 mm where nobody tells the servo
    assert np.linalg.norm(sag) < 0.005


@pytest.mark.slow
def test_a_hand_led_astray_finds_its_way_back(env):
    policy, rng = begin(env, "pick up the red cup"), np.random.default_rng(0)
    push = np.zeros(ACTION.size)
    push[ARMS] = rng.normal(scale=0.15, size=14)

    def astray(k, action):
        return np.clip(action + push, -1.0, 1.0) if 8 <= k < 14 or 24 <= k < 28 else action

    info = ask(env, policy, astray=astray)
    assert (info["success"], info["failure"]) == (True, "")


def wandering(policy, rng):
    """Return what disturbs arms and stance by errors that last half a second, less where there is little room."""
    scale = np.zeros(ACTION.size)
    scale[ACTION.arms], scale[ACTION.stance], scale[ACTION.grippers] = 0.03, 0.01, 0.05
    error, kept = scale * rng.normal(size=ACTION.size), np.exp(-0.2)

    def astray(k, action):
        nonlocal error
        wrong = error * np.clip(policy.room() / 0.12, 0.1, 1.0)
        error = kept * error + np.sqrt(1.0 - kept**2) * scale * rng.normal(size=ACTION.size)
        return np.clip(action + wrong, -1.0, 1.0)

    return astray


@pytest.mark.slow
@pytest.mark.parametrize(("skill", "seed"), [("pick up", 100), ("move to", 100)])
def test_a_hand_that_wanders_all_the_time_still_gets_there(env, skill, seed):
    env.reset(seed=seed, options={"task": sample_task(np.random.default_rng(seed), skill)})
    policy = ExpertPolicy(env.task, env.stage, env.robot)
    info = ask(env, policy, 250, wandering(policy, np.random.default_rng(seed)))
    assert (info["success"], info["failure"]) == (True, "")


@pytest.mark.slow
def test_there_is_less_room_where_fingers_take_something(env):
    policy, rooms = begin(env, "pick up the red cup"), []

    def look(k, action):
        rooms.append(policy.room())
        return action

    ask(env, policy, astray=look)
    assert rooms[0] > 0.1
    assert min(rooms) < 0.01
    # What is held has room itself: it hangs over the table.
    assert rooms[-1] > min(rooms) + 0.02


# ---- chunks -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("skill", "seed", "until"), [("walk", 0, 14), pytest.param("pick up", 0, 45, marks=pytest.mark.slow)]
)
def test_a_chunk_is_what_will_be_done_and_asking_for_it_changes_nothing(env, skill, seed, until):
    def run(asked):
        env.reset(seed=seed, options={"task": sample_task(np.random.default_rng(seed), skill)})
        policy, actions, felt, chunks = ExpertPolicy(env.task, env.stage, env.robot), [], [], {}
        for k in range(until):
            commands = policy.chunk(4) if k in asked else [policy.command()]
            chunks[k] = [write_action(command, JOINTS) for command in commands]
            actions.append(chunks[k][0])
            seen, _, ended, _, _ = env.step(actions[-1])
            felt.append(seen["state"])
            if ended:
                break
        return actions, felt, chunks

    asked = range(3, until, 9)
    _, as_ever, _ = run(())
    actions, felt, chunks = run(asked)
    np.testing.assert_array_equal(felt, as_ever)
    for k in asked:
        following = actions[k : k + 4]
        assert len(chunks[k]) >= len(following) or k + 4 > len(actions)
        # An action is rounded to float32, what is tried out in a chunk is not.
        np.testing.assert_allclose(chunks[k][: len(following)], following[: len(chunks[k])], atol=1e-5)


def test_a_chunk_goes_on_where_answers_to_a_robot_that_does_not_move_stand_still(env):
    policy = begin(env, "pick up the red cup")
    still = write_action(policy.command(), JOINTS)
    for _ in range(6):
        env.step(still)
    asked = []
    for _ in range(6):
        asked.append(policy.command().joints[ARMS])
        env.step(still)
    chunk = [command.joints[ARMS] for command in policy.chunk(6)]
    assert np.abs(asked[-1] - asked[0]).max() < 0.01
    assert np.abs(chunk[-1] - chunk[0]).max() > 0.5


def test_a_chunk_ends_where_its_task_does(env):
    policy = begin(env, "stand still")
    with pytest.raises(ValueError, match="horizon is 0, expected at least 1 decision"):
        policy.chunk(0)
    commands = policy.chunk(60)
    done = round(env.task.goal.hold / env.period)
    assert done <= len(commands) < done + 10
