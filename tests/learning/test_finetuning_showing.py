"""Demonstrations of a new thing: where the hand went is where the thing is, and no segmentation was asked."""

import numpy as np
import pytest

from vla_course.learning.finetuning.showing import (
    EVERYTHING,
    Demonstrations,
    _in_picture,
    demonstrate,
    laid,
    moments,
)
from vla_course.learning.grounding.sights import ENTITIES, SHOWN
from vla_course.simulation.scene.cameras import CameraImage
from vla_course.simulation.scene.things import COLOURS, NEW_SHAPES


@pytest.fixture(scope="module")
def shown() -> Demonstrations:
    return demonstrate(5, "cone", "dax", 3)


def test_each_demonstration_names_a_coloured_thing_by_its_new_word(shown: Demonstrations) -> None:
    assert len(shown) == 3
    for sentence in shown.sentences:
        assert "dax" in sentence.split()
        assert "cone" not in sentence
        assert "cup" not in sentence
        assert any(colour in sentence for colour in COLOURS)


def test_the_first_demonstrations_are_those_of_fewer(shown: Demonstrations) -> None:
    fewer = demonstrate(5, "cone", "dax", 1)
    assert fewer.sentences == shown.first(1).sentences
    np.testing.assert_array_equal(fewer.rgb, shown.rgb[:1])
    np.testing.assert_array_equal(fewer.middle, shown.middle[:1])


def test_the_hand_goes_where_the_thing_shows() -> None:
    one = demonstrate(6, "spool", "spool", 6, colours=("red",))
    for rgb, shows, middle in zip(one.rgb, one.shows, one.middle, strict=True):
        assert (shows == 1.0).any()
        for picture, there, (u, v) in zip(rgb, shows, middle, strict=True):
            if there == 1.0:
                patch = picture[max(0, int(v) - 3) : int(v) + 4, max(0, int(u) - 3) : int(u) + 4]
                red, green, blue = patch.reshape(-1, 3).astype(int).T
                assert ((red > 1.6 * green) & (red > 1.6 * blue)).mean() > 0.2


@pytest.mark.parametrize(
    ("hand", "wall", "shows"),
    [
        ((1.0, 0.0, 0.0), 1.0, 1.0),
        ((1.0, 0.0, 0.0), 0.96, 1.0),  # the thing's own front
        ((1.0, 0.0, 0.0), 0.9, np.nan),  # something is before it
        ((1.0, 1.05, 0.0), 9.0, np.nan),  # just beside the picture: a part may show
        ((1.0, 1.2, 0.0), 9.0, 0.0),
        ((1.0, 0.0, -1.2), 9.0, 0.0),
        ((-1.0, 0.0, 0.0), 9.0, 0.0),  # behind the camera
    ],
)
def test_a_place_shows_in_the_picture_unless_it_is_outside_and_is_left_open_behind_something(
    hand: tuple[float, float, float], wall: float, shows: float
) -> None:
    side = np.zeros((96, 96))
    lens = np.array(((48.0, 0.0, 48.0), (0.0, 48.0, 48.0), (0.0, 0.0, 1.0)))
    image = CameraImage(side, np.full((96, 96), wall, np.float32), side, lens, np.zeros(3), np.eye(3), 0.0)
    told, pixel = _in_picture(image, np.array(hand))
    np.testing.assert_equal(told, shows)
    assert pixel == ((48.0, 48.0) if shows == 1.0 else (0.0, 0.0))


def test_in_a_looking_glass_left_is_right(shown: Demonstrations) -> None:
    again = shown.mirrored()
    np.testing.assert_array_equal(again.rgb[:, :, :, ::-1], shown.rgb)
    there = shown.shows == 1.0
    u, v = again.middle[there].T
    np.testing.assert_allclose(u, 96.0 - shown.middle[there, 0], atol=1e-4)
    np.testing.assert_allclose(v, shown.middle[there, 1])


def test_moments_with_new_things_have_columns_behind_those_of_grounding() -> None:
    sights = moments(1, "mushroom", 2, postures=1)
    assert EVERYTHING[: len(ENTITIES)] == ENTITIES
    assert sights.pixels.shape == (2, 3, len(EVERYTHING))
    new = [k for k, name in enumerate(EVERYTHING) if name.endswith("mushroom")]
    assert (np.isfinite(sights.place[:, new, 0]).sum(1) >= 1).all()
    assert (sights.pixels[:, :, new] >= SHOWN).any()
    assert all(name in ENTITIES for moment in range(2) for name in sights.names(moment))


@pytest.mark.parametrize("seed", range(5))
def test_a_table_has_the_new_thing_and_known_ones(seed: int) -> None:
    scene, _ = laid(np.random.default_rng(seed), "blue spool", ("red spool",))
    names = [thing.name for thing in scene.things]
    assert names[:2] == ["blue spool", "red spool"]
    assert 1 <= len(names) - 2 <= 2
    assert not any(shape in name for name in names[2:] for shape in NEW_SHAPES)


def test_bad_demonstrations_are_refused(shown: Demonstrations) -> None:
    with pytest.raises(ValueError, match="count is 0, expected one demonstration or more"):
        demonstrate(0, "cone", "cone", 0)
    with pytest.raises(ValueError, match="shape is 'ring', expected one of: cone, mushroom, spool"):
        demonstrate(0, "ring", "ring", 1)
    with pytest.raises(ValueError, match="colours has 'pink', expected some of: red"):
        demonstrate(0, "cone", "cone", 1, colours=["pink"])
    with pytest.raises(ValueError, match="postures is 0, expected 1 or more"):
        moments(0, "cone", 1, postures=0)
    with pytest.raises(ValueError, match="there are no demonstrations"):
        shown.first(0)
    with pytest.raises(ValueError, match=r"rgb is \(3, 3, 48, 48, 3\), expected \(3, 3, 96, 96, 3\)"):
        Demonstrations(shown.sentences, shown.rgb[:, :, ::2, ::2], shown.shows, shown.middle)
    with pytest.raises(ValueError, match=r"shows is \(2, 3\)"):
        Demonstrations(shown.sentences, shown.rgb, shown.shows[:2], shown.middle)
    with pytest.raises(ValueError, match="1 in no picture"):
        Demonstrations(shown.sentences, shown.rgb, 0.0 * np.nan_to_num(shown.shows), shown.middle)
