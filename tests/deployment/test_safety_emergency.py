"""The emergency stop: latched, at once, from any thread, and let go by somebody when the robot is calm."""

import threading
from dataclasses import replace

import numpy as np
import pytest

from vla_course.deployment.safety.emergency import Category, EmergencyStop
from vla_course.deployment.safety.layer import SafetyLayer
from vla_course.learning.environment.action_space import BodyCommand
from vla_course.learning.environment.commanded_body import CommandedBody
from vla_course.simulation.robot.humanoid import HOME_POSTURE, Humanoid
from vla_course.simulation.robot.layout import ARMS
from vla_course.simulation.robot.state import RobotState
from vla_course.simulation.world.world import World

HOME = BodyCommand(HOME_POSTURE, np.zeros(3), np.zeros(3), np.zeros(2))
PRESS = 333
"""ticks, in mid-stride"""


def waving(k: int) -> BodyCommand:
    joints = HOME_POSTURE.copy()
    joints[ARMS] += 0.5 if k % 2 else -0.3
    return replace(HOME, joints=joints, base_velocity=np.array((0.3, 0.0, 0.0)))


def pressed(other: BodyCommand, ticks: int, category: Category = 2) -> tuple[SafetyLayer, RobotState]:
    """A robot that walks and waves, is stopped, and is told `other` from then on."""
    layer = SafetyLayer(CommandedBody(Humanoid(World(3))), emergency=EmergencyStop(category))
    done, k = 0, 0
    while done < PRESS + ticks:
        for _ in layer.carry_out(waving(k) if done < PRESS else other, 0.1):
            done += 1
            if done == PRESS:
                layer.emergency.press("test")
            if done == PRESS + ticks:
                break
        k += 1
    return layer, layer.walker.humanoid.state()


def test_after_the_press_no_bit_of_the_motion_depends_on_the_policy() -> None:
    wild = BodyCommand(-HOME_POSTURE, np.array((-0.4, 0.2, 0.6)), np.array((0.5, 0.3, -0.1)), np.ones(2))
    (one, _), (other, _) = pressed(HOME, 26), pressed(wild, 26)
    first, second = one.walker.humanoid.state(), other.walker.humanoid.state()
    assert first.time == second.time
    np.testing.assert_array_equal(first.joint_positions, second.joint_positions)
    np.testing.assert_array_equal(first.joint_velocities, second.joint_velocities)
    np.testing.assert_array_equal(first.gripper_openings, second.gripper_openings)
    for layer in (one, other):
        assert layer.stopped == "emergency stop: test"
        layer.walker.humanoid.world.close()


def test_arms_brake_in_the_very_first_tick_after_the_press() -> None:
    layer = SafetyLayer(CommandedBody(Humanoid(World(3))))
    for _ in layer.carry_out(waving(1), 0.1):
        # They are still gaining speed: whoever goes on a tick longer is faster then.
        if np.abs(layer.walker.body.upper_velocity).max() > 1.2:
            break
    before = layer.walker.body.state.joint_velocities[ARMS]
    moving = np.abs(before) > 0.8
    assert moving.any()
    layer.emergency.press("test")
    next(iter(layer.carry_out(waving(1), 0.1)))
    slower = np.abs(before) - np.abs(layer.walker.body.state.joint_velocities[ARMS])
    assert (slower[moving] > 0.5 * layer.limits.acceleration * 0.004).all()
    layer.walker.humanoid.world.close()


def test_category_2_ends_in_a_balanced_stand_and_is_let_go_by_somebody() -> None:
    layer, _ = pressed(waving(0), 750)
    assert layer.calm
    assert not layer.walker.humanoid.has_fallen()
    assert layer.emergency.reset(layer.calm) == "nobody has acknowledged the stop"
    layer.emergency.acknowledge("an instructor")
    assert layer.emergency.reset(False) == "the robot is not at rest on both feet"
    assert layer.emergency.reset(layer.calm) == ""
    before = layer.walker.body.state.joint_positions[ARMS]
    for _ in layer.carry_out(waving(1), 0.3):
        pass
    assert np.abs(layer.walker.body.state.joint_positions[ARMS] - before).max() > 0.1
    layer.walker.humanoid.world.close()


def test_category_0_makes_a_biped_fall() -> None:
    layer, _ = pressed(waving(0), 375, category=0)
    assert layer.walker.humanoid.has_fallen()
    assert not layer.calm
    layer.walker.humanoid.world.close()


def test_it_stays_pressed_and_a_new_press_undoes_an_acknowledgement() -> None:
    stop = EmergencyStop()
    assert stop.reset(calm=True) == ""
    stop.press("the door opened")
    stop.press("again")
    assert stop.pressed
    assert stop.reason == "the door opened"
    stop.acknowledge("a student")
    stop.press()
    assert stop.reset(calm=True) == "nobody has acknowledged the stop"
    stop.acknowledge("a student")
    assert stop.reset(calm=True) == ""
    assert not stop.pressed
    assert stop.reason == ""


def test_it_is_pressed_from_another_thread() -> None:
    stop = EmergencyStop()
    thread = threading.Thread(target=stop.press, args=("a key",))
    thread.start()
    thread.join(5.0)
    assert stop.pressed
    assert stop.reason == "a key"


def test_bad_input_is_refused() -> None:
    with pytest.raises(ValueError, match="category is 1, expected 0 or 2"):
        EmergencyStop(1)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="who is ' ', expected a name"):
        EmergencyStop().acknowledge(" ")
