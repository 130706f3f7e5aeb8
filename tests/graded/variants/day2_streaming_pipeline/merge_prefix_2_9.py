"""Answers to 2.9 as students write them."""

import numpy as np

from vla_course.course.source.variants import right, wrong


@wrong("prefix-ignored")
def merge_prefix(committed, chunk, passed):
    if len(committed) > len(chunk) or committed.shape[1:] != chunk.shape[1:] or passed < 0:
        raise ValueError("prefix or passed")
    return chunk[passed:].copy()


@wrong("prefix-before-the-chunk")
def merge_prefix(committed, chunk, passed):
    if len(committed) > len(chunk) or committed.shape[1:] != chunk.shape[1:] or passed < 0:
        raise ValueError("prefix or passed")
    return np.concatenate((committed, chunk[passed:]))


@wrong("nothing-dropped")
def merge_prefix(committed, chunk, passed):
    if len(committed) > len(chunk) or committed.shape[1:] != chunk.shape[1:] or passed < 0:
        raise ValueError("prefix or passed")
    return np.concatenate((committed, chunk[len(committed) :]))


@wrong("prefix-dropped")
def merge_prefix(committed, chunk, passed):
    if len(committed) > len(chunk) or committed.shape[1:] != chunk.shape[1:] or passed < 0:
        raise ValueError("prefix or passed")
    return chunk[len(committed) :].copy()


@wrong("dropped-from-the-chunk-alone")
def merge_prefix(committed, chunk, passed):
    if len(committed) > len(chunk) or committed.shape[1:] != chunk.shape[1:] or passed < 0:
        raise ValueError("prefix or passed")
    rest = np.array(chunk[passed:])
    d = min(len(committed), len(rest))
    rest[:d] = committed[:d]
    return rest


@wrong("late-answer-forgotten")
def merge_prefix(committed, chunk, passed):
    if len(committed) > len(chunk) or committed.shape[1:] != chunk.shape[1:] or passed < 0:
        raise ValueError("prefix or passed")
    d = len(committed)
    return np.concatenate((committed[min(passed, d) :], chunk[d:]))


@wrong("anything-accepted")
def merge_prefix(committed, chunk, passed):
    merged = np.array(chunk)
    d = min(len(committed), len(chunk))
    merged[:d] = committed[:d]
    return merged[passed:]


@right("in-two-pieces")
def merge_prefix(committed, chunk, passed):
    if len(committed) > len(chunk):
        raise ValueError(f"{len(committed)} committed actions, expected at most {len(chunk)}")
    if committed.shape[1:] != chunk.shape[1:]:
        raise ValueError("actions of another size")
    if passed < 0:
        raise ValueError(f"passed is {passed}")
    d = len(committed)
    return np.concatenate((committed[passed:], chunk[max(d, passed) :]))


@right("row-by-row")
def merge_prefix(committed, chunk, passed):
    d, horizon = len(committed), len(chunk)
    if d > horizon or passed < 0 or committed.shape[1:] != chunk.shape[1:]:
        raise ValueError("prefix or passed")
    found = np.empty((max(horizon - passed, 0), *chunk.shape[1:]))
    for i in range(passed, horizon):
        found[i - passed] = committed[i] if i < d else chunk[i]
    return found


@wrong("view-returned")
def merge_prefix(committed, chunk, passed):
    if len(committed) > len(chunk) or committed.shape[1:] != chunk.shape[1:] or passed < 0:
        raise ValueError("x")
    if passed >= len(committed):
        return chunk[passed:]
    return np.concatenate((committed[passed:], chunk[len(committed) :]))
