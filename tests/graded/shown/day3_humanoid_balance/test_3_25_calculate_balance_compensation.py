"""3.25: where the hand goes, the body makes room: what the feet carry stays above them."""

import numpy as np

from shown.slips import Case, expect_all
from vla_course.course.checking.judging import expect_close, graded

FAR = 50.0
"""m: no limit at all"""


def reaching(rng, load=None):
    """Masses, places and shares of a trunk, legs, arms and what the hand holds; and where the feet want the weight."""
    masses = np.append(rng.uniform(0.5, 15.0, 8), rng.uniform(0.3, 4.0) if load is None else load)
    places = rng.uniform((-0.15, -0.25, 0.0), (0.15, 0.25, 1.4), (9, 3))
    places[-1] = rng.uniform((0.35, -0.4, 0.7), (0.6, 0.4, 1.1))
    shares = np.concatenate(([1.0, 1.0], rng.uniform(0.1, 0.9, 4), np.zeros(3)))
    return masses, places, shares, rng.uniform(-0.03, 0.03, 2)


def balance_point(masses, places):
    """Where parts balance, level: the seesaw of two of them at a time."""
    weight, place = 0.0, np.zeros(2)
    for mass, part in zip(masses, places, strict=True):
        weight += mass
        place = place + (np.asarray(part[:2]) - place) * (mass / weight)
    return place


def room_made(masses, places, shares, home):
    """The way of the pelvis, by trying: go a metre, see how far the weight comes, go as often as it takes."""
    still = balance_point(masses, places)
    moved = balance_point(masses, places[:, :2] + np.asarray(shares)[:, None] * (1.0, 0.0))
    return (home - still) / (moved - still)[0]


def cut(way, largest):
    """A way, but not longer than `largest`."""
    return way * min(1.0, largest / max(np.hypot(*way), 1e-300))


def room_case(student, masses, places, shares, home, largest=FAR, what="the way of the pelvis"):
    """The answer, the right one, and those that known mistakes give."""
    got = student.calculate_balance_compensation(masses, places, shares, home, largest)
    right = room_made(masses, places, shares, home)
    center = balance_point(masses, places)
    share = np.dot(masses, shares) / np.sum(masses)
    following = np.asarray(shares) * masses
    wrong = {
        "moves-as-one": home - center,
        "share-multiplied": (home - center) * share,
        "leans-with-the-load": -right,
        "plain-mean": (home - np.mean(places[:, :2], axis=0)) / share,
        "plain-share": (home - center) / np.mean(shares),
        "load-forgotten": room_made(masses[:-1], places[:-1], shares[:-1], home),
        "only-what-follows": home - balance_point(following[shares > 0], places[shares > 0]),
        "home-forgotten": -center / share,
    }
    mistakes = {name: cut(way, largest) for name, way in wrong.items()}
    mistakes["limit-ignored"] = right
    mistakes["square-against-the-limit"] = right if right @ right <= largest else cut(right, largest)
    mistakes["limit-each-axis"] = np.clip(right, -largest, largest)
    mistakes["always-the-limit"] = right * (largest / np.hypot(*right))
    return Case(what, got, cut(right, largest), mistakes)


@graded("3.25", points=3, says="with the pelvis moved, robot and load balance above home")
def test_balances(student, rng):
    expect_all(*(room_case(student, *reaching(rng)) for _ in range(4)), unit="m")
    masses, places, shares, home = reaching(rng)
    way = np.asarray(student.calculate_balance_compensation(masses, places, shares, home, FAR))
    moved = places[:, :2] + shares[:, None] * way
    expect_close(balance_point(masses, moved), home, what="where the weight acts then", unit="m")


@graded("3.25", points=2, says="the pelvis goes no farther than the legs allow, and still the right way")
def test_limit(student, rng):
    cases = []
    for share in (0.2, 0.5, 0.8, 0.99, 1.3):
        masses, places, shares, home = reaching(rng)
        largest = share * float(np.hypot(*room_made(masses, places, shares, home)))
        what = "the way of the pelvis, cut" if share < 1.0 else "the way of the pelvis, within its limit"
        cases.append(room_case(student, masses, places, shares, home, largest, what))
    cases.append(room_case(student, *reaching(rng), 0.0, "the way of a pelvis whose legs are locked"))
    expect_all(*cases, unit="m")


@graded("3.25", points=1, says="a robot that is balanced already stays where it is")
def test_balanced_already(student, rng):
    masses, places, shares, _ = reaching(rng)
    got = student.calculate_balance_compensation(masses, places, shares, balance_point(masses, places), 0.05)
    expect_close(got, np.zeros(2), what="the way of a pelvis at home", unit="m", atol=1e-12)
    exact = np.ones(2), np.array([[0.25, 0.5, 1.0], [-0.25, -0.5, 0.5]]), np.array([1.0, 0.0]), np.zeros(2)
    got = student.calculate_balance_compensation(*exact, 0.05)
    expect_close(got, np.zeros(2), what="the way of a pelvis exactly at home", unit="m", atol=1e-12)
