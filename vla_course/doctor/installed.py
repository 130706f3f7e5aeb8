"""What can be read off without loading anything: versions, the machine, whose answers run."""

from __future__ import annotations

import os
import platform
import re
import shutil
import sys
from importlib import metadata
from pathlib import Path

from vla_course import machine as granted
from vla_course.doctor.findings import REINSTALL, Finding

ROOT = Path(__file__).resolve().parents[2]
TESTED = ("Linux", "x86_64")
CORES, MEMORY, DISK = 2, 2.0, 1.0  # what the course asks for: processor cores, GiB, GiB


def python() -> Finding:
    version = platform.python_version()
    found = f"{version} in {sys.prefix}"
    if version.startswith("3.11."):
        return Finding("Python", "ok", found)
    return Finding("Python", "fail", found, "the course needs Python 3.11: install it and run `make setup`")


def system() -> Finding:
    """The operating system and the processor: PyBullet has ready-made packages for one pair of them."""
    name, processor = platform.system(), platform.machine()
    found = f"{name} on {processor}" + (", in WSL" if "microsoft" in platform.release().lower() else "")
    if (name, processor) == TESTED:
        return Finding("system", "ok", found)
    advice = f"the course is tested on {' on '.join(TESTED)}: README, \"What you need\", has a container for the rest"
    return Finding("system", "warn", found, advice)


def command() -> Finding:
    """Whether a terminal such as this one finds `vla-course`."""
    here, found = Path(sys.prefix, "bin", "vla-course"), shutil.which("vla-course")
    if found and Path(found).resolve() == here.resolve():
        return Finding("command", "ok", f"vla-course is {found}")
    told = f"vla-course is {found}, another one" if found else "vla-course is not on the PATH of this terminal"
    return Finding("command", "warn", told, f"`source {here.parent / 'activate'}`, or JupyterLab's own terminal")


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
    if missing:
        days = torch_days() if "torch" in missing else []
        who = f"Day{'s' * (len(days) > 1)} {' and '.join(days)} cannot do without torch; " if days else ""
        return Finding("versions", "fail", f"missing: {', '.join(missing)}", who + REINSTALL)
    if other:
        return Finding("versions", "warn", ", ".join(other), f"if something misbehaves, {REINSTALL}")
    return Finding("versions", "ok", f"all {len(needed)} packages as tested")


def torch_days() -> list[str]:
    """The numbers of the days whose exercises import torch."""
    imports = re.compile(r"^\s*(?:import|from)\s+torch\b", re.MULTILINE)
    files = sorted((ROOT / "vla_course" / "exercises").glob("day*/*.py"))
    found = [file.parent.name for file in files if imports.search(file.read_text(encoding="utf-8", errors="replace"))]
    return [re.findall(r"\d+", folder)[0] for folder in dict.fromkeys(found)]


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
    cores, gigabytes = granted.cores(), granted.memory() / 2**30
    found = f"{cores} {'core' if cores == 1 else 'cores'}, {gigabytes:.1f} GiB of memory"
    if cores < CORES or gigabytes < 0.9 * MEMORY:  # a machine sold as 2 GiB reports a little less
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


LOOKS = (system, python, versions, command, machine, disk, answers, widgets)
