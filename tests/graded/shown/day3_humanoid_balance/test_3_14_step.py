"""3.14: one step of preview control - lean before the step comes."""

import numpy as np

from shown.day3_humanoid_balance.cart_tables import footfalls, walk, zmps_below
from shown.day3_humanoid_balance.previews import Rider, some_moment, zmp_picture
from shown.slips import expect_all
from vla_course.course.checking.judging import expect, graded


@graded("3.14", points=2, says="every place within the horizon counts already now, the last one too")
def test_the_whole_horizon(student, rng):
    rider = Rider(student, 0.02, rng.uniform(0.7, 1.0))
    n = rider.samples
    places = np.array([1, 2, n // 8, n // 4, n // 2, 3 * n // 4, n - 4, n])
    case = rider.weight_case(*some_moment(rng, n), places)
    expect_all(case, unit="m/s^3", atol=1e-7)


@graded("3.14", points=2, says="errors so far, state and future make the jerk, and the jerk the new state")
def test_one_step(student, rng):
    cases = []
    for timestep in (0.01, 0.02, 0.03):
        rider = Rider(student, timestep, rng.uniform(0.7, 1.0))
        cases.append(rider.case(*some_moment(rng, rider.samples), "place, speed, acceleration and sum"))
    expect_all(*cases, unit="", atol=1e-8)


def ride_along(rider, reference, law):
    """Places and ZMPs of the cart that the law moves along the reference."""
    states = walk(law, reference, rider.samples)
    return states[:, 0], zmps_below(states, rider.height, rider.gravity)


@graded(
    "3.14", points=2, says="walking from foot to foot, the ZMP is never 12 mm away from where it is wanted"
)
def test_follows_the_steps(student, rng):
    rider = Rider(student, 0.02, rng.uniform(0.7, 1.0))
    wanted = footfalls(0.02, rng.choice((-1.0, 1.0)) * rng.uniform(0.07, 0.1), start=1.7)
    places, zmps = ride_along(rider, wanted, rider.step)

    def draw():
        runs = {"yours": (places, zmps), "reference": ride_along(rider, wanted, rider.reference_step)}
        return zmp_picture(rider.timestep, wanted, runs)()

    off = float(np.abs(zmps - wanted[: len(zmps)]).max())
    expect(
        len(zmps) == len(wanted) and off < 0.012,
        "the ZMP leaves its steps: the sole would tip",
        got=off,
        expected="less than 0.012",
        unit="m",
        picture=draw,
    )


@graded("3.14", points=1, says="it leans before the step comes: at the change of feet the body is half-way")
def test_leans_ahead(student, rng):
    rider, step = Rider(student, 0.02, 0.8), float(rng.uniform(0.08, 0.12))
    wanted = np.where(np.arange(200) < 100, 0.0, step)
    places, zmps = ride_along(rider, wanted, rider.step)
    runs = {"yours": (places, zmps)}
    there = float(places[100]) if len(places) > 100 else float("nan")
    expect(
        abs(there - step / 2) < 0.1 * step,
        f"when the ZMP is to jump by {step:.3f} m, the body should be half of that on its way",
        got=there,
        expected=f"{step / 2:.3f}, give or take {0.1 * step:.3f}",
        unit="m",
        mistake="future-ignored" if abs(there) < 1e-9 else None,
        picture=zmp_picture(rider.timestep, wanted, runs),
    )
