"""Where a robot would stand if it closed its feet now: between them, or beside the foot that is about to carry."""

from types import SimpleNamespace

import pytest

from vla_course.motion.footsteps.footstep import Footstep
from vla_course.motion.walking.footing import GAIT, footing_of, here

LEFT, RIGHT = Footstep("left", 0.10, 0.12, 0.0, 0.2), Footstep("right", 0.00, -0.08, 0.0, 0.0)
LANDS = Footstep("right", 0.3, -0.1, 0.0, 0.0)


def walker(phase: str) -> SimpleNamespace:
    """Return as much of a walker as is asked, its feet apart; the left one carries, the right one swings."""
    return SimpleNamespace(
        phase=phase, feet=[LEFT, RIGHT], stance=0, pending=[LANDS], measured=lambda foot: (LEFT, RIGHT)[foot]
    )


def test_who_stands_is_between_the_feet():
    place = here(walker("stand"))
    assert (place.x, place.y, place.yaw) == pytest.approx((0.05, 0.02, 0.1))


def test_who_shifts_is_beside_the_foot_that_carries_and_who_swings_beside_the_one_that_lands():
    half = GAIT.step_width / 2.0
    assert here(walker("single")).x == LANDS.x
    assert here(walker("single")).y == pytest.approx(LANDS.y + half)
    assert footing_of(walker("single")).swings == "left"
    assert here(walker("shift")).yaw == LEFT.yaw
    assert footing_of(walker("shift")).swings == "right"
