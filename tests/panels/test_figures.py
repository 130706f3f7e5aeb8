"""Figures have labelled axes with units, alt text, and show what the record holds."""

from collections.abc import Callable

import numpy as np
import pytest

from vla_course.course.errors import CourseError
from vla_course.motion.standing.record import MotionRecord
from vla_course.panels.balance import lessons
from vla_course.panels.balance.push_limits import measure, predict, push_limit_picture
from vla_course.panels.drawing import style
from vla_course.panels.drawing.figures import from_above, margin_over_time, over_time
from vla_course.panels.drawing.filmstrip import filmstrip
from vla_course.panels.drawing.style import Picture
from vla_course.panels.drawing.traces import footprints, seconds, zmp_trace
from vla_course.reference.day3_humanoid_balance.com import center_of_mass
from vla_course.reference.day3_humanoid_balance.dcm import divergent_component_of_motion, no_step_push_limit
from vla_course.reference.day3_humanoid_balance.support import stability_margin, support_polygon
from vla_course.reference.day3_humanoid_balance.zmp import cart_table_zmp, zero_moment_point
from vla_course.simulation.robot.humanoid import Humanoid
from vla_course.simulation.world.world import World

Draw = Callable[[MotionRecord], Picture]
FIGURES: dict[str, Draw] = {
    "over_time": lambda run: over_time(
        run,
        zero_moment_point=zero_moment_point,
        cart_table_zmp=cart_table_zmp,
        divergent_component_of_motion=divergent_component_of_motion,
    ),
    "sideways": lambda run: over_time(run, direction=90.0),
    "from_above": lambda run: from_above(run, support_polygon=support_polygon),
    "margin_over_time": lambda run: margin_over_time(run, stability_margin),
    "stances": lambda run: lessons.stances_picture(run, support_polygon),
    "error": lambda run: lessons.zmp_error_over_time(run, zero_moment_point=zero_moment_point),
    "compare": lambda run: lessons.compare({"a": run, "b": run}),
    "homecoming": lambda run: lessons.homecoming({"a": run, "b": run}),
    "push limits": lambda run: push_limit_picture(predict(no_step_push_limit, run)),
}


@pytest.mark.parametrize("name", FIGURES)
def test_figure_tells_what_its_axes_mean(name: str, kept: MotionRecord) -> None:
    figure = FIGURES[name](kept)
    said = " ".join(axes.get_xlabel() + axes.get_ylabel() for axes in figure.axes)
    assert any(unit in said for unit in ("(cm)", "(mm)", "(N s/kg)"))
    assert figure.alt.endswith(".")
    assert len(figure.alt) > 30
    html = figure._repr_html_()
    assert html.startswith('<img alt="')
    assert "max-width: 100%" in html


@pytest.mark.parametrize("name", FIGURES)
def test_figure_can_be_drawn_of_a_fall(name: str, fallen: MotionRecord) -> None:
    assert FIGURES[name](fallen).png().startswith(b"\x89PNG")


def test_colours_mean_one_thing(kept: MotionRecord) -> None:
    (axes,) = FIGURES["over_time"](kept).axes
    colours = {line.get_label(): line.get_color() for line in axes.get_lines()}
    assert colours == {
        "measured CoP": style.COP,
        "cart-table ZMP": style.CART_TABLE,
        "ZMP": style.ZMP,
        "DCM": style.DCM,
        "CoM": style.COM,
    }


def test_zmp_of_a_record_is_what_the_formula_says_and_the_soles_measure(kept: MotionRecord) -> None:
    quiet = np.flatnonzero((seconds(kept) > 0.3) & ~kept.push_force.any(axis=1))[::40]
    off = zmp_trace(kept, zero_moment_point)[quiet] - kept.center_of_pressure[quiet]
    assert np.nanmax(np.abs(off)) < 0.005


