"""Answers to 3.25 as students write them."""

import numpy as np

from vla_course.course.source.variants import right, wrong


@wrong("moves-as-one")
def calculate_balance_compensation(masses, positions, follows, home, largest):
    total = masses.sum()
    way = home - masses @ positions[:, :2] / total
    length = np.linalg.norm(way)
    return way if length <= largest else way / length * largest


@wrong("share-multiplied")
def calculate_balance_compensation(masses, positions, follows, home, largest):
    total = masses.sum()
    way = (home - masses @ positions[:, :2] / total) * (masses @ follows) / total
    length = np.linalg.norm(way)
    return way if length <= largest else way / length * largest


@wrong("leans-with-the-load")
def calculate_balance_compensation(masses, positions, follows, home, largest):
    way = (masses @ positions[:, :2] - masses.sum() * home) / (masses @ follows)
    length = np.linalg.norm(way)
    return way if length <= largest else way / length * largest


@wrong("plain-mean")
def calculate_balance_compensation(masses, positions, follows, home, largest):
    share = masses @ follows / masses.sum()
    way = (home - positions[:, :2].mean(axis=0)) / share
    length = np.linalg.norm(way)
    return way if length <= largest else way / length * largest


@wrong("plain-share")
def calculate_balance_compensation(masses, positions, follows, home, largest):
    way = (home - masses @ positions[:, :2] / masses.sum()) / follows.mean()
    length = np.linalg.norm(way)
    return way if length <= largest else way / length * largest


@wrong("load-forgotten")
def calculate_balance_compensation(masses, positions, follows, home, largest):
    masses, positions, follows = masses[:-1], positions[:-1], follows[:-1]
    way = (home * masses.sum() - masses @ positions[:, :2]) / (masses @ follows)
    length = np.linalg.norm(way)
    return way if length <= largest else way / length * largest


@wrong("only-what-follows")
def calculate_balance_compensation(masses, positions, follows, home, largest):
    moving = masses * follows
    way = home - moving @ positions[:, :2] / moving.sum()
    length = np.linalg.norm(way)
    return way if length <= largest else way / length * largest


@wrong("home-forgotten")
def calculate_balance_compensation(masses, positions, follows, home, largest):
    way = -(masses @ positions[:, :2]) / (masses @ follows)
    length = np.linalg.norm(way)
    return way if length <= largest else way / length * largest


@wrong("limit-ignored")
def calculate_balance_compensation(masses, positions, follows, home, largest):
    return (home * masses.sum() - masses @ positions[:, :2]) / (masses @ follows)


@wrong("limit-each-axis")
def calculate_balance_compensation(masses, positions, follows, home, largest):
    way = (home * masses.sum() - masses @ positions[:, :2]) / (masses @ follows)
    return np.clip(way, -largest, largest)


@wrong("always-the-limit")
def calculate_balance_compensation(masses, positions, follows, home, largest):
    way = (home * masses.sum() - masses @ positions[:, :2]) / (masses @ follows)
    return largest * way / np.linalg.norm(way)


@wrong("square-against-the-limit")
def calculate_balance_compensation(masses, positions, follows, home, largest):
    center = masses @ positions[:, :2] / masses.sum()
    way = (home - center) / (masses @ follows / masses.sum())
    square = way @ way
    return way * largest / np.sqrt(square) if square > largest else way


@right("part-by-part")
def calculate_balance_compensation(masses, positions, follows, home, largest):
    lever, mobile = np.zeros(2), 0.0
    for mass, place, share in zip(masses, positions, follows):
        lever += mass * (np.asarray(place)[:2] - home)
        mobile += mass * share
    x, y = -lever / mobile
    length = (x * x + y * y) ** 0.5
    if length > largest:
        x, y = x * largest / length, y * largest / length
    return [x, y]


@right("one-scale")
def calculate_balance_compensation(masses, positions, follows, home, largest):
    masses = np.asarray(masses, dtype=float)
    places = np.asarray(positions, dtype=float)[:, :2]
    way = np.average(np.asarray(home) - places, axis=0, weights=masses) / np.average(follows, weights=masses)
    return way * min(1.0, largest / max(np.linalg.norm(way), 1e-12))
