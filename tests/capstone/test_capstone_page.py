"""The page of a capstone: whole, from nothing outside, and honest about whose code it was."""

import json
import re
from dataclasses import replace

import numpy as np
import pytest

from tests.panels.test_evaluation_page import read
from vla_course.capstone.in_notebook import ShownCapstone
from vla_course.capstone.judging.results import Measured, judge
from vla_course.capstone.judging.told import Assessment
from vla_course.capstone.own.desk import Whose
from vla_course.capstone.report.curves import curve_chart, round_up
from vla_course.capstone.report.page import page, write_page
from vla_course.capstone.stations.listing import STATIONS
from vla_course.capstone_cli import lines
from vla_course.cli import main
from vla_course.course.manifest import load_manifest
from vla_course.course.root import CourseRoot


def assessment(tmp_path, why="", fault=""):
    """Return what came of a capstone in which every station did as well as the reference, or broke down."""
    manifest, results = load_manifest(CourseRoot.current()), []
    for one in STATIONS:
        curve = None if one.axes is None else ([0.1, 0.2, 0.4], [1.0, 0.5, 0.2])
        numbers = {name.number: float(name.bar.better == "more") for name in one.properties}
        reference = Measured(numbers, curve)
        films = (("a.mp4", "“walk <fast>”: done"),) if one.whole else ()
        mine = Measured({}, None, (), fault) if fault else replace(reference, films=films)
        whose = [Whose(manifest.exercise(exercise), why) for exercise in one.exercises]
        results.append(judge(one, mine, reference, whose))
    (tmp_path / "a.mp4").write_bytes(b"a film")
    return Assessment(0, True, results, False, "abc1234", "abc1234", tmp_path)


def test_a_page_is_whole_and_needs_nothing_from_outside(tmp_path):
    text = page(assessment(tmp_path))
    reader = read(text.replace("<polyline", "<line"))
    assert reader.heads[0] == "A leaderboard of one"
    assert len(reader.heads) == 4
    assert all(point.startswith("data:") for point in reader.points)
    assert not re.search(r"https?://", text)
    assert "walk &lt;fast&gt;" in text
    assert "prefers-color-scheme: dark" in text


def test_it_is_there_as_a_whole(tmp_path):
    told = assessment(tmp_path)
    write_page(tmp_path / "capstone.html", told)
    assert (tmp_path / "capstone.html").read_text(encoding="utf-8") == page(told)
    assert not list(tmp_path.glob("*.part"))


def test_all_that_is_ones_own_has_all_points(tmp_path):
    told = assessment(tmp_path)
    assert told.points == told.out_of == sum(one.points for one in STATIONS)
    assert "points are open" not in page(told)


def test_a_fresh_desk_has_no_points_and_the_page_says_so(tmp_path):
    told = assessment(tmp_path, why="not attempted")
    assert told.points == 0.0
    assert "Nothing here is yours yet" in page(told)
    assert "not attempted" in page(told)
    assert sum("by the reference" in line for line in lines(told)) == len(STATIONS)


def test_what_broke_down_is_told_once_at_its_station(tmp_path):
    told = assessment(tmp_path, fault="ZeroDivisionError: <by zero> (zmp.py, line 3: 1 / 0)")
    assert told.points == 0.0
    assert page(told).count("&lt;by zero&gt;") == len(STATIONS)
    assert "not measured" in page(told)


@pytest.mark.parametrize("axes", [one.axes for one in STATIONS if one.axes is not None])
def test_a_curve_is_drawn_within_its_picture(axes):
    xs = np.linspace(0.0, 0.5, 6).tolist()
    chart = curve_chart(axes, (xs, [930.0, 2.0, 1.0, 0.5, 0.0, 0.0]), (xs, [0.9] * 6))
    width, height = map(float, re.search(r'viewBox="0 0 (\d+) (\d+)"', chart).groups())
    for points in re.findall(r'points="([^"]+)"', chart):
        for point in points.split():
            x, y = map(float, point.split(","))
            assert 0.0 <= x <= width
            assert 0.0 <= y <= height
    assert "0.9 at 0.5" in chart


@pytest.mark.parametrize(
    ("value", "top"), [(0.0, 1.0), (1.0, 1.0), (1.01, 2.0), (930.0, 1000.0), (0.03, 0.04)]
)
def test_axes_end_at_round_numbers(value, top):
    assert round_up(value) == pytest.approx(top)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [(["--seed", "-1"], "--seed is -1, expected 0 or more"), (["--keep"], "say --reference --keep")],
)
def test_what_is_typed_wrong_is_told_before_anything_runs(arguments, says, capsys):
    assert main(["capstone", *arguments]) == 2
    assert says in capsys.readouterr().err


def test_the_command_writes_page_and_verdict_and_says_every_station(tmp_path, monkeypatch, capsys):
    told = assessment(tmp_path)
    asked = []

    def assess(*arguments, **options):
        asked.append(arguments[1:])
        options["progress"](1, 2)
        return told

    monkeypatch.setattr("vla_course.capstone.assessment.assess", assess)
    out = tmp_path / "out"
    assert main(["capstone", "--quick", "--seed", "3", "--out", str(out)]) == 0
    assert asked == [(out / "films", 3, True, False)]
    said = capsys.readouterr().out
    assert all(one.name in said for one in STATIONS)
    assert f"{told.out_of:g} of {told.out_of} points (unofficial)" in said
    assert (out / "capstone.html").read_text(encoding="utf-8") == page(told)
    assert json.loads((out / "capstone.json").read_text(encoding="utf-8")) == told.as_json()


def test_a_notebook_shows_the_page_in_a_frame_of_its_own(tmp_path):
    shown = ShownCapstone(assessment(tmp_path))
    text = shown._repr_html_()
    assert text.startswith("<iframe ")
    assert text.count("<") == 2, (
        "all of the page is in an attribute, and cannot change the notebook around it"
    )
    assert repr(shown) == "100 of 100 points (unofficial)"
