"""The flight recorder: killed at random instants, what is left; what it costs a robot; and whether its bounds hold.

Each child records what a robot of this course records (joints, soles, poses, three pictures), in real time, and is
killed with SIGKILL. A child takes little processor time, so that many can be tried beside other work.

    python benchmarks/recorder.py [--quick] [--json]
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

import numpy as np
from report import Figure, arguments, report, share
from rich.progress import track

from vla_course.deployment.recorder import topics
from vla_course.deployment.recorder.flight import read_flight
from vla_course.deployment.recorder.flight_recorder import FlightRecorder
from vla_course.deployment.recorder.incidents import Incident, RecorderSettings
from vla_course.deployment.recorder.messages import picture, pose
from vla_course.deployment.recorder.recovery import NotARecording, recover_bytes
from vla_course.machine import cores

SENSED: Final = 125.0
"""Hz, of joints, soles, IMU and poses"""
SEEN: Final = 10.0
"""Hz, of three pictures"""
JPEG: Final = 6000
"""bytes of a picture of 128 x 96"""
CHILD_SENSED: Final = 50.0
"""Hz, of a child that is killed: what is asked of it is when, not how much"""
LIVES: Final = (1.0, 3.5)
"""s, between which a child is killed after its first flush"""
PATIENCE: Final = 30.0
"""s, for a child to begin"""


def record_moment(
    recorder: FlightRecorder, now: float, number: int, rng: np.random.Generator, sensed: float
) -> None:
    """Record what a robot has to say at one moment."""
    joints = rng.normal(size=(4, 28))
    names = ("positions", "velocities", "asked_torques", "given_torques")
    recorder.record(topics.JOINTS, now, **dict(zip(names, joints, strict=True)))
    recorder.record(topics.SOLES, now, forces=100.0 * joints[0, :6].reshape(2, 3))
    recorder.record(topics.IMU, now, com_acceleration=joints[0, :3], angular_velocity=joints[0, 3:6])
    recorder.record(topics.BELIEVED, now, **pose(joints[0, :3], joints[0, :4]))
    recorder.record(topics.TRUE, now, **pose(joints[1, :3], joints[1, :4]))
    if number % round(sensed / SEEN) == 0:
        for camera in ("head", "chest", "pelvis"):
            recorder.record(topics.CAMERA + camera, now, **picture(rng.bytes(JPEG), camera))


def be_killed(folder: str) -> None:
    """Record in real time until killed."""
    rng = np.random.default_rng(os.getpid())
    recorder = FlightRecorder(Path(folder))
    due, number = time.monotonic(), 0
    while True:
        record_moment(recorder, time.monotonic(), number, rng, CHILD_SENSED)
        number += 1
        due += 1.0 / CHILD_SENSED
        time.sleep(max(0.0, due - time.monotonic()))


def kill_one(after: float) -> float | None:
    """Return how much is missing, s, of the recording of a child that was killed `after` s; None: it did not begin."""
    with tempfile.TemporaryDirectory() as folder:
        child = subprocess.Popen([sys.executable, __file__, "--be-killed", folder])
        try:
            waits = time.monotonic() + PATIENCE
            while not list(Path(folder).glob("ring-*")):
                if child.poll() is not None or time.monotonic() > waits:
                    return None
                time.sleep(0.01)
            time.sleep(after)
            alive = child.poll() is None
        finally:
            killed_at = time.monotonic()
            child.send_signal(signal.SIGKILL)
            child.wait()
        if not alive:
            return None
        try:
            return killed_at - read_flight(Path(folder)).ends
        except NotARecording:
            return float("inf")


def record_minutes(
    seconds: float, settings: RecorderSettings, folder: Path, rng: np.random.Generator
) -> dict[str, float]:
    """Record for so long, as fast as it goes, with a fall in the middle; return sizes (bytes) and times (s)."""
    recorder = FlightRecorder(folder, settings, background=False)
    memory = disk = 0
    records, flushes = [], []
    ticks = round(seconds * SENSED)
    for number in range(ticks):
        begin = time.perf_counter()
        record_moment(recorder, number / SENSED, number, rng, SENSED)
        records.append(time.perf_counter() - begin)
        if number == ticks // 2:
            recorder.incident(Incident.FALL, number / SENSED, "in the middle")
        if number % round(SENSED * settings.every) == 0:
            begin = time.perf_counter()
            recorder.flush()
            flushes.append(time.perf_counter() - begin)
            memory, disk = max(memory, recorder.memory_size), max(disk, recorder.disk_size)
    ring = recorder.disk_size
    spans = read_flight(folder).ends - read_flight(folder).begins
    recorder.close()
    return {
        "memory": memory,
        "disk": disk,
        "a_second": ring / spans,
        "record": float(np.median(records)),
        "record_late": float(np.percentile(records, 99)),
        "flush": float(np.median(flushes)),
        "dropped": recorder.dropped,
        "incident": recorder.recordings[0].stat().st_size,
    }


def cut_anywhere(folder: Path, rng: np.random.Generator, cuts: int) -> list[bool]:
    """Cut a recording at random bytes; return of each whether all up to its last whole chunk was read, or refused."""
    recorder = FlightRecorder(folder, RecorderSettings(segment=1e6), background=False)
    for number in range(round(8 * SENSED)):
        record_moment(recorder, number / SENSED, number, rng, SENSED)
        if number % 60 == 59:
            recorder.flush()
    (path,) = folder.glob("ring-*")
    data = path.read_bytes()
    whole = recover_bytes(data, path.name).messages
    good = []
    for cut in rng.integers(0, len(data), cuts).tolist():
        try:
            found = recover_bytes(data[:cut], path.name).messages
            good.append(found == whole[: len(found)])
        except NotARecording:
            good.append(cut < len(data) / 8)  # before its first chunk
    return good


def main() -> None:
    """Kill children, fill memories, cut files."""
    options = arguments(__doc__.splitlines()[0])
    rng = np.random.default_rng(options.seed)
    kills = 3 if options.quick else 20
    lost, died = [], 0
    for _ in track(range(kills), "killing"):
        while (gap := kill_one(float(rng.uniform(*LIVES)))) is None and died < kills:
            died += 1
        lost += [gap] if gap is not None else []
    with tempfile.TemporaryDirectory() as folder:
        usual = record_minutes(
            20.0 if options.quick else 60.0, RecorderSettings(), Path(folder) / "usual", rng
        )
        tight = RecorderSettings(memory=2 * 2**20, disk=2**20, segment=1.0)
        small = record_minutes(20.0, tight, Path(folder) / "tight", rng)
        cuts = cut_anywhere(Path(folder) / "cut", rng, 50 if options.quick else 500)
    settings = RecorderSettings()
    figures = [
        Figure("killed while recording", len(lost), "", f">= {kills}", n=kills),
        Figure("children that did not live to be killed", died, "", n=kills + died),
        share("readable to the last second after a kill", [gap <= 1.0 for gap in lost] or [False], ">= 1"),
        Figure("most that a kill cost", max(lost, default=float("inf")), "s", "<= 1", n=len(lost)),
        share("cut at a random byte: read or refused", cuts, ">= 1"),
        Figure("on the disk", usual["a_second"] / 1000.0, "kB/s"),
        Figure("recording of a fall (30 s before, 5 s after)", usual["incident"] / 1e6, "MB"),
        Figure("memory", usual["memory"] / 2**20, "MiB", f"<= {settings.memory // 2**20}"),
        Figure("ring on the disk", usual["disk"] / 2**20, "MiB", f"<= {settings.disk // 2**20}"),
        Figure("memory, allowed 2 MiB", small["memory"] / 2**20, "MiB", "<= 2"),
        Figure("messages dropped with the usual bounds", usual["dropped"], "", "<= 0"),
        Figure("recording one moment, in the robot's loop, median", 1000.0 * usual["record"], "ms"),
        Figure("recording one moment, in the robot's loop, p99", 1000.0 * usual["record_late"], "ms", "<= 4"),
        Figure("a flush, in the recorder's thread, median", 1000.0 * usual["flush"], "ms"),
    ]
    busy = f"clocks were read beside other work: {os.getloadavg()[0]:.1f} processes wanted one of {cores()} cores"
    report("recorder", figures, options, notes=[busy])


if __name__ == "__main__":
    if sys.argv[1:2] == ["--be-killed"]:
        be_killed(sys.argv[2])
    else:
        main()
