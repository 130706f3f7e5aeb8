"""The humanoid on its feet: still, swaying, pushed, and honest about what it feels."""

import numpy as np
import pytest

from vla_course.motion.standing.balance_config import BalanceConfig
from vla_course.motion.standing.body import StandingBody
from vla_course.motion.standing.loop import Push, stand
from vla_course.motion.standing.sway import Sway
from vla_course.reference.day3_humanoid_balance.balance import BalanceController
from vla_course.reference.day3_humanoid_balance.zmp import zero_moment_point
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.robot.model import RobotModel
from vla_course.simulation.world.world import World

PUSH = 0.35
"""N s/kg, less than any direction's no-step bound"""


def run(controller, seconds, pushes=(), **humanoid):
    with World() as world:
        robot = Humanoid(world, **humanoid)
        scaled = [Push(p.time, tuple(robot.mass * np.array(p.impulse)), p.duration) for p in pushes]
        return stand(robot, controller, seconds, scaled)


def test_stands_still_within_a_millimetre():
    record = run(BalanceController(), 2.0)
    assert not record.fell
    assert np.ptp(record.center_of_mass[record.time > 1.0], axis=0).max() < 1e-3


@pytest.mark.parametrize("heading", [0.0, 120.0, 240.0])
def test_comes_back_to_rest_after_a_push(heading):
    along = PUSH * np.array([np.cos(np.radians(heading)), np.sin(np.radians(heading)), 0.0])
    record = run(BalanceController(), 3.0, [Push(0.3, tuple(along))])
    assert not record.fell
    assert np.linalg.norm(record.com_velocity[-1]) < 0.05
    assert np.linalg.norm(record.com_velocity, axis=1).max() > 0.2, "the push was felt"


def test_the_contacts_that_a_tick_ends_with_are_those_of_its_last_step():
    with World() as world:
        robot = Humanoid(world)
        body = StandingBody(robot, RobotModel.of(robot))
        controller = BalanceController()
        for _ in range(5):
            body.drive(controller.calculate_balance_commands(body.balance).joint_adjustments)
            body.advance()
            sensed, there = body.sense(), robot.sole_contacts()
            np.testing.assert_array_equal(
                sensed.contact_forces, np.concatenate([c.normal_forces for c in there])
            )
            np.testing.assert_array_equal(sensed.contact_points, np.concatenate([c.points for c in there]))
        assert sensed.contact_forces.sum() > 0.5 * robot.mass * world.gravity, "it stands on them"


def test_does_not_care_where_it_stands_and_where_it_looks():
    near = run(BalanceController(), 1.5, [Push(0.3, (0.3, 0.0, 0.0))])
    far = run(
        BalanceController(), 1.5, [Push(0.3, (0.0, 0.3, 0.0))], position=(40.0, -30.0), heading=np.pi / 2
    )
    forward_near = near.center_of_mass[:, 0] - near.center_of_mass[0, 0]
    forward_far = far.center_of_mass[:, 1] - far.center_of_mass[0, 1]
    np.testing.assert_allclose(forward_far, forward_near, atol=2e-3)


def test_zmp_by_formula_is_the_pressure_under_the_soles_while_swaying():
    record = run(Sway(BalanceController()), 4.0)
    motion = zip(record.center_of_mass, record.com_acceleration, record.angular_momentum_rate, strict=True)
    zmp = np.array([zero_moment_point(record.mass, *now) for now in motion])
    settled = record.time > 1.0
    error = (zmp - record.center_of_pressure)[settled]
    assert np.sqrt((error**2).sum(axis=1).mean()) < 1e-3
    assert np.ptp(record.center_of_pressure[settled, 0]) > 0.04, "it really sways"


def test_formula_and_pressure_part_while_a_hand_pushes():
    record = run(BalanceController(), 1.0, [Push(0.5, (0.3, 0.0, 0.0))])
    motion = zip(record.center_of_mass, record.com_acceleration, record.angular_momentum_rate, strict=True)
    zmp = np.array([zero_moment_point(record.mass, *now) for now in motion])
    pushed = np.linalg.norm(record.push_force, axis=1) > 0.0
    assert np.abs((zmp - record.center_of_pressure)[pushed, 0]).mean() > 0.1


def test_a_statue_falls_where_balance_stands():
    """Pushed, and pulled back while it still rocks."""
    pushes = [Push(0.1, (0.42, 0.0, 0.0)), Push(0.5, (-0.42, 0.0, 0.0))]
    assert not run(BalanceController(), 2.0, pushes).fell
    assert run(None, 2.0, pushes).fell


def test_a_wrong_model_of_the_masses_is_forgiven():
    with World() as world:
        robot = Humanoid(world, mass_scale={"pelvis": 1.15, "left_thigh": 0.9})
        record = stand(robot, BalanceController(), 2.0, [Push(0.5, (12.0, 0.0, 0.0))], model=RobotModel())
    assert not record.fell


def test_same_run_same_bits():
    first, second = (run(BalanceController(), 0.8, [Push(0.2, (0.2, 0.1, 0.0))]) for _ in range(2))
    assert first.joint_positions.tobytes() == second.joint_positions.tobytes()


def test_a_record_of_a_fall_says_when():
    record = run(None, 4.0, [Push(0.1, (0.9, 0.0, 0.0))])
    assert record.fell
    assert record.fell_at is not None
    assert 0.3 < record.fell_at < record.time[-1]


@pytest.mark.parametrize("field", ["dcm_gain", "edge_margin", "hip_limit"])
@pytest.mark.parametrize("value", [-1.0, float("nan"), float("inf")])
def test_gains_out_of_range_are_named(field, value):
    with pytest.raises(ValueError, match=rf"BalanceConfig.{field} .* expected a finite number"):
        BalanceConfig(**{field: value})


def test_sway_needs_a_period():
    with pytest.raises(ValueError, match="period"):
        Sway(BalanceController(), period=0.0)
