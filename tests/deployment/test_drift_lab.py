"""The drift lab answers at once, by the functions it was handed, and a student's error is a card."""

from dataclasses import replace

import numpy as np
import pytest

from vla_course.course.exercise import NotAttempted
from vla_course.deployment.monitors.fitted import load_fitted
from vla_course.deployment.monitors.lab import SIZES, load_lab
from vla_course.deployment.monitors.parts import MonitorParts
from vla_course.panels.deployment.drift_lab import DriftLab
from vla_course.panels.deployment.drift_pictures import cloud_picture, episodes_picture, usual_episodes


@pytest.fixture(scope="module")
def lab() -> DriftLab:
    return DriftLab()


@pytest.mark.parametrize("kind", [kind for kind in SIZES if kind])
def test_the_greatest_change_of_each_kind_is_called_by_its_name(lab, kind) -> None:
    assert lab.choose(kind).cause == kind


def test_where_nothing_changed_nothing_is_said(lab) -> None:
    assert lab.choose("").cause == ""
    assert "No alarm" in lab.status


def test_a_promise_that_cannot_be_made_is_told_and_not_drawn(lab) -> None:
    assert lab.choose("dark", rate="1 in 1000").picture is None
    assert "1 / " in lab.status
    assert lab.choose("dark").picture is not None


def test_what_is_not_solved_is_asked_for() -> None:
    def missing(*_: object) -> float:
        raise NotAttempted("5.4")

    waiting = DriftLab(replace(MonitorParts.reference(), distance=missing))
    assert "5.4" in waiting.status
    assert waiting.picture is None


def test_unknown_choices_are_refused(lab) -> None:
    with pytest.raises(ValueError, match="'fog'"):
        lab.choose("fog")


def test_by_decisions_more_episodes_ring_than_by_episodes() -> None:
    fitted, parts = load_fitted(), MonitorParts.reference()
    shown = episodes_picture(usual_episodes(fitted, "soles"), 0.5, 0.2, parts.threshold)
    assert "20% were wanted" in shown.alt
    assert len(shown.png()) > 10_000


def test_a_heavier_hand_lies_outside_the_cloud() -> None:
    fitted, recorded = load_fitted(), load_lab()["wrong mass", 1.0]
    parts = MonitorParts.reference()
    strain = fitted.strain(recorded.missed, recorded.raised, parts)
    before = recorded.times < 1.5
    assert np.nanmedian(strain[~before]) > np.nanmax(strain[before])
    assert len(cloud_picture(fitted, recorded, parts.distance).png()) > 10_000
