"""A bar moves with what is done and says what is going on; long runs report to it."""

from tests.panels.test_errand_film import Walled
from vla_course.motion.errands.parts import ErrandParts
from vla_course.panels.drawing.progress import Bar
from vla_course.panels.hands.errand_film import send_for
from vla_course.panels.walking.by_sight import walk_by_sight
from vla_course.reference.day3_humanoid_balance.footsteps import FootstepPlanner
from vla_course.simulation.scene.terrain import Terrain


def test_a_bar_shows_how_much_is_done_and_what_is_going_on() -> None:
    bar = Bar("errand")
    bar(1, 4, "walk")
    assert (bar.fraction, bar.doing) == (0.25, "walk")
    bar(1.001, 4, "take")
    assert (bar.fraction, bar.doing) == (0.25, "take")
    bar(9, 4)
    assert (bar.fraction, bar.doing) == (1.0, "")


def test_an_errand_reports_its_phases_and_its_end() -> None:
    told: list[tuple[float, float, str]] = []
    send_for("red cup", parts=ErrandParts(planner=Walled), progress=lambda *now: told.append(now))
    assert next(doing for *_, doing in told) == "stand"
    assert told[-1][2] == "no plan"
    done = [now / of for now, of, _ in told]
    assert done == sorted(done)
    assert done[-1] == 1.0


def test_a_walk_by_sight_reports_how_far_it_is() -> None:
    told: list[tuple[float, float, str]] = []
    walk_by_sight(Terrain.flat(), 0.5, FootstepPlanner, progress=lambda *now: told.append(now))
    assert len(told) > 10
    assert "plan 1" in told[5][2]
    assert told[-1] == (0.5, 0.5, "done")
