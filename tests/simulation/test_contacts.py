"""What a robot presses on is counted tick by tick, fails a task when it is a blow, and changes nothing."""

import numpy as np
import pytest

from vla_course.simulation.robot.humanoid import HOME_POSTURE, Humanoid
from vla_course.simulation.robot.layout import JOINT_NAMES
from vla_course.simulation.robot.state import RobotState
from vla_course.simulation.robot.strain import Strain
from vla_course.simulation.tasks import contacts as contacts_module
from vla_course.simulation.tasks.contacts import ITSELF, KNOCK, Contacts
from vla_course.simulation.tasks.stage import COLLIDES, LEANS, LOOK
from vla_course.simulation.tasks.tasks import task_for
from vla_course.simulation.tasks.understanding import understand
from vla_course.simulation.world.engine import pybullet
from vla_course.simulation.world.world import World

TICK = 0.004


@pytest.fixture
def world():
    with World() as world:
        yield world


def told(sentence):
    return task_for(understand(sentence), np.random.default_rng(0))


def pressing(monkeypatch, stage, what, forces):
    """Let the robot press on something with one of `forces` N a tick, in two points, and look at it every tick."""
    rows = iter(forces)

    def points(**asked):
        if "bodyB" in asked:
            return []
        other, force = stage.humanoid.body if what == ITSELF else stage.scene.bodies[what], next(rows)
        return [(0, asked["bodyA"], other, 3, 0, 0, 0, 0, 0.0, part) for part in (force / 2, force / 2, 0.0)]

    monkeypatch.setattr(contacts_module.pybullet, "getContactPoints", points)
    for _ in forces:
        stage.world.steps += round(TICK / stage.world.timestep)
        stage.contacts.observe()
        if stage.world.time >= stage._next_look - 1e-9:
            stage._next_look = stage.world.time + LOOK
            stage.contacts.look()
            stage.failure = stage.failure or stage._gone_wrong()


@pytest.mark.parametrize(
    ("what", "forces", "failure"),
    [
        ("table", [8.0] * 50, ""),
        ("table", [0.0] * 5 + [90.0] + [0.0] * 9, ""),  # a tap, 18 N over a look
        ("table", [0.0] * 5 + [400.0] + [0.0] * 9, "hit the table"),
        ("table", [LEANS + 1.0] * 20, "hit the table"),
        (ITSELF, [COLLIDES - 1.0] * 20, ""),
        (ITSELF, [COLLIDES + 1.0] * 20, "collided with itself"),
    ],
)
def test_a_blow_fails_a_task_and_a_touch_does_not(world, monkeypatch, what, forces, failure):
    stage = told("reach for the red ball").start(world)
    pressing(monkeypatch, stage, what, forces)
    assert stage.failure == failure
    assert stage.contacts.greatest(what) == max(forces)


def test_knocks_are_counted_one_by_one(world, monkeypatch):
    stage = told("reach for the red ball").start(world)
    hard, soft = KNOCK + 1.0, KNOCK - 1.0
    pressing(monkeypatch, stage, "table", [soft, hard, hard, soft, soft, hard, 0.0, hard, soft])
    assert stage.contacts.touches["table"].knocks == 3
    assert stage.contacts.greatest("person") == 0.0


def test_a_robot_that_stands_in_its_table_has_hit_it(world):
    task = told("reach for the red ball")
    stage = task.start(world)
    x, y, z = pybullet.getBasePositionAndOrientation(stage.humanoid.body, physicsClientId=world.client)[0]
    pybullet.resetBasePositionAndOrientation(
        stage.humanoid.body, (x + 0.25, y, z), (0, 0, 0, 1), physicsClientId=world.client
    )
    for _ in range(20):
        world.step()
        task.observe(stage)
    assert stage.contacts.greatest("table") > LEANS
    assert task.failed(stage) == "hit the table"


def test_a_robot_with_crossed_legs_collides_with_itself(world):
    task = told("stand still")
    stage = task.start(world)
    for side, angle in (("left", -0.3), ("right", 0.3)):
        joint = stage.humanoid._body.joints[JOINT_NAMES.index(f"{side}_hip_roll")]
        pybullet.resetJointState(stage.humanoid.body, joint, angle, physicsClientId=world.client)
    while not stage.failure and world.time < 0.2:
        world.step()
        task.observe(stage)
    assert stage.contacts.greatest(ITSELF) > COLLIDES
    assert task.failed(stage) == "collided with itself"


def test_counting_changes_no_bit_of_the_world():
    ends = []
    for counts in (True, False):
        with World(1) as world:
            stage = told("stand still").start(world)
            watch = Contacts(stage.humanoid, stage.scene)
            stage.humanoid.push((5.0, 2.0, 0.0))
            for _ in range(200):
                world.step()
                if counts:
                    watch.observe()
            ends.append(stage.humanoid.state())
    np.testing.assert_array_equal(ends[0].joint_positions, ends[1].joint_positions)
    np.testing.assert_array_equal(ends[0].base_position, ends[1].base_position)


def test_strain_is_speed_room_and_time_at_the_greatest_torque(world):
    humanoid = Humanoid(world)
    strain, still = Strain(humanoid), np.zeros(28)

    def state(knee=0.8, speed=0.0, torque=0.0):
        positions, speeds, torques = HOME_POSTURE.copy(), still.copy(), still.copy()
        at = JOINT_NAMES.index("left_knee")
        positions[at], speeds[at], torques[at] = knee, speed, torque * humanoid.joint_efforts[at]
        return RobotState(
            0.0,
            still[:3],
            np.array((0, 0, 0, 1.0)),
            still[:3],
            still[:3],
            positions,
            speeds,
            torques,
            still[:2],
        )

    for one in (state(), state(knee=2.5), state(speed=-7.0), state(speed=3.0)):
        strain.observe(one)
    assert (strain.speed, strain.saturated) == (7.0, 0)
    assert strain.room == pytest.approx(-0.1)
    for torque in (1.0, -1.0, 0.9, 1.0, 1.0, 1.0, 0.0, 1.0):
        strain.observe(state(torque=torque))
    assert strain.saturated == 3
