"""3.22: one step of an arm towards where its hand should be."""

import numpy as np

from shown.day3_humanoid_balance.steps import Task
from shown.slips import expect_all
from vla_course.course.checking.judging import expect, graded


@graded("3.22", points=3, says="where no joint is near its limit, the step is the damped least squares one")
def test_far_from_limits(student, rng):
    tasks = [Task(rng, pull=0.0, error=error) for error in (2.0, 0.5, 0.2, 0.02, 1e-4)]
    expect_all(*(task.case(student, "the step") for task in tasks), unit="rad", atol=1e-8)


@graded("3.22", points=3, says="spare freedom goes to the resting posture, and the hand does not mind")
def test_pull(student, rng):
    tasks = [Task(rng, error=0.1) for _ in range(3)]
    expect_all(*(task.case(student, "the step with a pull") for task in tasks), unit="rad", atol=1e-8)


@graded(
    "3.22", points=3, says="a joint that would leave its limits goes just there, and the others take its part"
)
def test_one_limit(student, rng):
    tasks = []
    while len(tasks) < 4:
        task = Task(rng, error=0.3)
        change = task.free()
        task.block(int(np.argmax(np.abs(change))), change, rng.uniform(0.2, 0.6))
        if len(task.beyond(task.free(task.beyond(change)), task.beyond(change))) == 0:
            tasks.append(task)
    cases = [task.case(student, "the step beside a limit") for task in tasks]
    for task, case in zip(tasks, cases, strict=True):
        end = task.joints + np.asarray(case.got, dtype=float)
        beyond = np.any((end < task.lower - 1e-9) | (end > task.upper + 1e-9))
        if beyond and np.allclose(case.got, case.mistakes["limits-ignored"], atol=1e-8):
            worst = np.maximum(task.lower - end, end - task.upper).max()
            expect(
                False,
                "a joint is sent beyond its limit",
                got=worst,
                expected=0.0,
                unit="rad",
                mistake="limits-ignored",
            )
    expect_all(*cases, unit="rad", atol=1e-8)
