"""Answers to 3.13 as students write them."""

import math

import numpy as np

from vla_course.course.source.variants import right, wrong


@wrong("gravity-sign")
def cart_table_model(timestep, height, gravity=9.81):
    T = timestep
    A = np.array([[1, T, T**2 / 2], [0, 1, T], [0, 0, 1]])
    B = np.array([T**3 / 6, T**2 / 2, T])
    C = np.array([1, 0, height / gravity])
    return A, B, C


@wrong("fraction-upside-down")
def cart_table_model(timestep, height, gravity=9.81):
    T = timestep
    A = np.array([[1, T, T**2 / 2], [0, 1, T], [0, 0, 1]])
    B = np.array([T**3 / 6, T**2 / 2, T])
    C = np.array([1, 0, -gravity / height])
    return A, B, C


@wrong("gravity-fixed")
def cart_table_model(timestep, height, gravity=9.81):
    T = timestep
    A = np.array([[1, T, T**2 / 2], [0, 1, T], [0, 0, 1]])
    B = np.array([T**3 / 6, T**2 / 2, T])
    C = np.array([1, 0, -height / 9.81])
    return A, B, C


@wrong("height-forgotten")
def cart_table_model(timestep, height, gravity=9.81):
    T = timestep
    A = np.array([[1, T, T**2 / 2], [0, 1, T], [0, 0, 1]])
    B = np.array([T**3 / 6, T**2 / 2, T])
    C = np.array([1, 0, -1 / gravity])
    return A, B, C


@wrong("acceleration-forgotten")
def cart_table_model(timestep, height, gravity=9.81):
    T = timestep
    A = np.array([[1, T, T**2 / 2], [0, 1, T], [0, 0, 1]])
    B = np.array([T**3 / 6, T**2 / 2, T])
    C = np.array([1, 0, 0])
    return A, B, C


@wrong("euler-step")
def cart_table_model(timestep, height, gravity=9.81):
    A = np.eye(3) + timestep * np.eye(3, k=1)
    B = np.array([0, 0, timestep])
    C = np.array([1, 0, -height / gravity])
    return A, B, C


@wrong("factorial-forgotten")
def cart_table_model(timestep, height, gravity=9.81):
    T = timestep
    A = np.array([[1, T, T**2 / 2], [0, 1, T], [0, 0, 1]])
    B = np.array([T**3 / 3, T**2 / 2, T])
    C = np.array([1, 0, -height / gravity])
    return A, B, C


@wrong("transposed")
def cart_table_model(timestep, height, gravity=9.81):
    T = timestep
    A = np.array([[1, 0, 0], [T, 1, 0], [T**2 / 2, T, 1]])
    B = np.array([T**3 / 6, T**2 / 2, T])
    C = np.array([1, 0, -height / gravity])
    return A, B, C


@wrong("change-instead-of-state")
def cart_table_model(timestep, height, gravity=9.81):
    T = timestep
    A = np.array([[0, T, T**2 / 2], [0, 0, T], [0, 0, 0]])
    B = np.array([T**3 / 6, T**2 / 2, T])
    C = np.array([1, 0, -height / gravity])
    return A, B, C


@wrong("jerk-order")
def cart_table_model(timestep, height, gravity=9.81):
    T = timestep
    A = np.array([[1, T, T**2 / 2], [0, 1, T], [0, 0, 1]])
    B = np.array([T, T**2 / 2, T**3 / 6])
    C = np.array([1, 0, -height / gravity])
    return A, B, C


@wrong("matrix-instead-of-vector")
def cart_table_model(timestep, height, gravity=9.81):
    T = timestep
    A = np.array([[1, T, T**2 / 2], [0, 1, T], [0, 0, 1]])
    B = np.array([[T**3 / 6], [T**2 / 2], [T]])
    C = np.array([[1, 0, -height / gravity]])
    return A, B, C


@wrong("b-and-c-swapped")
def cart_table_model(timestep, height, gravity=9.81):
    T = timestep
    A = np.array([[1.0, T, T**2 / 2], [0.0, 1.0, T], [0.0, 0.0, 1.0]])
    return A, np.array([1.0, 0.0, -height / gravity]), np.array([T**3 / 6, T**2 / 2, T])


@right("powers-of-a-shift")
def cart_table_model(timestep, height, gravity=9.81):
    shift = timestep * np.eye(4, k=1)
    whole = sum(np.linalg.matrix_power(shift, n) / math.factorial(n) for n in range(4))
    return whole[:3, :3], whole[:3, 3], np.eye(3)[0] - height / gravity * np.eye(3)[2]


@right("entry-by-entry")
def cart_table_model(timestep, height, gravity=9.81):
    A, B, C = np.identity(3), np.empty(3), np.zeros(3)
    A[0, 1] = A[1, 2] = B[2] = timestep
    A[0, 2] = B[1] = 0.5 * timestep * timestep
    B[0] = B[1] * timestep / 3
    C[0], C[2] = 1, -height / gravity
    return [A, B, C]
