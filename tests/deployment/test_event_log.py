"""The event log: one JSON object a line, bounded, without secrets, and no disk stops the robot."""

import json
from pathlib import Path

import pytest

from vla_course.deployment.recorder.event_log import HIDDEN, LONGEST, EventLog
from vla_course.deployment.recorder.incidents import Incident
from vla_course.serving.packets.codes import Code


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_every_line_has_both_times_a_code_and_what_joins_it_to_others(tmp_path: Path) -> None:
    log = EventLog(tmp_path / "robot.jsonl", clock=lambda: 12.5, wall=lambda: 1.8e9)
    log.write(Incident.E_STOP, "a1", pressed_by="a person", after=0.004)
    log.write(Code.DEADLINE_MISSED)
    assert lines(log.path) == [
        {
            "monotonic": 12.5,
            "wall": 1.8e9,
            "code": "e_stop",
            "correlation_id": "a1",
            "pressed_by": "a person",
            "after": 0.004,
        },
        {"monotonic": 12.5, "wall": 1.8e9, "code": "deadline_missed", "correlation_id": ""},
    ]


def test_nothing_secret_is_written(tmp_path: Path) -> None:
    log = EventLog(tmp_path / "robot.jsonl")
    log.write(
        "connected", headers={"Authorization": "Bearer swordfish", "Host": "robot"}, API_key="swordfish"
    )
    text = log.path.read_text()
    assert "swordfish" not in text
    assert text.count(HIDDEN) == 2
    assert '"Host":"robot"' in text


def test_files_are_rotated_and_bounded_and_the_newest_lines_stay(tmp_path: Path) -> None:
    log = EventLog(tmp_path / "robot.jsonl", size=LONGEST, files=3)
    for number in range(400):
        log.write("tick", number=number)
    files = sorted(tmp_path.iterdir())
    assert [file.name for file in files] == ["robot.jsonl", "robot.jsonl.1", "robot.jsonl.2"]
    assert all(file.stat().st_size <= LONGEST for file in files)
    kept = [line["number"] for file in reversed(files) for line in lines(file)]
    assert kept == list(range(kept[0], 400))


def test_a_line_is_bounded_and_what_is_not_json_is_text(tmp_path: Path) -> None:
    log = EventLog(tmp_path / "robot.jsonl")
    log.write("long", text="x" * 10**6, path=tmp_path, gap=float("nan"))
    log.write("many", **{f"field_{k}": "y" * 400 for k in range(100)})
    long, many = lines(log.path)
    assert len(str(long["text"])) == 500
    assert long["path"] == str(tmp_path)
    assert long["gap"] == "nan"
    assert "field_0" not in many
    assert "field_0" in str(many["left_out"])


def test_a_disk_that_takes_no_line_stops_nobody(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    log = EventLog(tmp_path / "file" / "robot.jsonl")
    log.write("tick")
    assert log.lost == 1
    assert "file" in log.trouble


def test_codes_are_codes_and_the_fields_of_every_line_are_taken(tmp_path: Path) -> None:
    log = EventLog(tmp_path / "robot.jsonl")
    with pytest.raises(ValueError, match="code is 'It fell!', expected"):
        log.write("It fell!")
    with pytest.raises(ValueError, match="a field is called 'wall'"):
        log.write("tick", wall=3)
    with pytest.raises(ValueError, match="size is 10"):
        EventLog(tmp_path / "robot.jsonl", size=10)
