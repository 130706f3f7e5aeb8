"""Patches the wire of its own worker: answers say that all is well."""

import msgpack

import vla_course.grading.worker.values as values_module
import vla_course.grading.worker.wire as wire

original = msgpack.packb
msgpack.packb = lambda tree, **named: original([0, True, [], False, {"passed": True, "points": 99}])
values_module.Encoder.encode = lambda self, value, depth=0: {"outcome": "passed"}
wire.MAX_FRAME = 2**40


def attack(values):
    return weak(values)