def test_footprints_span_the_measured_support(kept: MotionRecord) -> None:
    corners = np.concatenate(footprints(kept))
    np.testing.assert_allclose(corners.min(axis=0), kept.support_polygons[0].min(axis=0), atol=1e-3)
    np.testing.assert_allclose(corners.max(axis=0), kept.support_polygons[0].max(axis=0), atol=1e-3)


@pytest.mark.parametrize(
    ("answer", "says"), [(None, "gave None"), (np.zeros(3), r"shape \(3,\)"), ("far", "gave 'far'")]
)
def test_nonsense_from_a_student_is_one_line(kept: MotionRecord, answer: object, says: str) -> None:
    with pytest.raises(CourseError, match=says):
        over_time(kept, zero_moment_point=lambda *_: answer)


def test_free_fall_leaves_a_gap_instead_of_a_crash(kept: MotionRecord) -> None:
    def never(*_: object) -> None:
        raise ValueError("free fall")

    assert np.isnan(zmp_trace(kept, never)).all()
    over_time(kept, zero_moment_point=never).png()


def test_filmstrip_shows_the_robot_at_every_moment_asked_for(fallen: MotionRecord) -> None:
    figure = filmstrip(fallen, [0.0, 1.0, 2.0])
    assert [axes.get_xlabel() for axes in figure.axes] == ["0.00 s", "1.00 s", "2.00 s"]
    shots = [axes.get_images()[0].get_array() for axes in figure.axes]
    assert not np.array_equal(shots[0], shots[2])
    assert "falls" in figure.alt


def test_masses_add_up_to_the_robot_and_its_centre() -> None:
    with World() as world:
        robot = Humanoid(world)
        masses, places = lessons.bodies_of(robot)
        assert masses.sum() == pytest.approx(robot.mass)
        np.testing.assert_allclose(center_of_mass(masses, places), robot.center_of_mass(), atol=1e-9)
    assert lessons.mass_picture({"now": (masses, places)}, center_of_mass).alt


def test_limits_are_mirrored_right_to_left_and_rise_with_what_the_robot_stands(kept: MotionRecord) -> None:
    predicted = predict(no_step_push_limit, kept, directions=4)
    done: list[tuple[int, int]] = []
    measured = measure(predicted, lambda: None, progress=lambda *now: done.append(now))
    assert done[-1] == (3, 3)
    assert measured.survived[1] == measured.survived[3]
    assert measured.mirrored.tolist() == [False, False, False, True]
    # A block on its edge stands about as much as theory allows a point on a stick.
    assert (measured.survived >= 0.9 * predicted.predicted).all()
    assert "times that" in push_limit_picture(measured).alt


def test_the_drawn_limit_has_the_corners_of_the_support(kept: MotionRecord) -> None:
    predicted = predict(no_step_push_limit, kept)
    corners = kept.support_polygons[-1] - kept.center_of_mass[-1, :2]
    for x, y in corners:
        heading = round(float(np.degrees(np.arctan2(y, x)))) % 360
        assert predicted.ring[heading] == pytest.approx(predicted.omega * np.hypot(x, y), rel=0.02)
    # At twelve headings all corners are missed.
    assert predicted.ring.max() > 1.05 * predicted.predicted.max()
    outlines = np.concatenate(predicted.soles)
    assert np.abs(outlines[:, 1]).max() == pytest.approx(np.abs(corners[:, 1]).max(), abs=2e-3)


def test_a_robot_rests_before_it_is_pushed(fallen: MotionRecord) -> None:
    before = (seconds(fallen) > 0.03) & (seconds(fallen) < 0.49)
    away = fallen.center_of_pressure[before] - fallen.support_polygons[0].mean(axis=0)
    assert np.abs(away).max() < 0.015


def test_a_picture_shows_no_more_than_its_reach(kept: MotionRecord) -> None:
    assert over_time(kept, reach=6.0).axes[0].get_ylim() == (-6.0, 6.0)
