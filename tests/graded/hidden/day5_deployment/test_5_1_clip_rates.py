"""5.1, hidden: led by anybody, for a long time; and every shape."""

from dataclasses import replace

import numpy as np

from shown.day5_deployment.joints import some_joints
from vla_course.course.checking.judging import expect, expect_close, graded


@graded(
    "5.1",
    points=2,
    says="whoever leads the joints, they are stopped before their stops, by brakes as strong as promised",
)
def test_led_by_anybody(student, rng):
    joints = some_joints(rng, 8, gain=float(rng.uniform(20.0, 60.0)), fastest=rng.uniform(1.0, 3.0, 8))
    joints = replace(joints, positions=rng.uniform(joints.lower, joints.upper))
    target = np.where(rng.random(8) < 0.5, -40.0, 40.0)
    for tick in range(120):
        if tick % 40 == 0:
            target = -target
        joints = replace(joints, rates=target + rng.normal(0.0, 3.0, 8))
        speeds = np.asarray(joints.asked(student), dtype=float)
        expect_close(speeds, joints.truth(), what=f"the speeds of tick {tick}", unit="rad/s", atol=1e-6)
        places = joints.positions + joints.period * speeds
        braked = places + np.sign(speeds) * speeds**2 / (2.0 * joints.deceleration)
        kept = (braked >= joints.lower - 1e-9) & (braked <= joints.upper + 1e-9)
        expect(bool(kept.all()), "a joint could not have stopped before its stop", got=braked)
        joints = replace(joints, positions=places)


@graded(
    "5.1",
    points=1,
    says="one greatest speed for all, lists, a joint just at its stop: all are answered, by a new array",
)
def test_shapes(student, rng):
    joints = some_joints(rng, 3, fastest=np.float64(1.5), gain=9.0)
    got = joints.asked(student)
    expect_close(got, joints.truth(), what="the speeds, with one greatest speed", unit="rad/s", atol=1e-6)
    listed = student.clip_rates([5.0, -5.0], [0.5, 1.0], [-1.0, -1.0], [1.0, 1.0], [2.0, 2.0], 1e3, 2.0, 0.01)
    expect_close(listed, [1.0, -2.0], what="the speeds, of lists", unit="rad/s", atol=1e-9)
    at_stop = student.clip_rates(
        [5.0, -5.0], [1.0, -1.0], [-1.0, -1.0], [1.0, 1.0], [2.0, 2.0], 9.0, 2.0, 0.01
    )
    expect_close(at_stop, [0.0, 0.0], what="the speeds, just at the stop", unit="rad/s", atol=1e-9)
