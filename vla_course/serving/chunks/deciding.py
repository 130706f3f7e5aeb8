"""From what a player asks to a chunk: the network is given what is committed, or is shown the state that will be.

The network that ships was trained for both ends of it. In half of its training samples the first 1 to 4 actions of the
chunk were given as decided (`ChunkPolicyConfig.committed`, `training.learner.batch_of`), and the loss left them out
(exercise 4.3). Half of those prefixes lay beside what the expert did, and the chunk came back from there
(`training.learner.begun_beside`). So a prefix makes it err less where it fits, and is followed in part where it does
not: of a displacement of the prefix it takes over a fraction (`benchmarks/streaming_prefix.py`), and the rest is a jump
that a player has to fade.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from vla_course.learning.environment.action_space import STANCES, VELOCITIES
from vla_course.learning.environment.proprioception import STATE
from vla_course.learning.model.joint_range import joint_range
from vla_course.learning.policy import spoken
from vla_course.learning.policy.actor import Actor
from vla_course.learning.policy.tools import tools_of
from vla_course.serving.chunks.player import Ask
from vla_course.simulation.robot.layout import ACTION, ARMS, HEAD

Floats = NDArray[np.float32]

UPPER: Final = np.r_[ARMS, HEAD]
"""joints that actions move"""


def decide(actor: Actor, ask: Ask, period: float) -> Floats:
    """Return the chunk of actions (H, 36) that answers what a player asks, decided on what is known and felt now.

    Args:
        actor: the policy at work.
        ask: of the player.
        period: s, of an action.
    """
    inputs = actor.inputs()
    if ask.ahead:
        inputs = rolled_forward(inputs, ask, period)
        return actor.acted(actor.decided(inputs), inputs)
    committed = said_of(ask.committed, inputs) if len(ask.committed) else None
    return actor.acted(actor.decided(inputs, committed), inputs)


def said_of(actions: Floats, inputs: dict[str, Floats]) -> Floats:
    """Return absolute actions (d, 36) as a policy would say them now (d, SIZE): relative to the state that it is given.

    They were decided on an earlier state. Given as they were said then, they would be off by all that the robot has
    moved since.
    """
    tools = tools_of(joints_of(actions)[:, ARMS])
    return spoken.spoken(actions, tools, inputs["state"], inputs["tools"])


def joints_of(actions: Floats) -> Floats:
    """Return the joints (..., 28) rad that actions (..., 36) command."""
    joints = joint_range()
    lower, upper = np.asarray(joints.lower), np.asarray(joints.upper)
    reached: Floats = lower + (actions[..., ACTION.joints] + 1.0) / 2.0 * (upper - lower)
    return reached


def rolled_forward(inputs: dict[str, Floats], ask: Ask, period: float) -> dict[str, Floats]:
    """Return what the network would be given once the committed actions are carried out (VLASH, Tang et al. 2025).

    Arms, head and stance will have moved by as much as their commands, from where they are felt; what is left to go
    will be less by what was commanded. Legs in mid-step, grippers - which a thing may keep open - and all that eyes
    see are left as they are.

    Args:
        inputs: what it would be given now.
        ask: with what is committed, at least one action.
        period: s, of an action.
    """
    state, last = inputs["state"].copy(), ask.committed[-1]
    moved = joints_of(last) - joints_of(ask.doing)
    state[STATE.positions][UPPER] += moved[UPPER]
    state[STATE.stance] += (last - ask.doing)[ACTION.stance] * np.array(STANCES, dtype=np.float32)
    velocity = ask.committed[:, ACTION.base_velocity].sum(axis=0) * np.array(VELOCITIES, dtype=np.float32)
    return inputs | {
        "state": state,
        "left": (inputs["left"] - velocity * period).astype(np.float32),
        "tools": tools_of(state[STATE.positions][None, ARMS])[0],
    }
