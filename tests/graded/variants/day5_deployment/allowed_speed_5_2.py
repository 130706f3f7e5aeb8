"""Answers to 5.2 as students write them."""

from math import sqrt

from scipy.optimize import brentq

from vla_course.course.source.variants import right, wrong
from vla_course.deployment.safety.limits import UNKNOWN_PERSON


@wrong("unknown-stands-still")
def allowed_speed(distance, person_speed, separation):
    s, h = separation, max(person_speed or 0.0, 0.0)
    room = distance - h * s.reaction_time - s.intrusion - s.uncertainty
    k = s.deceleration * s.reaction_time + h
    return 0.0 if room <= 0 else min(sqrt(k * k + 2 * s.deceleration * room) - k, s.fastest)


@wrong("person-stops-with-robot")
def allowed_speed(distance, person_speed, separation):
    s, h = separation, UNKNOWN_PERSON if person_speed is None else max(person_speed, 0.0)
    room = distance - h * s.reaction_time - s.intrusion - s.uncertainty
    k = s.deceleration * s.reaction_time
    return 0.0 if room <= 0 else min(sqrt(k * k + 2 * s.deceleration * room) - k, s.fastest)


@wrong("reaction-forgotten")
def allowed_speed(distance, person_speed, separation):
    s, h = separation, UNKNOWN_PERSON if person_speed is None else max(person_speed, 0.0)
    room = distance - s.intrusion - s.uncertainty
    return 0.0 if room <= 0 else min(sqrt(h * h + 2 * s.deceleration * room) - h, s.fastest)


@wrong("person-does-not-react-either")
def allowed_speed(distance, person_speed, separation):
    s, h = separation, UNKNOWN_PERSON if person_speed is None else max(person_speed, 0.0)
    room = distance - s.intrusion - s.uncertainty
    k = s.deceleration * s.reaction_time + h
    return 0.0 if room <= 0 else min(sqrt(k * k + 2 * s.deceleration * room) - k, s.fastest)


@wrong("braking-forgotten")
def allowed_speed(distance, person_speed, separation):
    s, h = separation, UNKNOWN_PERSON if person_speed is None else max(person_speed, 0.0)
    room = distance - h * s.reaction_time - s.intrusion - s.uncertainty
    return 0.0 if room <= 0 else min(room / (s.reaction_time + h / s.deceleration), s.fastest)


@wrong("half-forgotten")
def allowed_speed(distance, person_speed, separation):
    s, h = separation, UNKNOWN_PERSON if person_speed is None else max(person_speed, 0.0)
    room = distance - h * s.reaction_time - s.intrusion - s.uncertainty
    k = s.deceleration * s.reaction_time + h
    return 0.0 if room <= 0 else min((sqrt(k * k + 4 * s.deceleration * room) - k) / 2, s.fastest)


@wrong("uncertainty-forgotten")
def allowed_speed(distance, person_speed, separation):
    s, h = separation, UNKNOWN_PERSON if person_speed is None else max(person_speed, 0.0)
    room = distance - h * s.reaction_time
    k = s.deceleration * s.reaction_time + h
    return 0.0 if room <= 0 else min(sqrt(k * k + 2 * s.deceleration * room) - k, s.fastest)


@wrong("below-zero")
def allowed_speed(distance, person_speed, separation):
    s, h = separation, UNKNOWN_PERSON if person_speed is None else max(person_speed, 0.0)
    room = distance - h * s.reaction_time - s.intrusion - s.uncertainty
    k = s.deceleration * s.reaction_time + h
    return min(sqrt(max(k * k + 2 * s.deceleration * room, 0.0)) - k, s.fastest)


@wrong("not-a-number")
def allowed_speed(distance, person_speed, separation):
    s, h = separation, UNKNOWN_PERSON if person_speed is None else max(person_speed, 0.0)
    room = distance - h * s.reaction_time - s.intrusion - s.uncertainty
    k = s.deceleration * s.reaction_time + h
    return float("nan") if room < 0 else min(sqrt(k * k + 2 * s.deceleration * room) - k, s.fastest)


@wrong("not-capped")
def allowed_speed(distance, person_speed, separation):
    s, h = separation, UNKNOWN_PERSON if person_speed is None else max(person_speed, 0.0)
    room = distance - h * s.reaction_time - s.intrusion - s.uncertainty
    k = s.deceleration * s.reaction_time + h
    return 0.0 if room <= 0 else sqrt(k * k + 2 * s.deceleration * room) - k


@wrong("going-away-is-no-room")
def allowed_speed(distance, person_speed, separation):
    s, h = separation, UNKNOWN_PERSON if person_speed is None else person_speed
    room = distance - h * s.reaction_time - s.intrusion - s.uncertainty
    k = s.deceleration * s.reaction_time + h
    return 0.0 if room <= 0 else min(sqrt(k * k + 2 * s.deceleration * room) - k, s.fastest)


@right("by-search")
def allowed_speed(distance, person_speed, separation):
    s = separation
    walks = UNKNOWN_PERSON if person_speed is None else max(person_speed, 0.0)

    def left(v):
        stopping = v / s.deceleration
        used = walks * (s.reaction_time + stopping) + v * s.reaction_time + v * stopping / 2.0
        return distance - used - s.intrusion - s.uncertainty

    if left(0.0) <= 0.0:
        return 0.0
    if left(s.fastest) >= 0.0:
        return s.fastest
    return float(brentq(left, 0.0, s.fastest, xtol=1e-14, rtol=1e-14))


@right("the-other-root-formula")
def allowed_speed(distance, person_speed, separation):
    s = separation
    walks = max(person_speed, 0.0) if person_speed is not None else UNKNOWN_PERSON
    c = distance - walks * s.reaction_time - s.intrusion - s.uncertainty
    if c <= 0.0:
        return 0.0
    b = s.reaction_time + walks / s.deceleration
    return min(2.0 * c / (b + sqrt(b * b + 2.0 * c / s.deceleration)), s.fastest)
