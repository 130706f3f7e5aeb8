"""A copy of the world does what the world would do, bit for bit, and the world does not notice."""

import numpy as np
import pytest

from vla_course.motion.pipeline.perform import Setting, perform
from vla_course.motion.pipeline.plans import BalanceControl
from vla_course.motion.pipeline.rehearsal import Rehearsal
from vla_course.motion.walking.step_sources import VelocityCommand
from vla_course.motion.walking.walker import Walker
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.scene.scene import THINGS, Scene
from vla_course.simulation.world.world import World


def build():
    world = World(3)
    scene = Scene.build(world, Scene.sample(np.random.default_rng(3), person=False))
    return Setting(Humanoid(world), scene)


def moment():
    """A world in the middle of a step, a push under way."""
    setting = build()
    walker = Walker(setting.humanoid, VelocityCommand(forward=-0.2))
    for _ in range(300):
        walker.tick()
    setting.humanoid.push((3.0, 2.0, 0.0), 0.3)
    return setting


def bits(setting):
    state = setting.humanoid.state()
    numbers = [np.ravel(getattr(state, name)) for name in state.__slots__]
    numbers += [np.concatenate(setting.scene.pose(name)) for name in THINGS]
    return np.concatenate(numbers).tobytes(), setting.world.steps, str(setting.world.rng.bit_generator.state)


def test_the_copy_goes_on_as_the_world_does():
    real = moment()
    copy = Rehearsal(real, build).copy()
    with real.world, copy.world:
        assert bits(copy) == bits(real)
        for setting in (real, copy):
            setting.world.run(0.3)
        assert bits(copy) == bits(real)
        assert copy.world.rng.random() == real.world.rng.random()


def test_the_world_does_not_notice_a_rehearsal():
    real, undisturbed = moment(), moment()
    with real.world, undisturbed.world:
        before = bits(real)
        Rehearsal(real, build).try_out(BalanceControl("recover", 1.0, moves_feet=True))
        assert bits(real) == before
        assert bits(undisturbed) == before
        for setting in (real, undisturbed):
            setting.world.run(0.3)
        assert bits(real) == bits(undisturbed)


def test_what_was_tried_out_is_what_happens():
    real = build()
    plan = BalanceControl("brace", 1.0, crouch=0.06)
    with real.world:
        expected = Rehearsal(real, build).try_out(plan)
        height = real.humanoid.state().base_position[2]
        assert perform(plan, real) == expected
        assert real.humanoid.state().base_position[2] < height - 0.04
        assert expected.harm == ""


def test_another_world_is_no_copy():
    real = build()
    with real.world, pytest.raises(ValueError, match="build builds 2 bodies, expected 6"):
        Rehearsal(real, lambda: Setting(Humanoid(World(3)))).copy()
