"""Episodes are the same everywhere and for good; splits and factors change what they name and nothing else."""

from dataclasses import replace
from itertools import product
from math import asin, degrees, hypot

import numpy as np
import pytest

from vla_course.learning.environment.variation import HEAVIER, SHIFTED, TILTED, Variation
from vla_course.learning.evaluation.asking import asked_in
from vla_course.learning.evaluation.chains import BRINGS, LENGTH
from vla_course.learning.evaluation.episodes import (
    AT_TABLE,
    FACTORS,
    SPLITS,
    Episode,
    EvaluationFault,
    episodes,
    families_of,
    of_key,
)
from vla_course.learning.evaluation.policies import Given
from vla_course.learning.planned.eyes import Eyes
from vla_course.simulation.scene.parts import TABLE_SIZE
from vla_course.simulation.scene.scene import USUAL
from vla_course.simulation.scene.things import HELD_OUT
from vla_course.simulation.tasks.instructions import SKILLS
from vla_course.simulation.tasks.saying import plainly
from vla_course.simulation.tasks.understanding import understand


def ask(key):
    """Return what is asked in the episode of a key."""
    return asked_in(of_key(key))


@pytest.mark.parametrize("split", SPLITS)
@pytest.mark.parametrize("factor", ["", *FACTORS])
def test_a_key_says_all_of_an_episode(split, factor):
    one = Episode(split, families_of(split)[0], 3, 12, factor)
    assert of_key(one.key) == one


@pytest.mark.parametrize(
    "key",
    [
        *("", "seen/walk/0", "seem/walk/0/1", "seen/walk/0/x", "seen/walk/0/1/fog", "seen/walk/-1/1"),
        *(
            "seen/fly/0/1",
            "swap/walk/0/1",
            "seen/walk/0/01",
            "seen/walk/²/1",
            "seen/walk/0/1/",
            "seen/walk/0/1/mass/",
        ),
    ],
)
def test_a_key_of_no_episode_is_refused(key):
    with pytest.raises(EvaluationFault, match="expected one such as"):
        of_key(key)


@pytest.mark.parametrize(
    ("key", "sentence"),
    [
        ("seen/pick up/0/0", "could you pick up the blue box"),
        ("seen/reach for/0/0", "could you please reach for the black bottle"),
        ("swap/look at/0/0", "could you please look towards the yellow box"),
        ("blind/look at/0/0", "look at me"),
        ("composition/reach for/0/1", "reach for the red cylinder"),
        ("layout/pick up/0/0", "take the blue cup"),
    ],
)
def test_what_an_episode_asks_never_changes_or_results_could_not_be_compared(key, sentence):
    assert ask(key).sentence == sentence


def test_who_is_asked_has_said_it_in_the_same_words_and_knows_what_was_meant():
    told, asked = ask("templates/pick up/0/3"), ask("asked/pick up/0/3")
    assert replace(asked, answers=False) == told
    assert asked.answers
    assert asked.meant(plainly(asked.task.instruction))
    assert not asked.meant("stand still")


@pytest.mark.parametrize(("split", "answers"), [("asked", True), ("templates", False), ("seen", False)])
def test_a_policy_has_somebody_to_ask_where_the_split_says_so_and_only_there(split, answers):
    asked = ask(f"{split}/turn/0/1")
    answer = Given(Eyes, asked, None).answer
    assert (answer is not None) is answers
    assert answer is None or answer(plainly(asked.task.instruction))


@pytest.mark.parametrize("split", ["templates", "asked", "empty", "blind"])
def test_splits_that_differ_in_words_or_pictures_share_their_tasks(split):
    seen, other = ask("seen/point at/0/2"), ask(f"{split}/point at/0/2")
    assert other.task == seen.task
    assert split == "blind" or other.sentence != seen.sentence
    assert split != "empty" or other.sentence == ""


def test_both_levels_of_composition_ask_the_same():
    assert ask("grounded/pick up/0/4") == ask("composition/pick up/0/4")
    assert ask("composition/pick up/0/4").pair == HELD_OUT[4]


@pytest.mark.parametrize("factor", ["light", "camera", "friction", "mass"])
def test_a_factor_changes_what_it_names_and_nothing_else(factor):
    for number in range(4):
        plain, changed = ask(f"seen/reach for/0/{number}"), ask(f"seen/reach for/0/{number}/{factor}")
        assert changed.sentence == plain.sentence
        assert changed != plain
        scene, before = changed.task.scene, plain.task.scene
        assert replace(changed.task, scene=before) == plain.task
        differ = {
            name
            for name in ("table", "things", "person", "light", "floor", "friction")
            if getattr(scene, name) != getattr(before, name)
        }
        assert (
            differ
            == {"light": {"light"}, "camera": set(), "friction": {"friction"}, "mass": {"things"}}[factor]
        )
        usual = Variation()
        of_robot = {
            name
            for name in ("cameras", "masses", "floor")
            if getattr(changed.variation, name) != getattr(usual, name)
        }
        assert (
            of_robot
            == {"light": set(), "camera": {"cameras"}, "friction": {"floor"}, "mass": {"masses"}}[factor]
        )


