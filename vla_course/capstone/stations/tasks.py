"""Tasks: the whole robot is told sentences. It hears, sees, plans and moves, and physics says what came of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import numpy as np
import torch

from vla_course.capstone.own.pieces import Pieces
from vla_course.capstone.stations.station import Notes
from vla_course.learning.evaluation.episodes import Episode
from vla_course.learning.evaluation.outcomes import Outcome
from vla_course.learning.evaluation.policies import Given
from vla_course.learning.evaluation.trial import carry_out_with
from vla_course.learning.planned.learned import LearnedGrounder, ears_and_eyes
from vla_course.learning.planned.policy import PlannedPolicy
from vla_course.learning.reading.heard import Heard
from vla_course.motion.errands.parts import ErrandParts
from vla_course.panels.drawing.film import RATE, FilmSize, StageFilm
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.tasks.instructions import Skill
from vla_course.simulation.tasks.stage import Stage

TOLD: Final[tuple[Skill, ...]] = (
    *("walk", "point at", "pick up", "go to"),
    *("look at", "place", "reach for", "turn"),
)
"""one sentence of each; the first ones where there has to be less"""
SENTENCES: Final = (2, len(TOLD))
"""quick and full"""
SCENES: Final = SENTENCES
FILM: Final = FilmSize(336, 252, 28)
FASTER: Final = 2.0
"""than in truth films run"""


class Noted(PlannedPolicy):
    """A planned policy that remembers what was raised in it, where an evaluation only says that it broke."""

    fault: Exception | None = None

    def perform(self, humanoid: Humanoid, sentence: str) -> Iterator[str]:
        """Do what a sentence says."""
        try:
            yield from super().perform(humanoid, sentence)
        except Exception as fault:
            self.fault = fault
            raise


def measure(pieces: Pieces, notes: Notes) -> None:
    """Tell the robot sentences, each in a scene of its own, and film what it does."""
    torch.set_num_threads(1)
    listen, finds = ears_and_eyes()
    outcomes = []
    for number, skill in enumerate(TOLD[: notes.few(*SENTENCES)]):
        film = notes.folder / f"{number}-{skill.replace(' ', '-')}.mp4"
        outcome = _carry_out(
            Episode("seen", skill, number, notes.seed),
            lambda given: _policy(listen, finds, given, pieces),
            film,
        )
        outcomes.append(outcome)
        notes.film(film, _caption(outcome))
        notes.done()
    notes.number("done", float(np.mean([one.done for one in outcomes])))
    notes.number("fell", float(np.mean([one.fell for one in outcomes])))


def _carry_out(episode: Episode, policy_of: Callable[[Given], Noted], film: Path) -> Outcome:
    """Carry out an episode and film it; what the student's code raises in it is raised here."""
    policies: list[Noted] = []

    def make(given: Given) -> Noted:
        policies.append(policy_of(given))
        return policies[-1]

    with ExitStack() as stack:
        films: list[StageFilm] = []

        def follow(stage: Stage) -> None:
            if not films:
                films.append(stack.enter_context(StageFilm(film, stage, FILM, FASTER / RATE)))
            films[0].follow()

        outcome = carry_out_with(episode, make, follow)
    for policy in policies:
        if policy.fault is not None:
            raise policy.fault
    return outcome


def _policy(listen: Callable[[str], Heard], finds: LearnedGrounder, given: Given, pieces: Pieces) -> Noted:
    return Noted(listen, finds, given.eyes, answer=given.answer, parts=lambda: pieces.parts(ErrandParts))


def _caption(outcome: Outcome) -> str:
    came = "done" if outcome.done else outcome.trouble
    return f"“{outcome.sentence}”: {came} after {outcome.simulated:.1f} s"
