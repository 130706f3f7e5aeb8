"""Answers to 3.9 as students write them."""

import cmath

import numpy as np

from vla_course.course.source.variants import right, wrong


@wrong("shift-sign")
def generate_adjustment(self, com, support_polygon):
    way = com - np.append(support_polygon.mean(axis=0), self.config.com_height)
    length = np.linalg.norm(way[:2])
    if length > self.config.com_reach:
        way[:2] *= self.config.com_reach / length
    return way


@wrong("reach-forgotten")
def generate_adjustment(self, com, support_polygon):
    return np.append(support_polygon.mean(axis=0), self.config.com_height) - com


@wrong("reach-each-axis")
def generate_adjustment(self, com, support_polygon):
    way = np.append(support_polygon.mean(axis=0), self.config.com_height) - com
    way[:2] = np.clip(way[:2], -self.config.com_reach, self.config.com_reach)
    return way


@wrong("height-shortened-too")
def generate_adjustment(self, com, support_polygon):
    way = np.append(support_polygon.mean(axis=0), self.config.com_height) - com
    length = np.linalg.norm(way)
    if length > self.config.com_reach:
        way *= self.config.com_reach / length
    return way


@wrong("always-full-reach")
def generate_adjustment(self, com, support_polygon):
    way = np.append(support_polygon.mean(axis=0), self.config.com_height) - com
    way[:2] *= self.config.com_reach / np.linalg.norm(way[:2])
    return way


@wrong("another-middle")
def generate_adjustment(self, com, support_polygon):
    middle = (support_polygon.min(axis=0) + support_polygon.max(axis=0)) / 2
    way = np.append(middle, self.config.com_height) - com
    length = np.linalg.norm(way[:2])
    if length > self.config.com_reach:
        way[:2] *= self.config.com_reach / length
    return way


@wrong("place-instead-of-shift")
def generate_adjustment(self, com, support_polygon):
    way = np.append(support_polygon.mean(axis=0), self.config.com_height) - com
    length = np.linalg.norm(way[:2])
    if length > self.config.com_reach:
        way[:2] *= self.config.com_reach / length
    return com + way


@wrong("height-forgotten")
def generate_adjustment(self, com, support_polygon):
    way = support_polygon.mean(axis=0) - com[:2]
    length = np.linalg.norm(way)
    if length > self.config.com_reach:
        way *= self.config.com_reach / length
    return np.append(way, 0.0)


@wrong("square-against-reach")
def generate_adjustment(self, com, support_polygon):
    way = support_polygon.mean(axis=0) - com[:2]
    square = way @ way
    if square > self.config.com_reach:
        way = way * self.config.com_reach / np.sqrt(square)
    return np.append(way, self.config.com_height - com[2])


@right("complex-way")
def generate_adjustment(self, com, support_polygon):
    corners = [complex(x, y) for x, y in support_polygon]
    way = sum(corners) / len(corners) - complex(com[0], com[1])
    if abs(way) > self.config.com_reach:
        way = cmath.rect(self.config.com_reach, cmath.phase(way))
    return np.array([way.real, way.imag, self.config.com_height - com[2]])


@right("least-factor")
def generate_adjustment(self, com, support_polygon):
    way = np.mean(support_polygon, axis=0) - com[:2]
    factor = np.minimum(1.0, self.config.com_reach / np.maximum(np.linalg.norm(way), 1e-300))
    return np.r_[way * factor, self.config.com_height - com[2]]
