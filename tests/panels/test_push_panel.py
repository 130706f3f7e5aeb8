"""The panel says truthfully what happened, and shows a card where a student's code cannot run."""

from pathlib import Path

import numpy as np
import pytest

from vla_course.course.exercise import NotAttempted
from vla_course.course.root import EXERCISES_VARIABLE, CourseRoot
from vla_course.motion.standing.record import MotionRecord
from vla_course.panels.balance import trial as trials
from vla_course.panels.balance.push_panel import PushPanel
from vla_course.panels.balance.trial import Trial, TrialFailed, run_trial
from vla_course.panels.drawing.record_file import load_record, save_record

SHORT = Trial(impulse=0.1, duration=0.7)


@pytest.fixture(scope="module")
def panel() -> PushPanel:
    return PushPanel(knobs=("dcm_gain", "edge_margin"))


def submission(folder: Path, balance: str) -> str:
    """A student's folder in which only balance.py is theirs."""
    day = folder / "day3_humanoid_balance"
    day.mkdir(parents=True)
    for path in (CourseRoot.current().solutions / day.name).glob("*.py"):
        (day / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    (day / "balance.py").write_text(balance, encoding="utf-8")
    return str(folder)


def controller(body: str) -> str:
    return (
        "import numpy as np\n"
        "from vla_course.motion.standing.balance_state import BalanceCommands\n"
        "class BalanceController:\n"
        "    def __init__(self, config=None): pass\n"
        "    def calculate_balance_commands(self, state):\n"
        f"        {body}\n"
    )


def test_panel_says_that_the_statue_fell(panel: PushPanel) -> None:
    told = panel.run(0.0, 0.34, "off", pull_back=True)
    assert told is not None
    assert told.fell
    assert panel.record is not None
    assert panel.record.fell
    assert str(told) in panel.status
    assert not panel.button.disabled


def test_panel_says_that_the_reference_stood_and_shows_it(panel: PushPanel) -> None:
    told = panel.run(90.0, 0.3, "reference")
    assert told is not None
    assert not told.fell
    assert "stood" in panel.status
    assert panel.replay is not None
    assert panel.replay in panel._view.children
    assert panel._pictures.value.count("<img alt=") == 2


def test_panel_runs_the_students_controller(panel: PushPanel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(EXERCISES_VARIABLE, "solutions")
    told = panel.run(0.0, 0.2, "student")
    assert told is not None
    assert not told.fell
    assert "Controller: yours" in panel.status


def test_panel_shows_the_card_where_nothing_is_written(
    panel: PushPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(EXERCISES_VARIABLE, raising=False)
    if not CourseRoot.current().stubs.glob("day3_*"):
        pytest.skip("the stubs are not written")
    monkeypatch.setattr(trials, "run_student", _not_attempted)
    assert panel.run(0.0, 0.2, "student") is None
    assert "is waiting for you" in panel.status
    assert "balance.py" in panel.status
    assert "Traceback" not in panel.status
    assert panel.record is None
    assert panel.run(0.0, 0.1, "reference") is not None


def _not_attempted(_module: str, _question: str) -> MotionRecord:
    raise NotAttempted("3.12")


def test_what_is_not_attempted_comes_back_from_the_child(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stub = controller("from vla_course.course.exercise import NotAttempted; raise NotAttempted('3.11')")
    monkeypatch.setenv(EXERCISES_VARIABLE, submission(tmp_path, stub))
    with pytest.raises(NotAttempted) as missing:
        run_trial(SHORT, "student")
    assert missing.value.exercise_id == "3.11"


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("return None", "gave NoneType, expected BalanceCommands"),
        ("return BalanceCommands(0, 0, np.full(28, np.nan))", "not finite in 28 of 28 joints"),
        ("return BalanceCommands(0, 0, np.zeros(3))", r"shape \(3,\), expected \(28,\)"),
        ("return 1 / 0", "balance.py, line 6, in calculate_balance_commands: ZeroDivisionError"),
        ("while True: print('x' * 10000)", "printed more than a megabyte"),
        ("import os; os._exit(3)", "ended before it was done"),
    ],
)
def test_a_broken_controller_is_one_clear_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: str, says: str
) -> None:
    monkeypatch.setenv(EXERCISES_VARIABLE, submission(tmp_path, controller(body)))
    with pytest.raises(TrialFailed, match=says):
        run_trial(SHORT, "student")


def test_a_syntax_error_names_file_and_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(EXERCISES_VARIABLE, submission(tmp_path, "x = 1\ndef ("))
    with pytest.raises(TrialFailed, match=r"balance\.py, line 2: SyntaxError"):
        run_trial(SHORT, "student")


def test_a_loop_without_end_is_stopped_and_shown_as_a_card(
    panel: PushPanel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trials, "SECONDS", 4.0)
    monkeypatch.setenv(EXERCISES_VARIABLE, submission(tmp_path, controller("while True: pass")))
    assert panel.run(0.0, 0.1, "student") is None
    assert "loop that does not end" in panel.status
    assert not panel.button.disabled


def test_knobs_change_the_controller(panel: PushPanel) -> None:
    try:
        panel._knobs["edge_margin"].value = 0.06
        told = panel.run(0.0, 0.34, "reference")
    finally:
        panel._knobs["edge_margin"].value = 0.004
    assert told is not None
    assert told.fell
    with pytest.raises(ValueError, match="knob is 'speed'"):
        PushPanel(knobs=("speed",))


def test_the_limit_is_marked(panel: PushPanel) -> None:
    panel.direction.value, panel.impulse.value = 90, 0.53
    assert "1.00 of the no-step limit" in panel._share.value
    assert "polygon" in panel._compass.value
    assert panel.limit(0.0) == pytest.approx(0.40, abs=0.02)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"impulse": -1.0}, "impulse is -1.0"),
        ({"impulse": float("nan")}, "impulse is nan"),
        ({"direction": float("inf")}, "direction is inf"),
        ({"duration": 0.0}, "duration is 0.0"),
        ({"config": {"speed": 1.0}}, r"config names \['speed'\]"),
        ({"config": {"dcm_gain": -1.0}}, "dcm_gain = -1.0"),
    ],
)
def test_a_trial_out_of_range_is_refused(fields: dict[str, object], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        Trial(**fields)  # type: ignore[arg-type]


def test_unknown_controller_is_refused(panel: PushPanel) -> None:
    with pytest.raises(ValueError, match="controller is 'mine'"):
        panel.run(0.0, 0.1, "mine")  # type: ignore[arg-type]


def test_a_record_comes_back_from_its_file(tmp_path: Path, fallen: MotionRecord, kept: MotionRecord) -> None:
    for record in (fallen, kept):
        save_record(record, tmp_path / "run.npz")
        again = load_record(tmp_path / "run.npz")
        assert again.fell_at == record.fell_at
        assert again.mass == record.mass
        np.testing.assert_array_equal(again.joint_positions, record.joint_positions)
        np.testing.assert_array_equal(again.center_of_pressure, record.center_of_pressure)
        assert len(again.support_polygons) == len(record.support_polygons)
        np.testing.assert_array_equal(again.support_polygons[-1], record.support_polygons[-1])
