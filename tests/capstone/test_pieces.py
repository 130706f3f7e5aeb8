"""The table of pieces: every field of every parts of the frame is an exercise, and the right one."""

import ast
from dataclasses import fields
from importlib import import_module
from pathlib import Path

import pytest

from vla_course.capstone.own.pieces import PIECES, Pieces, exercises_of
from vla_course.capstone.stations.listing import STATIONS, station
from vla_course.course.manifest import load_manifest
from vla_course.course.root import CourseRoot
from vla_course.motion.errands.parts import ErrandParts

HOUSE = Path(__file__).parents[2] / "vla_course"
NESTED = {(ErrandParts, "walking")}
"""fields that are parts themselves"""


def test_every_kind_of_parts_in_the_frame_is_in_the_table():
    found = {
        node.name
        for room in ("motion", "learning", "serving", "deployment")
        for path in (HOUSE / room).rglob("*.py")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef) and node.name.endswith("Parts")
    }
    assert found == {kind.__name__ for kind in PIECES}


@pytest.mark.parametrize("kind", PIECES, ids=lambda kind: kind.__name__)
def test_every_field_of_parts_is_an_exercise(kind):
    assert {field.name for field in fields(kind)} == {*PIECES[kind]} | {
        name for owner, name in NESTED if owner is kind
    }


@pytest.mark.parametrize("kind", PIECES, ids=lambda kind: kind.__name__)
def test_a_piece_names_the_exercises_that_its_own_file_marks(kind):
    manifest = load_manifest(CourseRoot.current())
    for piece in PIECES[kind].values():
        here = {
            one.id
            for one in manifest.exercises
            if one.module == piece.module and one.symbol.split(".")[0] == piece.symbol
        }
        assert here <= {*piece.exercises}
        assert here


@pytest.mark.parametrize("kind", PIECES, ids=lambda kind: kind.__name__)
def test_the_reference_has_every_piece(kind):
    made = Pieces("reference").parts(kind)
    assert all(getattr(made, field.name) is not None for field in fields(kind))


def test_exercises_come_in_the_order_of_the_course():
    found = exercises_of(*PIECES)
    assert list(found) == sorted(found, key=lambda one: [int(part) for part in one.split(".")])
    assert "3.9" in found


def test_stations_have_names_of_their_own_and_about_a_hundred_points():
    assert len({one.name for one in STATIONS}) == len(STATIONS)
    assert 90 <= sum(one.points for one in STATIONS) <= 110
    assert [one.whole for one in STATIONS] == sorted(one.whole for one in STATIONS)


def test_an_unknown_station_is_told():
    with pytest.raises(ValueError, match="station is 'jumping', expected one of: balance"):
        station("jumping")


@pytest.mark.parametrize("station", STATIONS, ids=lambda one: one.name)
def test_the_module_of_a_station_has_as_many_scenes_as_the_listing_says(station):
    module = import_module(f"vla_course.capstone.stations.{station.measure}")
    assert station.scenes == module.SCENES
    assert callable(module.measure)
