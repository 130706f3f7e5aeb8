"""3.9: the way home of the centre of mass, and no further at once than it may reach."""

import numpy as np

from shown.day3_humanoid_balance.ground import rounded_patch
from shown.slips import Case, either, expect_all
from vla_course.course.checking.judging import graded
from vla_course.motion.standing.balance_config import BalanceConfig


def shortened(way, reach, length=None):
    """The way (3,) with its horizontal part cut to `reach`; `length` is how long one takes it to be."""
    length = np.hypot(*way[:2]) if length is None else length
    return np.append(way[:2] * min(1.0, reach / max(length, 1e-12)), way[2])


def slips(com, polygon, config, got):
    """The shifts that known mistakes give."""
    height, reach = config.com_height, config.com_reach
    way = np.append(polygon.mean(axis=0), height) - com
    right = shortened(way, reach)
    length, whole = np.hypot(*way[:2]), np.linalg.norm(way)
    x, y = polygon.T
    cross = x * np.roll(y, -1) - np.roll(x, -1) * y
    of_area = np.array([(cross * (c + np.roll(c, -1))).sum() for c in (x, y)]) / (3.0 * cross.sum())
    of_box = (polygon.min(axis=0) + polygon.max(axis=0)) / 2.0
    return {
        "shift-sign": -right,
        "square-against-reach": way if length**2 <= reach else right,
        "reach-forgotten": way,
        "reach-each-axis": np.append(np.clip(way[:2], -reach, reach), way[2]),
        "height-shortened-too": either(
            got,
            way * min(1.0, reach / max(length, 1e-12)),
            way * min(1.0, reach / max(whole, 1e-12)),
            shortened(way, reach, whole),
        ),
        "always-full-reach": np.append(way[:2] * reach / max(length, 1e-12), way[2]),
        "reach-fixed": shortened(way, BalanceConfig().com_reach),
        "another-middle": either(
            got, *(shortened(np.append(middle, height) - com, reach) for middle in (of_area, of_box))
        ),
        "place-instead-of-shift": com + right,
        "height-forgotten": either(got, np.append(right[:2], 0.0), np.append(right[:2], height), right[:2]),
    }


def shift_case(student, com, polygon, config, expected, what):
    controller = student.CenterOfMassController(config)
    got = controller.generate_adjustment(com.copy(), polygon.copy())
    return Case(what, got, expected, slips(com, polygon, config, got))


@graded("3.9", points=2, says="close to home, the shift leads right there: above the mean of the corners")
def test_close_to_home(student, rng):
    cases = []
    for _ in range(4):
        polygon, config = rounded_patch(rng), BalanceConfig(com_height=rng.uniform(0.6, 0.9))
        home = np.append(polygon.mean(axis=0), config.com_height)
        shift = rng.uniform((-0.05, -0.05, -0.08), (0.05, 0.05, 0.08))
        cases.append(shift_case(student, home - shift, polygon, config, shift, "the shift from close by"))
    expect_all(*cases, unit="m")


@graded(
    "3.9", points=2, says="far from home, the robot moves straight there, but not beyond its reach at once"
)
def test_far_from_home(student, rng):
    cases = []
    for turn in rng.uniform(0.2, 1.3, 4) + np.arange(4) * np.pi / 2:
        polygon, config = rounded_patch(rng), BalanceConfig(com_reach=rng.uniform(0.03, 0.08))
        home = np.append(polygon.mean(axis=0), config.com_height)
        towards, climb = np.array([np.cos(turn), np.sin(turn)]), rng.uniform(0.05, 0.2)
        com = home - np.append(rng.uniform(0.15, 0.5) * towards, climb)
        expected = np.append(config.com_reach * towards, climb)
        cases.append(shift_case(student, com, polygon, config, expected, "the shift from far away"))
    expect_all(*cases, unit="m")
