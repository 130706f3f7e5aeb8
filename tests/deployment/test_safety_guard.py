"""The safety layer round the direct policy's robot: what it knows of a scene, and what it counts."""

import numpy as np

from vla_course.deployment.safety.layer import SafetyLayer
from vla_course.deployment.safety.surroundings import Surroundings
from vla_course.learning.environment.action_space import BodyCommand
from vla_course.learning.environment.commanded_body import CommandedBody
from vla_course.learning.expert.scene_knowledge import TrueKnowledge
from vla_course.simulation.robot.humanoid import HOME_POSTURE, Humanoid
from vla_course.simulation.tasks.tasks import task_for
from vla_course.simulation.tasks.understanding import understand
from vla_course.simulation.world.world import World

HOME = BodyCommand(HOME_POSTURE, np.zeros(3), np.zeros(3), np.ones(2))


def test_it_keeps_off_the_table_and_the_person_that_are_known():
    task = task_for(understand("go to the person"), np.random.default_rng(0))
    with World(0) as world:
        stage = task.start(world)
        knowledge = TrueKnowledge(stage)
        known = Surroundings.known(knowledge, speed=0.0)
        assert known.tables == (knowledge.table,)
        (person,) = known.people
        assert person.speed == 0.0
        there = np.append(knowledge.person, 0.9)
        assert person.distance(there[None]) == 0.0
        assert Surroundings.known(knowledge).people[0].speed is None  # nobody has measured it


def test_it_counts_decisions_and_those_that_were_changed_or_stopped():
    with World(0) as world:
        layer = SafetyLayer(CommandedBody(Humanoid(world)))
        for _ in layer.carry_out(HOME, 0.1):
            pass
        assert (layer.decisions, layer.halted) == (1, 0)
        for _ in layer.carry_out(np.full(36, np.nan), 0.1):
            pass
        assert (layer.decisions, layer.halted) == (2, 1)
        assert layer.limited >= 1
