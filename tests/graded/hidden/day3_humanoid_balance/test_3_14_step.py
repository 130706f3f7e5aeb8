"""3.14, hidden: no better way exists, no error stays for ever, and other planets."""

import numpy as np

from shown.day3_humanoid_balance.cart_tables import ride, walk, zmp_below
from shown.day3_humanoid_balance.previews import Rider, some_moment
from shown.slips import expect_all
from vla_course.course.checking.judging import expect, expect_close, graded


def best_zmps(rider, wanted, jerk_weight):
    """The ZMPs of the best motion from rest, all its jerks found at once by least squares.

    A cart that starts at rest answers each jerk as it answers the first, only later: what one unit of jerk
    does to the ZMP, moved along, is the matrix of the problem.
    """
    n, state, answer = len(wanted), ride(np.zeros(3), 1.0, rider.timestep), []
    for _ in range(n - 1):
        answer.append(zmp_below(state, rider.height, rider.gravity))
        state = ride(state, 0.0, rider.timestep)
    of_jerks = np.zeros((n, n - 1))
    for k in range(n - 1):
        of_jerks[k + 1 :, k] = answer[: n - 1 - k]
    changes = np.eye(n - 1) - np.eye(n - 1, k=-1)
    jerks = np.linalg.lstsq(
        np.vstack((of_jerks, np.sqrt(jerk_weight) * changes)), np.append(wanted, np.zeros(n - 1)), rcond=None
    )[0]
    return of_jerks @ jerks


@graded("3.14", points=1, says="no other motion follows the steps as closely for so little change of jerk")
def test_nothing_is_better(student, rng):
    rider = Rider(student, 0.05, rng.uniform(0.7, 1.0), horizon=4.0, error_weight=1.0, jerk_weight=1e-5)
    n = rider.samples
    wanted = np.concatenate((np.zeros(n + 1), np.repeat(rng.uniform(-0.1, 0.1, 4), 8), np.zeros(3 * n // 2)))
    states = walk(rider.step, wanted, n)
    zmps = np.array([zmp_below(state, rider.height, rider.gravity) for state in states])
    expect(len(zmps) == len(wanted), "the cart runs away")
    expect_close(zmps, best_zmps(rider, wanted, 1e-5), what="the ZMP", unit="m", atol=1e-5)


@graded("3.14", points=1, says="whoever pushed the cart, in the end its ZMP rests exactly where it is wanted")
def test_no_error_stays(student, rng):
    rider = Rider(student, 0.05, rng.uniform(0.7, 1.0), horizon=1.0)
    place = rng.uniform(0.2, 0.5)
    states = walk(rider.step, np.full(300, place), rider.samples, start=(0.0, rng.uniform(-0.2, 0.2), 0.0))
    expect(len(states) == 300, "the cart runs away")
    expect_close(states[-1], [place, 0.0, 0.0], what="where it rests", unit="", atol=1e-8)


@graded(
    "3.14",
    points=1,
    says="any weights, tables, planets and sums of errors; what was handed in stays as it was",
)
def test_giants_and_planets(student, rng):
    cases = []
    for height, gravity in ((2.0, 9.81), (0.8, 1.62), (0.4, 24.8)):
        weights = {"error_weight": rng.uniform(0.5, 5.0), "jerk_weight": 10.0 ** rng.uniform(-7.0, -4.0)}
        rider = Rider(student, 0.04, height, gravity, horizon=rng.uniform(1.0, 2.0), **weights)
        moment = some_moment(rng, rider.samples)
        cases.append(rider.case(*moment, "place, speed, acceleration and sum"))
        far = (10.0 * moment[0], float(rng.choice((-1.0, 1.0)) * rng.uniform(3.0, 9.0)), moment[2])
        cases.append(rider.case(*far, "the step after many errors"))
        given = moment[0].copy(), moment[2].copy()
        rider.step(given[0], moment[1], given[1])
        kept = np.array_equal(given[0], moment[0]) and np.array_equal(given[1], moment[2])
        expect(kept, "the arrays that were handed in have been changed")
    expect_all(*cases, unit="", atol=1e-8)
