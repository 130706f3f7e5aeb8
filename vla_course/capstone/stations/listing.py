"""All stations, in the order of the page: what each asks, what its numbers must reach, and for how many points."""

from __future__ import annotations

from typing import Final

from vla_course.capstone.own.pieces import BALANCER, PIECES, PLANNER, PREPROCESS, exercises_of
from vla_course.capstone.stations.station import (
    Axes,
    Property,
    Station,
    as_good,
    as_low,
    at_least,
    at_most,
)
from vla_course.learning.evaluation.parts import EvaluationParts
from vla_course.motion.errands.parts import ErrandParts
from vla_course.motion.pipeline.parts import PipelineParts
from vla_course.motion.walking.parts import WalkingParts
from vla_course.serving.chunks.parts import ChunkParts
from vla_course.serving.inference.parts import InferenceParts
from vla_course.serving.stream.parts import StreamParts

_HANDS: Final = tuple(PIECES[ErrandParts][field] for field in ("solver", "grasp_rule", "timing"))

BALANCE: Final = Station(
    "balance",
    "The robot stands, and a hand pushes it from all sides, harder and harder.",
    exercises_of(BALANCER),
    (
        Property("gentle", "pushed gently (up to 0.3 N s/kg), it stands", 6, at_least(1.0)),
        Property("rest", "and comes to rest, within 2 cm/s", 4, at_most(0.02), "m/s"),
        Property("hard", "pushed hard, it stands as often as the reference", 6, as_good(0.9)),
        Property("back", "pushed and pulled back, it stands as often", 4, as_good(0.9)),
    ),
    "balance",
    (24, 64),
    300.0,
    Axes("Harder pushes", "impulse (N s/kg)", "stands (fraction of all sides)", "more"),
)
WALKING: Final = Station(
    "walking",
    "It plans its steps round a pillar, walks there, and is bumped into while it walks.",
    exercises_of(WalkingParts, PLANNER),
    (
        Property("planned", "its plans lead to the place", 3, at_least(1.0)),
        Property("arrived", "it gets there on its feet, within 10 cm and 15°", 6, as_good(1.0)),
        Property("bumped", "bumped into in mid-walk, it stands as often as the reference", 6, as_good(0.85)),
    ),
    "walking",
    (3, 11),
    240.0,
)
HANDS: Final = Station(
    "hands",
    "An arm finds poses within its reach; then it takes things from a table and puts them down elsewhere.",
    exercises_of(*_HANDS),
    (
        Property("found", "it finds poses within reach as often as the reference", 5, as_good(0.95)),
        Property("placed", "what it takes it lifts, and puts down within 3 cm", 10, as_good(1.0)),
    ),
    "hands",
    (2, 4),
    180.0,
)
PLANS: Final = Station(
    "plans",
    "It is handed plans: too far, too quick, over an edge, into a block, and harmless ones.",
    exercises_of(PipelineParts),
    (
        Property("refused", "dangerous plans are not carried out as they are", 4, at_least(1.0)),
        Property("through", "harmless ones are let through", 2, at_least(1.0)),
        Property("mended", "what it makes of a plan the reference finds safe", 2, at_least(1.0)),
        Property(
            "loaded",
            "it makes room for 2 kg in its hand, as far from the edge of its soles",
            2,
            as_good(0.97),
            "m",
        ),
    ),
    "plans",
    (6, 19),
    180.0,
)
STREAM: Final = Station(
    "stream",
    "Chunks that come late, packets one behind the other, frames that age, answers that stay away.",
    exercises_of(ChunkParts, StreamParts, InferenceParts),
    (
        Property(
            "jerk soft", "promised and faded over, chunks join without a jerk", 3, as_low(1.1), "rad/s³"
        ),
        Property("jerk fade", "so do they when they are faded over alone", 2, as_low(1.1), "rad/s³"),
        Property("jerk ensemble", "and when they are averaged", 2, as_low(1.1), "rad/s³"),
        Property("missed", "ticks with nothing due are rare", 3, as_low(1.1, 1.0), "ticks"),
        Property("answered", "each packet has one answer, in order, prepared meanwhile", 4, at_least(1.0)),
        Property("age", "the frame that is looked at is the newest", 2, as_low(1.05), "s"),
        Property("ladder", "without answers: last chunk, hold, stand", 2, at_least(1.0)),
        Property("counted", "latency is told by packets", 1, at_least(1.0)),
        Property("loads", "the models that are in use stay loaded", 1, as_low(1.0), "loads"),
    ),
    "stream",
    (88, 214),
    180.0,
    Axes("Longer delay", "delay of an answer (s)", "jerk at borders (rad/s³)", "less"),
)
EYES: Final = Station(
    "eyes",
    "A sentence names a thing, and the light goes down.",
    exercises_of(PREPROCESS),
    (
        Property("bright", "in the light of the room, the named thing is found", 3, as_good(0.95)),
        Property("dim", "and in less light, as often as by the reference", 2, as_good(0.95)),
    ),
    "eyes",
    (8, 30),
    180.0,
    Axes("Less light", "light (of what the room has)", "found (fraction)", "more"),
)
NUMBERS: Final = Station(
    "numbers",
    "Policies are evaluated whose true success rates are known.",
    exercises_of(EvaluationParts),
    (
        Property("covers", "19 of 20 intervals hold the true rate", 1, at_least(0.93)),
        Property("wide", "and are no wider than they must", 1, as_low(1.03)),
        Property("false", "two alike are called different in a twentieth at most", 2, at_most(0.06)),
        Property("seen", "and a better one is seen to be better", 1, as_good(0.95)),
    ),
    "numbers",
    (2, 2),
    60.0,
)
TASKS: Final = Station(
    "tasks",
    "The whole robot is told sentences: words and pictures in, physics says what came of it.",
    exercises_of(ErrandParts, WalkingParts),
    (
        Property("done", "it does what it is told nearly as often as the reference", 7, as_good(0.75)),
        Property("fell", "and never falls", 3, at_most(0.0)),
    ),
    "tasks",
    (2, 8),
    600.0,
    whole=True,
)

# The safety layer of Day 5 (5.1 and 5.2) has its place here, behind PLANS: a module `stations/safety.py` with
# `measure(pieces, notes)`, its piece in `own/pieces.py`, and a Station of 10 points.
STATIONS: Final = (BALANCE, WALKING, HANDS, PLANS, STREAM, EYES, NUMBERS, TASKS)
"""in the order of the page"""


def station(name: str) -> Station:
    """Return a station by its name.

    Raises:
        ValueError: there is none.
    """
    for one in STATIONS:
        if one.name == name:
            return one
    raise ValueError(f"station is {name!r}, expected one of: {', '.join(one.name for one in STATIONS)}")
