"""Pendulums on their soles: the expert keeps them, a copy falls, and what mends it does."""

import numpy as np
import pytest

from vla_course.panels.swaying.cloning import Clone, clone, teach, with_adapters, without_adapters
from vla_course.panels.swaying.drift import (
    blame_picture,
    drift_picture,
    habits_picture,
    rounds_picture,
    trying_picture,
    visited_picture,
)
from vla_course.panels.swaying.trying import LENGTH, Trier, reward
from vla_course.panels.swaying.wall import patients, wall_picture
from vla_course.panels.swaying.world import DECISIONS, LOST, PERIOD, REACH, OneSwaying, Swaying, sway
from vla_course.reference.day4_training.advantages import advantages
from vla_course.reference.day4_training.dagger import dagger_round
from vla_course.reference.day4_training.lora import LoRALinear
from vla_course.reference.day4_training.ppo import clipped_objective

PUSH = 0.34


@pytest.fixture(scope="module")
def shown() -> list:
    """Four perfect episodes."""
    world = OneSwaying(np.random.default_rng(0))
    return dagger_round(
        [], world.reset, world.step, world.expert, world.expert, 1.0, 4, np.random.default_rng(0)
    )


@pytest.fixture(scope="module")
def copy(shown) -> Clone:
    return clone(shown)


@pytest.fixture(scope="module")
def lesson(shown, copy):
    """A world in which the copy has driven, and what it was told."""
    rng = np.random.default_rng(1)
    world = OneSwaying(rng, push=PUSH)
    return world, dagger_round(shown, world.reset, world.step, copy, world.expert, 0.0, 4, rng)


def test_a_pendulum_falls_as_fast_as_the_law_says():
    world = Swaying(1, np.random.default_rng(0))
    world.dcm = world.com = np.array([0.01])
    world.advance(np.zeros((1, 1), dtype=np.float32))
    assert world.dcm[0] == pytest.approx(0.01 * np.exp(world.omega * PERIOD))
    # c' = omega (xi - c), integrated in small steps
    dcm = com = 0.01
    for _ in range(10000):
        com += world.omega * (dcm - com) * PERIOD / 10000
        dcm += world.omega * dcm * PERIOD / 10000
    assert world.com[0] == pytest.approx(com, rel=1e-4)


def test_the_reference_is_a_motion_of_the_pendulum_itself():
    run = sway(None, 20, 0.0, seed=0)
    assert np.abs(run.dcm - run.reference).max() < 0.003
    assert run.stood.all()
    assert len(run.dcm) == DECISIONS + 1


def test_the_expert_bears_what_its_soles_bear():
    assert sway(None, 100, 0.15, seed=1).stood.all()
    assert not sway(None, 100, 1.5, seed=1).stood.all()


def test_the_same_seed_gives_the_same_pushes_to_everybody():
    one, other = (sway(lambda felt: np.zeros((len(felt), 1), np.float32), 30, 0.3, seed=4) for _ in range(2))
    np.testing.assert_array_equal(one.dcm, other.dcm)
    assert not np.array_equal(one.dcm, sway(None, 30, 0.3, seed=5).dcm)


def test_an_episode_ends_with_a_fall_or_with_its_time():
    world = OneSwaying(np.random.default_rng(0))
    world.reset()
    steps, over = 0, False
    while not over:
        _, over = world.step(np.array([-1.0], dtype=np.float32))
        steps += 1
    assert world.falls == 1
    assert steps < DECISIONS
    felt, over = world.reset(), False
    while not over:
        felt, over = world.step(world.expert(felt))
    assert (world.falls, len(world.paths[-1])) == (1, DECISIONS)


def test_a_perfect_copy_of_perfect_episodes_falls(copy):
    assert copy.error < 0.5  # mm
    assert sway(copy, 50, 0.0, seed=2).stood.mean() < 0.1


def test_a_round_of_dagger_mends_it(shown, lesson):
    world, told = lesson
    assert world.falls >= 2
    assert len(told) > len(shown)
    assert sway(clone(told), 100, 0.2, seed=2).stood.mean() > 0.9


