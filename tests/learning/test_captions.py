"""Captions say what a picture shows, and no more."""

from itertools import pairwise

import numpy as np
import pytest

from vla_course.learning.pretraining.captions import (
    CLEAR_PIXELS,
    PLACES,
    THIRDS,
    Sighting,
    caption,
    phrase,
    place,
)
from vla_course.learning.pretraining.snapshots import Studio, choose_things
from vla_course.simulation.scene.things import ALL_THINGS, TRAINED


def test_things_are_named_from_left_to_right() -> None:
    seen = [Sighting("blue ball", 80, 0.5, 0.5, False), Sighting("orange cup", 90, 0.2, 0.5, False)]
    assert caption(seen) == "an orange cup on the left and a blue ball in the middle"
    seen.append(Sighting("green box", 70, 0.9, 0.5, False))
    assert (
        caption(seen) == "an orange cup on the left, a blue ball in the middle and a green box on the right"
    )


def test_what_is_hardly_seen_or_cut_is_not_named() -> None:
    hardly = Sighting("red cup", CLEAR_PIXELS - 1, 0.5, 0.5, False)
    cut = Sighting("red box", 500, 0.02, 0.5, True)
    assert caption([hardly, cut]) == "an empty table"


def test_between_two_places_lies_none() -> None:
    assert [place(x) for x in (0.1, 0.38, 0.5, 0.62, 0.9)] == [PLACES[0], None, PLACES[1], None, PLACES[2]]
    assert phrase("red cup", place(0.38)) == "a red cup"
    for (_, end), (begin, _) in pairwise(THIRDS):
        assert begin - end > 0.03, "a mirrored or shifted picture must not change its words"


@pytest.mark.parametrize("place_of_camera", ["head", "chest"])
def test_sightings_agree_with_where_the_colour_is(place_of_camera: str) -> None:
    """The middle of what is coloured in the picture lies where the caption says."""
    rng = np.random.default_rng(7)
    checked = 0
    with Studio(rng) as studio:
        while checked < 5:
            studio.arrange(["green ball"])
            snapshot = studio.take(place_of_camera)  # type: ignore[arg-type]
            if not any(one.clear for one in snapshot.sightings):
                continue
            red, green, blue = (snapshot.rgb[..., k].astype(float) for k in range(3))
            table = slice(30, None)  # a person in a green shirt stands above
            columns = np.nonzero((green > 1.5 * red) & (green > 1.5 * blue))
            columns = columns[1][columns[0] >= table.start]
            assert abs(columns.mean() / 96 - snapshot.sightings[0].across) < 0.05
            checked += 1


def test_a_second_thing_often_shares_colour_or_shape() -> None:
    rng = np.random.default_rng(0)
    pairs = [choose_things(rng, TRAINED, 2) for _ in range(300)]
    alike = [bool(set(one.split()) & set(other.split())) for one, other in pairs]
    assert all(one != other for one, other in pairs)
    assert 0.5 < np.mean(alike) < 0.8
    with pytest.raises(ValueError, match="count is 60"):
        choose_things(rng, ALL_THINGS, 60)
