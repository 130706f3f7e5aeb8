"""5.2, hidden: let them walk, and see how near they come; and every distance."""

import numpy as np

from shown.day5_deployment.encounters import Encounter, some_separation
from vla_course.course.checking.judging import expect, expect_close, graded


@graded(
    "5.2",
    points=2,
    says="a robot that brakes from the speed that is allowed stands just as the person gets there",
)
def test_let_them_walk(student, rng):
    for _ in range(4):
        separation = some_separation(rng)
        person = float(rng.uniform(0.3, 2.0))
        encounter = Encounter(float(rng.uniform(2.0, 5.0)), person, separation)
        speed = float(encounter.asked(student))
        tick, time, left = 1e-4, 0.0, encounter.distance - separation.intrusion - separation.uncertainty
        now = speed
        while now > 0.0 and time < 20.0:
            if time >= separation.reaction_time:
                now = max(now - separation.deceleration * tick, 0.0)
            left -= (now + person) * tick
            time += tick
        what = "between them, beside what nobody knows, is to be nothing left when the robot stands"
        expect(speed > 0.0 or left < 0.0, what, got=left, expected=0.0, unit="m")
        if speed > 0.0:
            expect(abs(left) < 5e-3, what, got=left, expected=0.0, unit="m")


@graded("5.2", points=1, says="at every distance, and for every person, it is the same law")
def test_every_distance(student, rng):
    separation = some_separation(rng, fastest=2.0)
    for person in (None, 0.0, 0.7, 1.6, -0.5):
        encounters = [Encounter(float(d), person, separation) for d in np.linspace(0.0, 6.0, 25)]
        expect_close(
            np.array([float(one.asked(student)) for one in encounters]),
            np.array([one.truth() for one in encounters]),
            what=f"the speeds at 0 to 6 m, person at {person} m/s",
            unit="m/s",
            atol=1e-7,
            mistakes={"all-or-nothing": np.array([2.0 * (one.truth() == 2.0) for one in encounters])},
        )
