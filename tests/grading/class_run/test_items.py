"""Difficulty and discrimination, against numbers that were worked out elsewhere."""

import csv

import numpy as np
import pytest

from tests.grading.class_run.conftest import grades, submission
from vla_course.grading.marks.groups import Group
from vla_course.grading.marks.policy import Policy
from vla_course.grading.reports.items import (
    FEWEST,
    counted,
    discrimination,
    items_of_exercises,
    items_of_tests,
    write_items,
)

FIRST = [0, 0, 1, 2, 2, 3, 4, 4, 4, 4, 3, 1]
SECOND = [0, 1, 0, 4, 2, 2, 4, 3, 4, 2, 4, 2]


@pytest.fixture
def found():
    return grades(
        *((submission(f"Student {n}"), a, b) for n, (a, b) in enumerate(zip(FIRST, SECOND, strict=True)))
    )


def test_an_exercise_is_compared_with_the_others_not_with_a_total_that_holds_it(found):
    one, two = items_of_exercises(found)
    assert (one.id, one.n, one.difficulty) == ("1.1", 12, pytest.approx(np.mean(FIRST) / 4))
    expected = np.corrcoef(FIRST, SECOND)[0, 1]  # of two exercises, the rest is the other
    assert one.discrimination == pytest.approx(expected)
    assert two.discrimination == pytest.approx(expected)
    assert np.corrcoef(FIRST, np.add(FIRST, SECOND))[0, 1] > expected + 0.1
    assert not one.odd


def test_a_test_has_the_point_biserial_with_its_own_points_taken_out(found):
    hidden = next(one for one in items_of_tests(found) if one.says == "any 1.1 holds")
    holds = np.array([points >= 4 for points in FIRST])
    rest = np.add(FIRST, SECOND) - 2.0 * holds
    share = holds.mean()
    spread = rest.std()
    point_biserial = (rest[holds].mean() - rest[~holds].mean()) / spread * np.sqrt(share * (1 - share))
    assert hidden.discrimination == pytest.approx(point_biserial)
    assert hidden.difficulty == pytest.approx(share)


def test_what_the_weak_do_better_is_worth_a_look():
    strong, weak = [(0, 4)] * 6, [(4, 0)] * 6
    found = grades(*((submission(f"S {n}"), a, b) for n, (a, b) in enumerate(strong + weak)))
    assert all(one.odd and one.discrimination == pytest.approx(-1.0) for one in items_of_exercises(found))


def test_too_few_and_all_alike_have_none():
    assert discrimination([1.0] * FEWEST, list(range(FEWEST))) is None
    assert discrimination(list(range(FEWEST - 1)), list(range(FEWEST - 1))) is None
    assert discrimination(list(range(FEWEST)), list(range(FEWEST))) == pytest.approx(1.0)


def test_a_group_is_counted_once_and_who_is_excused_or_brought_nothing_not_at_all():
    nothing = submission("Nobody")
    empty = nothing.__class__(**{**vars(nothing), "files": {}})
    pairs = [(submission("Ada"), 4, 4), (submission("Ill"), 0, 0), (empty, 0, 0), (submission("Cid"), 2, 2)]
    found = grades(*pairs, groups=[Group("Red", ("Ada", "Bob"))], policy=Policy(excused={"Ill": "ill"}))
    assert len(found) == 5
    assert [grade.name for grade in counted(found)] == ["Ada", "Cid"]


def test_all_items_are_written(tmp_path, found):
    write_items(tmp_path / "items.csv", found)
    with (tmp_path / "items.csv").open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["kind"] for row in rows] == ["exercise"] * 2 + ["test"] * 4
    assert rows[0]["item"] == "exercise 1.1"
    assert float(rows[0]["discrimination"]) == pytest.approx(np.corrcoef(FIRST, SECOND)[0, 1], abs=1e-3)
