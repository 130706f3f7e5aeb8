"""Answers to 2.10 as students write them."""

# ruff: noqa: F821  (they see the names of the module that they stand in)

from vla_course.course.source.variants import right, wrong


@wrong("smaller-for-everything")
def choose_fallback(code, chunk_left, since_good, patience, smaller_ready=False):
    if code == "ok" or any(x != x for x in (chunk_left, since_good, patience)):
        raise ValueError("code or seconds")
    if smaller_ready:
        return "smaller_model"
    if chunk_left > 0:
        return "last_chunk"
    return "hold" if since_good <= patience else "stand"


@wrong("never-smaller")
def choose_fallback(code, chunk_left, since_good, patience, smaller_ready=False):
    if code == "ok" or any(x != x for x in (chunk_left, since_good, patience)):
        raise ValueError("code or seconds")
    if chunk_left > 0:
        return "last_chunk"
    return "hold" if since_good <= patience else "stand"


@wrong("chunk-before-model")
def choose_fallback(code, chunk_left, since_good, patience, smaller_ready=False):
    if code == "ok" or any(x != x for x in (chunk_left, since_good, patience)):
        raise ValueError("code or seconds")
    if chunk_left > 0:
        return "last_chunk"
    if smaller_ready and code in BY_MODEL:
        return "smaller_model"
    return "hold" if since_good <= patience else "stand"


@wrong("holds-for-ever")
def choose_fallback(code, chunk_left, since_good, patience, smaller_ready=False):
    if code == "ok" or any(x != x for x in (chunk_left, since_good, patience)):
        raise ValueError("code or seconds")
    if smaller_ready and code in BY_MODEL:
        return "smaller_model"
    return "last_chunk" if chunk_left > 0 else "hold"


@wrong("never-holds")
def choose_fallback(code, chunk_left, since_good, patience, smaller_ready=False):
    if code == "ok" or any(x != x for x in (chunk_left, since_good, patience)):
        raise ValueError("code or seconds")
    if smaller_ready and code in BY_MODEL:
        return "smaller_model"
    return "last_chunk" if chunk_left > 0 else "stand"


@wrong("holds-at-once")
def choose_fallback(code, chunk_left, since_good, patience, smaller_ready=False):
    if code == "ok" or any(x != x for x in (chunk_left, since_good, patience)):
        raise ValueError("code or seconds")
    if smaller_ready and code in BY_MODEL:
        return "smaller_model"
    return "hold" if since_good <= patience else "stand"


@wrong("patience-by-the-chunk")
def choose_fallback(code, chunk_left, since_good, patience, smaller_ready=False):
    if code == "ok" or any(x != x for x in (chunk_left, since_good, patience)):
        raise ValueError("code or seconds")
    if smaller_ready and code in BY_MODEL:
        return "smaller_model"
    if chunk_left > 0:
        return "last_chunk"
    return "hold" if -chunk_left <= patience else "stand"


@wrong("anything-accepted")
def choose_fallback(code, chunk_left, since_good, patience, smaller_ready=False):
    if smaller_ready and code in BY_MODEL:
        return "smaller_model"
    if chunk_left > 0:
        return "last_chunk"
    return "hold" if since_good <= patience else "stand"


@right("as-a-list")
def choose_fallback(code, chunk_left, since_good, patience, smaller_ready=False):
    import math

    if code == "ok":
        raise ValueError("ok is no fault")
    if math.isnan(chunk_left) or math.isnan(since_good) or math.isnan(patience):
        raise ValueError("seconds that are none")
    ways = [
        ("smaller_model", smaller_ready and code in ("deadline_missed", "model_failed", "overloaded")),
        ("last_chunk", chunk_left > 0),
        ("hold", since_good <= patience),
        ("stand", True),
    ]
    return next(way for way, can in ways if can)


@wrong("faults-of-input-listed")
def choose_fallback(code, chunk_left, since_good, patience, smaller_ready=False):
    if code == "ok" or any(x != x for x in (chunk_left, since_good, patience)):
        raise ValueError("x")
    if smaller_ready and code not in ("stale", "bad_picture", "camera_lost", "not_finite"):
        return "smaller_model"
    if chunk_left > 0:
        return "last_chunk"
    return "hold" if since_good <= patience else "stand"
