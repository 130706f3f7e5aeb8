"""What a run says: success by split, family and pair, chains, times, confidence, and why what failed has failed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from vla_course.learning.evaluation.chains import LENGTH
from vla_course.learning.evaluation.episodes import CONTROLS, Episode, Split
from vla_course.learning.evaluation.evaluating import Run
from vla_course.learning.evaluation.outcomes import Outcome
from vla_course.simulation.scene.things import HELD_OUT

BINS: Final = 10
"""of a reliability diagram, all of one width"""
MEANT, SAID = "not sure which thing was meant", "not sure what was said, or did not understand it"
REASONS: Final[Sequence[tuple[str, str]]] = (
    (r"fell", "fell"),
    (r"moved the ", "knocked a thing about"),
    (r"dropped the ", "dropped a thing"),
    (r"bumped into the person", "bumped into the person"),
    (r"hit the table", "hit the table"),
    (r"collided with itself", "collided with itself"),
    (r"wrong hand", "used the wrong hand"),
    (r"I am not sure what is meant", MEANT),
    (r"I am not sure what|I do not understand", SAID),
    (r"I was told nothing", "was told nothing"),
    (r"I never learned|I do one thing", "does not know how to"),
    (r"there is (nothing|no person) in sight", "did not see what it needed"),
    (r"out of time", "out of time"),
    (r"the rule does not hold", "thought that it was done, and it was not"),
    (r"broke: ", "the program broke"),
)
"""how what went wrong begins, and what it is an example of; anything else is an errand that was given up"""
GAVE_UP: Final = "gave up: no plan was found, or one went wrong"


def reason(trouble: str) -> str:
    """Return what a failure is an example of."""
    return next((name for begins, name in REASONS if re.match(begins, trouble)), GAVE_UP)


@dataclass(frozen=True)
class Row:
    """The episodes of one line of the summary.

    Attributes:
        name: the split, with a factor where one was changed.
        split, factor: both apart.
        family, pair: the family, or the held-out pair, where it is about one; else empty.
        outcomes: of the policy.
        experts: of the expert in the same tasks, as far as one stood beside; none in a control, where nobody can know
            what to do.
    """

    name: str
    split: Split
    factor: str
    family: str
    pair: str
    outcomes: tuple[Outcome, ...]
    experts: tuple[Outcome, ...]

    @property
    def done(self) -> int:
        """How many were done."""
        return sum(one.done for one in self.outcomes)

    @property
    def instead(self) -> int:
        """In how many the command was done that was not given, instead of the one that was."""
        return sum(one.other and not one.done for one in self.outcomes)

    @property
    def fell(self) -> int:
        """In how many the robot fell."""
        return sum(one.fell for one in self.outcomes)


def rows(run: Run) -> Iterator[Row]:
    """Yield a line for each split, and for its families and held-out pairs after it, in the order of `SPLITS`."""
    episodes = sorted(run.episodes, key=lambda one: one.order)
    for name in dict.fromkeys(one.line for one in episodes):
        of_line = [one for one in episodes if one.line == name]
        yield _row(run, of_line)
        families = dict.fromkeys(one.family for one in of_line)
        if len(families) > 1:
            for family in families:
                yield _row(run, [one for one in of_line if one.family == family], family=family)
        for pair in HELD_OUT:
            of_pair = [one for one in of_line if run.outcomes[one.key].pair == pair]
            if of_pair:
                yield _row(run, of_pair, pair=pair)


def lines(run: Run) -> list[Row]:
    """Return the lines of whole splits."""
    return [row for row in rows(run) if not row.family and not row.pair]


def _row(run: Run, of: Sequence[Episode], family: str = "", pair: str = "") -> Row:
    one = of[0]
    keys = [] if one.split in CONTROLS else [one.expert_key for one in of]
    experts = tuple(run.experts[key] for key in keys if key in run.experts)
    outcomes = tuple(run.outcomes[one.key] for one in of)
    return Row(one.line, one.split, one.factor, family, pair, outcomes, experts)


def by_reason(outcomes: Sequence[Outcome]) -> dict[str, list[Outcome]]:
    """Return those that failed by what their failures are examples of, the commonest first."""
    found: dict[str, list[Outcome]] = {}
    for one in outcomes:
        if not one.done:
            found.setdefault(reason(one.trouble), []).append(one)
    return dict(sorted(found.items(), key=lambda item: -len(item[1])))


def in_a_row(outcomes: Sequence[Outcome]) -> list[float]:
    """Return which fraction of chains had at least one, two ... commands done in a row.

    Their sum is how many were, on the average.
    """
    return [sum(one.in_row >= k for one in outcomes) / len(outcomes) for k in range(1, LENGTH + 1)]


def times_to_success(outcomes: Sequence[Outcome]) -> tuple[float, float, float] | None:
    """Return lower quartile, median and upper quartile of the s to success; None where nothing was done."""
    times = [one.simulated for one in outcomes if one.done]
    if not times:
        return None
    low, middle, high = np.quantile(times, (0.25, 0.5, 0.75)).tolist()
    return low, middle, high


@dataclass(frozen=True)
class Bin:
    """Episodes of about one confidence."""

    sure: float
    """their mean"""
    done: int
    n: int


def reliability(outcomes: Sequence[Outcome]) -> list[Bin]:
    """Return episodes by how sure the policy was, in ten equal bins; empty ones are left out."""
    found = []
    for k in range(BINS):
        of_bin = [one for one in outcomes if min(int(BINS * one.sure), BINS - 1) == k]
        if of_bin:
            sure = sum(one.sure for one in of_bin) / len(of_bin)
            found.append(Bin(sure, sum(one.done for one in of_bin), len(of_bin)))
    return found


def calibration_error(bins: Sequence[Bin]) -> float:
    """Return how far confidence and success lie apart in the bins, each counted by its episodes.

    The expected calibration error of Guo, Pleiss, Sun and Weinberger (2017), equation 3.
    """
    return sum(one.n * abs(one.sure - one.done / one.n) for one in bins) / sum(one.n for one in bins)


def told_right(run: Run) -> Mapping[str, tuple[bool, bool]]:
    """Return, task by task, whether it was done when it was told and when nothing was, where both are in the run."""
    found = {}
    for one in run.episodes:
        told = one.task_key  # that is the key of the same task in words of training
        if one.split == "empty" and not one.factor and told in run.outcomes:
            found[told] = (run.outcomes[told].done, run.outcomes[one.key].done)
    return found
