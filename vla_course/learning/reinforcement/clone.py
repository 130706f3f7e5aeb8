"""A skill of one hand, cloned from demonstrations: what a few of them leave is what trying is to mend.

Told, place and state come as the right hand has them; a left hand's come through the mirror. Of the state it gets arms
and stance alone: from a few dozen demonstrations a network learns whatever happens to go along with what was done,
and the legs of a robot that stands tremble along with everything.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray

from vla_course.learning.environment.proprioception import STATE
from vla_course.learning.policy import spoken
from vla_course.learning.policy.chunk_policy import ROLES, ChunkPolicy
from vla_course.learning.policy.told import told
from vla_course.learning.reinforcement.mirror import mirrored_action, mirrored_place, mirrored_state
from vla_course.simulation.robot.layout import ARMS
from vla_course.simulation.tasks.tasks import Task

Floats = NDArray[np.float32]

ACTED: Final = 4
"""actions of a chunk that are done before the next one is asked for"""
SURE: Final = 0.65
"""-, how sure eyes are of the place: the middle of what training has them be"""

_FELT: Final = np.zeros(STATE.size, dtype=np.float32)
_FELT[STATE.positions][ARMS] = 1.0
_FELT[STATE.stance] = 1.0


@dataclass(frozen=True, eq=False)
class Glance:
    """What is known before a decision, as a right hand has it."""

    told: Floats
    """(T,), the command"""
    place: Floats
    """(3,) m, of the thing in the pelvis frame, as eyes have it"""
    state: Floats
    """(71,)"""


def glance(task: Task, place: Floats, state: Floats) -> Glance:
    """Return what a hand knows: the command of a task, a place (3,) m in the pelvis frame and a state (71,)."""
    words = told(replace(task.parts[0].instruction, hand="right"))
    if task.hand == "left":
        return Glance(words, mirrored_place(place), mirrored_state(state))
    return Glance(words, place, state)


def by_the_hand(task: Task, action: Floats) -> Floats:
    """Return an action (..., 36) of the right hand as one of the hand that a task asks for, and the other way round."""
    return mirrored_action(action) if task.hand == "left" else action


def felt(state: Floats) -> Floats:
    """Return what a clone is given of a state (..., 71): the rest is 0."""
    return state * _FELT


class Clone:
    """A cloned policy, frozen."""

    def __init__(self, policy: ChunkPolicy) -> None:
        self.policy = policy.eval().requires_grad_(False)

    @torch.no_grad()
    def chunk(self, seen: Glance) -> Floats:
        """Return the actions (H, 36) of the right hand for this decision and the next."""
        places = np.zeros((1, len(ROLES), 5), dtype=np.float32)
        places[0, 0, :3], places[0, 0, 3] = seen.place, SURE
        inputs = {
            "told": torch.from_numpy(seen.told[None]),
            "places": torch.from_numpy(places),
            "state": torch.from_numpy(felt(seen.state)[None]),
            "committed": torch.zeros(1, self.policy.config.horizon, spoken.SIZE),
            "given": torch.zeros(1, dtype=torch.int64),
        }
        chunk = self.policy.units(self.policy(inputs))[0].numpy()
        return spoken.acted(chunk, seen.state)
