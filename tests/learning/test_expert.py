"""The expert: every task is not done before, and done after, it was at work."""

import numpy as np
import pytest

from vla_course.learning.expert.expert import Expert
from vla_course.simulation.robot.strain import Strain
from vla_course.simulation.tasks.contacts import ITSELF
from vla_course.simulation.tasks.instructions import SKILLS
from vla_course.simulation.tasks.stage import LEANS
from vla_course.simulation.tasks.tasks import sample_task, task_for
from vla_course.simulation.tasks.understanding import understand
from vla_course.simulation.world.engine import pybullet
from vla_course.simulation.world.world import World

SHORT = tuple(skill for skill in SKILLS if skill not in ("move to", "serve a drink", "tidy the table"))


def carry_out(task, world):
    """Let the expert work until the task is done, has failed, or is out of time."""
    stage = task.start(world)
    task.observe(stage)
    assert not task.succeeded(stage)
    expert, strain = Expert(task, stage), Strain(stage.humanoid)
    for _ in expert.perform():
        task.observe(stage)
        strain.observe(expert.body.state)
        if task.succeeded(stage) or task.failed(stage) or world.time > task.seconds:
            break
    # No moment that no demonstration should teach.
    assert strain.speed <= 12.0
    assert strain.room >= 0.0
    assert strain.saturated <= 1
    assert stage.contacts.greatest(ITSELF) <= 50.0
    assert stage.contacts.greatest("table") <= LEANS
    return expert, stage


@pytest.mark.parametrize("skill", SHORT)
def test_the_expert_does_what_is_asked(skill):
    task = sample_task(np.random.default_rng(2), skill)
    with World(2) as world:
        expert, stage = carry_out(task, world)
        assert (task.failed(stage), expert.reason) == ("", "")
        assert task.succeeded(stage)


@pytest.mark.parametrize(
    ("skill", "seed"),
    [
        ("go to", 8),  # the head looks down at a person's feet, as far as it can
        ("point at", 13),  # the palm passes before the face of a head that looks down
        ("place", 19),  # a bottle swings in its grip, and the wrist with it
    ],
)
def test_no_joint_runs_on_its_stop_and_no_hand_into_the_face(skill, seed):
    task = sample_task(np.random.default_rng(seed), skill)
    with World(seed) as world:
        expert, stage = carry_out(task, world)
        assert (task.failed(stage), expert.reason) == ("", "")
        assert task.succeeded(stage)


@pytest.mark.parametrize(
    "sentence",
    [
        "move the red cup to the right side of the table",
        "put the red box on the green cylinder",
        "serve the blue bottle to the person",
    ],
)
def test_the_expert_brings_things_elsewhere(sentence):
    task = task_for(understand(sentence), np.random.default_rng(1))
    with World(1) as world:
        expert, stage = carry_out(task, world)
        assert (task.failed(stage), expert.reason) == ("", "")
        assert task.succeeded(stage)


@pytest.mark.parametrize(
    "sentence",
    [
        "pick up the red cup to my left and place it on the table",
        "reach for the blue ball and stop",
        "pick up the white bowl and walk left 3 steps",
        "turn left and look for the blue box",
        "walk forward two steps and pick up the red cup",
        "pick up the red cup and turn left",
        "walk 4 steps left",
        "put the red cup right of the green box",
    ],
)
def test_the_expert_does_two_things_in_a_row_and_what_is_said_in_other_words(sentence):
    task = task_for(understand(sentence), np.random.default_rng(0))
    with World(0) as world:
        expert, stage = carry_out(task, world)
        assert (task.failed(stage), expert.reason) == ("", "")
        assert task.succeeded(stage)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [0, 16], ids=["with room", "with a tidy thing in the way"])
def test_the_expert_tidies_a_table(seed):
    task = sample_task(np.random.default_rng(seed), "tidy the table")
    with World(seed) as world:
        expert, stage = carry_out(task, world)
        assert (task.failed(stage), expert.reason) == ("", "")
        assert task.succeeded(stage)


def test_an_arm_at_the_end_of_its_reach_does_not_throw_the_robot_off_its_feet():
    task = sample_task(np.random.default_rng(738037), "move to")
    with World(738037) as world:
        expert, stage = carry_out(task, world)
        assert (task.failed(stage), expert.reason) == ("", "")
        assert task.succeeded(stage)


def test_an_expert_that_fails_with_a_thing_in_its_hand_puts_it_down_and_tries_again():
    task = task_for(understand("move the red cup to the right side of the table"), np.random.default_rng(1))
    with World(1) as world:
        stage = task.start(world)
        expert, aborted = Expert(task, stage), None
        for _ in expert.perform():
            task.observe(stage)
            if aborted is None and expert.run is not None and expert.run.stage.name == "lower":
                aborted = expert.run
                aborted.abort("a gust of wind")
            if task.succeeded(stage) or task.failed(stage) or world.time > task.seconds:
                break
        assert expert.run is not aborted
        assert expert.run.plan.stages[0].carries
        assert (task.failed(stage), expert.reason) == ("", "")
        assert task.succeeded(stage)


def test_the_expert_looks_at_what_it_is_about():
    task = task_for(understand("reach for the red cup"), np.random.default_rng(0))
    with World(0) as world:
        _, stage = carry_out(task, world)
        eye, axis = stage.axis("head_camera")
        way = stage.place("red cup") - eye
        assert axis @ way / np.linalg.norm(way) > np.cos(np.radians(6.0))


def test_what_the_expert_cannot_do_it_says_and_stands():
    task = task_for(understand("pick up the red cup"), np.random.default_rng(0))
    with World(0) as world:
        stage = task.start(world)
        expert = Expert(task, stage)
        x, y, z = stage.place("red cup")
        pybullet.resetBasePositionAndOrientation(
            stage.scene.bodies["red cup"], (x + 3.0, y, z), (0, 0, 0, 1), physicsClientId=world.client
        )
        for _ in expert.perform():
            pass
        assert expert.ending == "no plan"
        assert "safe" in expert.reason
        assert stage.stands()
        assert not stage.humanoid.has_fallen()
