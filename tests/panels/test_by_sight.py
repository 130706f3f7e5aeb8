"""Walking by sight, as the notebook shows it."""

from vla_course.panels.walking.by_sight import sighted_film, walk_by_sight
from vla_course.reference.day3_humanoid_balance.footsteps import FootstepPlanner
from vla_course.simulation.scene.terrain import Terrain


def test_it_climbs_what_it_sees_and_says_so():
    climb = walk_by_sight(Terrain.stairs(0.06, 0.33, count=1, width=1.0), 1.1, FootstepPlanner)
    assert climb.reached
    assert "6 cm up" in str(climb)
    assert "with 1 plan," in str(climb)
    film = sighted_film(climb, "One stair")
    assert "stays on its feet" in film.alt
    assert len(film.axes) == 6


def test_it_says_what_stopped_it():
    climb = walk_by_sight(Terrain.stairs(0.3, 0.4, count=1), 1.0, FootstepPlanner)
    assert not climb.reached
    assert not climb.record.fell
    assert f"stopped: {climb.reason}" in str(climb)
    assert climb.reason
