"""An exercise has one name and one number of minutes: in its notebook and on its card."""

import re
from pathlib import Path

import pytest

from vla_course.course.manifest import load_manifest
from vla_course.course.root import CourseRoot

ROOT = Path(__file__).parents[2]
DAYS = load_manifest(CourseRoot(ROOT)).days
HEADING = re.compile(r"^# ### Exercise (\S+): (.*?) · (\d+) minutes$", re.MULTILINE)


@pytest.mark.parametrize("day", DAYS, ids=lambda day: day.folder)
def test_headings_of_a_notebook_are_those_of_the_cards(day):
    notebook = (ROOT / "notebooks" / f"{day.folder}.py").read_text(encoding="utf-8")
    cards = [
        (one.id, one.title.lower(), str(one.minutes)) for one in load_manifest(CourseRoot(ROOT)).of_day(day)
    ]
    assert [(number, name.lower(), minutes) for number, name, minutes in HEADING.findall(notebook)] == cards
