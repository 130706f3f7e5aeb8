"""What a direct policy learns from: frames of demonstrations as told, places, state - and the chunk that followed."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from vla_course.learning.demonstrations.reader import Demonstrations, Episode
from vla_course.learning.environment.proprioception import STATE
from vla_course.learning.model.joint_range import joint_range
from vla_course.learning.policy import mirror, spoken
from vla_course.learning.policy.step import PUTS, is_taken, taking, without_aim
from vla_course.learning.policy.told import left_of, told
from vla_course.learning.policy.tools import POSE, TOOLS, tools_of
from vla_course.learning.training.parts import TrainingParts, Windows
from vla_course.simulation.robot.layout import ACTION, ARMS, SIDES
from vla_course.simulation.robot.state import Side
from vla_course.simulation.tasks.instructions import SKILLS, Instruction

Floats = NDArray[np.float32]

BLUR: Final = 0.004
"""m, standard deviation of where something is seen: what eyes err by, drawn anew for each sample"""


@dataclass(frozen=True, eq=False)
class Examples:
    """Frames to learn from.

    Attributes:
        told: (n, T) what was said.
        left: (n, 3) how far there was to go.
        places, table, neighbours: (n, 4, 4), (n, 6), (n, 4, 4) what was around, as `Around` has it and as it truly
            was; of whoever is to put a thing and has not taken it, the thing alone (`policy.step`).
        tools: (n, 2, 12) where the hands were.
        states: (n, 75).
        chunks: (n, H, SIZE) what a policy says of the actions that followed.
        own: (n, H) which of them the episode had.
        episodes: (n,) the number of the episode.
    """

    told: Floats
    left: Floats
    places: Floats
    table: Floats
    neighbours: Floats
    tools: Floats
    states: Floats
    chunks: Floats
    own: NDArray[np.bool_]
    episodes: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.states)

    def of(self, rows: NDArray[np.int64]) -> "Examples":
        """Return some of them."""
        return replace(self, **{name: getattr(self, name)[rows] for name in self.__dataclass_fields__})

    def checksum(self) -> int:
        """Return a number that other examples hardly have."""
        check = 0
        for name in self.__dataclass_fields__:
            check = crc32(np.ascontiguousarray(getattr(self, name)).data, check)
        return check

    def shares(self) -> NDArray[np.float64]:
        """Return how often (n,) each frame is to be drawn, of 1 in all.

        A second of looking would go unheard beside ten of walking: a skill is drawn by the root of how many frames it
        has.
        """
        skills = self.told[:, : len(SKILLS)].argmax(axis=1)
        weights = 1.0 / np.sqrt(np.bincount(skills)[skills])
        shares: NDArray[np.float64] = weights / weights.sum()
        return shares


def examples_of(
    demonstrations: Demonstrations, episodes: Sequence[int], horizon: int, windows: Windows | None = None
) -> Examples:
    """Return the frames of some episodes as examples.

    Args:
        demonstrations: to learn from.
        episodes: their numbers; those that failed are no example and are left out.
        horizon: H, actions of a chunk.
        windows: cuts the chunks (exercise 4.1), by default the reference's.

    Raises:
        ValueError: none of them succeeded.
    """
    windows_of = windows or TrainingParts.reference().windows
    good = [number for number in episodes if demonstrations.episodes[number].success]
    if not good:
        raise ValueError(
            f"none of the {len(episodes)} episodes succeeded, expected at least one to learn from"
        )
    frames = demonstrations.frames_of(good)
    places = _known(demonstrations.targets)
    states, tools = demonstrations.states[frames], _tools(demonstrations.states[frames])
    chunks, own, said, left = [], [], [], []
    for one in (demonstrations.episodes[number] for number in good):
        rows = slice(one.start, one.stop)
        actions = demonstrations.actions[rows]
        # A tool is windowed with the action that brings it there.
        wide = np.concatenate((actions, _aims(actions).reshape(len(one), -1)), axis=1)
        cut, real = windows_of(wide, np.arange(len(one)), horizon)
        chunks.append(cut)
        own.append(real & in_turn(followed(one, actions, demonstrations.executed[rows]), horizon))
        instruction = Instruction(**json.loads(one.about["instruction"]))
        hand = hand_of(one, actions)
        words = np.repeat(told(instruction, hand)[None], len(one), axis=0)
        if instruction.skill in PUTS:
            seen = places[rows], _flagged(demonstrations.tables[rows]), demonstrations.states[rows]
            first = ~is_taken(one.thing, *seen)
            words[first] = told(taking(instruction), hand)
            places[rows][first] = without_aim(places[rows][first])
        said.append(words)
        left.append(left_of(instruction, demonstrations.states[rows], demonstrations.ways[rows]))
    cut = np.concatenate(chunks)
    aims = cut[..., ACTION.size :].reshape(*cut.shape[:2], TOOLS, POSE)
    return Examples(
        told=np.concatenate(said),
        left=np.concatenate(left),
        places=places[frames],
        table=_flagged(demonstrations.tables[frames]),
        neighbours=_known(demonstrations.neighbours[frames]),
        tools=tools,
        states=states,
        chunks=spoken.spoken(cut[..., : ACTION.size], aims, states, tools),
        own=np.concatenate(own),
        episodes=demonstrations.episode_of[frames],
    )


def followed(episode: Episode, intended: Floats, executed: Floats) -> NDArray[np.bool_]:
    """Return in which frames (n,) of an episode the expert had its way, and not a learner."""
    if not json.loads(episode.about.get("turns") or "[]"):
        return np.ones(len(intended), dtype=np.bool_)
    same: NDArray[np.bool_] = (intended == executed).all(axis=1)
    return same


def in_turn(followed: NDArray[np.bool_], horizon: int) -> NDArray[np.bool_]:
    """Return which actions of chunks (n, H) go on from the one before: up to the first that was not `followed` (n,).

    What the expert would do next is right wherever the robot is; what it would do after that is right there alone where
    it has done it.
    """
    frames = np.arange(len(followed))
    spoilt = np.where(followed, len(followed) + horizon, frames)
    until = np.minimum.accumulate(spoilt[::-1])[::-1]  # the next frame in which a learner acted
    turn: NDArray[np.bool_] = frames[:, None] + np.arange(horizon) <= until[:, None]
    return turn


def hand_of(episode: Episode, actions: Floats) -> Side | None:
    """Return the hand that did what was asked in an episode; None where no hand did.

    Args:
        episode: in question.
        actions: (n, 36) of the expert there; where nobody chose a hand beforehand, the one that it opened was it.
    """
    chosen: Side | Literal[""] = episode.about["hand"]
    opened = actions[:, ACTION.grippers].max(axis=0)
    return chosen or (SIDES[int(opened.argmax())] if opened.max() > 0.0 else None)


def in_mirror(examples: Examples) -> Examples:
    """Return examples with left and right exchanged."""
    return replace(
        examples,
        told=mirror.mirrored(examples.told, mirror.of_told()),
        left=mirror.of_left(examples.left),
        places=mirror.of_places(examples.places),
        table=mirror.of_table(examples.table),
        neighbours=mirror.of_places(examples.neighbours),
        tools=mirror.of_tools(examples.tools),
        states=mirror.mirrored(examples.states, mirror.of_state()),
        chunks=mirror.mirrored(examples.chunks, mirror.of_said()),
    )


def joined(*parts: Examples) -> Examples:
    """Return all examples of several, one after the other; their episodes are numbered on."""
    first, fields = 0, {name: list[NDArray[Any]]() for name in Examples.__dataclass_fields__}
    for part in parts:
        for name, found in fields.items():
            found.append(part.episodes + first if name == "episodes" else getattr(part, name))
        first += int(part.episodes.max(initial=-1)) + 1
    return Examples(**{name: np.concatenate(found) for name, found in fields.items()})


def _tools(states: Floats) -> Floats:
    return tools_of(states[:, STATE.positions][:, ARMS])


def _aims(actions: Floats) -> Floats:
    """Return where actions (n, 36) bring the tools (n, 2, 12)."""
    joints = joint_range()
    lower, width = joints.lower[ARMS], (joints.upper - joints.lower)[ARMS]
    return tools_of(lower + (actions[:, ACTION.arms] + 1.0) / 2.0 * width)


def _known(places: Floats) -> Floats:
    """Return places (..., 3) with a 1 behind, zeros where they are all zeros: there is none."""
    known = (places != 0.0).any(axis=-1, keepdims=True)
    return np.concatenate((places, known), axis=-1, dtype=np.float32)


def _flagged(tables: Floats) -> Floats:
    return np.concatenate((tables, np.ones((len(tables), 1))), axis=-1, dtype=np.float32)


def as_seen(places: Floats, rng: np.random.Generator) -> Floats:
    """Return places (n, k, 4) as eyes that err have them: blurred."""
    seen = places.copy()
    known = places[..., 3:] > 0.0
    seen[..., :3] += rng.normal(scale=BLUR, size=seen[..., :3].shape).astype(np.float32) * known
    return seen
