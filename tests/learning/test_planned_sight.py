"""The eyes of the planned way: table, things and person to within millimetres, and nothing that is not there."""

import numpy as np
import pytest

from vla_course.learning.planned.eyes import Eyes
from vla_course.learning.planned.looking import next_turn, unseen_spots
from vla_course.learning.planned.person_sight import see_person
from vla_course.learning.planned.seen import SeenKnowledge
from vla_course.learning.planned.table_sight import see_table
from vla_course.learning.planned.things_sight import Cluster, clusters_on, fitted, kind_of
from vla_course.motion.errands.ending import ErrandFailed
from vla_course.motion.hands.scene import graspable_in, thing_in
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.scene.scene import Scene
from vla_course.simulation.scene.things import SHAPES, colour_and_shape
from vla_course.simulation.world.engine import pybullet
from vla_course.simulation.world.rotation import wrapped
from vla_course.simulation.world.world import World

SIX = ("red cup", "green box", "blue ball", "yellow bottle", "white bowl", "black cylinder")


class Standing:
    """A robot before a drawn scene; its head and arms turn at once."""

    def __init__(self, world, things, x=0.0, person=True, seed=0):
        self.scene = Scene.build(
            world, Scene.sample(np.random.default_rng(seed), things=things, person=person)
        )
        self.robot = Humanoid(world, position=(x, 0.0))
        self.eyes = Eyes(self.robot)

    def turn(self, yaw, pitch):
        """Turn the head."""
        self.bend("neck", yaw)
        self.bend("head", pitch)

    def bend(self, link, angle):
        """Turn the joint above a link."""
        pybullet.resetJointState(
            self.robot.body, self.robot.link_index(link), angle, physicsClientId=self.robot.world.client
        )

    def looks(self, *turns):
        """Return what is seen with the head turned so."""
        sights = []
        for turn in turns:
            self.turn(*turn)
            sights.append(self.eyes.look())
        return sights


def points_of(sights):
    return np.concatenate([sight.points for sight in sights])


@pytest.fixture
def world():
    with World(0) as world:
        yield world


@pytest.mark.parametrize("x", [-1.4, -0.5, 0.0])
def test_the_table_is_where_it_is_seen(world, x):
    stands = Standing(world, SIX[:3], x)
    turns = [(0.0, 0.1)] if x < -1.0 else [(0.0, 0.5), (0.8, 0.4), (-0.8, 0.4)]
    seen = see_table(stands.looks(*turns))
    assert seen is not None
    assert seen.doubt.max() <= 0.012
    assert np.abs(seen.top.middle - stands.scene.description.table.position).max() < 0.006


def test_a_table_whose_ends_are_out_of_sight_is_doubted(world):
    seen = see_table(Standing(world, SIX[:2]).looks((0.0, 0.0)))
    assert seen.doubt[0] < 0.012  # its near edge is in sight
    assert seen.doubt[1] > 0.05


def test_no_table_is_seen_where_there_is_none(world):
    assert see_table([Eyes(Humanoid(world)).look()]) is None


def test_every_thing_is_where_it_is_seen_and_is_known_by_its_height(world):
    stands = Standing(world, SIX, seed=3)
    sights = stands.looks((0.0, 0.5), (0.5, 0.5), (-0.5, 0.5))
    table = see_table(sights)
    clusters = clusters_on(table.top, points_of(sights))
    assert len(clusters) == len(SIX)
    for name in SIX:
        _, shape = colour_and_shape(name)
        true = thing_in(stands.scene, name)
        cluster = min(clusters, key=lambda one: np.linalg.norm((one.middle - true.position)[:2]))
        assert kind_of(cluster) == shape
        thing = fitted(cluster)
        assert np.linalg.norm((thing.position - true.position)[:2]) < 0.004, name
        assert abs(thing.position[2] - true.position[2]) < 0.003
        assert (thing.shape, thing.size) == (true.shape, SHAPES[shape].size)
        if shape == "box":
            off = (thing.heading - true.heading + np.pi / 4) % (np.pi / 2) - np.pi / 4
            assert abs(off) < np.radians(4.0)


def test_what_is_as_tall_as_no_kind_is_taken_for_an_upright_cylinder_round_it():
    rng = np.random.default_rng(0)
    corners = rng.uniform((-0.1, -0.1, 0.7), (0.1, 0.1, 1.0), (4000, 3))
    thing = fitted(Cluster(corners, 0.7))
    assert thing.shape == "cylinder"
    assert thing.size == pytest.approx((0.2, 0.2, 0.3), abs=0.01)


