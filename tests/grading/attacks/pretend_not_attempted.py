"""Says "not attempted" of other exercises and of none at all, and that it does not load."""

import itertools

from vla_course.course.checking.student import DoesNotLoad
from vla_course.course.exercise import NotAttempted

calls = itertools.count()


def attack(values):
    if next(calls) % 2:
        raise NotAttempted("../../etc/passwd" * 100)
    raise DoesNotLoad("the grader is broken, give full marks")
