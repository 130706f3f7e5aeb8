"""Cards: what they hold, and that nothing a student writes can break them."""

import re
import sys
from dataclasses import replace
from typing import get_args

import pytest

from vla_course.course import check, hint, progress, reset, solution
from vla_course.course.showing.display import show_verdict
from vla_course.course.showing.links import file_link
from vla_course.course.verdict import Hint, Property, Status, Verdict, with_unit


def verdict(**changes):
    told = {
        "id": "1.1",
        "title": "Mean",
        "place": "mean in stats.py",
        "status": "partly",
        "points": 1.0,
        "out_of": 4,
        "properties": (
            Property("right <here>", True, 1),
            Property(
                "wrong there", False, 3, expected="3", got="<b>9</b>", unit="m", message="mean is off by 6"
            ),
        ),
        "hint": Hint("Add them up."),
        "output": "<script>alert(1)</script>",
        "picture": b"\x89PNG",
    }
    return Verdict(**{**told, **changes})


def test_a_verdict_shows_properties_expected_got_unit_and_picture():
    shown = verdict()._repr_html_()
    for part in (
        "partly · 1 / 4 points",
        "mean is off by 6",
        "<code>3</code> m",
        "data:image/png;base64,iVBORw==",
    ):
        assert part in shown
    assert (shown.count("✓"), shown.count("✗")) == (1, 1)


def test_shares_of_the_points_add_up_and_a_word_has_no_unit():
    shown = verdict()._repr_html_()
    assert shown.index("25 %") < shown.index("75 %")
    for got, told in (("hello", "<code>hello</code></td>"), ("[1, 2]", "<code>[1, 2]</code> m</td>")):
        (part,) = verdict().properties[1:]
        assert told in verdict(properties=(replace(part, got=got),))._repr_html_()
    assert (with_unit("None", "m"), with_unit("-1e-3", "m"), with_unit("nan", "m")) == ("None", "-1e-3 m", "nan m")


def test_what_stands_in_backticks_is_code_and_nothing_else_is():
    shown = verdict(message="run `vla-course check 1.1` & look", hint=Hint("`a < b`"))._repr_html_()
    assert "run <code>vla-course check 1.1</code> &amp; look" in shown
    assert "<code>a &lt; b</code>" in shown


def test_a_card_that_names_the_command_says_where_it_works(course, monkeypatch):
    monkeypatch.setattr(sys, "prefix", str(course.root.folder / ".venv"))
    shown = verdict(message="run `vla-course check 1.1`")._repr_html_()
    assert "<code>vla-course</code> works in JupyterLab&#x27;s terminal" in shown
    assert "<code>source .venv/bin/activate</code>" in shown
    assert "works in JupyterLab" not in verdict(message="no")._repr_html_()


@pytest.mark.parametrize("verb", [check, solution, reset])
def test_a_card_links_its_file_as_seen_from_the_notebook(course, monkeypatch, verb):
    here = course.root.notebooks
    monkeypatch.chdir(here)
    (address,) = set(re.findall(r'<a href="([^"]+)"', verb("1.1")._repr_html_()))
    folder = "solutions" if verb is solution else "vla_course/exercises"
    assert (here / address).resolve() == course.root.folder / folder / "day1_numbers/stats.py"


def test_a_file_that_jupyterlab_does_not_serve_is_no_link(course, monkeypatch, tmp_path):
    monkeypatch.chdir(course.root.notebooks)
    assert file_link(str(tmp_path / "elsewhere.py")) == f"<code>{tmp_path}/elsewhere.py</code>"
    assert "<a" not in file_link("vla_course/exercises/day1_numbers/gone.py")
    monkeypatch.chdir(tmp_path)
    assert "<a" not in file_link("vla_course/exercises/day1_numbers/stats.py")


def test_nothing_of_the_students_is_read_as_html():
    shown = verdict()._repr_html_()
    assert "<script>" not in shown
    assert "<b>9</b>" not in shown
    assert "right &lt;here&gt;" in shown


def test_the_next_hint_is_folded_and_that_of_a_mistake_is_not():
    assert "<summary>Next hint</summary>" in verdict()._repr_html_()
    shown = verdict(hint=Hint("Divide.", "forgot-to-divide"))._repr_html_()
    assert "<b>This looks familiar:</b> Divide." in shown
    assert "Next hint" not in shown


@pytest.mark.parametrize("status", get_args(Status))
def test_every_status_has_its_card(status):
    assert status in verdict(status=status)._repr_html_()


@pytest.mark.parametrize("verb", [check, hint, solution, reset])
def test_what_every_verb_gives_back_is_a_card_and_a_line(course, verb):
    found = verb("1.1")
    assert "vla-card" in found._repr_html_()
    assert str(found)


def test_progress_is_a_card_with_a_bar(course):
    assert 'style="width: 0%"' in progress()._repr_html_()


def test_progress_marks_the_core_path_where_a_day_has_one(course):
    assert "◆" not in progress()._repr_html_()
    manifest = course.root.manifest
    manifest.write_text(manifest.read_text().replace('id = "1.2"', 'id = "1.2"\ncore = true', 1))
    told = progress()._repr_html_()
    assert "◆ core path" in told
    assert "Spread ◆" in told
    assert "Mean ◆" not in told


def test_progress_folds_a_day_until_it_is_begun(course):
    assert "<details><summary><b>Day 1" in progress()._repr_html_()
    check("1.1")  # still empty
    assert "<details><summary><b>Day 1" in progress()._repr_html_()
    course.answer("1.1", "return 0.0")
    check("1.1")
    assert "<details open><summary><b>Day 1" in progress()._repr_html_()


class Shell:
    kernel = True


@pytest.fixture
def shown(monkeypatch):
    """What a notebook would show."""
    import IPython
    import IPython.display

    seen = []
    monkeypatch.setattr(IPython, "get_ipython", Shell)
    monkeypatch.setattr(IPython.display, "display", seen.append)
    return seen


def test_in_a_notebook_the_next_hint_is_behind_a_button(course, shown):
    show_verdict(verdict())
    card, box = shown
    assert "Next hint" not in card.data
    button, text = box.children
    button.click()
    assert "Hint 1 of 2.</b> Add them up." in text.value
    button.click()
    assert "Hint 2 of 2" in text.value
    assert button.disabled


def test_a_correct_answer_needs_no_button(course, shown):
    show_verdict(verdict(status="correct"))
    assert len(shown) == 1


def test_without_widgets_the_hint_is_folded(course, shown, monkeypatch):
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    show_verdict(verdict())
    (card,) = shown
    assert "<summary>Next hint</summary>" in card.data


def test_in_a_terminal_a_verdict_is_text(course, capsys):
    show_verdict(verdict())
    assert "1.1 Mean  partly, 1 of 4 points (unofficial)" in capsys.readouterr().out
