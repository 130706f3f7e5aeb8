"""The parametric generator and the committed URDF."""

import numpy as np
import pinocchio as pin
import pytest

from vla_course.simulation.robot.description import HumanoidDescription
from vla_course.simulation.robot.humanoid_urdf import URDF_PATH, urdf_text
from vla_course.simulation.robot.layout import JOINT_NAMES


def test_committed_urdf_is_what_the_generator_writes():
    assert URDF_PATH.read_bytes() == urdf_text().encode()


def test_pinocchio_finds_28_joints_and_45_to_50_kg():
    model = pin.buildModelFromUrdf(str(URDF_PATH), pin.JointModelFreeFlyer())
    moving = set(model.names) - {"universe", "root_joint"}
    assert {name for name in moving if "finger" not in name} == set(JOINT_NAMES)
    assert 45.0 <= pin.computeTotalMass(model) <= 50.0


@pytest.mark.parametrize("leg_length", [0.75, 0.80, 0.85])
def test_straight_legs_measure_leg_length(leg_length):
    text = urdf_text(HumanoidDescription(leg_length=leg_length))
    model = pin.buildModelFromXML(text, pin.JointModelFreeFlyer())
    data = model.createData()
    pin.framesForwardKinematics(model, data, pin.neutral(model))
    hip, sole = (data.oMf[model.getFrameId(name)] for name in ("left_thigh", "left_sole"))
    np.testing.assert_allclose(hip.translation - sole.translation, [0, 0, leg_length], atol=1e-9)
    np.testing.assert_allclose(sole.rotation, np.eye(3), atol=1e-9)


def test_axes_of_hip_ankle_shoulder_and_wrist_meet_in_one_point():
    model = pin.buildModelFromUrdf(str(URDF_PATH), pin.JointModelFreeFlyer())
    data = model.createData()
    pin.forwardKinematics(model, data, pin.randomConfiguration(model, np.zeros(39), np.ones(39)))
    for groups in (
        "hip_yaw hip_roll hip_pitch",
        "ankle_pitch ankle_roll",
        "wrist_yaw wrist_pitch wrist_roll",
    ):
        points = [data.oMi[model.getJointId(f"right_{name}")].translation for name in groups.split()]
        np.testing.assert_allclose(points, points[:1] * len(points), atol=1e-12)


def test_tool_points_along_the_fingers_and_opens_along_y():
    model = pin.buildModelFromUrdf(str(URDF_PATH), pin.JointModelFreeFlyer())
    data = model.createData()
    pin.framesForwardKinematics(model, data, pin.neutral(model))
    rotation = data.oMf[model.getFrameId("left_tool")].rotation
    np.testing.assert_allclose(rotation[:, 0], [0, 0, -1], atol=1e-9)
    np.testing.assert_allclose(rotation[:, 1], [0, 1, 0], atol=1e-9)


@pytest.mark.parametrize(
    ("field", "value"), [("height", 0.5), ("leg_length", 1.2), ("leg_mass", -1.0), ("hip_width", 0.12)]
)
def test_impossible_robots_are_refused_by_name(field, value):
    with pytest.raises(ValueError, match=field):
        HumanoidDescription(**{field: value})
