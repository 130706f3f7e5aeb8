"""What docs/instructors.md says is what the grader reads, holds and writes."""

import re
import tomllib
from pathlib import Path

import pytest

from tests.grading.attacks import corpus
from vla_course.grading.class_run.scheduler import TRIES
from vla_course.grading.intake.contents.sources import ARCHIVES
from vla_course.grading.intake.whose.platforms import READERS
from vla_course.grading.marks.adjustments import Adjustment
from vla_course.grading.marks.policy import Late, Policy
from vla_course.grading.marks.rubric import Question
from vla_course.grading.reports.items import FEWEST, LOW
from vla_course.grading.walls.limits import MEMORY_BYTES, PROCESSES

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "instructors.md").read_text(encoding="utf-8")
PROSE = " ".join(TEXT.split())
BLOCKS = [tomllib.loads(block) for block in re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL)]


def test_the_policies_shown_are_policies_and_name_every_field():
    shown = [block for block in BLOCKS if not {"adjust", "question"} & block.keys()]
    assert len(shown) == 2
    for block in shown:
        Policy.model_validate(block)
    named = {name for block in shown for name in block}
    assert named == set(Policy.model_fields)
    assert {name for block in shown for name in block.get("late", {})} == set(Late.model_fields)


def test_the_decision_and_the_question_shown_are_what_is_read():
    (change,) = (one for block in BLOCKS for one in block.get("adjust", ()))
    assert change.keys() | {"points"} == set(Adjustment.model_fields)
    Adjustment.model_validate(change)
    (question,) = (one for block in BLOCKS for one in block.get("question", ()))
    Question.model_validate(question)


def test_bounds_are_those_of_the_code():
    assert f"At most {PROCESSES} threads, {MEMORY_BYTES >> 30} GiB of memory" in PROSE
    assert f"may take {MEMORY_BYTES >> 30} GiB" in PROSE
    assert "started again, three times in all" in PROSE
    assert TRIES == 3
    assert "from ten submissions on" in PROSE
    assert f"Below {LOW}, the strong did no better" in PROSE
    assert FEWEST == 10
    assert "over fifty hostile submissions" in PROSE
    assert len(corpus.names()) > 50


def test_every_kind_of_archive_and_every_platform_is_named():
    for platform in READERS:
        assert f"| {platform} |" in TEXT
    assert [kind for kind in (".tar", ".tar.gz", ".tar.bz2") if kind not in ARCHIVES or f"`{kind}`" not in TEXT] == []


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`((?:benchmarks|tests|sample_class|docs)/[\w/.]+)`", TEXT))))
def test_every_file_it_names_is_there(path):
    assert (ROOT / path).exists()


def test_it_quotes_no_time_and_no_size_that_was_measured_elsewhere():
    # Measured figures belong to a machine and a state of the course; the page names who measures instead.
    assert re.findall(r"\d+(?:\.\d+)? ?(?:MiB|GB|MB|seconds)\b", TEXT) == []
    assert not re.search(r"\b(?:ten|fourteen|twenty|\w+teen) (?:seconds|minutes)\b", PROSE)
