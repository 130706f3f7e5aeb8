"""3.4: the zero moment point of a cart on a table."""

import numpy as np

from shown.slips import Case, expect_all
from vla_course.course.checking.judging import graded


def pierced(com, acceleration, gravity):
    """Where a plumb line that hangs from the accelerated mass points: gravity and inertia, down to z = 0."""
    pull = np.array([-acceleration[0], -acceleration[1], -gravity])
    return (com + com[2] / gravity * pull)[:2]


def slips(com, acceleration, gravity):
    """The points that known mistakes give."""
    here, push, height = com[:2], acceleration[:2], com[2]
    return {
        "with-the-acceleration": here + height / gravity * push,
        "height-forgotten": here - push / gravity,
        "fraction-upside-down": here - gravity / height * push,
        "root-taken": here - np.sqrt(height / gravity) * push,
        "gravity-fixed": here - height / 9.81 * push,
        "still-robot": here,
        "vertical-acceleration-counted": here - height / (gravity + acceleration[2]) * push,
        "three-numbers": com - height / gravity * acceleration,
    }


def zmp_case(student, com, acceleration, what, *gravity):
    got = student.cart_table_zmp(com.copy(), acceleration.copy(), *gravity)
    given = com, acceleration, *(gravity or (9.81,))
    return Case(what, got, pierced(*given), slips(*given))


@graded("3.4", points=2, says="a plumb line hung from the accelerating mass points at the ZMP")
def test_plumb_line(student, rng):
    cases = []
    for _ in range(5):
        com = rng.uniform((-0.5, -0.5, 0.5), (0.5, 0.5, 0.9))
        acceleration = np.append(rng.uniform(-3.0, 3.0, 2), 0.0)
        cases.append(zmp_case(student, com, acceleration, "the ZMP"))
    expect_all(*cases, unit="m")


@graded("3.4", points=1, says="a robot that speeds up is carried by its heels, one that brakes by its toes")
def test_speeding_up(student, rng):
    com = rng.uniform((-0.5, -0.5, 0.5), (0.5, 0.5, 0.9))
    forward = rng.normal(size=2)
    acceleration = np.append(forward / np.linalg.norm(forward), 0.0)
    expect_all(
        zmp_case(student, com, acceleration, "the ZMP of a robot that speeds up"),
        zmp_case(student, com, -2.0 * acceleration, "the ZMP of a robot that brakes"),
        zmp_case(student, com, 0.0 * acceleration, "the ZMP of a robot at rest"),
        zmp_case(student, com, 0.001 * acceleration, "the ZMP of a robot that hardly moves"),
        zmp_case(student, com, acceleration + [0.0, 0.0, 2.0], "the ZMP of a robot that also rises"),
        unit="m",
    )
