"""The demonstrations that are shipped: small, whole, balanced, without a held-out thing, and what their card says."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from vla_course.learning.demonstrations.broken import find_broken
from vla_course.learning.demonstrations.card import CARD, card_of, held_out_in
from vla_course.learning.demonstrations.layout import SUBTASKS
from vla_course.learning.demonstrations.plan import DIRECT
from vla_course.learning.demonstrations.reader import Demonstrations
from vla_course.simulation.robot.layout import ACTION
from vla_course.simulation.scene.cameras import PLACES
from vla_course.simulation.scene.things import HELD_OUT

FOLDER = Path(__file__).parents[2] / "data" / "demonstrations"
MOST_MEGABYTES = 20.0
FEWEST = 24


@pytest.fixture(scope="module")
def shipped() -> Demonstrations:
    return Demonstrations(FOLDER)


def test_they_are_a_few_dozen_and_small() -> None:
    size = sum(path.stat().st_size for path in FOLDER.rglob("*") if path.is_file())
    assert size < MOST_MEGABYTES * 1e6
    assert len(Demonstrations(FOLDER).episodes) >= FEWEST


def test_their_card_is_counted_from_what_is_there(shipped: Demonstrations) -> None:
    assert (FOLDER / CARD).read_text(encoding="utf-8") == card_of(shipped)


def test_no_sentence_and_no_scene_has_a_held_out_thing(shipped: Demonstrations) -> None:
    for one in shipped.episodes:
        assert not held_out_in(one.thing, one.sentence, one.about["instruction"])
        assert not set(one.about["scene_things"]) & set(HELD_OUT)


def test_skills_are_balanced_and_most_episodes_succeed(shipped: Demonstrations) -> None:
    count = Counter(one.skill for one in shipped.episodes)
    assert set(count) == set(DIRECT)
    assert min(count.values()) >= 2  # a pair of twins, of each
    assert max(count.values()) <= 2 * min(count.values())
    assert np.mean([one.success for one in shipped.episodes]) >= 0.85
    assert np.mean([one.success for one in shipped.episodes if one.noise_level == 0.0]) >= 0.95


def test_twins_begin_with_the_same_pictures_and_act_differently(shipped: Demonstrations) -> None:
    pairs = [(one, shipped.episodes[one.twin]) for one in shipped.episodes if one.twin > one.index]
    assert 2 * len(pairs) >= 0.9 * len(shipped.episodes)
    for one, two in pairs:
        for place in PLACES:
            first = shipped.pictures(place, [one.start, two.start])
            np.testing.assert_array_equal(first[0], first[1])
        assert one.sentence != two.sentence


def test_what_is_executed_differs_by_the_noise_alone(shipped: Demonstrations) -> None:
    for one in shipped.episodes:
        span = slice(one.start, one.stop)
        differ = np.abs(shipped.executed[span] - shipped.actions[span])
        assert differ[:, ACTION.legs].max() == 0.0
        assert (differ.max() > 0.0) == (one.noise_level > 0.0)


def test_successes_are_not_contradicted_by_what_the_robot_felt(shipped: Demonstrations) -> None:
    assert [fault for fault in find_broken(shipped) if fault.kind in ("label", "stuck")] == []


@pytest.mark.parametrize(
    ("skill", "order"),
    [
        ("walk", ("walk", "stand")),
        ("turn", ("turn", "stand")),
        ("go to", ("approach", "stand")),
        ("look at", ("look", "hold")),
        ("reach for", ("reach", "hold")),
        ("pick up", ("reach", "lift", "hold")),
    ],
)
def test_subtasks_come_in_their_order(shipped: Demonstrations, skill: str, order: tuple[str, ...]) -> None:
    told = 0
    for one in shipped.episodes:
        if one.skill == skill and one.success:
            names = [SUBTASKS[k] for k in shipped.subtasks[one.start : one.stop]]
            assert [names.index(name) for name in order] == sorted(names.index(name) for name in order)
            assert names[-1] == order[-1]
            told += 1
    assert told
