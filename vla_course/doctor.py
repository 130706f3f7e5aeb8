"""`vla-course doctor`: what is installed, what works on this machine, and what to do where it does not.

Whatever loads compiled libraries is probed in a child process, so that a library that crashes the interpreter
costs one line of the report and not the report.
"""

from __future__ import annotations

import json as jsonlib
import os
import platform
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from html import escape
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from rich.console import Console

Status = Literal["ok", "warn", "fail"]

ROOT = Path(__file__).resolve().parents[1]
REINSTALL = "run `make setup` again (or `pip install -c constraints.txt -e .` in your environment)"
PROBE_SECONDS = 60.0  # a cold disk may take this long to load torch
CORES, MEMORY, DISK = 2, 2.0, 1.0  # what the course asks for: processor cores, GiB, GiB
MARKS: dict[Status, str] = {"ok": "[green]ok[/]", "warn": "[yellow]warn[/]", "fail": "[bold red]fail[/]"}


@dataclass(frozen=True)
class Finding:
    """One line of the report; `advice` says what to do where `status` is not ok."""

    name: str
    status: Status
    found: str
    advice: str = ""


@dataclass(frozen=True)
class Report:
    """All findings, in the order in which a reader wants them; a card in a notebook."""

    findings: tuple[Finding, ...]

    def count(self, status: Status) -> int:
        return sum(finding.status == status for finding in self.findings)

    @property
    def runs(self) -> bool:
        """Whether nothing failed."""
        return not self.count("fail")

    @property
    def summary(self) -> str:
        if not self.runs:
            return f"{self.count('fail')} of {len(self.findings)} do not work: the arrows say what to do."
        if self.count("warn"):
            return "The course runs here; the arrows say what could be better."
        return "Everything works here."

    def as_json(self) -> dict[str, object]:
        return {"ok": self.runs, "findings": [asdict(finding) for finding in self.findings]}

    def _repr_html_(self) -> str:
        from vla_course.course.card import card

        rows = []
        for finding in self.findings:
            tick, tone = {"ok": ("✓", "good"), "warn": ("!", "warn"), "fail": ("✗", "bad")}[finding.status]
            advice = f'<div class="vla-soft">→ {escape(finding.advice)}</div>' if finding.advice else ""
            rows.append(
                f'<li><span class="vla-tick" style="color: var(--{tone})">{tick}</span>'
                f"<div><b>{finding.name}</b> {escape(finding.found)}{advice}</div></li>"
            )
        body = f'<ul class="vla-list">{"".join(rows)}</ul>'
        tone = "bad" if not self.runs else "warn" if self.count("warn") else "good"
        return card("This machine", body, tone=tone, status=self.summary)

    def print(self, console: Console) -> None:
        from rich.markup import escape as plain
        from rich.table import Table

        table = Table(box=None, show_header=False, pad_edge=False)
        table.add_column(style="bold", no_wrap=True)
        table.add_column(no_wrap=True)
        table.add_column(overflow="fold")
        for finding in self.findings:
            advice = f"\n[dim]→[/] {plain(finding.advice)}" if finding.advice else ""
            table.add_row(finding.name, MARKS[finding.status], plain(finding.found) + advice)
        console.print(table)
        console.print(self.summary, style="green" if self.runs else "bold red")


def report(console: Console, json: bool = False) -> int:
    """Print the report, a table or with `json` one JSON object; 1 where something failed, else 0."""
    if json:
        found = examine()
        print(jsonlib.dumps(found.as_json()))
    else:
        with console.status("looking around ..."):
            found = examine()
        found.print(console)
    return 0 if found.runs else 1


def examine() -> Report:
    """Look at everything; takes a few seconds."""
    with ThreadPoolExecutor(max_workers=2) as pool:
        probes = [pool.submit(_in_child, name) for name in CHILD_PROBES]
        direct = [python(), versions(), machine(), disk(), answers(), widgets()]
        return Report((*direct, *(probe.result() for probe in probes)))


