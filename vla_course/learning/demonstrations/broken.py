"""Episodes that nobody should learn from unseen: found by rules that know nothing of how they were made.

A rule answers for one episode; `find_broken` asks all of them. A failure that says so is no fault: it is labelled.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import radians
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vla_course.learning.demonstrations.layout import ACTION_NAMES
from vla_course.learning.demonstrations.reader import Demonstrations, Episode
from vla_course.learning.environment.action_space import STANCES
from vla_course.learning.environment.commanded_body import ARM_SPEED, STANCE_SPEEDS
from vla_course.learning.environment.proprioception import STATE
from vla_course.learning.model.joint_range import joint_range
from vla_course.simulation.robot.layout import ACTION, JOINT_NAMES
from vla_course.simulation.tasks.goals_hands import AWAY, LIFTED, POINTED, REACHED
from vla_course.simulation.tasks.instructions import Instruction
from vla_course.simulation.tasks.scenes import AHEAD, distance_of, turn_of
from vla_course.simulation.world.rotation import rotate

STILL_SECONDS: Final = 5.0
"""s, for which a robot that is not told to stand still may rest in the same posture"""
STILL: Final = 0.01
"""rad, by which joints move that rest"""
FASTEST_JOINT: Final = 8.0
"""rad/s, that no joint of a healthy robot exceeds (`benchmarks/body.py`)"""
HASTE: Final = 2.0
"""times the speed that arms and stance have: who asks for more has changed its plans; the head may be asked to look
elsewhere at once"""
SATURATED: Final = 0.3
"""of an episode, for which a number of its actions may be at its limit; grippers and a gaze at the neck's limits are
there by design"""
FENCES: Final = 3.0
"""interquartile ranges beyond the quartiles of a skill's lengths, where outliers begin (Tukey 1977: far out)"""
ENOUGH: Final = 8
"""episodes of a skill, from which on it has outliers"""
DRIFT: Final = 0.2
"""m, by which odometry may be wrong after a walk, and tolerances of tasks may add to it"""
DRIFT_TURN: Final = radians(12.0)
"""rad, the same of a turn"""
NEARBY: Final = 0.13
"""m, from a tool point to the middle of a thing that it touches, at most"""

