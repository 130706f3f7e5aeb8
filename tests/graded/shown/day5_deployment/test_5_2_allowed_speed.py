"""5.2: how fast a robot may go with a person so near."""

from math import isfinite

from shown.day5_deployment.encounters import WALKS, Encounter, encounter_picture, some_separation
from shown.slips import Case, expect_all
from vla_course.course.checking.judging import expect, expect_close, graded


def some_encounter(rng, person):
    separation = some_separation(rng)
    still = Encounter(0.0, person, separation).used_up(0.0, WALKS if person is None else person)
    return Encounter(still + float(rng.uniform(0.3, 1.5)), person, separation)


def case(student, encounter, what):
    got = encounter.asked(student)
    person = max(encounter.person or 0.0, 0.0)
    return Case(
        what,
        got,
        encounter.truth(),
        {
            "person-stops-with-robot": encounter.truth(walks_on=0.0),
            "reaction-forgotten": encounter.truth(reacts=0.0, waits=0.0),
            "person-does-not-react-either": encounter.truth(waits=0.0),
            "braking-forgotten": encounter.truth(way=0.0),
            "half-forgotten": encounter.truth(way=2.0),
            "uncertainty-forgotten": encounter.truth(unknown=0.0),
            "unknown-stands-still": encounter.truth(person=person),
        },
        encounter_picture(encounter, got),
    )


@graded(
    "5.2",
    points=2,
    says="at the speed that is allowed all that both use up is just the distance that there is",
)
def test_just_right(student, rng):
    expect_all(
        case(
            student, some_encounter(rng, float(rng.uniform(0.4, 1.2))), "the speed, with a person who comes"
        ),
        case(
            student, some_encounter(rng, float(rng.uniform(1.3, 2.5))), "the speed, with a person in a hurry"
        ),
        unit="m/s",
        atol=1e-7,
    )


@graded("5.2", points=1, says="who was not measured walks; who goes away counts as standing")
def test_who(student, rng):
    unknown = some_encounter(rng, None)
    expect_close(
        unknown.asked(student),
        unknown.truth(),
        what="the speed, with a person whom nobody measured",
        unit="m/s",
        atol=1e-7,
        mistakes={"unknown-stands-still": unknown.truth(person=0.0)},
        picture=encounter_picture(unknown, unknown.truth()),
    )
    leaves = Encounter(1.5, -float(rng.uniform(0.5, 1.0)), some_separation(rng))
    expect_close(
        leaves.asked(student),
        leaves.truth(),
        what="the speed, with a person who goes away",
        unit="m/s",
        atol=1e-7,
        mistakes={"going-away-is-no-room": leaves.truth(person=leaves.person)},
    )


@graded("5.2", points=1, says="where nothing is left the robot stands, and it never goes faster than it can")
def test_ends(student, rng):
    separation = some_separation(rng, fastest=float(rng.uniform(0.3, 0.6)))
    for distance in (0.0, 0.05, -0.1, separation.intrusion + separation.uncertainty):
        answer = Encounter(distance, 1.0, separation).asked(student)
        number = isinstance(answer, float | int) and isfinite(answer)
        what = f"with a person at {distance:.2f} m the speed should be 0"
        expect(number, what, got=answer, expected=0.0, unit="m/s", mistake="not-a-number")
        expect(answer >= 0.0, what, got=answer, expected=0.0, unit="m/s", mistake="below-zero")
        expect(answer == 0.0, what, got=answer, expected=0.0, unit="m/s", mistake="uncertainty-forgotten")
    far = Encounter(30.0, 1.0, separation)
    expect_close(
        far.asked(student),
        separation.fastest,
        what="the speed, with a person far away",
        unit="m/s",
        atol=1e-12,
        mistakes={"not-capped": far.truth(capped=False)},
    )