# -- read off without loading anything --


def python() -> Finding:
    version = platform.python_version()
    found = f"{version} in {sys.prefix}"
    if version.startswith("3.11."):
        return Finding("Python", "ok", found)
    return Finding("Python", "fail", found, "the course needs Python 3.11: install it and run `make setup`")


def versions() -> Finding:
    """The course's own dependencies against the tested set in constraints.txt."""
    tested = read_constraints(ROOT / "constraints.txt")
    missing, other = [], []
    needed = dependencies()
    for name in needed:
        try:
            installed = metadata.version(name).split("+")[0]
        except metadata.PackageNotFoundError:
            missing.append(name)
            continue
        if normal(name) in tested and installed != tested[normal(name)]:
            other.append(f"{name} {installed} (tested: {tested[normal(name)]})")
    if missing == ["torch"]:  # Binder goes without: its image would be gigabytes larger
        return Finding("versions", "warn", "no torch", "only training policies needs it")
    if missing:
        return Finding("versions", "fail", f"missing: {', '.join(missing)}", REINSTALL)
    if other:
        return Finding("versions", "warn", ", ".join(other), f"if something misbehaves, {REINSTALL}")
    return Finding("versions", "ok", f"all {len(needed)} packages as tested")


def dependencies() -> list[str]:
    """Names of the packages that the course asks for, without its extras."""
    wanted = metadata.requires("vla-course") or []
    return [re.split(r"[^\w.-]", line, maxsplit=1)[0] for line in wanted if "extra ==" not in line]


def read_constraints(constraints: Path) -> dict[str, str]:
    """Version of each package, by normal name; empty where there is no such file."""
    if not constraints.is_file():
        return {}
    lines = (line.partition("==") for line in constraints.read_text(encoding="utf-8").splitlines())
    return {normal(name): version for name, equals, version in lines if equals and not name.startswith("#")}


