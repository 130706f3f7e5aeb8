"""5.7, hidden: a second of walking, and the edges."""

from dataclasses import replace

import numpy as np

from shown.day5_deployment.pelvises import SOLES, some_moment, standing_off
from shown.slips import expect_all
from vla_course.course.checking.judging import expect, expect_close, expect_raises, graded
from vla_course.deployment.estimation.pelvis import PelvisBelief, PelvisNoise, PelvisReading

DT = 0.01


@graded("5.7", points=1, says="over a walk it stays as near to the truth as it says, and finds the velocity")
def test_a_walk(student, rng):
    noise = PelvisNoise(acceleration=0.3, sole=0.002)
    times = DT * np.arange(1, 201)
    sway = np.array((0.4, 0.06, 0.0)), np.array((0.0, 0.2, 0.02))
    position = np.outer(times, sway[0]) + np.outer(np.sin(5.0 * times), sway[1])
    velocity = sway[0] + 5.0 * np.outer(np.cos(5.0 * times), sway[1])
    belief = PelvisBelief(np.zeros(3), sway[0] + 5.0 * sway[1] + 0.05, 0.01 * np.eye(6))
    bias, before, surprises = np.array((0.05, -0.03, 0.02)), velocity[0], []
    for k, _ in enumerate(times):
        carries = (k // 50) % 2
        footholds = np.tile(position[50 * (k // 50)] - (0.0, 0.0, 0.72), (2, 1))
        soles = footholds - position[k] + noise.sole * rng.normal(size=(2, 3))
        # The other sole swings: the legs see it, and its foothold is long left.
        soles[1 - carries] += (0.3, 0.2, 0.1)
        acceleration = (velocity[k] - before) / DT if k else np.zeros(3)
        before = velocity[k]
        felt = acceleration + (0.0, 0.0, 9.81) + bias + noise.acceleration * rng.normal(size=3)
        loads = np.array((450.0, 5.0) if carries == 0 else (5.0, 450.0))
        reading = PelvisReading(DT, np.eye(3), felt, bias, soles, footholds, loads)
        belief = student.pelvis_step(belief, reading, noise)
        if k >= 50:
            error = np.concatenate((belief.position - position[k], belief.velocity - velocity[k]))
            surprises.append(error @ np.linalg.solve(belief.covariance, error))
    expect_close(belief.position, position[-1], what="position after a walk", unit="m", atol=0.01)
    expect_close(belief.velocity, velocity[-1], what="velocity after a walk", unit="m/s", atol=0.15)
    mean = float(np.mean(surprises))
    expect(
        2.0 < mean < 12.0,
        "its squared errors are not those that its covariance promises: 6 in the mean",
        got=mean,
        expected=6.0,
    )


@graded(
    "5.7",
    points=1,
    says="edges: a sole that just bears its load counts, covariances are symmetric, time goes on",
)
def test_edges(student, rng):
    moment = some_moment(rng)
    least = moment.noise.least_load
    moment = replace(moment, reading=replace(moment.reading, loads=np.array((least, least - 1e-6))))
    moment = standing_off(moment, 0.004 * rng.normal(size=(2, 3)))
    expect_all(
        *moment.case(student, "the left sole just bears its load", SOLES), unit="SI or 1e-6", atol=1e-6
    )
    covariance = np.asarray(student.pelvis_step(moment.belief, moment.reading, moment.noise).covariance)
    expect_close(covariance, covariance.T, what="covariance, mirrored", atol=1e-15)
    for dt in (0.0, -0.004):
        late = replace(moment.reading, dt=dt)
        expect_raises(
            ValueError,
            student.pelvis_step,
            moment.belief,
            late,
            moment.noise,
            what=f"a step of {dt} s",
            mistake="anything-accepted",
        )
