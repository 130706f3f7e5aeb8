"""3.5: the zero moment point of a robot of many parts, found by adding up the moments of each part."""

from dataclasses import dataclass

import numpy as np

from shown.slips import Case, expect_all
from vla_course.course.checking.judging import expect_raises, graded


@dataclass(frozen=True)
class Swing:
    """A robot of point masses, each somewhere (n, 3) m and accelerating somehow (n, 3) m/s^2."""

    masses: np.ndarray
    positions: np.ndarray
    accelerations: np.ndarray

    @property
    def whole(self):
        """What `zero_moment_point` is told of it: mass, CoM, its acceleration, rate of L about it."""
        mass = self.masses.sum()
        com, acceleration = (self.masses @ rows / mass for rows in (self.positions, self.accelerations))
        arms, pulls = self.positions - com, self.masses[:, None] * (self.accelerations - acceleration)
        return mass, com, acceleration, np.cross(arms, pulls).sum(axis=0)

    def zmp(self, gravity):
        """Where the ground must push so that all parts together do not tip about that point.

        Gravity and inertia pull part i with f_i = m_i (g - r''_i). About a point p of the ground they
        have the moment sum (r_i - p) x f_i. Its two horizontal parts are linear in p: solve for zero.
        """
        forces = self.masses[:, None] * (np.array([0.0, 0.0, -gravity]) - self.accelerations)
        total, moment = forces.sum(axis=0), np.cross(self.positions, forces).sum(axis=0)
        # p x F = (p_y F_z, -p_x F_z) in the plane
        return np.linalg.solve([[0.0, total[2]], [-total[2], 0.0]], moment[:2])


def swing(rng, lift=2.0):
    """Nine parts that fling about, as much up and down as `lift` m/s^2."""
    return Swing(
        rng.uniform(1.0, 9.0, 9),
        rng.uniform((-0.4, -0.4, 0.1), (0.4, 0.4, 1.4), (9, 3)),
        rng.uniform((-5.0, -5.0, -lift), (5.0, 5.0, lift), (9, 3)),
    )


def slips(mass, com, acceleration, rate, gravity):
    """The points that known mistakes give."""
    (x, y, z), (ax, ay, az) = com, acceleration

    def point(force, spin=(rate[1], rate[0]), mass_of_pull=mass, sign=1.0):
        pull = z * mass_of_pull
        return np.array([x - sign * (pull * ax + spin[0]) / force, y - sign * (pull * ay - spin[1]) / force])

    rise = az + gravity
    force = mass * rise
    return {
        "angular-momentum-forgotten": point(force, (0.0, 0.0)),
        "momentum-axes-swapped": point(force, (rate[0], rate[1])),
        "momentum-sign": point(force, (-rate[1], -rate[0])),
        "same-sign-twice": point(force, (rate[1], -rate[0])),
        "vertical-acceleration-forgotten": point(mass * gravity),
        "gravity-sign": point(mass * (az - gravity)),
        "mass-forgotten": point(force, mass_of_pull=1.0),
        "momentum-not-divided": np.array([x - z * ax / rise - rate[1], y - z * ay / rise + rate[0]]),
        "with-the-acceleration": point(force, sign=-1.0),
        "gravity-fixed": point(mass * (az + 9.81)),
    }


def zmp_case(student, robot, what, *gravity):
    mass, *arrays = robot.whole
    got = student.zero_moment_point(float(mass), *map(np.copy, arrays), *gravity)
    pull = gravity[0] if gravity else 9.81
    return Case(what, got, robot.zmp(pull), slips(*robot.whole, pull))


@graded("3.5", points=3, says="about the ZMP, the pulls of all the flung limbs together do not tip the robot")
def test_limbs_flung_about(student, rng):
    robots = [swing(rng) for _ in range(4)]
    expect_all(*(zmp_case(student, one, "the ZMP of a robot of nine parts") for one in robots), unit="m")


@graded("3.5", points=1, says="at rest the ZMP lies right below the centre of mass")
def test_at_rest(student, rng):
    robot = swing(rng)
    still = Swing(robot.masses, robot.positions, np.zeros((9, 3)))
    expect_all(zmp_case(student, still, "the ZMP at rest"), unit="m")


@graded("3.5", points=1, says="a robot in free fall has no ZMP: the function says so with a ValueError")
def test_free_fall(student, rng):
    com, spin = rng.uniform((-0.3, -0.3, 0.6), (0.3, 0.3, 0.9)), rng.uniform(-5.0, 5.0, 3)
    for pull in (-12.0, -30.0):
        expect_raises(
            ValueError,
            student.zero_moment_point,
            45.0,
            com,
            np.array([0.5, 0.2, pull]),
            spin,
            what=f"a robot that falls with {-pull:.0f} m/s^2, faster than free,",
            mistake="free-fall-accepted",
        )