def test_factors_go_beyond_training():
    for number in range(6):
        light = ask(f"seen/walk/0/{number}/light").task.scene.light
        rise = degrees(asin(light.direction[2] / np.linalg.norm(light.direction)))
        assert 14.0 < rise < 32.0 < 40.0
        assert light.ambient < 0.5
        assert light.diffuse > 0.42
        slippery = ask(f"seen/walk/0/{number}/friction")
        assert 0.5 <= slippery.task.scene.friction <= 0.7
        assert 0.5 <= slippery.variation.floor <= 0.7
        heavy = ask(f"seen/pick up/0/{number}/mass")
        assert all(thing.mass >= 0.30 for thing in heavy.task.scene.things)
        off = [abs(factor - 1.0) for factor in heavy.variation.masses.values()]
        assert HEAVIER < max(off) <= 3 * HEAVIER
        askew = ask(f"seen/look at/0/{number}/camera").variation.cameras
        assert set(askew) == {"head", "chest", "pelvis"}
        assert SHIFTED < max(abs(x) for one in askew.values() for x in one.shift) <= 3 * SHIFTED
        assert TILTED < max(abs(x) for one in askew.values() for x in one.tilt) <= 3 * TILTED


@pytest.mark.parametrize(
    "key", ["layout/pick up/0/{}", "seen/reach for/0/{}/layout", "swap/point at/0/{}/layout"]
)
def test_a_layout_is_one_that_no_training_draws_with_all_things_on_the_table_and_within_reach(key):
    for number in range(5):
        scene = ask(key.format(number)).task.scene
        x, y, height = scene.table.position
        assert not USUAL.heights[0] <= height <= USUAL.heights[1]
        assert abs(y) > USUAL.asides[1]
        for thing in scene.things:
            assert abs(thing.position[0] - x) < TABLE_SIZE[0] / 2 - 0.04
            assert abs(thing.position[1] - y) < TABLE_SIZE[1] / 2 - 0.04
            shoulder = hypot(thing.position[0], min(abs(thing.position[1] - side) for side in (0.2, -0.2)))
            assert hypot(shoulder, height + 0.05 - 1.14) <= 0.56 + 1e-9


def test_layouts_are_lower_and_higher_and_to_either_side():
    tables = [ask(f"layout/pick up/0/{number}").task.scene.table.position for number in range(12)]
    assert {(height > USUAL.heights[1], y > 0.0) for _, y, height in tables} == set(
        product((False, True), repeat=2)
    )


def test_the_twin_of_a_swap_is_the_same_picture_and_names_another_thing():
    for number in range(0, 6, 2):
        one, two = ask(f"swap/pick up/3/{number}"), ask(f"swap/pick up/3/{number + 1}")
        assert one.task.scene == two.task.scene
        assert one.task.goal == two.other
        assert two.task.goal == one.other
        assert one.task.goal != one.other


def test_a_chain_is_five_commands_for_one_scene_that_can_be_understood():
    asked = ask("chain/chain/0/1")
    skills = [link.task.instruction.skill for link in asked.chain]
    assert len(skills) == LENGTH == len(set(skills))
    assert skills[-1] == "turn"
    assert len(set(skills) & set(BRINGS)) == 1
    names = {thing.name for thing in asked.task.scene.things}
    for link in asked.chain:
        assert link.task.scene == asked.task.scene
        assert link.task.hand is None
        assert understand(link.sentence) == link.task.instruction
        assert set(link.task.instruction.nouns) <= names


def test_a_factor_reaches_every_command_of_a_chain():
    asked = ask("chain/chain/0/1/mass")
    assert {link.task.scene.things for link in asked.chain} == {asked.task.scene.things}
    assert asked.task.scene.things != ask("chain/chain/0/1").task.scene.things


def test_every_family_has_its_turn_and_controls_stay_as_they_are():
    wanted = list(episodes(["seen", "layout", "empty", "chain"], SKILLS, 2, 0, ["light", "layout"]))
    assert len({one.key for one in wanted}) == len(wanted)
    of = {line: [one.family for one in wanted if one.line == line] for line in {one.line for one in wanted}}
    assert of["seen"] == [*SKILLS, *SKILLS]
    assert of["seen, layout"] == [*AT_TABLE, *AT_TABLE]
    assert of["chain"] == ["chain", "chain"]
    assert set(of) == {
        "seen",
        "seen, light",
        "seen, layout",
        "layout",
        "layout, light",
        "empty",
        "chain",
        "chain, light",
        "chain, layout",
    }
    assert {one.family for one in episodes(["swap"], ["walk", "pick up"], 3, 0)} == {"pick up"}


def test_an_expert_is_asked_again_only_where_its_own_work_changes():
    keys = {factor: Episode("templates", "place", 1, 0, factor).expert_key for factor in ("", *FACTORS)}
    assert keys[""] == keys["light"] == keys["camera"] == "seen/place/0/1"
    assert len({keys["friction"], keys["mass"], keys["layout"], keys[""]}) == 4
