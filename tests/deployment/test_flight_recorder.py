"""The flight recorder keeps the last half minute, within bounds, and no disk stops the robot."""

import errno
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from vla_course.deployment.recorder import segment, topics
from vla_course.deployment.recorder.flight import read_flight
from vla_course.deployment.recorder.flight_recorder import FlightRecorder
from vla_course.deployment.recorder.incidents import Incident, RecorderSettings
from vla_course.deployment.recorder.memory import Memory
from vla_course.deployment.recorder.messages import message
from vla_course.deployment.recorder.robot_metrics import RobotMetrics

RATE = 20
"""Hz"""


class Robot:
    """Something that is recorded, in a time of its own."""

    def __init__(self, folder: Path, settings: RecorderSettings | None = None) -> None:
        self.told: list[str] = []
        self.recorder = FlightRecorder(folder, settings, background=False, trouble=self.told.append)
        self.time = 0.0

    def runs(self, seconds: float) -> None:
        for tick in range(round(seconds * RATE)):
            self.recorder.record(topics.SOLES, self.time, forces=np.full((2, 3), self.time))
            self.time = round(self.time + 1 / RATE, 6)
            if tick % (RATE // 2) == RATE // 2 - 1:
                self.recorder.flush()

    def falls(self) -> None:
        self.recorder.incident(Incident.FALL, self.time, "it lies on the ground")


def span(path: Path) -> tuple[float, float]:
    times = read_flight(path).times(topics.SOLES)
    assert np.allclose(np.diff(times), 1 / RATE), "something in between is missing, or there twice"
    return float(times[0]), float(times[-1])


def test_an_incident_keeps_what_was_before_and_what_followed(tmp_path: Path) -> None:
    robot = Robot(tmp_path)
    robot.runs(50.0)
    robot.falls()
    robot.runs(10.0)
    (path,) = robot.recorder.recordings
    assert path.name == "incident-000001-fall.mcap"
    assert not robot.recorder.writing
    begins, ends = span(path)
    assert 19.0 <= begins <= 20.6
    assert 55.0 <= ends <= 55.6
    assert [(event.time, event.text) for event in read_flight(path).events()] == [
        (50.0, "fall: it lies on the ground")
    ]


def test_two_incidents_in_a_row_are_one_recording_and_two_apart_are_two(tmp_path: Path) -> None:
    robot = Robot(tmp_path, RecorderSettings(keeps=4.0, follows=3.0, segment=1.0))
    robot.runs(6.0)
    robot.falls()
    robot.runs(2.0)
    robot.recorder.incident(Incident.E_STOP, robot.time, "a hand on the button")
    robot.runs(10.0)
    robot.falls()
    robot.runs(5.0)
    first, second = robot.recorder.recordings
    assert [event.text.split(":")[0] for event in read_flight(first).events()] == ["fall", "e_stop"]
    assert span(first)[1] == pytest.approx(11.0, abs=0.6)
    assert span(second) == pytest.approx((14.0, 21.0), abs=0.6)


def test_a_robot_that_falls_and_falls_has_recordings_of_bounded_length(tmp_path: Path) -> None:
    robot = Robot(tmp_path, RecorderSettings(keeps=2.0, follows=3.0, segment=1.0, longest=6.0, incidents=2))
    for _ in range(20):
        robot.runs(1.0)
        robot.falls()
    robot.runs(4.0)
    kept = robot.recorder.recordings
    assert len(kept) == 2, "the oldest go"
    assert all(np.diff(span(path)) <= 2.0 + 6.0 + 1.0 for path in kept)


def test_memory_and_disk_keep_their_bounds(tmp_path: Path) -> None:
    settings = RecorderSettings(memory=60_000, waiting=20_000, disk=40_000, segment=1.0)
    robot = Robot(tmp_path, settings)
    noise = np.random.default_rng(0)
    for tick in range(2000):
        robot.recorder.record(topics.SOLES, tick / RATE, forces=1e5 * noise.normal(size=(2, 3)))
        assert robot.recorder.memory_size <= settings.memory + settings.waiting
        if tick % 10 == 9:
            robot.recorder.flush()
            on_disk = sum(path.stat().st_size for path in tmp_path.glob("ring-*"))
            assert on_disk == robot.recorder.disk_size <= settings.disk + 10_000, (
                "one segment more is being written"
            )
    assert robot.recorder.dropped > 0


def test_what_nobody_flushes_is_bounded_and_the_newest_stays() -> None:
    memory = Memory(1e9, 10_000)
    for k in range(1000):
        memory.add(message(topics.SOLES, float(k), {"forces": np.zeros((2, 3))}))
        assert memory.size <= 10_000
    kept = memory.take()
    assert kept[-1].time == 999 * 10**9
    assert memory.dropped == 1000 - len(kept)
    assert memory.size == 0


def test_a_recorder_that_ends_by_itself_leaves_no_ring(tmp_path: Path) -> None:
    robot = Robot(tmp_path)
    robot.runs(8.0)
    assert list(tmp_path.glob("ring-*"))
    robot.recorder.close()
    assert not list(tmp_path.glob("ring-*"))
    assert not robot.recorder.recordings


def test_an_exception_in_the_program_is_an_incident_without_its_words(tmp_path: Path) -> None:
    def program() -> None:
        with FlightRecorder(tmp_path, background=False) as recorder:
            recorder.record(topics.SOLES, 3.0, forces=np.zeros((2, 3)))
            raise KeyError("the password is swordfish")

    with pytest.raises(KeyError):
        program()
    (path,) = tmp_path.glob("incident-*")
    assert [(event.time, event.text) for event in read_flight(path).events()] == [
        (3.0, "exception: KeyError")
    ]


def test_the_ring_of_one_that_was_killed_becomes_a_recording(tmp_path: Path) -> None:
    robot = Robot(tmp_path, RecorderSettings(keeps=10.0, segment=2.0))
    robot.runs(25.3)
    ring = read_flight(tmp_path)
    robot.recorder._held.close()  # as a kill does
    newest = max(tmp_path.glob("ring-*"))
    newest.write_bytes(newest.read_bytes()[:-7])
    after = Robot(tmp_path)
    (path,) = after.recorder.recordings
    assert path.name.endswith("-killed.mcap")
    assert not list(tmp_path.glob("ring-*"))
    begins, ends = span(path)
    assert begins <= 25.3 - 10.0
    assert 25.3 - 1.05 <= ends <= 25.3
    assert ring.times(topics.SOLES)[0] == begins


def test_a_folder_has_one_recorder(tmp_path: Path) -> None:
    one = FlightRecorder(tmp_path, background=False)
    with pytest.raises(OSError, match="another flight recorder"):
        FlightRecorder(tmp_path, background=False)
    one.close()
    FlightRecorder(tmp_path, background=False).close()


def test_a_full_disk_costs_recordings_and_is_told_and_what_comes_later_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    robot = Robot(tmp_path, RecorderSettings(keeps=4.0, follows=2.0, segment=1.0))
    robot.runs(3.0)
    whole = segment._Whole.write

    def full(self: segment._Whole, data: bytes) -> int:
        whole(self, data[: len(data) // 2])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(segment._Whole, "write", full)
    robot.falls()
    robot.runs(3.0)
    assert robot.recorder.faults >= 6
    assert any("ring could not be written" in line and "No space" in line for line in robot.told)
    assert any("incident could not be written" in line for line in robot.told)
    assert not robot.recorder.recordings, "half a recording is none"
    monkeypatch.setattr(segment._Whole, "write", whole)
    robot.runs(2.0)
    robot.recorder.close()
    (path,) = robot.recorder.recordings
    assert [event.text for event in read_flight(path).events()] == ["fall: it lies on the ground"]
    assert span(path)[0] <= 3.0, "the seconds before it were still in memory"


def test_a_disk_that_hangs_does_not_hold_up_the_robot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(segment.os, "fsync", lambda file: time.sleep(0.4))
    recorder = FlightRecorder(tmp_path, RecorderSettings(every=0.01))
    slowest = 0.0
    for k in range(60):
        begin = time.perf_counter()
        recorder.record(topics.SOLES, 0.01 * k, forces=np.zeros((2, 3)))
        slowest = max(slowest, time.perf_counter() - begin)
        time.sleep(0.01)
    assert slowest < 0.3
    recorder.close()


KILLED = """
import sys, time
from pathlib import Path
import numpy as np
from vla_course.deployment.recorder import topics
from vla_course.deployment.recorder.flight_recorder import FlightRecorder
recorder = FlightRecorder(Path(sys.argv[1]))
begin = time.monotonic()
while True:
    recorder.record(topics.SOLES, time.monotonic(), forces=np.zeros((2, 3)))
    time.sleep(0.02)
"""


def test_a_process_that_is_killed_leaves_all_but_its_last_second(tmp_path: Path) -> None:
    child = subprocess.Popen([sys.executable, "-c", KILLED, str(tmp_path)])
    try:
        waits = time.monotonic() + 20.0
        while not list(tmp_path.glob("ring-*")) and time.monotonic() < waits:
            time.sleep(0.05)
        time.sleep(1.3)
    finally:
        killed_at = time.monotonic()
        child.send_signal(signal.SIGKILL)
        child.wait()
    assert killed_at - read_flight(tmp_path).times(topics.SOLES)[-1] < 1.0


def test_metrics_tell_of_the_recorder_and_of_what_happened(tmp_path: Path) -> None:
    robot, metrics = Robot(tmp_path), RobotMetrics()
    metrics.watch(robot.recorder)
    robot.runs(2.0)
    metrics.incident(Incident.FALL)
    metrics.acted("stopped")
    metrics.took("total", 0.003)
    text = metrics.text()[0].decode()
    assert 'vla_robot_incidents_total{code="fall"} 1.0' in text
    assert 'vla_robot_incidents_total{code="e_stop"} 0.0' in text
    assert 'vla_robot_actions_total{intervention="stopped"} 1.0' in text
    assert f"vla_recorder_memory_bytes {float(robot.recorder.memory_size)}" in text


def test_settings_that_keep_nothing_are_refused() -> None:
    with pytest.raises(ValueError, match=r"RecorderSettings.keeps is 0.0, expected a finite number"):
        RecorderSettings(keeps=0.0)
