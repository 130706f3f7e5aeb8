"""The order of joints and the parts of an action."""

from vla_course.simulation.robot import layout


def test_28_joints_each_named_once():
    assert layout.JOINT_COUNT == 28
    assert len(set(layout.JOINT_NAMES)) == 28


def test_slices_name_what_they_hold():
    names = layout.JOINT_NAMES
    assert names[layout.LEFT_LEG][0] == "left_hip_yaw"
    assert names[layout.RIGHT_LEG] == tuple(name.replace("left", "right") for name in names[layout.LEFT_LEG])
    assert names[layout.RIGHT_ARM] == tuple(name.replace("left", "right") for name in names[layout.LEFT_ARM])
    assert names[layout.HEAD] == ("head_yaw", "head_pitch")
    assert names[layout.LEGS] + names[layout.ARMS] + names[layout.HEAD] == names


def test_action_parts_tile_the_action():
    action = layout.ACTION
    parts = (action.legs, action.arms, action.head, action.base_velocity, action.stance, action.grippers)
    covered = [index for part in parts for index in range(action.size)[part]]
    assert covered == list(range(action.size))
    assert action.size == 36
    assert action.joints == slice(0, layout.JOINT_COUNT)