def normal(name: str) -> str:
    """The name that spellings of one package share (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def machine() -> Finding:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    found = f"{cores} {'core' if cores == 1 else 'cores'}, {memory:.1f} GiB of memory"
    if cores < CORES or memory < 0.9 * MEMORY:  # a machine sold as 2 GiB reports a little less
        advice = (
            f"the course is made for {CORES} cores and {MEMORY:g} GiB: expect to wait, close other programs"
        )
        return Finding("machine", "warn", found, advice)
    return Finding("machine", "ok", found)


def disk() -> Finding:
    free = shutil.disk_usage(ROOT).free / 2**30
    found = f"{free:.1f} GiB free in {ROOT}"
    if not os.access(ROOT, os.W_OK):
        return Finding("disk", "fail", f"{ROOT} is read-only", "copy the course to a folder of your own")
    if free < DISK:
        return Finding("disk", "warn", found, f"make room: recordings and checkpoints want {DISK:g} GiB")
    return Finding("disk", "ok", found)


def answers() -> Finding:
    """Whose answers run: the switch that is easily left on."""
    from vla_course.course.errors import CourseError
    from vla_course.course.root import EXERCISES_VARIABLE, CourseRoot

    root = CourseRoot.current()
    try:
        desk = root.desk()
    except CourseError as fault:
        return Finding("answers", "fail", str(fault), f"unset {EXERCISES_VARIABLE}")
    if root.at_desk():
        return Finding("answers", "ok", f"yours, in {root.shorten(desk)}")
    advice = f"unset {EXERCISES_VARIABLE} to run your own"
    return Finding("answers", "warn", f"those in {root.shorten(desk)}", advice)


def widgets() -> Finding:
    """The parts that JupyterLab needs in the browser: buttons and sliders, 3-D replays."""
    from jupyter_core.paths import jupyter_path

    wanted = {
        "ipywidgets": "@jupyter-widgets/jupyterlab-manager",
        "k3d": "anywidget",
    }  # k3d 3 is drawn by anywidget
    folders = [Path(folder) for folder in jupyter_path("labextensions")]
    missing = [
        name
        for name, extension in wanted.items()
        if not any((folder / extension / "package.json").is_file() for folder in folders)
    ]
    if missing:
        return Finding("widgets", "fail", f"no JupyterLab extension of {', '.join(missing)}", REINSTALL)
    return Finding("widgets", "ok", f"JupyterLab {metadata.version('jupyterlab')} has {' and '.join(wanted)}")


# -- tried in a child process --


def physics() -> Finding:
    """A box falls for 0.1 s of simulated time and must come as far as Galilei says."""
    import pybullet

    steps, dt, gravity = 50, 0.002, 9.81
    client = pybullet.connect(pybullet.DIRECT)
    pybullet.setGravity(0, 0, -gravity, physicsClientId=client)
    pybullet.setTimeStep(dt, physicsClientId=client)
    shape = pybullet.createCollisionShape(pybullet.GEOM_BOX, halfExtents=[0.1] * 3, physicsClientId=client)
    box = pybullet.createMultiBody(1.0, shape, basePosition=[0, 0, 1], physicsClientId=client)
    started = time.perf_counter()
    for _ in range(steps):
        pybullet.stepSimulation(physicsClientId=client)
    took = time.perf_counter() - started
    (_, _, height), _ = pybullet.getBasePositionAndOrientation(box, physicsClientId=client)
    pybullet.disconnect(client)
    fell, expected = 1 - height, gravity * (steps * dt) ** 2 / 2
    found = f"a box fell {100 * fell:.1f} cm in {steps * dt:g} s, computed in {1000 * took:.1f} ms"
    if abs(fell - expected) > 0.05 * expected:
        return Finding("physics", "fail", f"{found}; expected {100 * expected:.1f} cm", REINSTALL)
    return Finding("physics", "ok", found)


def rendering() -> Finding:
    """The software renderer draws a box; the cameras of the robot see through it."""
    import numpy as np
    import pybullet

    if not pybullet.isNumpyEnabled():
        return Finding(
            "rendering", "fail", "PyBullet was built without NumPy", "install the wheel: " + REINSTALL
        )
    client = pybullet.connect(pybullet.DIRECT)
    shape = pybullet.createVisualShape(
        pybullet.GEOM_BOX, halfExtents=[0.5] * 3, rgbaColor=[1, 0, 0, 1], physicsClientId=client
    )
    pybullet.createMultiBody(0, baseVisualShapeIndex=shape, physicsClientId=client)
    view = pybullet.computeViewMatrix([2, 0, 0], [0, 0, 0], [0, 0, 1])
    projection = pybullet.computeProjectionMatrixFOV(60, 4 / 3, 0.1, 10)
    started = time.perf_counter()
    width, height, colours, _, _ = pybullet.getCameraImage(
        320, 240, view, projection, renderer=pybullet.ER_TINY_RENDERER, physicsClientId=client
    )
    took = time.perf_counter() - started
    pybullet.disconnect(client)
    picture = np.asarray(colours).reshape(height, width, 4).astype(int)
    red = picture[..., 0] > picture[..., 1] + 50
    found = f"{width} x {height} pixels in {1000 * took:.0f} ms"
    if not red[height // 2, width // 2] or red[0, 0]:
        return Finding("rendering", "fail", f"{found}, but the box is not in the picture", REINSTALL)
    return Finding("rendering", "ok", found)


def kinematics() -> Finding:
    """Pinocchio's Jacobian of an arm against a difference quotient of its forward kinematics."""
    import numpy as np
    import pinocchio

    model = pinocchio.buildSampleModelManipulator()
    data = model.createData()
    joint, step = model.njoints - 1, 1e-6
    at, towards = np.full(model.nq, 0.3), np.linspace(-1, 1, model.nv)

    def tip(angles: np.ndarray) -> np.ndarray:
        pinocchio.forwardKinematics(model, data, angles)
        return np.array(data.oMi[joint].translation)

    difference = (tip(at + step * towards) - tip(at - step * towards)) / (2 * step)
    pinocchio.computeJointJacobians(model, data, at)
    frame = pinocchio.ReferenceFrame.LOCAL_WORLD_ALIGNED
    velocity = pinocchio.getJointJacobian(model, data, joint, frame)[:3] @ towards
    found = f"Pinocchio {pinocchio.__version__}"
    if not np.allclose(difference, velocity, atol=1e-6):
        return Finding("kinematics", "fail", f"{found}: its Jacobian is wrong", REINSTALL)
    return Finding("kinematics", "ok", f"{found}, Jacobian checked")


