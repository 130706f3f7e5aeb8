"""5.1: how fast joints may go, so near their stops."""

from dataclasses import replace

import numpy as np

from shown.day5_deployment.joints import Joints, braking_picture, some_joints
from vla_course.course.checking.judging import expect, expect_close, graded


@graded(
    "5.1",
    points=2,
    says="a joint that is asked for more goes as fast as it can still brake from, a period later",
)
def test_brakes(student, rng):
    joints = some_joints(rng)
    got = joints.asked(student)
    swapped = replace(joints, positions=joints.lower + joints.upper - joints.positions)
    expect_close(
        got,
        joints.truth(),
        what="the speeds",
        unit="rad/s",
        atol=1e-6,
        mistakes={
            "braking-forgotten": joints.truth(brakes=False),
            "period-forgotten": joints.truth(waits=False),
            "half-forgotten": joints.truth(way=2.0),
            "sides-swapped": swapped.truth(),
            "one-side-only": np.where(
                joints.rates > 0.0, joints.truth(), np.maximum(joints.rates, -joints.fastest)
            ),
            "sign-of-the-lower-bound": np.abs(joints.truth()),
            "in-degrees": np.degrees(joints.truth()),
        },
        picture=braking_picture(joints, got),
    )


@graded(
    "5.1",
    points=1,
    says="in a second no more than gain times the room is used up, and no joint is faster than it can",
)
def test_barrier_and_motor(student, rng):
    joints = some_joints(rng, deceleration=1e4, gain=float(rng.uniform(2.0, 6.0)))
    expect_close(
        joints.asked(student),
        joints.truth(),
        what="the speeds before a gentle barrier",
        unit="rad/s",
        atol=1e-6,
        mistakes={"gain-forgotten": joints.truth(gain=False)},
    )
    joints = some_joints(rng, deceleration=1e4, fastest=rng.uniform(0.3, 0.8, 6))
    expect_close(
        joints.asked(student),
        joints.truth(),
        what="the speeds of slow motors",
        unit="rad/s",
        atol=1e-6,
        mistakes={"speed-forgotten": joints.truth(motor=False)},
    )


@graded("5.1", points=1, says="what keeps all bounds stays as it was asked, joint by joint")
def test_left_alone(student, rng):
    joints = some_joints(rng)
    asked = rng.uniform(-0.05, 0.05, 6)
    asked[2] = 30.0
    joints = replace(joints, rates=asked)
    right = joints.truth()
    expect_close(
        joints.asked(student),
        right,
        what="the speeds, of which one alone is too much",
        unit="rad/s",
        atol=1e-6,
        mistakes={
            "scaled-together": asked * (right[2] / asked[2]),
            "bound-returned": replace(joints, rates=np.full(6, 1e3)).truth(),
        },
    )


@graded("5.1", points=1, says="a joint beyond its stop comes back, never faster than it can")
def test_beyond(student, rng):
    lower, upper = np.full(4, -1.0), np.full(4, 1.0)
    beyond = rng.uniform(0.01, 0.05)
    positions = np.array((1.0 + beyond, -1.0 - beyond, 1.5, -1.5))
    gain, fastest = float(rng.uniform(5.0, 10.0)), 2.0
    joints = Joints(
        np.array((0.3, -0.3, 0.3, -0.3)), positions, lower, upper, np.full(4, fastest), 20.0, gain, 0.02
    )
    got = np.asarray(joints.asked(student), dtype=float)
    expect(bool(np.isfinite(got).all()), "speeds should be numbers", got=got, mistake="not-a-number")
    back = gain * beyond
    right = np.array((-back, back, -fastest, fastest))
    unbounded = gain * np.array((-beyond, beyond, -0.5, 0.5))
    expect(
        bool((got * right > 0.0).all()),
        "each should come back",
        got=got,
        expected=right,
        mistake="stays-beyond",
    )
    expect_close(
        got, right, what="the way back", unit="rad/s", atol=1e-9, mistakes={"too-quick-back": unbounded}
    )
    quick = replace(joints, rates=np.array((-1.9, 1.9, -1.9, 1.9)))
    expect_close(
        quick.asked(student),
        [-1.9, 1.9, -2.0, 2.0],
        what="quicker back, as it is asked",
        unit="rad/s",
        atol=1e-9,
    )
