"""Answers to 1.10 as students write them."""

import math

from vla_course.course.source.variants import right, wrong
from vla_course.learning.model.machine import Roofline


@wrong("intensity-upside-down")
def roofline(flops, moved_bytes, machine):
    if not flops > 0 or not moved_bytes > 0:
        raise ValueError(f"flops {flops}, bytes {moved_bytes}: expected both above 0")
    intensity = moved_bytes / flops
    slope = intensity * machine.bandwidth
    attainable = min(machine.flops, slope)
    bound = "memory" if slope < machine.flops else "compute"
    return Roofline(intensity, attainable, flops / attainable, bound)


@wrong("higher-of-the-two")
def roofline(flops, moved_bytes, machine):
    if not flops > 0 or not moved_bytes > 0:
        raise ValueError(f"flops {flops}, bytes {moved_bytes}: expected both above 0")
    intensity = flops / moved_bytes
    slope = intensity * machine.bandwidth
    attainable = max(machine.flops, slope)
    bound = "memory" if slope < machine.flops else "compute"
    return Roofline(intensity, attainable, flops / attainable, bound)


@wrong("memory-ignored")
def roofline(flops, moved_bytes, machine):
    if not flops > 0 or not moved_bytes > 0:
        raise ValueError(f"flops {flops}, bytes {moved_bytes}: expected both above 0")
    intensity = flops / moved_bytes
    slope = intensity * machine.bandwidth
    attainable = machine.flops
    bound = "memory" if slope < machine.flops else "compute"
    return Roofline(intensity, attainable, flops / attainable, bound)


@wrong("slope-divided")
def roofline(flops, moved_bytes, machine):
    if not flops > 0 or not moved_bytes > 0:
        raise ValueError(f"flops {flops}, bytes {moved_bytes}: expected both above 0")
    intensity = flops / moved_bytes
    slope = intensity / machine.bandwidth
    attainable = min(machine.flops, slope)
    bound = "memory" if slope < machine.flops else "compute"
    return Roofline(intensity, attainable, flops / attainable, bound)


@wrong("times-added")
def roofline(flops, moved_bytes, machine):
    if not flops > 0 or not moved_bytes > 0:
        raise ValueError(f"flops {flops}, bytes {moved_bytes}: expected both above 0")
    intensity = flops / moved_bytes
    slope = intensity * machine.bandwidth
    attainable = min(machine.flops, slope)
    bound = "memory" if slope < machine.flops else "compute"
    return Roofline(intensity, attainable, flops / machine.flops + moved_bytes / machine.bandwidth, bound)


@wrong("seconds-at-the-peak")
def roofline(flops, moved_bytes, machine):
    if not flops > 0 or not moved_bytes > 0:
        raise ValueError(f"flops {flops}, bytes {moved_bytes}: expected both above 0")
    intensity = flops / moved_bytes
    slope = intensity * machine.bandwidth
    attainable = min(machine.flops, slope)
    bound = "memory" if slope < machine.flops else "compute"
    return Roofline(intensity, attainable, flops / machine.flops, bound)


@wrong("seconds-upside-down")
def roofline(flops, moved_bytes, machine):
    if not flops > 0 or not moved_bytes > 0:
        raise ValueError(f"flops {flops}, bytes {moved_bytes}: expected both above 0")
    intensity = flops / moved_bytes
    slope = intensity * machine.bandwidth
    attainable = min(machine.flops, slope)
    bound = "memory" if slope < machine.flops else "compute"
    return Roofline(intensity, attainable, attainable / flops, bound)


@wrong("bound-swapped")
def roofline(flops, moved_bytes, machine):
    if not flops > 0 or not moved_bytes > 0:
        raise ValueError(f"flops {flops}, bytes {moved_bytes}: expected both above 0")
    intensity = flops / moved_bytes
    slope = intensity * machine.bandwidth
    attainable = min(machine.flops, slope)
    bound = "compute" if slope < machine.flops else "memory"
    return Roofline(intensity, attainable, flops / attainable, bound)


@wrong("ridge-is-memory")
def roofline(flops, moved_bytes, machine):
    if not flops > 0 or not moved_bytes > 0:
        raise ValueError(f"flops {flops}, bytes {moved_bytes}: expected both above 0")
    intensity = flops / moved_bytes
    slope = intensity * machine.bandwidth
    attainable = min(machine.flops, slope)
    bound = "compute" if slope > machine.flops else "memory"
    return Roofline(intensity, attainable, flops / attainable, bound)


@wrong("accepts-nothing")
def roofline(flops, moved_bytes, machine):
    if not flops * moved_bytes > 0:
        raise ValueError(f"flops {flops}, bytes {moved_bytes}: expected both above 0")
    intensity = flops / moved_bytes
    slope = intensity * machine.bandwidth
    attainable = min(machine.flops, slope)
    bound = "memory" if slope < machine.flops else "compute"
    return Roofline(intensity, attainable, flops / attainable, bound)


@wrong("accepts-nan")
def roofline(flops, moved_bytes, machine):
    if flops <= 0 or moved_bytes <= 0:
        raise ValueError(f"flops {flops}, bytes {moved_bytes}: expected both above 0")
    intensity = flops / moved_bytes
    slope = intensity * machine.bandwidth
    attainable = min(machine.flops, slope)
    bound = "memory" if slope < machine.flops else "compute"
    return Roofline(intensity, attainable, flops / attainable, bound)


@right("by-times")
def roofline(flops, moved_bytes, machine):
    if not flops > 0 or not moved_bytes > 0:
        raise ValueError(f"flops {flops}, bytes {moved_bytes}: expected both above 0")
    reckoning, fetching = flops / machine.flops, moved_bytes / machine.bandwidth
    seconds = max(reckoning, fetching)
    bound = "memory" if fetching > reckoning else "compute"
    return Roofline(flops / moved_bytes, flops / seconds, seconds, bound)


@right("by-the-ridge")
def roofline(flops, moved_bytes, machine):
    for number in (flops, moved_bytes):
        if math.isnan(number) or number <= 0:
            raise ValueError(f"{number}, expected more than 0")
    ridge = machine.flops / machine.bandwidth
    intensity = flops / moved_bytes
    if intensity >= ridge:
        return Roofline(intensity, machine.flops, flops / machine.flops, "compute")
    return Roofline(intensity, machine.flops * intensity / ridge, moved_bytes / machine.bandwidth, "memory")
