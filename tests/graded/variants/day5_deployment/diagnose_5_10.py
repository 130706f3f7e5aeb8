"""Answers to 5.10 as students write them."""

# ruff: noqa: F821  (they see the names of the module that they stand in)

import numpy as np

from vla_course.course.source.variants import right, wrong


@wrong("other-clock")
def diagnose(evidence):
    e = evidence
    t = e.time
    asked = np.clip(e.asked_torques, -e.torque_limits, e.torque_limits)
    gap = np.abs(asked - e.given_torques).max(axis=1)

    when = e.lab_time
    carry = np.array([np.interp(when, t, e.sole_forces[:, k, 2]) for k in range(2)]).T > CARRIES
    move = np.linalg.norm(np.diff(e.sole_positions[..., :2], axis=0), axis=-1)
    speed = move / np.diff(when)[:, None]
    slip = ((speed > SLIDES) & carry[1:] & carry[:-1]).any(axis=1)

    ground = e.sole_forces.sum(axis=1)
    weight = e.mass * np.array([0.0, 0.0, -e.gravity])
    rest = e.mass * e.com_acceleration - ground - weight
    odd = np.linalg.norm(rest, axis=1) > UNEXPLAINED

    found = []
    if (gap > LACKS).any():
        found.append((t[np.argmax(gap > LACKS)], 0, "motor"))
    if slip.any():
        found.append((when[1:][np.argmax(slip)], 1, "slip"))
    if odd.any():
        k = np.argmax(odd)
        mean = rest[(t >= t[k]) & (t < t[k] + AT_FIRST)].mean(axis=0)
        load = -mean[2] > np.hypot(mean[0], mean[1])
        found.append((t[k], 2, "load" if load else "push"))
    if not found:
        raise ValueError("nothing happened")
    time, _, cause = min(found)
    return Diagnosis(cause, float(time))


@wrong("effect-for-cause")
def diagnose(evidence):
    e = evidence
    t = e.time
    asked = np.clip(e.asked_torques, -e.torque_limits, e.torque_limits)
    gap = np.abs(asked - e.given_torques).max(axis=1)

    when = e.lab_time - e.lab_ahead
    carry = np.array([np.interp(when, t, e.sole_forces[:, k, 2]) for k in range(2)]).T > CARRIES
    move = np.linalg.norm(np.diff(e.sole_positions[..., :2], axis=0), axis=-1)
    speed = move / np.diff(when)[:, None]
    slip = ((speed > SLIDES) & carry[1:] & carry[:-1]).any(axis=1)

    ground = e.sole_forces.sum(axis=1)
    weight = e.mass * np.array([0.0, 0.0, -e.gravity])
    rest = e.mass * e.com_acceleration - ground - weight
    odd = np.linalg.norm(rest, axis=1) > UNEXPLAINED

    found = []
    if (gap > LACKS).any():
        found.append((t[np.argmax(gap > LACKS)], 0, "motor"))
    if slip.any():
        found.append((when[1:][np.argmax(slip)], 1, "slip"))
    if odd.any():
        k = np.argmax(odd)
        mean = rest[(t >= t[k]) & (t < t[k] + AT_FIRST)].mean(axis=0)
        load = -mean[2] > np.hypot(mean[0], mean[1])
        found.append((t[k], 2, "load" if load else "push"))
    if not found:
        raise ValueError("nothing happened")
    order = ("slip", "motor", "load", "push")
    time, _, cause = min(found, key=lambda one: order.index(one[2]))
    return Diagnosis(cause, float(time))


