"""`vla-course run` asks whether a command was meant where somebody can see the question, and answer it."""

import io
from types import SimpleNamespace

import pytest
from rich.console import Console
from rich.progress import Progress

from vla_course.robot_cli import _asks, _somebody_is_there

COMMAND = "go to the orange cup"


@pytest.mark.parametrize(
    ("typed", "meant"), [("y\n", True), ("n\n", False), ("\n", False), ("maybe\ny\n", True), ("", False)]
)
def test_what_is_answered_is_what_was_meant(
    typed: str, meant: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = io.StringIO()
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    with Progress(console=Console(file=shown, width=80), transient=True) as bar:
        bar.add_task("begins", total=None)
        assert _asks(bar)(COMMAND) is meant
        assert bar.live.is_started
    assert f"Do you mean: {COMMAND}?" in shown.getvalue()
    assert COMMAND not in capsys.readouterr().out, "there the result goes, perhaps into a file"


def test_the_bar_stands_still_while_somebody_is_asked_who_may_break_off(monkeypatch: pytest.MonkeyPatch) -> None:
    moved = []

    def interrupted(*_: object, **__: object) -> str:
        moved.append(bar.live.is_started)
        raise KeyboardInterrupt

    monkeypatch.setattr(Console, "input", interrupted)
    with Progress(console=Console(file=io.StringIO())) as bar, pytest.raises(KeyboardInterrupt):
        _asks(bar)(COMMAND)
    assert moved == [False]


def _stream(is_terminal: bool) -> SimpleNamespace:
    return SimpleNamespace(isatty=lambda: is_terminal)


@pytest.mark.parametrize(
    ("given", "shown", "asks"), [(True, True, True), (False, True, False), (True, False, False)]
)
def test_nobody_is_asked_who_cannot_see_or_answer(
    given: bool, shown: bool, asks: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vla_course.robot_cli.sys", SimpleNamespace(stdin=_stream(given), stderr=_stream(shown)))
    assert _somebody_is_there() is asks


def test_a_process_without_standard_input_asks_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vla_course.robot_cli.sys", SimpleNamespace(stdin=None, stderr=_stream(True)))
    assert not _somebody_is_there()
