"""Which episodes are collected: told by the index, balanced, in pairs, without a held-out thing."""

from collections import Counter

import numpy as np
import pytest

from vla_course.learning.demonstrations.layout import DemonstrationFault
from vla_course.learning.demonstrations.noise import AMPLE, LEAST, MEMORY, ActionNoise, scales
from vla_course.learning.demonstrations.plan import (
    ALIKE,
    DIRECT,
    Settings,
    in_turns,
    plan_episode,
    settings_of,
    skill_of,
    thing_of,
)
from vla_course.simulation.robot.layout import ACTION
from vla_course.simulation.scene.things import COLOURS, HELD_OUT, SHAPES, TRAINED

SETTINGS = Settings(seed=5)


@pytest.mark.parametrize("index", [0, 11, 24, 31])
def test_the_same_index_has_the_same_plan(index: int) -> None:
    assert plan_episode(SETTINGS, index) == plan_episode(Settings(seed=5), index)
    assert plan_episode(SETTINGS, index).task != plan_episode(Settings(seed=6), index).task


@pytest.mark.parametrize("pair", [0, 5, 6, 7, 15, 16])
def test_twins_are_told_different_things_in_the_same_scene(pair: int) -> None:
    one, two = plan_episode(SETTINGS, 2 * pair), plan_episode(SETTINGS, 2 * pair + 1)
    assert (one.twin, two.twin) == (two.index, one.index)
    assert one.scene_seed == two.scene_seed
    assert (one.task.scene, one.task.position, one.task.heading) == (
        *(two.task.scene, two.task.position, two.task.heading),
    )
    assert one.variation == two.variation
    assert one.instruction != two.instruction
    assert one.seed != two.seed


@pytest.mark.parametrize(("pair", "same"), [(5, True), (7, True), (15, False), (17, False)])
def test_a_twin_is_told_the_same_skill_and_another_skill_in_turns(pair: int, same: bool) -> None:
    one, two = plan_episode(SETTINGS, 2 * pair), plan_episode(SETTINGS, 2 * pair + 1)
    assert (one.instruction.skill == two.instruction.skill) is same
    if same:
        assert one.instruction.thing != two.instruction.thing


def test_every_skill_has_the_same_number_of_pairs() -> None:
    count = Counter(skill_of(SETTINGS, pair) for pair in range(7 * len(DIRECT)))
    assert set(count.values()) == {7}
    assert count.keys() == set(DIRECT) == {skill for row in ALIKE for skill in row}


def test_each_skill_is_about_every_thing_once_before_any_twice() -> None:
    count = Counter(
        (skill_of(SETTINGS, pair), thing_of(SETTINGS, pair)) for pair in range(len(TRAINED) * len(DIRECT))
    )
    assert set(count.values()) == {1}
    assert {thing for _, thing in count} == set(TRAINED)


def test_things_come_in_turns_of_colours_and_shapes() -> None:
    ordered = in_turns(TRAINED)
    assert sorted(ordered) == sorted(TRAINED)
    for k in range(0, len(ordered) - 12, 6):
        window = [name.split() for name in ordered[k : k + 12]]
        assert {shape for _, shape in window} == set(SHAPES)
        assert len({colour for colour, _ in window}) >= len(COLOURS) - 1


def test_no_scene_shows_a_held_out_thing_and_no_sentence_is_about_one() -> None:
    for index in range(0, 40, 3):
        plan = plan_episode(SETTINGS, index)
        assert not {thing.name for thing in plan.task.scene.things} & set(HELD_OUT)
        assert not set(plan.instruction.things) & set(HELD_OUT)


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        ({"things": (HELD_OUT[0], TRAINED[0])}, "Settings.things"),
        ({"things": TRAINED[:1]}, "Settings.things"),
        ({"skills": ("dance",)}, "Settings.skills"),
        ({"skills": ()}, "Settings.skills"),
        ({"skills": ("walk", "walk")}, "Settings.skills"),
        ({"seed": -1}, "Settings.seed"),
        ({"noise": -0.1}, "Settings.noise"),
        ({"variation": 9.0}, "Settings.variation"),
        ({"decisions": 5.0}, "Settings.decisions"),
        ({"image_size": 0}, "Settings.image_size"),
    ],
)
def test_a_setting_outside_its_range_is_named(setting: dict, told: str) -> None:
    with pytest.raises(DemonstrationFault, match=f"{told} is .*expected"):
        Settings(**setting)