@wrong("weight-forgotten")
def diagnose(evidence):
    e = evidence
    t = e.time
    asked = np.clip(e.asked_torques, -e.torque_limits, e.torque_limits)
    gap = np.abs(asked - e.given_torques).max(axis=1)

    when = e.lab_time - e.lab_ahead
    carry = np.array([np.interp(when, t, e.sole_forces[:, k, 2]) for k in range(2)]).T > CARRIES
    move = np.linalg.norm(np.diff(e.sole_positions[..., :2], axis=0), axis=-1)
    speed = move / np.diff(when)[:, None]
    slip = ((speed > SLIDES) & carry[1:] & carry[:-1]).any(axis=1)

    ground = e.sole_forces.sum(axis=1)
    weight = e.mass * np.array([0.0, 0.0, -e.gravity])
    rest = e.mass * e.com_acceleration - ground
    odd = np.linalg.norm(rest, axis=1) > UNEXPLAINED

    found = []
    if (gap > LACKS).any():
        found.append((t[np.argmax(gap > LACKS)], 0, "motor"))
    if slip.any():
        found.append((when[1:][np.argmax(slip)], 1, "slip"))
    if odd.any():
        k = np.argmax(odd)
        mean = rest[(t >= t[k]) & (t < t[k] + AT_FIRST)].mean(axis=0)
        load = -mean[2] > np.hypot(mean[0], mean[1])
        found.append((t[k], 2, "load" if load else "push"))
    if not found:
        raise ValueError("nothing happened")
    time, _, cause = min(found)
    return Diagnosis(cause, float(time))


@wrong("one-sole")
def diagnose(evidence):
    e = evidence
    t = e.time
    asked = np.clip(e.asked_torques, -e.torque_limits, e.torque_limits)
    gap = np.abs(asked - e.given_torques).max(axis=1)

    when = e.lab_time - e.lab_ahead
    carry = np.array([np.interp(when, t, e.sole_forces[:, k, 2]) for k in range(2)]).T > CARRIES
    move = np.linalg.norm(np.diff(e.sole_positions[..., :2], axis=0), axis=-1)
    speed = move / np.diff(when)[:, None]
    slip = ((speed > SLIDES) & carry[1:] & carry[:-1]).any(axis=1)

    ground = e.sole_forces[:, 1]
    weight = e.mass * np.array([0.0, 0.0, -e.gravity])
    rest = e.mass * e.com_acceleration - ground - weight
    odd = np.linalg.norm(rest, axis=1) > UNEXPLAINED

    found = []
    if (gap > LACKS).any():
        found.append((t[np.argmax(gap > LACKS)], 0, "motor"))
    if slip.any():
        found.append((when[1:][np.argmax(slip)], 1, "slip"))
    if odd.any():
        k = np.argmax(odd)
        mean = rest[(t >= t[k]) & (t < t[k] + AT_FIRST)].mean(axis=0)
        load = -mean[2] > np.hypot(mean[0], mean[1])
        found.append((t[k], 2, "load" if load else "push"))
    if not found:
        raise ValueError("nothing happened")
    time, _, cause = min(found)
    return Diagnosis(cause, float(time))


@wrong("picture-before")
def diagnose(evidence):
    e = evidence
    t = e.time
    asked = np.clip(e.asked_torques, -e.torque_limits, e.torque_limits)
    gap = np.abs(asked - e.given_torques).max(axis=1)

    when = e.lab_time - e.lab_ahead
    carry = np.array([np.interp(when, t, e.sole_forces[:, k, 2]) for k in range(2)]).T > CARRIES
    move = np.linalg.norm(np.diff(e.sole_positions[..., :2], axis=0), axis=-1)
    speed = move / np.diff(when)[:, None]
    slip = ((speed > SLIDES) & carry[1:] & carry[:-1]).any(axis=1)

    ground = e.sole_forces.sum(axis=1)
    weight = e.mass * np.array([0.0, 0.0, -e.gravity])
    rest = e.mass * e.com_acceleration - ground - weight
    odd = np.linalg.norm(rest, axis=1) > UNEXPLAINED

    found = []
    if (gap > LACKS).any():
        found.append((t[np.argmax(gap > LACKS)], 0, "motor"))
    if slip.any():
        found.append((when[:-1][np.argmax(slip)], 1, "slip"))
    if odd.any():
        k = np.argmax(odd)
        mean = rest[(t >= t[k]) & (t < t[k] + AT_FIRST)].mean(axis=0)
        load = -mean[2] > np.hypot(mean[0], mean[1])
        found.append((t[k], 2, "load" if load else "push"))
    if not found:
        raise ValueError("nothing happened")
    time, _, cause = min(found)
    return Diagnosis(cause, float(time))


