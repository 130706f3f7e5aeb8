"""3.26, hidden: up a step, far away, again; nothing handed in is changed."""

from dataclasses import replace

import numpy as np

from shown.day3_humanoid_balance.looks import CALM, Look, expect_looks, holed, strides
from vla_course.course.checking.judging import expect, graded
from vla_course.motion.footsteps.footstep import Footstep
from vla_course.motion.footsteps.plan import Stance
from vla_course.motion.planning.step_safety import LEAN, OMEGA, VerifiedSteps


@graded(
    "3.26", points=1, says="it holds up a step, backward, sideways, far away, and where one foot steps twice"
)
def test_elsewhere(student, rng):
    kerb = holed(rise=0.06)
    up = [replace(step, z=0.06 * (step.x > 1.0), swing_height=0.1) for step in strides(0.25, 7)]
    back = strides(-0.15, 4)
    aside = [Footstep("left", 0.0, 0.2, swing_height=0.06), Footstep("right", 0.0, 0.0, swing_height=0.06)]
    far = (float(rng.integers(20, 40)), -13.0)
    place = Stance.at(*far)
    away = strides(0.3, 6, place=far)
    hole = (0.85, 0.95, 0.0, 0.7)
    twice = [Footstep("left", x, 0.1, swing_height=0.06) for x in (0.1, 0.3)]
    # In x and y it is 2 mm shorter than a step of that pace may be, in space it would be longer.
    long = [Footstep("left", 1.15, 0.1, z=0.06, swing_height=0.12)]
    pace = float(np.log((np.hypot(0.31, 0.2) + 0.002) / LEAN) / OMEGA)
    expect_looks(
        student,
        Look(kerb, up),
        Look(kerb, long, Stance.at(0.84, 0.0), step_time=pace),
        Look(holed(), twice, step_time=0.35),
        Look(
            holed((0.02, 0.2, 0.02, 0.5)), strides(0.15, 3), step_time=0.36
        ),  # the nearest ground is too far
        Look(holed(), back, step_time=0.32),
        Look(holed(), back),
        Look(holed(), aside),
        Look(holed(hole, shift=far), away, place),
    )


@graded(
    "3.26",
    points=1,
    says="a verified plan is verified: looked over again, it stays; each plan is judged anew; nothing is changed",
)
def test_again(student, rng):
    steps = strides(0.3, 6)
    kept = list(steps)
    look = Look(holed((0.85, 0.95, 0.0, 0.7)), steps)
    verifier = student.FootstepVerifier(look.terrain, ())
    first = verifier.verify(look.start, tuple(steps), CALM)
    expect(isinstance(first, VerifiedSteps), "verify should return VerifiedSteps", got=type(first).__name__)
    again = verifier.verify(look.start, list(first.steps), CALM)
    expect(
        tuple(again.steps) == tuple(first.steps) and not again.changes and not again.reason,
        "looked over again, a verified plan should stay as it is",
        got=again.changes,
        expected=(),
    )
    expect(steps == kept, "the list of steps that was handed in has been changed")
    expect_looks(student, look)
    other = strides(0.22, 3)
    for some, pace in ((other, CALM), (other[1:], CALM), (other, 0.35)):  # other stances, and another pace
        new = student.FootstepVerifier(look.terrain, ())
        asked = [one.verify(look.start, some, pace) for one in (verifier, new)]
        expect(
            tuple(asked[0].steps) == tuple(asked[1].steps),
            "a verifier that has looked at other plans before should judge as a new one does",
            got=asked[0].steps,
            expected=asked[1].steps,
        )