def test_what_is_typed_becomes_settings() -> None:
    settings = settings_of("walk,  pick up", "red cup,blue ball", seed=2)
    assert (settings.skills, settings.things, settings.seed) == (
        ("walk", "pick up"),
        ("red cup", "blue ball"),
        2,
    )


def test_without_noise_nobody_is_pushed() -> None:
    plans = [plan_episode(Settings(seed=5, noise=0.0, skills=("walk", "turn")), k) for k in range(6)]
    assert all(plan.level == 0.0 and not plan.kicks for plan in plans)


def test_who_carries_a_thing_is_disturbed_gently() -> None:
    carrying = [plan_episode(Settings(seed=5, skills=("place", "move to")), k).level for k in range(0, 12, 2)]
    assert 0.0 < max(carrying) <= 0.5


# ---- noise -------------------------------------------------------------------------------------


def test_noise_has_its_spread_at_all_times_and_is_remembered_for_a_while() -> None:
    moving = np.zeros(ACTION.size, dtype=np.float32)
    moving[ACTION.base_velocity] = 0.3
    runs = np.array(
        [
            [noise.disturb(moving) - moving for _ in range(12)]
            for noise in (ActionNoise(np.random.default_rng(seed), 0.5, 0.1) for seed in range(1500))
        ]
    )
    disturbed = scales() > 0.0
    for moment in (0, 11):
        np.testing.assert_allclose(
            runs[:, moment, disturbed].std(axis=0), 0.5 * scales()[disturbed], rtol=0.12
        )
    alike = (runs[:, 0] * runs[:, 3]).mean(axis=0)[disturbed] / runs[:, 0, disturbed].var(axis=0)
    assert alike.mean() == pytest.approx(np.exp(-0.3 / MEMORY), abs=0.03)
    assert not runs[:, :, ACTION.legs].any()


def test_a_robot_that_is_to_stand_does_not_set_out_because_of_noise() -> None:
    noise = ActionNoise(np.random.default_rng(0), 1.0, 0.1)
    executed = noise.disturb(np.zeros(ACTION.size, dtype=np.float32))
    assert not executed[ACTION.base_velocity].any()
    assert executed[ACTION.arms].any()


def test_a_hand_with_little_room_is_disturbed_less_and_never_not_at_all() -> None:
    walking = np.full(ACTION.size, 0.5, dtype=np.float32)
    ample, half, none = (
        ActionNoise(np.random.default_rng(0), 1.0, 0.1).disturb(walking, room) - walking
        for room in (1.0, AMPLE / 2.0, -0.01)
    )
    for part in (ACTION.arms, ACTION.stance, ACTION.grippers):
        np.testing.assert_allclose(half[part], 0.5 * ample[part], atol=1e-6)
        np.testing.assert_allclose(none[part], LEAST * ample[part], atol=1e-6)
        assert none[part].any()
    for part in (ACTION.head, ACTION.base_velocity):
        np.testing.assert_array_equal(none[part], ample[part])


def test_a_small_correction_of_the_feet_has_small_noise() -> None:
    small, brisk = (np.zeros(ACTION.size, dtype=np.float32) for _ in range(2))
    small[ACTION.base_velocity.start], brisk[ACTION.base_velocity.start] = 0.04, 0.8
    noise = [ActionNoise(np.random.default_rng(0), 1.0, 0.1).disturb(way) - way for way in (small, brisk)]
    base = ACTION.base_velocity
    np.testing.assert_allclose(noise[0][base], 0.1 * noise[1][base], atol=1e-6)


def test_noise_of_level_0_is_none_and_no_noise_leaves_the_range_of_actions() -> None:
    intended = np.full(ACTION.size, 0.999, dtype=np.float32)
    np.testing.assert_array_equal(ActionNoise(np.random.default_rng(0), 0.0, 0.1).disturb(intended), intended)
    loud = ActionNoise(np.random.default_rng(0), 3.0, 0.1)
    assert max(loud.disturb(intended).max() for _ in range(20)) <= 1.0