@wrong("limit-forgotten")
def diagnose(evidence):
    e = evidence
    t = e.time
    asked = e.asked_torques
    gap = np.abs(asked - e.given_torques).max(axis=1)

    when = e.lab_time - e.lab_ahead
    carry = np.array([np.interp(when, t, e.sole_forces[:, k, 2]) for k in range(2)]).T > CARRIES
    move = np.linalg.norm(np.diff(e.sole_positions[..., :2], axis=0), axis=-1)
    speed = move / np.diff(when)[:, None]
    slip = ((speed > SLIDES) & carry[1:] & carry[:-1]).any(axis=1)

    ground = e.sole_forces.sum(axis=1)
    weight = e.mass * np.array([0.0, 0.0, -e.gravity])
    rest = e.mass * e.com_acceleration - ground - weight
    odd = np.linalg.norm(rest, axis=1) > UNEXPLAINED

    found = []
    if (gap > LACKS).any():
        found.append((t[np.argmax(gap > LACKS)], 0, "motor"))
    if slip.any():
        found.append((when[1:][np.argmax(slip)], 1, "slip"))
    if odd.any():
        k = np.argmax(odd)
        mean = rest[(t >= t[k]) & (t < t[k] + AT_FIRST)].mean(axis=0)
        load = -mean[2] > np.hypot(mean[0], mean[1])
        found.append((t[k], 2, "load" if load else "push"))
    if not found:
        raise ValueError("nothing happened")
    time, _, cause = min(found)
    return Diagnosis(cause, float(time))


@wrong("swing-foot")
def diagnose(evidence):
    e = evidence
    t = e.time
    asked = np.clip(e.asked_torques, -e.torque_limits, e.torque_limits)
    gap = np.abs(asked - e.given_torques).max(axis=1)

    when = e.lab_time - e.lab_ahead
    carry = np.array([np.interp(when, t, e.sole_forces[:, k, 2]) for k in range(2)]).T > CARRIES
    move = np.linalg.norm(np.diff(e.sole_positions[..., :2], axis=0), axis=-1)
    speed = move / np.diff(when)[:, None]
    slip = (speed > SLIDES).any(axis=1)

    ground = e.sole_forces.sum(axis=1)
    weight = e.mass * np.array([0.0, 0.0, -e.gravity])
    rest = e.mass * e.com_acceleration - ground - weight
    odd = np.linalg.norm(rest, axis=1) > UNEXPLAINED

    found = []
    if (gap > LACKS).any():
        found.append((t[np.argmax(gap > LACKS)], 0, "motor"))
    if slip.any():
        found.append((when[1:][np.argmax(slip)], 1, "slip"))
    if odd.any():
        k = np.argmax(odd)
        mean = rest[(t >= t[k]) & (t < t[k] + AT_FIRST)].mean(axis=0)
        load = -mean[2] > np.hypot(mean[0], mean[1])
        found.append((t[k], 2, "load" if load else "push"))
    if not found:
        raise ValueError("nothing happened")
    time, _, cause = min(found)
    return Diagnosis(cause, float(time))


@wrong("landing-foot")
def diagnose(evidence):
    e = evidence
    t = e.time
    asked = np.clip(e.asked_torques, -e.torque_limits, e.torque_limits)
    gap = np.abs(asked - e.given_torques).max(axis=1)

    when = e.lab_time - e.lab_ahead
    carry = np.array([np.interp(when, t, e.sole_forces[:, k, 2]) for k in range(2)]).T > CARRIES
    move = np.linalg.norm(np.diff(e.sole_positions[..., :2], axis=0), axis=-1)
    speed = move / np.diff(when)[:, None]
    slip = ((speed > SLIDES) & carry[1:]).any(axis=1)

    ground = e.sole_forces.sum(axis=1)
    weight = e.mass * np.array([0.0, 0.0, -e.gravity])
    rest = e.mass * e.com_acceleration - ground - weight
    odd = np.linalg.norm(rest, axis=1) > UNEXPLAINED

    found = []
    if (gap > LACKS).any():
        found.append((t[np.argmax(gap > LACKS)], 0, "motor"))
    if slip.any():
        found.append((when[1:][np.argmax(slip)], 1, "slip"))
    if odd.any():
        k = np.argmax(odd)
        mean = rest[(t >= t[k]) & (t < t[k] + AT_FIRST)].mean(axis=0)
        load = -mean[2] > np.hypot(mean[0], mean[1])
        found.append((t[k], 2, "load" if load else "push"))
    if not found:
        raise ValueError("nothing happened")
    time, _, cause = min(found)
    return Diagnosis(cause, float(time))


