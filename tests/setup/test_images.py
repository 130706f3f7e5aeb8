"""Container and Binder are made from the same lists as `make setup`: nothing in them drifts."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from vla_course.doctor.installed import read_constraints

ROOT = Path(__file__).resolve().parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
BINDER = (ROOT / "binder" / "environment.yml").read_text(encoding="utf-8")
TESTED = read_constraints(ROOT / "constraints.txt")
SETUP_FILES = sorted(
    path
    for pattern in ("Makefile", "Dockerfile", "README.md", "binder/*", ".devcontainer/*", "docs/*.md", "jupyter/**/*")
    for path in ROOT.glob(pattern)
    if path.is_file()
)
needs_make = pytest.mark.skipif(shutil.which("make") is None, reason="there is no make on this machine")


def dry_run(*arguments: str) -> str:
    """What `make setup` would do in a new place."""
    return subprocess.run(
        ["make", "--dry-run", "setup", *arguments], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout


def test_the_container_installs_with_make_setup_and_nothing_else() -> None:
    installing = [line for line in DOCKERFILE.splitlines() if re.search(r"\bpip3? install|conda|curl|wget", line)]
    assert not [line for line in installing if not line.startswith("#")]
    assert "RUN make setup" in DOCKERFILE


def test_everything_that_the_container_copies_is_there() -> None:
    for line in re.findall(r"^COPY (.+)$", DOCKERFILE, flags=re.MULTILINE):
        for source in line.split()[:-1]:
            assert (ROOT / source).exists(), source


def test_what_setup_reads_is_copied_before_it_runs() -> None:
    before, _, _ = DOCKERFILE.partition("RUN make setup")
    for needed in ("Makefile", "pyproject.toml", "constraints.txt", "README.md", "LICENSE", "jupyter"):
        assert re.search(rf"^COPY .*\b{re.escape(needed)}", before, flags=re.MULTILINE), needed


def test_the_container_brings_what_builds_pybullet() -> None:
    for package in ("g++", "make", "python3.11-dev", "python3.11-venv"):
        assert re.search(rf"[ ]{re.escape(package)}[ \n]", DOCKERFILE), package


def test_the_development_container_is_that_container() -> None:
    told = json.loads((ROOT / ".devcontainer" / "devcontainer.json").read_text(encoding="utf-8"))
    assert (ROOT / ".devcontainer" / told["build"]["dockerfile"]).resolve() == ROOT / "Dockerfile"
    assert (ROOT / ".devcontainer" / told["build"]["context"]).resolve() == ROOT
    venv = re.findall(r"VENV=(\S+)", DOCKERFILE)[0]
    assert told["customizations"]["vscode"]["settings"]["python.defaultInterpreterPath"] == f"{venv}/bin/python"
    assert told["workspaceFolder"] == re.findall(r"^WORKDIR (\S+)$", DOCKERFILE, flags=re.MULTILINE)[0]


def test_binder_has_the_tested_python_and_torch_for_processors_alone() -> None:
    assert re.findall(r"^  - python=(.+)$", BINDER, flags=re.MULTILINE) == ["3.11"]
    (torch,) = re.findall(r"^  - pytorch=([^=]+)=(.+)$", BINDER, flags=re.MULTILINE)
    assert torch == (TESTED["torch"], "cpu_generic*")
    assert not (ROOT / "binder" / "runtime.txt").exists()  # environment.yml would silently win


def test_binder_installs_all_the_rest_in_the_tested_versions() -> None:
    told = (ROOT / "binder" / "postBuild").read_text(encoding="utf-8")
    assert "pip install --no-cache-dir --constraint constraints.txt --editable ." in told
    assert "cp -R jupyter/etc jupyter/share" in told
    assert "no-deps" not in told


@needs_make
def test_torch_for_processors_alone_is_installed_first_where_its_index_is_given(tmp_path: Path) -> None:
    plain = dry_run(f"VENV={tmp_path}/v")
    assert "--index-url" not in plain
    told = dry_run(f"VENV={tmp_path}/v", "TORCH_INDEX=https://example.org/cpu")
    assert re.search(r"--constraint constraints.txt --no-deps --index-url https://example.org/cpu torch\n", told)
    assert told.index("--index-url") < told.index("--editable")


@needs_make
def test_where_pybullet_is_built_it_finds_numpy(tmp_path: Path) -> None:
    told = dry_run(f"VENV={tmp_path}/v", "BUILD_PYBULLET=yes")
    assert "ten more to build PyBullet" in told
    assert re.search(r"numpy setuptools wheel && .*--no-build-isolation pybullet\n", told)
    assert told.index("--no-build-isolation") < told.index("--editable")


@needs_make
def test_setup_says_how_long_it_takes_and_how_a_terminal_finds_the_command(tmp_path: Path) -> None:
    told = dry_run(f"VENV={tmp_path}/v")
    assert "5 to 15 minutes the first time" in told
    assert f"source {tmp_path}/v/bin/activate" in told


@pytest.mark.parametrize("file", SETUP_FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_registry_is_named(file: Path) -> None:
    text = file.read_text(encoding="utf-8", errors="replace")
    assert not re.search(r"pypi\.|pythonhosted|download\.pytorch|anaconda\.org|registry\.", text)


def test_the_kernel_is_ipykernels_own_with_one_thread() -> None:
    from ipykernel.kernelspec import get_kernel_dict

    path = ROOT / "jupyter" / "share" / "jupyter" / "kernels" / "python3" / "kernel.json"
    told = json.loads(path.read_text(encoding="utf-8"))
    assert told.pop("env") == dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    own = get_kernel_dict()
    assert told.pop("argv") == ["python", *own.pop("argv")[1:]]  # jupyter_client puts its own Python there
    assert told == own


def test_the_list_of_files_shows_notebooks_and_exercises_but_not_the_scripts_of_notebooks() -> None:
    from jupyter_server.services.contents.filemanager import FileContentsManager

    # Traits are read from this file; from those in jupyter_server_config.d only which extensions are on.
    told = json.loads((ROOT / "jupyter" / "etc" / "jupyter" / "jupyter_server_config.json").read_text(encoding="utf-8"))
    manager = FileContentsManager(root_dir=str(ROOT), hide_globs=told["ContentsManager"]["hide_globs"])
    assert not [path.name for path in (ROOT / "notebooks").glob("*.py") if manager.should_list(path.name)]
    shown = [*(ROOT / "notebooks").glob("*.ipynb"), *(ROOT / "solutions").glob("day*/*.py")]
    assert all(manager.should_list(path.name) for path in shown)
