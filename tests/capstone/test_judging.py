"""Points: for bars that are reached, and of those for what is one's own."""

import pytest

from vla_course.capstone.judging.kept import kept_reference
from vla_course.capstone.judging.results import Measured, area_beside, judge
from vla_course.capstone.own.desk import Whose
from vla_course.capstone.stations.listing import NUMBERS, STATIONS, STREAM
from vla_course.capstone.stations.station import as_good, as_low, at_least, at_most
from vla_course.course.manifest import load_manifest
from vla_course.course.root import CourseRoot

REFERENCE = Measured({"covers": 0.95, "wide": 0.3, "false": 0.03, "seen": 1.0})


def whose(**why):
    manifest = load_manifest(CourseRoot.current())
    return [
        Whose(manifest.exercise(one), why.get(f"e{one.replace('.', '_')}", "")) for one in NUMBERS.exercises
    ]


def test_bars():
    assert at_least(1.0).reached(1.0, 0.0)
    assert not at_least(1.0).reached(0.99, 0.0)
    assert at_most(0.0).reached(0.0, 5.0)
    assert not at_most(0.0).reached(0.1, 5.0)
    assert as_good(0.9).reached(0.72, 0.8)
    assert not as_good(0.9).reached(0.71, 0.8)
    assert as_low(1.1, slack=1.0).reached(1.0, 0.0)
    assert not as_low(1.1).reached(0.1, 0.0)


def test_whoever_does_as_well_as_the_reference_has_all_points():
    assert judge(NUMBERS, REFERENCE, REFERENCE, whose()).points == NUMBERS.points


def test_a_bar_that_is_missed_costs_its_points_alone():
    missed = judge(NUMBERS, Measured(REFERENCE.numbers | {"false": 0.2}), REFERENCE, whose())
    lost = next(one.points for one in NUMBERS.properties if one.number == "false")
    assert missed.points == NUMBERS.points - lost


def test_what_was_measured_before_a_fault_stays():
    some = Measured({"covers": 0.95, "wide": 0.3}, fault="it broke")
    assert judge(NUMBERS, some, REFERENCE, whose()).points == sum(
        one.points for one in NUMBERS.properties if one.number in some.numbers
    )


def test_the_references_exercises_give_no_points():
    found = judge(NUMBERS, REFERENCE, REFERENCE, whose(e4_12="not attempted"))
    manifest = load_manifest(CourseRoot.current())
    mine, other = (manifest.exercise(one).points for one in ("4.11", "4.12"))
    assert found.points == pytest.approx(NUMBERS.points * mine / (mine + other), abs=0.06)
    assert found.points + found.open_points == pytest.approx(NUMBERS.points)
    assert judge(NUMBERS, REFERENCE, REFERENCE, whose(e4_11="no", e4_12="no")).points == 0.0


def test_a_reference_without_a_number_is_told():
    with pytest.raises(ValueError, match="reference's numbers has no number 'covers', expected one"):
        judge(NUMBERS, REFERENCE, Measured(), whose())


def test_the_area_beside_the_reference_is_more_where_one_is_better():
    xs = [0.0, 0.1, 0.3]
    reference, half = (Measured(curve=(xs, [value] * 3)) for value in (200.0, 100.0))
    assert STREAM.axes is not None
    assert area_beside(STREAM.axes, half, reference) == pytest.approx(2.0)
    assert area_beside(STREAM.axes, reference, reference) == 1.0
    assert area_beside(STREAM.axes, Measured(), reference) is None


def test_what_is_kept_comes_back():
    one = Measured({"a": 1.5}, ([0.0, 1.0], [2.0, 3.0]))
    assert Measured.kept(one.as_kept()).numbers == one.numbers
    assert Measured.kept(one.as_kept()).curve == ([0.0, 1.0], [2.0, 3.0])


@pytest.mark.parametrize("quick", [False, True])
def test_what_the_reference_reaches_is_kept_for_every_bar_and_curve(quick):
    kept = kept_reference(CourseRoot.current(), 0, quick)
    assert kept is not None
    for one in STATIONS:
        measured = kept.stations[one.name]
        assert all(
            asked.bar.reached(measured.numbers[asked.number], measured.numbers[asked.number])
            for asked in one.properties
        )
        assert (measured.curve is not None) == (one.axes is not None)


def test_nothing_is_kept_of_another_seed():
    assert kept_reference(CourseRoot.current(), 12345, False) is None
