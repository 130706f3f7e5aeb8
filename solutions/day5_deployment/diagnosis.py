"""Why did it fall? A flight recording is read backwards from the ground to what came first."""

import numpy as np

from vla_course.course.exercise import NotAttempted, exercise
from vla_course.deployment.recorder.accidents.evidence import Diagnosis, Evidence

UNEXPLAINED = 60.0
"""N, a force that neither the ground nor weight accounts for; in a quiet walk it stays below 25"""
AT_FIRST = 0.1
"""s, over whose mean the first moments of such a force are judged"""
CARRIES = 100.0
"""N upwards, from which on a sole carries"""
SLIDES = 0.1
"""m/s along the ground, faster than which no sole moves that carries; in a quiet walk it stays below 0.06"""
LACKS = 10.0
"""N m, between what a motor could have given of what it was asked for, and what it gave; in a quiet walk below 1"""


@exercise("5.10")
def diagnose(evidence: Evidence) -> Diagnosis:
    """Return what made a robot fall, and when it first showed.

    A robot that falls does everything wrong at once: soles slide, motors are asked for more than they have, the
    ground hits back. All of that is effect. The cause is what showed first, on one clock. One of four:

    - `"motor"`: what a motor gave was more than `LACKS` away from what could be expected of it. That is what it was
      asked for, but to either side no more than its limit.
    - `"slip"`: a sole that carried moved along the ground faster than `SLIDES`, from one picture of the laboratory to
      the next. It carries if its force, as known at both pictures (between two samples, in proportion), is above
      `CARRIES` upwards. A sole that does not carry may move as it likes.
    - `"push"` and `"load"`: the body accelerated otherwise than by the forces that are known. By Newton's second law
      (the ground under both soles, and weight) something else pulled at it, by more than `UNEXPLAINED`. If that force,
      in the mean over the samples from then on until before `AT_FIRST` later, is larger downwards than along the
      ground, somebody had hung a load on it: `"load"`; else it was pushed.

    The moment is that of the sample that shows it, or of the later of the two pictures, on the robot's clock. The
    pictures' stamps are the laboratory's. Of equally early causes the one named first above counts.

    Args:
        evidence: of a robot that walks, from before anything went wrong until it lies on the ground.

    Returns:
        `cause` and `time` s, on the robot's clock.

    Raises:
        ValueError: none of the four shows.
    """
    # BEGIN SOLUTION
    asked = np.clip(evidence.asked_torques, -evidence.torque_limits, evidence.torque_limits)
    lacks = (np.abs(evidence.given_torques - asked) > LACKS).any(axis=1)

    seen = evidence.lab_time - evidence.lab_ahead
    upwards = evidence.sole_forces[:, :, 2]
    carries = np.stack([np.interp(seen, evidence.time, load) > CARRIES for load in upwards.T], axis=1)
    way = np.linalg.norm(np.diff(evidence.sole_positions[:, :, :2], axis=0), axis=2)
    fast = way > SLIDES * np.diff(seen)[:, None]
    slides = (fast & carries[1:] & carries[:-1]).any(axis=1)

    weight = np.array([0.0, 0.0, -evidence.mass * evidence.gravity])
    other = evidence.mass * evidence.com_acceleration - evidence.sole_forces.sum(axis=1) - weight
    pulled = np.linalg.norm(other, axis=1) > UNEXPLAINED

    shown = {
        "motor": evidence.time[lacks],
        "slip": seen[1:][slides],
        "push": evidence.time[pulled],
    }
    first = {cause: float(times[0]) for cause, times in shown.items() if len(times)}
    if not first:
        raise ValueError("nothing in the recording is out of the ordinary, expected an accident")
    cause = min(first, key=lambda name: first[name])
    if cause == "push":
        since = evidence.time - first[cause]
        force = other[(since >= 0.0) & (since < AT_FIRST)].mean(axis=0)
        if -force[2] > np.hypot(force[0], force[1]):
            return Diagnosis("load", first[cause])
    return Diagnosis(cause, first[cause])
    # END SOLUTION
