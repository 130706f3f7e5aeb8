"""Which field of the frame's parts is which exercise, and parts that are made of them.

The frame takes its pieces as `...Parts`, with the reference's as the default. Here a student's stand in their place.
Where `VLA_COURSE_ISOLATE` names the exercises that are the student's own, every other function in the student's
files is the reference's (`course.isolation`): so a class with five exercises, two of which are solved, is whole.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final, Literal, TypeVar

from vla_course.deployment.executor.parts import ExecutorParts
from vla_course.deployment.monitors.parts import MonitorParts
from vla_course.deployment.runtimes.parts import RuntimeParts
from vla_course.deployment.safety.parts import SafetyParts
from vla_course.deployment.voice.belief import VoiceParts
from vla_course.learning.evaluation.parts import EvaluationParts
from vla_course.learning.reinforcement.options import ImproveParts
from vla_course.learning.training.parts import TrainingParts
from vla_course.motion.errands.parts import ErrandParts
from vla_course.motion.pipeline.parts import PipelineParts
from vla_course.motion.standing.balance_config import STANDING
from vla_course.motion.walking.parts import WalkingParts
from vla_course.serving.chunks.parts import ChunkParts
from vla_course.serving.inference.parts import InferenceParts
from vla_course.serving.stream.parts import StreamParts

Whose = Literal["exercises", "reference"]
Parts = TypeVar("Parts")


@dataclass(frozen=True)
class Piece:
    """Where a field of some parts comes from.

    Attributes:
        module: of the exercises, such as "day3_humanoid_balance.swing".
        symbol: a function or class in it.
        exercises: the ids of all that it is built on: whoever has solved one of them has a part in it.
        made: makes the field of what the symbol is.
    """

    module: str
    symbol: str
    exercises: tuple[str, ...]
    made: Callable[[Any], Any] = lambda found: found

    def of(self, whose: Whose) -> Any:
        """Return the field, by the student's file or by the reference's."""
        return self.made(getattr(import_module(f"vla_course.{whose}.{self.module}"), self.symbol))


def _day3(file: str, symbol: str, *exercises: str, made: Callable[[Any], Any] = lambda found: found) -> Piece:
    return Piece(f"day3_humanoid_balance.{file}", symbol, exercises, made)


def _day2(file: str, symbol: str, exercise: str) -> Piece:
    return Piece(f"day2_streaming_pipeline.{file}", symbol, (exercise,))


def _day4(file: str, symbol: str, exercise: str) -> Piece:
    return Piece(f"day4_training.{file}", symbol, (exercise,))


def _day5(file: str, symbol: str, exercise: str) -> Piece:
    return Piece(f"day5_deployment.{file}", symbol, (exercise,))


_BALANCE: Final = ("3.6", "3.8", "3.9", "3.10", "3.11", "3.12")
_GROUND: Final = ("3.18", "3.19", "3.20")
BALANCER: Final = _day3(
    "balance", "BalanceController", *_BALANCE, made=lambda controller: controller(STANDING)
)
PLANNER: Final = _day3("footsteps", "FootstepPlanner", *_GROUND, "3.21")

PIECES: Final[dict[type[Any], dict[str, Piece]]] = {
    WalkingParts: {
        "controller": _day3(
            "walking", "WalkingController", *_BALANCE, "3.16", "3.17", made=lambda controller: controller()
        ),
        "preview": _day3("preview", "PreviewController", "3.13", "3.14"),
        "swing_motion": _day3("swing", "swing_motion", "3.15"),
        "standing": BALANCER,
    },
    ErrandParts: {
        "planner": PLANNER,
        "solver": _day3("arm_ik", "InverseKinematicsSolver", "3.22"),
        "grasp_rule": _day3("reach", "grasp_thing", "3.24"),
        "timing": _day3("reach", "minimum_jerk", "3.23"),
    },
    PipelineParts: {
        "compensation": _day3("safety", "calculate_balance_compensation", "3.25"),
        "verifier": _day3("safety", "FootstepVerifier", *_GROUND, "3.26"),
        "planner": PLANNER,
    },
    ChunkParts: {
        "wait": _day2("chunks", "steps_to_wait", "2.6"),
        "weights": _day2("chunks", "ensemble_weights", "2.7"),
        "fade": _day2("chunks", "cross_fade", "2.8"),
        "merge": _day2("chunks", "merge_prefix", "2.9"),
    },
    InferenceParts: {
        "queue": _day2("queues", "NewestQueue", "2.2"),
        "latency": _day2("latency", "latency_by_stage", "2.3"),
        "evict": _day2("memory", "models_to_evict", "2.11"),
        "fallback": _day2("fallback", "choose_fallback", "2.10"),
    },
    StreamParts: {
        "overlapped": _day2("overlap", "overlapped", "2.5"),
        "one_answer": _day2("overlap", "one_answer", "2.4"),
    },
    EvaluationParts: {
        "success_interval": _day4("intervals", "success_interval", "4.11"),
        "paired_test": _day4("paired", "paired_test", "4.12"),
    },
    TrainingParts: {
        "windows": _day4("windows", "chunk_windows", "4.1"),
        "fit": _day4("statistics", "fit_statistics", "4.2"),
        "loss": _day4("losses", "chunk_loss", "4.3"),
        "step": _day4("training_step", "training_step", "4.4"),
    },
    ImproveParts: {
        "advantages": _day4("advantages", "advantages", "4.9"),
        "objective": _day4("ppo", "clipped_objective", "4.10"),
    },
    SafetyParts: {
        "clip_rates": _day5("barrier", "clip_rates", "5.1"),
        "allowed_speed": _day5("separation", "allowed_speed", "5.2"),
    },
    MonitorParts: {
        "threshold": _day5("monitors", "cusum_threshold", "5.3"),
        "distance": _day5("monitors", "mahalanobis", "5.4"),
    },
    RuntimeParts: {
        "quantize": _day5("quantization", "quantize_rows", "5.5"),
        "linear": _day5("quantization", "integer_linear", "5.6"),
    },
    ExecutorParts: {"tick": _day5("plans", "tick_sequence", "5.8")},
    VoiceParts: {"believed": _day5("speech", "believed", "5.11")},
}
"""for each kind of parts the piece that every field of it is; `ErrandParts.walking` is parts itself"""

PREPROCESS: Final = Piece("day1_fundamentals.preprocessing", "preprocess_image", ("1.1",))


@dataclass(frozen=True)
class Pieces:
    """The pieces of a whole robot, by the student's files or by the reference's; made anew whenever asked for."""

    whose: Whose

    def parts(self, kind: type[Parts]) -> Parts:
        """Return parts of a kind, each field of them loaded."""
        made = {field: piece.of(self.whose) for field, piece in PIECES[kind].items()}
        if kind is ErrandParts:
            made["walking"] = self.parts(WalkingParts)
        return kind(**made)

    def piece(self, piece: Piece) -> Any:
        """Return a single piece."""
        return piece.of(self.whose)


def exercises_of(*kinds: type[Any] | Piece) -> tuple[str, ...]:
    """Return the ids of all exercises that these parts and pieces are built on, in the order of the course."""
    pieces = [
        piece for kind in kinds for piece in ([kind] if isinstance(kind, Piece) else PIECES[kind].values())
    ]
    found = {exercise for piece in pieces for exercise in piece.exercises}
    return tuple(sorted(found, key=lambda exercise: [int(part) for part in exercise.split(".")]))
