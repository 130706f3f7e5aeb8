"""A replay has the frames of its record, is light, and moves what moved."""

import numpy as np
import pytest

from vla_course.motion.standing.record import MotionRecord
from vla_course.panels.drawing.puppet import Puppet, frames
from vla_course.panels.drawing.replay import replay, side_by_side
from vla_course.panels.drawing.shapes import arrow, box, cylinder, sphere
from vla_course.panels.drawing.traces import seconds
from vla_course.panels.drawing.viewpoint import viewpoint
from vla_course.simulation.robot.anatomy import humanoid_links
from vla_course.simulation.robot.description import HumanoidDescription

LINKS = sum(
    any(part.colour is not None for part in link.parts) for link in humanoid_links(HumanoidDescription())
)


def test_replay_has_thirty_pictures_a_second_and_says_how_big_it_is(fallen: MotionRecord) -> None:
    shown = replay(fallen, "statue")
    assert len(shown.times) == pytest.approx(30 * seconds(fallen)[-1], rel=0.08)
    moving = [thing for thing in shown.plot.objects if isinstance(getattr(thing, "model_matrix", None), dict)]
    assert len(moving) >= LINKS
    assert {len(thing.model_matrix) for thing in moving} == {len(shown.times)}
    assert shown.size < 3e6
    assert f"{shown.size / 1e6:.1f} MB" in shown.children[-1].value
    assert f"{len(shown.times)} pictures" in shown.children[-1].value


def test_time_is_counted_in_milliseconds_up_to_the_end(fallen: MotionRecord) -> None:
    shown = replay(fallen)
    assert shown.play.max == round(1000 * seconds(fallen)[-1])
    shown.children[1].children[-1].value = 4
    assert shown.play.step == round(1000 / 30 / 4)


def test_side_by_side_draws_both_robots_apart(fallen: MotionRecord, kept: MotionRecord) -> None:
    shown = side_by_side({"statue": fallen, "controlled": kept})
    assert shown.size < 3e6
    texts = [thing.text for thing in shown.plot.objects if hasattr(thing, "text")]
    assert texts == ["statue", "controlled"]
    with pytest.raises(ValueError, match="at least one record"):
        side_by_side({})


def test_puppet_takes_the_recorded_pose(kept: MotionRecord) -> None:
    with Puppet(("pelvis", "left_sole")) as puppet:
        puppet.pose(kept, 300)
        pelvis, sole = puppet.matrices()
    np.testing.assert_allclose(pelvis[:3, 3], kept.base_position[300], atol=1e-6)
    assert abs(sole[2, 3]) < 2e-3


def test_last_tick_is_among_the_frames(kept: MotionRecord) -> None:
    ticks = frames(kept, 30.0)
    assert ticks[0] == 0
    assert ticks[-1] == len(kept.time) - 1


def test_camera_looks_across_the_push_and_into_the_face(kept: MotionRecord) -> None:
    x, y, _ = viewpoint(kept).position
    assert x > 0.0
    assert abs(y) > x


@pytest.mark.parametrize(
    ("mesh", "volume"),
    [
        (box(np.array([0.1, 0.2, 0.3]), 0), 0.006),
        (cylinder(0.1, 0.5, 0, sides=200), np.pi * 0.005),
        (sphere(0.1, 0, sides=200), 4.0 / 3.0 * np.pi * 0.001),
    ],
)
def test_shapes_are_closed_and_face_outwards(mesh: object, volume: float) -> None:
    a, b, c = np.moveaxis(mesh.vertices[mesh.triangles], 1, 0)  # type: ignore[attr-defined]
    assert np.sum(a * np.cross(b, c)) / 6.0 == pytest.approx(volume, rel=2e-3)


def test_arrow_ends_where_it_points() -> None:
    assert arrow(0).vertices[:, 0].max() == pytest.approx(0.0)
    assert arrow(0).vertices[:, 0].min() == pytest.approx(-1.0)
