"""The table of what is privileged says what the code reads, and leaves nothing out."""

import re
from pathlib import Path

import pytest

from vla_course.deployment.estimation.privileged import KNOWLEDGE, privileged_table

HOUSE = Path(__file__).parents[2] / "vla_course"
ACTS = {"drive", "command", "grip", "push", "gripper_goals", "body"}
"""what is done to the robot, and what was asked of its fingers"""
SENSED = {"state", "sole_contacts", "world", "description", "has_fallen"}
"""what the table tells of"""


@pytest.mark.parametrize("one", KNOWLEDGE, ids=lambda one: one.what)
def test_what_it_tells_stands_where_it_says(one):
    assert one.read in (HOUSE / one.file).read_text(encoding="utf-8")


def test_balance_walking_and_commands_read_nothing_else_of_the_simulated_robot():
    read = set()
    for room in ("motion/standing", "motion/walking", "learning/environment"):
        for file in (HOUSE / room).glob("*.py"):
            text = file.read_text(encoding="utf-8")
            read |= set(
                re.findall(
                    r"\bhumanoid\.(\w+)\b(?! import)", re.sub(r"^(from|import) .*$", "", text, flags=re.M)
                )
            )
    assert read - ACTS <= SENSED | {"joint_efforts", "link_masses"}


def test_the_table_has_a_row_for_each():
    assert privileged_table().count("\n") == len(KNOWLEDGE) + 1
