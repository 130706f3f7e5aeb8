"""3.22, hidden: limits one after the other, chains of other lengths, no room at all, and whole arms that arrive."""

from dataclasses import replace

import numpy as np

from shown.day3_humanoid_balance.steps import Task
from shown.slips import expect_all
from vla_course.course.checking.judging import expect, graded
from vla_course.motion.arms.chain import ArmChain
from vla_course.motion.arms.ik_config import InverseKinematicsConfig
from vla_course.motion.arms.pose import pose_error


@graded("3.22", points=3, says="where one joint's limit drives others to theirs, all of them are kept")
def test_limits_one_after_the_other(student, rng):
    tasks = []
    while len(tasks) < 4:
        task = Task(rng, error=0.4, size=int(rng.choice([7, 10])))
        change = task.free()
        first = int(np.argmax(np.abs(change)))
        task.block(first, change, rng.uniform(0.1, 0.4))
        after = task.free(task.beyond(change))
        second = int(np.argmax(np.abs(after - change) * (np.arange(len(after)) != first)))
        if abs(after[second]) < abs(change[second]) + 0.02 or after[second] * change[second] < 0.0:
            continue
        task.block(second, after, 0.5 * (1.0 + abs(change[second] / after[second])))
        if len(task.beyond(change)) == 1:
            tasks.append(task)
    tasks += [_crowded(rng) for _ in range(4)]
    expect_all(*(task.case(student, "the step between limits") for task in tasks), unit="rad", atol=1e-8)


@graded(
    "3.22",
    points=1,
    says="chains of any length step, from wherever they are to within their limits; what is handed in stays as it is",
)
def test_other_chains(student, rng):
    for size in (3, 10):
        task = Task(rng, size=size)
        kept = [array.copy() for array in (task.jacobian, task.error, task.joints, task.rest)]
        given = (task.jacobian, task.error, task.joints, task.lower, task.upper, task.rest)
        got = student.InverseKinematicsSolver(task.config).step(*given)
        expect_all(replace(task.case(student, f"the step of {size} joints"), got=got), unit="rad", atol=1e-8)
        now = (task.jacobian, task.error, task.joints, task.rest)
        unchanged = all(np.array_equal(a, b) for a, b in zip(kept, now, strict=True))
        expect(unchanged, "the arrays that were handed in have been changed")
    expect_all(_rounded_beyond(rng).case(student, "the step to the very edge"), unit="rad", atol=1e-8)
    expect_all(_from_a_limit(rng, 0.0).case(student, "the step away from a limit"), unit="rad", atol=1e-8)
    expect_all(_from_a_limit(rng, 2.0).case(student, "the step from beyond a limit"), unit="rad", atol=1e-8)
    nearly = Task(rng, error=0.3)
    change = nearly.free()
    nearly.block(int(np.argmax(np.abs(change))), change, 1.0 - 3e-4 / float(np.abs(change).max()))
    expect_all(nearly.case(student, "the step a hair beyond a limit"), unit="rad", atol=1e-8)
    pinned = Task(rng, room=0.0)
    expect_all(pinned.case(student, "the step of joints without room"), unit="rad", atol=1e-12)


@graded(
    "3.22",
    points=1,
    says="step by step, a whole arm arrives where another posture within the limits has its hand",
)
def test_arrives(student, rng):
    chain, config = ArmChain("left"), InverseKinematicsConfig()
    solver = student.InverseKinematicsSolver(config)
    arrived = 0
    for _ in range(6):
        seed = chain.lower + rng.uniform(0.3, 0.7, 7) * (chain.upper - chain.lower)
        chain.move(np.clip(seed + rng.uniform(-0.4, 0.4, 7), chain.lower, chain.upper))
        target, joints = chain.pose, seed
        for _ in range(12):
            chain.move(joints)
            error = pose_error(target, chain.pose)
            change = solver.step(chain.jacobian.copy(), error, joints, chain.lower, chain.upper, seed)
            joints = joints + np.asarray(change, dtype=float)
            inside = np.all((joints >= chain.lower - 1e-9) & (joints <= chain.upper + 1e-9))
            expect(inside, "a joint has left its limits on the way", mistake="limits-ignored")
        chain.move(joints)
        arrived += float(np.linalg.norm(pose_error(target, chain.pose))) < 1e-3
    expect(arrived >= 5, "the hand does not arrive", got=arrived, expected=5, unit="of 6 hands")


def _crowded(rng):
    """A task in which several joints come to their limits at once, and others after them, round after round."""
    while True:
        task = Task(rng, error=0.6, size=10)
        task.lower = task.joints - rng.uniform(0.01, 0.25, 10)
        task.upper = task.joints + rng.uniform(0.01, 0.25, 10)
        ways = {np.sign(change) for change in task.beyond(task.free()).values()}
        if len(ways) == 2 and not np.allclose(task.right(rounds=3), task.right()):
            return task


def _from_a_limit(rng, share):
    """A task whose quickest joint begins at a limit and moves inwards; or as far beyond it as `share` of its way."""
    task = Task(rng, error=0.3)
    change = task.free()
    joint = int(np.argmax(np.abs(change)))
    (task.lower if change[joint] > 0.0 else task.upper)[joint] = task.joints[joint] + share * change[joint]
    return task


def _rounded_beyond(rng):
    """A task whose joint at the limit is, by the last bit, beyond it: joints + (limit - joints) is not the limit."""
    for _ in range(1000):
        task = Task(rng, error=0.3)
        change = task.free()
        joint = int(np.argmax(np.abs(change)))
        # A limit near zero, and a joint far from it: there the difference has fewer digits than the limit.
        edge = rng.uniform(1e-4, 3e-3)
        shift = edge - task.joints[joint] - 0.5 * change[joint]
        for part in (task.joints, task.rest, task.lower, task.upper):
            part[joint] += shift
        (task.upper if change[joint] > 0.0 else task.lower)[joint] = edge
        limit = task.upper if change[joint] > 0.0 else task.lower
        end = (task.joints + (limit - task.joints))[joint]
        if not task.lower[joint] <= end <= task.upper[joint]:
            return task
    raise RuntimeError("no joint is rounded beyond its limit in 1000 draws")
