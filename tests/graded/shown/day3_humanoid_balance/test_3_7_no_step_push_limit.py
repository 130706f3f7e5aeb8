"""3.7: the greatest push is the one after which the DCM just stays on the support."""

import numpy as np

from shown.day3_humanoid_balance.ground import (
    feet,
    inside_point,
    reach,
    rounded_patch,
    signed_distance,
    turned,
)
from shown.day3_humanoid_balance.pendulum import seconds_of_speed
from shown.day3_humanoid_balance.pictures import push_picture
from shown.slips import Case, either, expect_all
from vla_course.course.checking.judging import graded


def slips(com, polygon, direction, gravity, got):
    """The impulses that known mistakes give."""
    rate = 1.0 / seconds_of_speed(com[2], gravity)
    meetings, ahead = line_meetings(com[:2], polygon, direction)
    distance = meetings[ahead].min()
    return {
        "omega-forgotten": distance,
        "divided-by-omega": distance / rate,
        "root-forgotten": rate**2 * distance,
        "direction-not-normalised": rate * distance / np.linalg.norm(direction),
        "nearest-edge-any-direction": rate * signed_distance(com[:2], polygon),
        "pushed-backward": rate * -meetings[~ahead & (meetings < np.inf)].max(),
        "edges-behind-count": either(got, rate * meetings.min(), rate * np.abs(meetings).min()),
        "farthest-edge": rate * meetings[ahead].max(),
        "gravity-fixed": distance / seconds_of_speed(com[2], 9.81),
        "lost-robot-pushed": rate * distance,
    }


def line_meetings(start, polygon, direction):
    """How far along the arrow its line meets that of each edge (inf: never), and which edges it leaves through.

    Seen with the arrow to the right, an edge is left through where it climbs, and met where its height is zero.
    """
    seen = ((polygon - start) @ (1.0, 1.0j)) / (direction @ (1.0, 1.0j)) * np.hypot(*direction)
    after = np.append(seen[1:], seen[0])
    climb = after.imag - seen.imag
    with np.errstate(divide="ignore", invalid="ignore"):
        meetings = seen.real - seen.imag * (after.real - seen.real) / climb
    return np.where(climb == 0.0, np.inf, meetings), climb > 0.0


def limit_case(student, com, polygon, direction, what, *gravity):
    got = student.no_step_push_limit(com.copy(), polygon.copy(), direction.copy(), *gravity)
    pull = gravity[0] if gravity else 9.81
    distance = reach(com[:2], direction, polygon) * float(np.linalg.norm(direction))
    expected = distance / seconds_of_speed(com[2], pull)
    picture = push_picture(com[:2], direction, distance, polygon)
    return Case(what, got, expected, slips(com, polygon, direction, pull, got), picture)


@graded("3.7", points=3, says="after the greatest push in any direction the DCM is right on the edge")
def test_any_direction(student, rng):
    cases = []
    for _ in range(5):
        polygon = rounded_patch(rng)
        com = np.append(inside_point(rng, polygon), rng.uniform(0.5, 0.9))
        direction = turned(np.array([[1.0, 0.0]]), rng.uniform(-np.pi, np.pi))[0]
        cases.append(limit_case(student, com, polygon, direction, "the greatest push"))
    expect_all(*cases, unit="N s/kg")


@graded("3.7", points=1, says="only where the push points counts: an arrow of any length means the same push")
def test_length_of_the_arrow(student, rng):
    polygon = feet(rng)
    com = np.append(polygon.mean(axis=0), rng.uniform(0.5, 0.9))
    arrow = turned(np.array([[1.0, 0.0]]), rng.uniform(-np.pi, np.pi))[0]
    cases = [
        limit_case(student, com, polygon, length * arrow, f"the push along an arrow {length} long")
        for length in (1e-9, 0.01, 3.0, 250.0)
    ]
    expect_all(*cases, unit="N s/kg")


@graded("3.7", points=1, says="pushed along its soles, the robot never meets the two edges beside it")
def test_along_the_soles(student, rng):
    toe, heel, side = rng.uniform(0.1, 0.14), rng.uniform(0.06, 0.1), rng.uniform(0.1, 0.2)
    polygon = np.array([[-heel, -side], [toe, -side], [toe, side], [-heel, side]])
    com = np.array([0.0, rng.uniform(-0.5, 0.5) * side, rng.uniform(0.5, 0.9)])
    cases = [
        limit_case(student, com, polygon, np.array(arrow), f"the push along {arrow}")
        for arrow in ([1.0, 0.0], [-1.0, 0.0], [0.0, 1.0], [0.0, -1.0])
    ]
    near = np.array(
        [-0.9 * heel, 0.99 * side, com[2]]
    )  # nearly along the edge beside it, and through that edge
    cases.append(limit_case(student, near, polygon, np.array([1.0, 0.05]), "the push nearly along the soles"))
    expect_all(*cases, unit="N s/kg")