def test_noise_in_the_episodes_mends_it_as_well():
    rng = np.random.default_rng(2)
    world = OneSwaying(rng, noise=0.008)
    noisy = dagger_round([], world.reset, world.step, world.expert, world.expert, 1.0, 4, rng)
    assert world.falls == 0
    assert sway(clone(noisy), 100, 0.2, seed=2).stood.mean() > 0.9


def test_adapters_are_learnt_alone_and_can_be_left_out(lesson):
    old = clone(lesson[1])
    rng = np.random.default_rng(3)
    world = OneSwaying(rng, push=0.1, lean=0.03)
    few = dagger_round([], world.reset, world.step, old, world.expert, 0.5, 2, rng)
    new = with_adapters(old, LoRALinear)
    teach(new, few, 150, rate=0.02)
    before, after = (sway(one, 20, 0.2, seed=6) for one in (old, without_adapters(new)))
    np.testing.assert_array_equal(before.dcm, after.dcm)

    def off(robot, lean):
        run = sway(robot, 20, 0.05, seed=6, lean=lean)
        return float(np.abs(run.dcm - run.reference).mean())

    assert off(new, 0.03) < 0.5 * off(old, 0.03)
    assert "lean ahead" in habits_picture({"with adapters": new}, {"lean ahead": 0.03, "as before": 0.0}).alt


def test_trying_makes_it_better(copy):
    trier = Trier(copy, advantages, clipped_objective, PUSH)
    trier.learn(3)
    first = trier.lessons[0]
    assert first.decisions == LENGTH * 64
    assert [one.falls for one in trier.lessons] == sorted(one.falls for one in trier.lessons)
    assert sway(copy, 50, 0.0, seed=2).stood.mean() < 0.1, "the clone that it began as was changed"
    trier.learn(27)
    assert trier.lessons[-1].reward > first.reward + 0.01
    assert sway(trier.policy, 100, 0.1, seed=2).stood.mean() > 0.8
    assert "falls" in trying_picture({"mine": trier}).alt


def test_where_one_is_wrong_shows_in_how_it_sways():
    robots = patients(dagger_round)
    stood = {name: sway(robot, 10, 0.12, seed=5).stood.mean() for name, robot in robots.items()}
    assert list(stood)[-1] == "nothing"
    assert stood.pop("nothing") == 1.0
    assert max(stood.values()) < 1.0
    picture = wall_picture(robots)
    assert "F: 10 of 10 stand" in picture.alt
    picture.png()


def test_pictures_say_who_stands(copy, lesson):
    world, _ = lesson
    told = drift_picture({"the expert": None, "its copy": copy}, push=0.0, seed=3).alt
    assert "the expert: 8 of 8 stand" in told
    assert "its copy: 0 of 8 stand" in told
    assert "falls, 4 episodes" in visited_picture({"falls": world.paths}).alt
    assert "a: 3 of 4 stand, after 2 falls" in rounds_picture([("a", 3, 4, 2)]).alt


def test_actions_are_cut_to_the_soles():
    world = Swaying(3, np.random.default_rng(0))
    other = Swaying(3, np.random.default_rng(0))
    world.advance(np.full((3, 1), 7.0, dtype=np.float32))
    other.advance(np.ones((3, 1), dtype=np.float32))
    np.testing.assert_array_equal(world.dcm, other.dcm)
    assert REACH < LOST


def test_of_a_fall_the_last_decision_alone_is_punished(copy):
    shown = blame_picture(copy, push=0.0, seed=3)
    bars = [bar.get_height() for bar in shown.axes[1].patches]
    assert bars[-1] == -1.0
    assert min(bars[:-1]) >= 0.0
    assert f"its {len(bars)} rewards" in shown.alt


def test_where_nobody_falls_there_is_nobody_to_blame(lesson):
    with pytest.raises(ValueError, match="none of 3 pendulums falls"):
        blame_picture(clone(lesson[1]), push=0.0, seed=3, count=3)


def test_a_decision_is_worth_most_on_the_reference():
    off, fell = np.array([0.0, 0.05, -0.05, LOST, 3.0, 0.0]), np.array([False] * 5 + [True])
    worth = reward(off, fell)
    np.testing.assert_allclose(worth[[0, 3, 4, 5]], [0.1, 0.0, 0.0, -1.0])
    assert worth[1] == worth[2] == pytest.approx(0.1 * (1.0 - (0.05 / LOST) ** 2))
