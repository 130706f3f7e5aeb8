"""3.1: the centre of mass is where a body would balance on a fingertip."""

import numpy as np

from vla_course.course.checking.judging import expect_close, graded


def slips(masses, positions):
    """The answers that known mistakes give."""
    pulled = (np.asarray(masses, dtype=float)[:, None] * np.asarray(positions, dtype=float)).sum(axis=0)
    return {
        "plain-mean": np.mean(positions, axis=0),
        "not-divided": pulled,
        "divided-by-count": pulled / len(masses),
        "height-dropped": (pulled / np.sum(masses))[:2],
    }


def merged(masses, positions):
    """Where the bodies balance, found by putting a seesaw under two of them at a time."""
    weight, place = masses[0], np.array(positions[0], dtype=float)
    for mass, position in zip(masses[1:], positions[1:], strict=True):
        weight += mass
        place = place + (np.asarray(position) - place) * (mass / weight)
    return place


@graded("3.1", points=2, says="the robot balances on a fingertip below its centre of mass")
def test_balances(student, rng):
    masses = rng.uniform(0.5, 12.0, 9)
    positions = rng.uniform((-0.3, -0.4, 0.0), (0.3, 0.4, 1.5), (9, 3))
    expect_close(
        student.center_of_mass(masses, positions),
        merged(masses, positions),
        what="the centre of mass",
        unit="m",
        mistakes=slips(masses, positions),
    )


@graded("3.1", points=1, says="weighing every part in grams or in tonnes moves nothing")
def test_unit_of_mass_does_not_matter(student, rng):
    masses, positions = rng.uniform(1.0, 8.0, 5), rng.uniform(-1.0, 1.0, (5, 3))
    for unit, scale in (("grams", 1000.0), ("tonnes", 0.001)):
        expect_close(
            student.center_of_mass(scale * masses, positions),
            merged(masses, positions),
            what=f"the centre of mass of parts weighed in {unit}",
            unit="m",
            mistakes=slips(scale * masses, positions),
        )