@wrong("load-called-push")
def diagnose(evidence):
    e = evidence
    t = e.time
    asked = np.clip(e.asked_torques, -e.torque_limits, e.torque_limits)
    gap = np.abs(asked - e.given_torques).max(axis=1)

    when = e.lab_time - e.lab_ahead
    carry = np.array([np.interp(when, t, e.sole_forces[:, k, 2]) for k in range(2)]).T > CARRIES
    move = np.linalg.norm(np.diff(e.sole_positions[..., :2], axis=0), axis=-1)
    speed = move / np.diff(when)[:, None]
    slip = ((speed > SLIDES) & carry[1:] & carry[:-1]).any(axis=1)

    ground = e.sole_forces.sum(axis=1)
    weight = e.mass * np.array([0.0, 0.0, -e.gravity])
    rest = e.mass * e.com_acceleration - ground - weight
    odd = np.linalg.norm(rest, axis=1) > UNEXPLAINED

    found = []
    if (gap > LACKS).any():
        found.append((t[np.argmax(gap > LACKS)], 0, "motor"))
    if slip.any():
        found.append((when[1:][np.argmax(slip)], 1, "slip"))
    if odd.any():
        k = np.argmax(odd)
        mean = rest[(t >= t[k]) & (t < t[k] + AT_FIRST)].mean(axis=0)
        load = -mean[2] > np.hypot(mean[0], mean[1])
        found.append((t[k], 2, "push"))
    if not found:
        raise ValueError("nothing happened")
    time, _, cause = min(found)
    return Diagnosis(cause, float(time))


@wrong("always-something")
def diagnose(evidence):
    e = evidence
    t = e.time
    asked = np.clip(e.asked_torques, -e.torque_limits, e.torque_limits)
    gap = np.abs(asked - e.given_torques).max(axis=1)

    when = e.lab_time - e.lab_ahead
    carry = np.array([np.interp(when, t, e.sole_forces[:, k, 2]) for k in range(2)]).T > CARRIES
    move = np.linalg.norm(np.diff(e.sole_positions[..., :2], axis=0), axis=-1)
    speed = move / np.diff(when)[:, None]
    slip = ((speed > SLIDES) & carry[1:] & carry[:-1]).any(axis=1)

    ground = e.sole_forces.sum(axis=1)
    weight = e.mass * np.array([0.0, 0.0, -e.gravity])
    rest = e.mass * e.com_acceleration - ground - weight
    odd = np.linalg.norm(rest, axis=1) > UNEXPLAINED

    found = []
    if (gap > LACKS).any():
        found.append((t[np.argmax(gap > LACKS)], 0, "motor"))
    if slip.any():
        found.append((when[1:][np.argmax(slip)], 1, "slip"))
    if odd.any():
        k = np.argmax(odd)
        mean = rest[(t >= t[k]) & (t < t[k] + AT_FIRST)].mean(axis=0)
        load = -mean[2] > np.hypot(mean[0], mean[1])
        found.append((t[k], 2, "load" if load else "push"))
    if not found:
        found.append((t[-1], 3, "push"))
    time, _, cause = min(found)
    return Diagnosis(cause, float(time))


@wrong("first-sample-only")
def diagnose(evidence):
    e = evidence
    t = e.time
    asked = np.clip(e.asked_torques, -e.torque_limits, e.torque_limits)
    gap = np.abs(asked - e.given_torques).max(axis=1)

    when = e.lab_time - e.lab_ahead
    carry = np.array([np.interp(when, t, e.sole_forces[:, k, 2]) for k in range(2)]).T > CARRIES
    move = np.linalg.norm(np.diff(e.sole_positions[..., :2], axis=0), axis=-1)
    speed = move / np.diff(when)[:, None]
    slip = ((speed > SLIDES) & carry[1:] & carry[:-1]).any(axis=1)

    ground = e.sole_forces.sum(axis=1)
    weight = e.mass * np.array([0.0, 0.0, -e.gravity])
    rest = e.mass * e.com_acceleration - ground - weight
    odd = np.linalg.norm(rest, axis=1) > UNEXPLAINED

    found = []
    if (gap > LACKS).any():
        found.append((t[np.argmax(gap > LACKS)], 0, "motor"))
    if slip.any():
        found.append((when[1:][np.argmax(slip)], 1, "slip"))
    if odd.any():
        k = np.argmax(odd)
        mean = rest[k]
        load = -mean[2] > np.hypot(mean[0], mean[1])
        found.append((t[k], 2, "load" if load else "push"))
    if not found:
        raise ValueError("nothing happened")
    time, _, cause = min(found)
    return Diagnosis(cause, float(time))