def kernel() -> Finding:
    """A notebook kernel starts and adds up."""
    from jupyter_client.manager import start_new_kernel

    started = time.perf_counter()
    manager, client = start_new_kernel(startup_timeout=30)
    try:
        said: list[str] = []

        def listen(message: dict[str, Any]) -> None:
            content = message["content"]
            said.append(content.get("data", {}).get("text/plain", "") or content.get("evalue", ""))

        client.execute_interactive("1 + 1", timeout=20, output_hook=listen)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    answer = next(filter(None, said), "nothing")
    if answer != "2":
        return Finding("notebooks", "fail", f"the kernel answered {answer} to 1 + 1", REINSTALL)
    return Finding(
        "notebooks", "ok", f"a kernel started and ran 1 + 1 in {time.perf_counter() - started:.1f} s"
    )


def video() -> Finding:
    """The encoder that writes recordings."""
    import av

    try:
        av.Codec("libx264", "w")
    except Exception as fault:  # PyAV names this error differently from version to version
        return Finding("video", "warn", f"no H.264 encoder ({fault})", "recordings fail; " + REINSTALL)
    return Finding("video", "ok", f"H.264, by PyAV {av.__version__}")


def gpu() -> Finding:
    """Torch, and whether it sees a GPU; the course needs none."""
    try:
        import torch
    except ModuleNotFoundError:
        return Finding("GPU", "ok", "not looked for: torch is not installed")
    if not torch.cuda.is_available():
        return Finding("GPU", "ok", f"none for torch {torch.__version__}; the course needs none")
    name, memory = torch.cuda.get_device_name(0), torch.cuda.get_device_properties(0).total_memory / 2**30
    return Finding("GPU", "ok", f"{name}, {memory:.0f} GiB, torch {torch.__version__}")


CHILD_PROBES: dict[str, Callable[[], Finding]] = {
    "physics": physics,
    "rendering": rendering,
    "kinematics": kinematics,
    "notebooks": kernel,
    "video": video,
    "GPU": gpu,
}


def _in_child(name: str) -> Finding:
    """The finding of one probe; a crash, an error or silence of the child is a finding too."""
    command = [sys.executable, "-m", "vla_course.doctor", "--probe", name]
    try:
        child = subprocess.run(
            command, capture_output=True, text=True, timeout=PROBE_SECONDS, cwd=ROOT, stdin=subprocess.DEVNULL
        )
    except subprocess.TimeoutExpired:
        return Finding(
            name, "fail", f"no answer within {PROBE_SECONDS:g} s", "try again; if it stays so, " + REINSTALL
        )
    if child.returncode < 0:
        crash = signal.Signals(-child.returncode).name
        return Finding(
            name, "fail", f"crashed ({crash})", "the packages may not suit this machine; " + REINSTALL
        )
    if child.returncode:
        lines = child.stderr.strip().splitlines() or [f"exit code {child.returncode}"]
        return Finding(name, "fail", lines[-1], REINSTALL)
    return Finding(**jsonlib.loads(child.stdout.splitlines()[-1]))


def _main() -> int:
    if sys.argv[1:2] == ["--probe"]:
        print(jsonlib.dumps(asdict(CHILD_PROBES[sys.argv[2]]())))
        return 0
    from rich.console import Console

    return report(Console(highlight=False), "--json" in sys.argv[1:])


if __name__ == "__main__":
    sys.exit(_main())
