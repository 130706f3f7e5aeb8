"""Answers to 3.1 as students write them."""

import math

import numpy as np

from vla_course.course.source.variants import right, wrong


@wrong("plain-mean")
def center_of_mass(masses, positions):
    return np.mean(positions, axis=0)


@wrong("not-divided")
def center_of_mass(masses, positions):
    return np.array([np.sum(masses * positions[:, axis]) for axis in range(3)])


@wrong("divided-by-count")
def center_of_mass(masses, positions):
    return np.mean(masses[:, None] * positions, axis=0)


@wrong("height-dropped")
def center_of_mass(masses, positions):
    return np.average(positions[:, :2], axis=0, weights=masses)


@right("numpy-average")
def center_of_mass(masses, positions):
    return np.average(positions, axis=0, weights=masses)


@right("one-part-after-another")
def center_of_mass(masses, positions):
    total, place = 0.0, np.zeros(3)
    for m, r in zip(masses, positions):
        total += m
        place += (np.asarray(r) - place) * (m / total)
    return place


@right("careful-sums-in-a-list")
def center_of_mass(masses, positions):
    whole = math.fsum(masses)
    return [math.fsum(m * r[k] for m, r in zip(masses, positions)) / whole for k in range(3)]