@wrong("mean-to-the-end")
def diagnose(evidence):
    e = evidence
    t = e.time
    asked = np.clip(e.asked_torques, -e.torque_limits, e.torque_limits)
    gap = np.abs(asked - e.given_torques).max(axis=1)

    when = e.lab_time - e.lab_ahead
    carry = np.array([np.interp(when, t, e.sole_forces[:, k, 2]) for k in range(2)]).T > CARRIES
    move = np.linalg.norm(np.diff(e.sole_positions[..., :2], axis=0), axis=-1)
    speed = move / np.diff(when)[:, None]
    slip = ((speed > SLIDES) & carry[1:] & carry[:-1]).any(axis=1)

    ground = e.sole_forces.sum(axis=1)
    weight = e.mass * np.array([0.0, 0.0, -e.gravity])
    rest = e.mass * e.com_acceleration - ground - weight
    odd = np.linalg.norm(rest, axis=1) > UNEXPLAINED

    found = []
    if (gap > LACKS).any():
        found.append((t[np.argmax(gap > LACKS)], 0, "motor"))
    if slip.any():
        found.append((when[1:][np.argmax(slip)], 1, "slip"))
    if odd.any():
        k = np.argmax(odd)
        mean = rest[k:].mean(axis=0)
        load = -mean[2] > np.hypot(mean[0], mean[1])
        found.append((t[k], 2, "load" if load else "push"))
    if not found:
        raise ValueError("nothing happened")
    time, _, cause = min(found)
    return Diagnosis(cause, float(time))


@wrong("upwards-is-load")
def diagnose(evidence):
    e = evidence
    t = e.time
    asked = np.clip(e.asked_torques, -e.torque_limits, e.torque_limits)
    gap = np.abs(asked - e.given_torques).max(axis=1)

    when = e.lab_time - e.lab_ahead
    carry = np.array([np.interp(when, t, e.sole_forces[:, k, 2]) for k in range(2)]).T > CARRIES
    move = np.linalg.norm(np.diff(e.sole_positions[..., :2], axis=0), axis=-1)
    speed = move / np.diff(when)[:, None]
    slip = ((speed > SLIDES) & carry[1:] & carry[:-1]).any(axis=1)

    ground = e.sole_forces.sum(axis=1)
    weight = e.mass * np.array([0.0, 0.0, -e.gravity])
    rest = e.mass * e.com_acceleration - ground - weight
    odd = np.linalg.norm(rest, axis=1) > UNEXPLAINED

    found = []
    if (gap > LACKS).any():
        found.append((t[np.argmax(gap > LACKS)], 0, "motor"))
    if slip.any():
        found.append((when[1:][np.argmax(slip)], 1, "slip"))
    if odd.any():
        k = np.argmax(odd)
        mean = rest[(t >= t[k]) & (t < t[k] + AT_FIRST)].mean(axis=0)
        load = abs(mean[2]) > np.hypot(mean[0], mean[1])
        found.append((t[k], 2, "load" if load else "push"))
    if not found:
        raise ValueError("nothing happened")
    time, _, cause = min(found)
    return Diagnosis(cause, float(time))


@wrong("one-sided")
def diagnose(evidence):
    e = evidence
    t = e.time
    asked = np.clip(e.asked_torques, -e.torque_limits, e.torque_limits)
    gap = (asked - e.given_torques).max(axis=1)

    when = e.lab_time - e.lab_ahead
    carry = np.array([np.interp(when, t, e.sole_forces[:, k, 2]) for k in range(2)]).T > CARRIES
    move = np.linalg.norm(np.diff(e.sole_positions[..., :2], axis=0), axis=-1)
    speed = move / np.diff(when)[:, None]
    slip = ((speed > SLIDES) & carry[1:] & carry[:-1]).any(axis=1)

    ground = e.sole_forces.sum(axis=1)
    weight = e.mass * np.array([0.0, 0.0, -e.gravity])
    rest = e.mass * e.com_acceleration - ground - weight
    odd = np.linalg.norm(rest, axis=1) > UNEXPLAINED

    found = []
    if (gap > LACKS).any():
        found.append((t[np.argmax(gap > LACKS)], 0, "motor"))
    if slip.any():
        found.append((when[1:][np.argmax(slip)], 1, "slip"))
    if odd.any():
        k = np.argmax(odd)
        mean = rest[(t >= t[k]) & (t < t[k] + AT_FIRST)].mean(axis=0)
        load = -mean[2] > np.hypot(mean[0], mean[1])
        found.append((t[k], 2, "load" if load else "push"))
    if not found:
        raise ValueError("nothing happened")
    time, _, cause = min(found)
    return Diagnosis(cause, float(time))