Numbers = NDArray[np.floating]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with an episode."""

    episode: int
    kind: str
    told: str


def find_broken(demonstrations: Demonstrations) -> list[Fault]:
    """Return what is wrong with which episodes, in their order."""
    lengths: dict[str, list[int]] = {}
    for one in demonstrations.episodes:
        lengths.setdefault(one.skill, []).append(len(one))
    found = [
        Fault(one.index, kind, told)
        for one in demonstrations.episodes
        for kind, rule in RULES.items()
        for told in rule(demonstrations, one)
    ]
    for one in demonstrations.episodes:
        least, most = fences(lengths[one.skill])
        if not least <= len(one) <= most:
            told = f"{len(one)} frames, where {one.skill} has {least:.0f} to {most:.0f}"
            found.append(Fault(one.index, "length", told))
    return sorted(found, key=lambda fault: fault.episode)


def fences(lengths: list[int]) -> tuple[float, float]:
    """Return between which lengths there are no outliers; of a few episodes anything goes."""
    if len(lengths) < ENOUGH:
        return 0.0, np.inf
    low, high = (float(part) for part in np.quantile(lengths, (0.25, 0.75)))
    return low - FENCES * (high - low), high + FENCES * (high - low)


def _stuck(demonstrations: Demonstrations, one: Episode) -> Iterator[str]:
    """A robot rests for long that has something to do."""
    window = round(STILL_SECONDS / demonstrations.period)
    joints = demonstrations.states[one.start : one.stop, STATE.positions]
    if one.skill == "stand still" or len(joints) <= window:
        return
    # Each joint's span within every window.
    views = np.lib.stride_tricks.sliding_window_view(joints, window, axis=0)
    still = np.flatnonzero(np.ptp(views, axis=2).max(axis=1) < STILL)
    if len(still):
        yield f"the robot rests from frame {still[0]} on for {STILL_SECONDS:g} s or more"


def _jumps(demonstrations: Demonstrations, one: Episode) -> Iterator[str]:
    """Joints are where they cannot have come to, or are asked to go where they cannot."""
    span, dt = slice(one.start, one.stop), demonstrations.period
    moved = np.abs(np.diff(demonstrations.states[span, STATE.positions], axis=0)) / dt
    if len(moved) and moved.max() > FASTEST_JOINT:
        frame, joint = np.unravel_index(int(moved.argmax()), moved.shape)
        yield f"{JOINT_NAMES[joint]} moves at {moved.max():.1f} rad/s at frame {frame + 1}, {FASTEST_JOINT:g} at most"
    asked, limits = _command_speeds(demonstrations.actions[span], dt)
    over = asked / limits
    if len(over) and over.max() > HASTE:
        frame, part = np.unravel_index(int(over.argmax()), over.shape)
        name = (*ACTION_NAMES[ACTION.arms], *ACTION_NAMES[ACTION.stance])[part]
        yield f"{name} is asked to go {over.max():.1f} times as fast as it can at frame {frame + 1}"


def _command_speeds(actions: Numbers, dt: float) -> tuple[Numbers, Numbers]:
    """Return how fast (n - 1, 17) intended arms and stance move, and how fast they can (17,)."""
    joints = joint_range()
    width = (joints.upper - joints.lower) / 2.0
    units = np.concatenate((width[ACTION.arms], STANCES))
    parts = np.concatenate((actions[:, ACTION.arms], actions[:, ACTION.stance]), axis=1)
    limits = np.concatenate((np.full(14, ARM_SPEED), STANCE_SPEEDS))
    return np.abs(np.diff(parts, axis=0)) * units / dt, limits


def _saturated(demonstrations: Demonstrations, one: Episode) -> Iterator[str]:
    """An action asks for its limit much of the time: perhaps it meant more."""
    actions = demonstrations.actions[one.start : one.stop]
    for part in (ACTION.arms, ACTION.base_velocity, ACTION.stance):
        often = (np.abs(actions[:, part]) > 0.999).mean(axis=0)
        if often.max() > SATURATED:
            name = ACTION_NAMES[part.start + int(often.argmax())]
            yield f"{name} is at its limit in {often.max():.0%} of the frames"


# ---- the label against physics -----------------------------------------------------------------


def _label(demonstrations: Demonstrations, one: Episode) -> Iterator[str]:
    """An episode is called a success, and what the robot felt and where the thing was says otherwise."""
    if one.success != (one.failure == ""):
        yield f"success is {one.success}, and failure says {one.failure!r}"
    if one.success and (why := _not_done(demonstrations, one)):
        yield f"called a success, but {why}"


def _not_done(demonstrations: Demonstrations, one: Episode) -> str:
    """Return why a task cannot have been done, empty where it can have been."""
    said = Instruction(**json.loads(one.about["instruction"]))
    end = one.stop - 1
    ahead, left, turned, steps = demonstrations.states[end, STATE.odometry].tolist()
    match said.skill:
        case "walk":
            x, y = AHEAD[said.direction or "forward"]
            far, wanted = x * ahead + y * left, distance_of(said)
            slack = DRIFT + (0.5 if said.amount is None else 0.1 * wanted)
            return "" if abs(far - wanted) < slack else f"the robot came {far:.2f} m and not {wanted:.2f}"
        case "turn":
            wanted = turn_of(said)
            turned = abs(turned) if said.direction is None else turned
            slack = DRIFT_TURN + (radians(30.0) if said.amount is None else 0.0)
            return "" if abs(turned - wanted) < slack else f"it turned by {np.degrees(turned):.0f} degrees"
        case "stand still":
            return f"it made {steps:.0f} steps" if steps else ""
        case "reach for" | "point at" | "pick up":
            return _not_by_hand(said.skill, demonstrations, one)
    return ""


def _not_by_hand(skill: str, demonstrations: Demonstrations, one: Episode) -> str:
    end, first = one.stop - 1, one.start
    thing = demonstrations.targets[end, 0]
    hands = demonstrations.hands[end].reshape(2, 7)
    nearest = float(np.linalg.norm(hands[:, :3] - thing, axis=1).min())
    if skill == "reach for" and nearest > REACHED + NEARBY:
        return f"the nearer hand is {100 * nearest:.0f} cm from the thing"
    if skill == "point at":
        misses = min(_misses(hand, thing) for hand in hands)
        if nearest < AWAY - 0.03 or misses > POINTED + 0.03:
            return f"the line of the fingers passes it by {100 * misses:.0f} cm"
    if skill == "pick up":
        down = [_down(demonstrations.states[frame]) for frame in (first, end)]
        rises = float(down[0] @ demonstrations.targets[first, 0] - down[1] @ thing)
        if nearest > NEARBY or rises < LIFTED - 0.06:
            return f"the thing is {100 * nearest:.0f} cm from the hand and {100 * rises:.0f} cm higher"
    return ""


def _misses(hand: Numbers, thing: Numbers) -> float:
    """Return by how much m the line of a hand's fingers passes a thing; infinite where that is behind the hand."""
    axis = np.array(rotate(hand[3:].tolist(), (1.0, 0.0, 0.0)))
    way = thing - hand[:3]
    along = float(axis @ way)
    return float(np.linalg.norm(way - along * axis)) if along > 0.0 else np.inf


def _down(state: Numbers) -> Numbers:
    """Return where down is (3,), in the pelvis frame."""
    return state[STATE.gravity]


Rule = Callable[[Demonstrations, Episode], Iterator[str]]
RULES: Final[dict[str, Rule]] = {"stuck": _stuck, "jump": _jumps, "saturated": _saturated, "label": _label}
"""what may be wrong, and who says so; numbers that are not finite are refused by the reader"""