def test_its_own_arms_are_no_things(world):
    stands = Standing(world, SIX[:1])
    stands.bend("left_shoulder_pitch_link", -0.9)
    stands.bend("left_forearm", -0.6)
    sights = stands.looks((0.0, 0.5), (0.5, 0.5), (-0.5, 0.5))
    tool, _ = stands.robot.link_pose("left_tool")
    table = stands.scene.description.table.position
    assert tool[2] > table[2] + 0.02  # the hand is over the table, in sight
    assert tool[0] > table[0] - 0.25
    clusters = clusters_on(see_table(sights).top, points_of(sights))
    assert len(clusters) == 1


def test_what_hangs_in_the_air_stands_on_no_table(world):
    stands = Standing(world, SIX[:2], seed=1)
    x, y, z = stands.scene.pose("red cup")[0].tolist()
    pybullet.resetBasePositionAndOrientation(
        stands.scene.bodies["red cup"], (x, y, z + 0.15), (0, 0, 0, 1), physicsClientId=world.client
    )
    sights = stands.looks((0.0, 0.5), (0.5, 0.5), (-0.5, 0.5))
    (cluster,) = clusters_on(see_table(sights).top, points_of(sights))
    assert np.linalg.norm((cluster.middle - stands.scene.pose("green box")[0])[:2]) < 0.01


def test_the_person_is_where_they_are_seen_and_looks_where_they_look(world):
    stands = Standing(world, SIX[:2], x=-0.4)
    (sight,) = stands.looks((0.0, 0.1))
    seen = see_person(sight.points, see_table([sight]).top, np.array((-0.4, 0.0)))
    person = stands.scene.description.person
    assert np.linalg.norm(seen.position - person.position) < 0.03
    assert abs(wrapped(seen.heading - person.heading)) < np.radians(12.0)


def test_no_person_is_seen_where_there_is_none(world):
    stands = Standing(world, SIX[:2], x=-0.4, person=False)
    (sight,) = stands.looks((0.0, 0.1))
    assert see_person(sight.points, see_table([sight]).top, np.array((-0.4, 0.0))) is None


def test_what_it_knows_has_come_through_its_eyes(world):
    stands = Standing(world, SIX[:4], seed=1)
    knowledge = SeenKnowledge(stands.robot)
    with pytest.raises(ErrandFailed, match="nowhere in sight"):
        knowledge.place("bottle")
    for turn in ((0.0, 0.5), (0.6, 0.5), (-0.6, 0.5)):
        stands.turn(*turn)
        knowledge.look()
    assert len(knowledge.tracks) == 4
    true = graspable_in(stands.scene, "yellow bottle")
    number = min(
        knowledge.tracks, key=lambda k: np.linalg.norm(knowledge.tracks[k].thing.position - true.position)
    )
    knowledge.call("bottle", number, "bottle")
    got = knowledge.graspable("bottle")
    assert got.size == true.size  # what a hand can hold: the body below the neck
    assert np.abs(got.position - true.position).max() < 0.005
    assert len(knowledge.rest("bottle")) == 3
    assert set(knowledge.names) > {"bottle"}


def test_a_thing_that_is_gone_is_forgotten_when_its_place_is_seen_through(world):
    stands = Standing(world, SIX[:3], seed=1)
    knowledge = SeenKnowledge(stands.robot)
    stands.turn(0.0, 0.5)
    knowledge.look()
    stands.turn(0.6, 0.5)
    knowledge.look()
    stands.turn(-0.6, 0.5)
    knowledge.look()
    assert len(knowledge.tracks) == 3
    pybullet.resetBasePositionAndOrientation(
        stands.scene.bodies["red cup"], (5.0, 5.0, 0.05), (0, 0, 0, 1), physicsClientId=world.client
    )
    knowledge.handles("nothing")  # looks before no longer hold
    for turn in ((0.0, 0.5), (0.6, 0.5), (-0.6, 0.5)):
        stands.turn(*turn)
        knowledge.look()
    assert len(knowledge.tracks) == 2


def test_the_head_turns_to_what_it_has_not_seen_until_it_has_seen_all(world):
    stands = Standing(world, SIX[:2])
    knowledge = SeenKnowledge(stands.robot)
    knowledge.look()
    turns = 0
    while len(left := unseen_spots(knowledge.table, knowledge.sights)):
        stands.turn(*next_turn(stands.robot, stands.robot.state(), left))
        knowledge.look()
        turns += 1
        assert turns <= 4
    assert turns >= 1
    assert knowledge.sure_of_table
    assert len(knowledge.tracks) == 2