@wrong("tie-broken-otherwise")
def diagnose(evidence):
    e = evidence
    t = e.time
    asked = np.clip(e.asked_torques, -e.torque_limits, e.torque_limits)
    gap = np.abs(asked - e.given_torques).max(axis=1)

    when = e.lab_time - e.lab_ahead
    carry = np.array([np.interp(when, t, e.sole_forces[:, k, 2]) for k in range(2)]).T > CARRIES
    move = np.linalg.norm(np.diff(e.sole_positions[..., :2], axis=0), axis=-1)
    speed = move / np.diff(when)[:, None]
    slip = ((speed > SLIDES) & carry[1:] & carry[:-1]).any(axis=1)

    ground = e.sole_forces.sum(axis=1)
    weight = e.mass * np.array([0.0, 0.0, -e.gravity])
    rest = e.mass * e.com_acceleration - ground - weight
    odd = np.linalg.norm(rest, axis=1) > UNEXPLAINED

    found = []
    if (gap > LACKS).any():
        found.append((t[np.argmax(gap > LACKS)], 0, "motor"))
    if slip.any():
        found.append((when[1:][np.argmax(slip)], 1, "slip"))
    if odd.any():
        k = np.argmax(odd)
        mean = rest[(t >= t[k]) & (t < t[k] + AT_FIRST)].mean(axis=0)
        load = -mean[2] > np.hypot(mean[0], mean[1])
        found.append((t[k], -1, "load" if load else "push"))
    if not found:
        raise ValueError("nothing happened")
    time, _, cause = min(found)
    return Diagnosis(cause, float(time))


@right("one-after-the-other")
def diagnose(evidence):
    limits, ground = evidence.torque_limits, evidence.sole_forces
    begins = {}
    for k, time in enumerate(evidence.time.tolist()):
        could = np.minimum(np.maximum(evidence.asked_torques[k], -limits), limits)
        if np.any(np.abs(could - evidence.given_torques[k]) > LACKS):
            begins.setdefault("motor", time)
        force = evidence.mass * evidence.com_acceleration[k] - ground[k, 0] - ground[k, 1]
        force[2] += evidence.mass * evidence.gravity
        if np.sqrt(force @ force) > UNEXPLAINED:
            begins.setdefault("other", time)
    lab = [stamp - evidence.lab_ahead for stamp in evidence.lab_time.tolist()]
    for k in range(1, len(lab)):
        for sole in (0, 1):
            loads = np.interp([lab[k - 1], lab[k]], evidence.time, ground[:, sole, 2])
            x, y, _ = evidence.sole_positions[k, sole] - evidence.sole_positions[k - 1, sole]
            if loads.min() > CARRIES and np.hypot(x, y) / (lab[k] - lab[k - 1]) > SLIDES:
                begins.setdefault("slip", lab[k])
    earliest = [name for name in ("motor", "slip", "other") if name in begins]
    if not earliest:
        raise ValueError("no accident")
    name = sorted(earliest, key=begins.__getitem__)[0]
    time = begins[name]
    if name != "other":
        return Diagnosis(cause=name, time=time)
    total, count = np.zeros(3), 0
    for k, moment in enumerate(evidence.time.tolist()):
        if time <= moment < time + AT_FIRST:
            total += evidence.mass * evidence.com_acceleration[k] - ground[k].sum(axis=0)
            total[2] += evidence.mass * evidence.gravity
            count += 1
    sideways = np.hypot(total[0], total[1])
    return Diagnosis("load" if -total[2] > sideways else "push", time)
