"""Film and audit of an errand say what happened, also when hardly anything did."""

from dataclasses import replace

import numpy as np
import pytest

from vla_course.motion.errands.parts import ErrandParts
from vla_course.motion.footsteps.plan import FootstepPlan
from vla_course.panels.hands.errand_film import (
    Phase,
    Trip,
    audit,
    audit_picture,
    moments,
    send_for,
    trip_film,
)
from vla_course.reference.day3_humanoid_balance.support import stability_margin
from vla_course.reference.day3_humanoid_balance.zmp import zero_moment_point


class Walled:
    """A planner of footsteps that never finds a way."""

    def __init__(self, *_):
        pass

    def plan_path(self, start, goal, next_side=None):
        return FootstepPlan((), False, goal, goal, "walls all round", 0.0, 0)


@pytest.fixture(scope="module")
def trip() -> Trip:
    return send_for("red cup", parts=ErrandParts(planner=Walled))


def test_an_errand_that_was_refused_says_why_and_shows_a_robot_that_stands(trip: Trip) -> None:
    assert str(trip) == "gave up (no plan: walls all round) and stands"
    assert [phase.name for phase in trip.phases] == ["stand", "give up"]
    assert trip.phases[-1].end == pytest.approx(trip.record.time[-1])
    film = trip_film(trip, "An errand")
    assert film.png()[:4] == b"\x89PNG"
    assert "walls all round" in film.alt
    assert len(trip.props()) == 4


def test_the_film_shows_every_part_of_an_errand_in_order(trip: Trip) -> None:
    names = ("stand", "tuck", "walk", "take", "carry", "put", "step back", "home")
    phases = tuple(Phase(name, 0.2 * k, 0.2 * k + 0.2) for k, name in enumerate(names))
    whole = replace(trip, phases=phases, ending="done", reason="")
    found = moments(whole)
    assert found == sorted(found)
    shown = [next(p.name for p in phases if p.begin <= time < p.end) for time in found]
    assert shown == ["walk", "take", "carry", "carry", "put", "step back"]
    assert str(whole).startswith("walked 0.0 m")


def test_the_audit_measures_with_the_formulas_that_it_is_given(trip: Trip) -> None:
    figure = audit_picture(trip, zero_moment_point, stability_margin)
    labels = {line.get_label() for axes in figure.axes for line in axes.get_lines()}
    assert {"measured CoP", "ZMP", "CoM"} <= labels
    honest = audit(trip, zero_moment_point, stability_margin)
    assert "0.0 mm apart" in honest

    def aside(*motion):
        return np.asarray(zero_moment_point(*motion)) + (0.02, 0.0)

    assert "20.0 mm apart" in audit(trip, aside, stability_margin)


def test_a_thing_that_no_table_holds_is_refused() -> None:
    with pytest.raises(ValueError, match="red cup"):
        send_for("teapot")  # type: ignore[arg-type]
