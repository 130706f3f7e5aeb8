"""From demonstrations to a clone: what both hands show becomes one skill, and nothing else is learnt along with it."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from vla_course.learning.environment.action_space import read_action
from vla_course.learning.environment.proprioception import STATE
from vla_course.learning.model.joint_range import joint_range
from vla_course.learning.policy import spoken
from vla_course.learning.reinforcement.clone import by_the_hand, felt, glance
from vla_course.learning.reinforcement.cloning import (
    QUICKLY,
    QUIET,
    SMALL,
    Demonstration,
    clone_of,
    demonstrate,
    examples_of,
)
from vla_course.learning.training.parts import TrainingParts
from vla_course.simulation.robot.layout import ARMS, HEAD, LEGS
from vla_course.simulation.tasks.tasks import Task, sample_task

LENGTH = 12
PARTS = TrainingParts.reference()


def task_of(hand: str) -> Task:
    tasks = (sample_task(np.random.default_rng(seed), "point at") for seed in range(40))
    return next(task for task in tasks if task.hand == hand)


def shown(task: Task, seed: int = 0) -> Demonstration:
    """Something that nobody ever showed."""
    rng = np.random.default_rng(seed)
    actions = rng.uniform(-1.0, 1.0, (LENGTH, 36)).astype(np.float32)
    states = rng.normal(scale=0.1, size=(LENGTH, STATE.size)).astype(np.float32)
    states[:, STATE.positions] = [read_action(action, joint_range()).joints for action in actions]
    return Demonstration(task, rng.normal(size=(LENGTH, 3)).astype(np.float32), states, actions, True)


@pytest.mark.parametrize("hand", ["left", "right"])
def test_what_a_clone_learns_is_what_was_shown_whichever_hand_showed_it(hand: str) -> None:
    one = shown(task_of(hand))
    examples = examples_of([one], 4, PARTS)
    seen = glance(one.task, one.places[3], one.states[3])
    np.testing.assert_array_equal(examples.places[3, 0, :3], seen.place)
    told = by_the_hand(one.task, spoken.acted(examples.chunks[3], seen.state))
    np.testing.assert_allclose(told[:, spoken.SPOKEN], one.actions[3:7][:, spoken.SPOKEN], atol=1e-5)
    assert examples.own[3].all()
    assert examples.own[-1].tolist() == [True, False, False, False]


def test_both_hands_are_told_the_same_and_mirrored_demonstrations_are_one() -> None:
    left = shown(task_of("left"))
    looking_glass = Demonstration(
        task_of("right"),
        left.places * np.float32((1.0, -1.0, 1.0)),
        np.array([glance(left.task, left.places[0], state).state for state in left.states]),
        by_the_hand(left.task, left.actions),
        True,
    )
    one, other = (examples_of([some], 4, PARTS) for some in (left, looking_glass))
    for name in ("places", "states", "chunks", "own"):
        np.testing.assert_allclose(getattr(one, name), getattr(other, name), atol=1e-6)


def test_a_clone_is_given_arms_and_stance_and_nothing_else_of_the_state() -> None:
    given = felt(np.ones(STATE.size, dtype=np.float32))
    positions = given[STATE.positions]
    assert positions[ARMS].all()
    assert given[STATE.stance].all()
    assert given.sum() == 14 + 3
    assert not positions[LEGS].any()
    assert not positions[HEAD].any()


def test_what_failed_teaches_nothing() -> None:
    good, bad = shown(task_of("right")), replace(shown(task_of("right"), 1), success=False)
    assert len(examples_of([good, bad], 4, PARTS)) == LENGTH
    with pytest.raises(ValueError, match="none of 1 demonstrations succeeded"):
        examples_of([bad], 4, PARTS)
    with pytest.raises(ValueError, match="1 demonstrations succeeded, expected at least 2"):
        clone_of([good, bad])


def test_the_same_demonstrations_give_the_same_clone_to_the_bit() -> None:
    some = [shown(task_of(hand), seed) for seed, hand in enumerate(("left", "right", "right"))]
    quick, small = replace(QUICKLY, steps=6, batch=8, every=3), replace(SMALL, horizon=4, width=16, layers=1)
    one, two = (clone_of(some, quick, small).policy.state_dict() for _ in range(2))
    assert all(torch.equal(one[name], two[name]) for name in one)
    other = clone_of(some, replace(quick, seed=1), small).policy.state_dict()
    assert not torch.equal(one["answer.weight"], other["answer.weight"])


def test_the_expert_shows_it_and_the_same_seed_shows_the_same() -> None:
    one = demonstrate("point at", 5003, QUIET)
    assert one.success
    assert one.states.shape == (len(one.actions), STATE.size)
    assert 20 < len(one.actions) < 60
    np.testing.assert_allclose(np.linalg.norm(one.places, axis=1), 0.5, atol=0.3)  # within an arm's reach
