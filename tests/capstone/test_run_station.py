"""A station on a student's code: the same numbers twice, and what breaks costs that station alone."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from vla_course.capstone.assessment import _broken, assess, run_station
from vla_course.capstone.judging.kept import kept_reference
from vla_course.capstone.own.pieces import Pieces
from vla_course.capstone.run_station import measure
from vla_course.capstone.stations.listing import NUMBERS, STREAM
from vla_course.capstone.stations.station import Notes
from vla_course.course.root import CourseRoot

INTERVALS, PAIRED = "day4_training/intervals.py", "day4_training/paired.py"


def events_of(name, seed):
    """Run a station of the reference in this process."""
    found = []
    measure(name, Pieces("reference"), Notes(found.append, seed, True, Path()), found.append)
    return found


once = cache(events_of)


def run(tmp_path, station, own):
    return run_station(CourseRoot.current(), station, own, 0, True, tmp_path, Path(tmp_path, "report.jsonl"))


@pytest.mark.parametrize("name", ["numbers", "stream"])
def test_the_same_code_has_the_same_numbers_and_another_seed_has_others(name):
    first, other = once(name, 0), events_of(name, 1)
    assert first == events_of(name, 0)
    assert first != other
    assert first[-1] == {"event": "end"}


@pytest.mark.parametrize("station", [NUMBERS, STREAM], ids=lambda one: one.name)
def test_a_station_writes_down_what_its_properties_and_its_bar_of_progress_ask_for(station):
    found = once(station.name, 0)
    assert {one["name"] for one in found if one["event"] == "number"} == {
        one.number for one in station.properties
    }
    assert sum(one["event"] == "scene" for one in found) == station.scenes[0]
    assert any(one["event"] == "curve" for one in found) == (station.axes is not None)


@pytest.mark.parametrize("name", ["numbers", "stream"])
def test_what_is_kept_of_the_reference_is_what_it_still_reaches(name):
    kept = kept_reference(CourseRoot.current(), 0, True)
    assert kept is not None
    found = {one["name"]: one["value"] for one in once(name, 0) if one["event"] == "number"}
    assert found == pytest.approx(dict(kept.stations[name].numbers), rel=0.02)


def test_a_students_own_function_runs_and_the_references_beside_it(desk, solution, tmp_path):
    wide = solution(INTERVALS).replace("# END SOLUTION", "# END SOLUTION", 1)
    begin = wide.index("# BEGIN SOLUTION")
    desk({INTERVALS: wide[:begin] + "return 0.0, 1.0\n    " + wide[begin:]})
    found = run(tmp_path, NUMBERS, ["4.11"])
    assert found.fault == ""
    assert found.numbers["wide"] == 1.0
    assert found.numbers["seen"] > 0.9, "4.12 is the reference's"


def test_what_raises_ends_its_station_in_a_sentence_with_the_line(desk, solution, tmp_path):
    text = solution(PAIRED)
    begin = text.index("# BEGIN SOLUTION")
    desk({PAIRED: text[:begin] + "return before / 0 + nonsense\n    " + text[begin:]})
    found = run(tmp_path, NUMBERS, ["4.12"])
    assert "nonsense" in found.fault
    assert "paired.py, line" in found.fault
    assert _broken(CourseRoot.current(), NUMBERS, found.fault) == ["4.12"]


def test_a_loop_without_end_is_ended(desk, solution, tmp_path):
    text = solution(PAIRED)
    begin = text.index("# BEGIN SOLUTION")
    desk({PAIRED: text[:begin] + "while True:\n        pass\n    " + text[begin:]})
    found = run(tmp_path, replace(NUMBERS, seconds=3.0), ["4.12"])
    assert "is there a loop without end?" in found.fault
    assert list(_broken(CourseRoot.current(), NUMBERS, found.fault)) == ["4.11", "4.12"]


def test_what_ends_python_is_told(desk, solution, tmp_path):
    text = solution(PAIRED)
    begin = text.index("# BEGIN SOLUTION")
    desk({PAIRED: text[:begin] + "import os; os._exit(3)\n    " + text[begin:]})
    assert "ended before it was done" in run(tmp_path, NUMBERS, ["4.12"]).fault


@pytest.mark.full
def test_a_fresh_desk_has_no_points_and_a_broken_function_costs_its_station_alone(desk, solution, tmp_path):
    desk({})
    fresh = assess(CourseRoot.current(), tmp_path / "films", quick=True, stations=(NUMBERS, STREAM))
    assert (fresh.points, [one for one in fresh.whose if one.own]) == (0.0, [])
    assert all(one.reached for result in fresh.results for one in result.judged)
    text = solution(PAIRED)
    begin = text.index("# BEGIN SOLUTION")
    broken = text[:begin] + "raise RuntimeError('no')\n    " + text[begin:]
    desk({PAIRED: broken, INTERVALS: "solved", "day2_streaming_pipeline/chunks.py": "solved"})
    told = assess(CourseRoot.current(), tmp_path / "films", quick=True, stations=(NUMBERS, STREAM))
    numbers, stream = told.results
    assert "RuntimeError: no" in numbers.measured.fault
    assert stream.points == pytest.approx(stream.station.points * stream.own, abs=0.06)
    again = assess(CourseRoot.current(), tmp_path / "films", quick=True, stations=(NUMBERS, STREAM))
    assert again.as_json() == told.as_json()
