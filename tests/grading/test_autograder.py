"""What the autograder's image installs is what grading imports, and it is set up in one way wherever it runs."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from vla_course.course.root import CourseRoot
from vla_course.grading.pipeline.gradescope import NEEDED, SCRIPTS, release_bundle, requirements, write_bundle

ROOT = CourseRoot.current()
HOUSE = ROOT.folder
DISTRIBUTIONS = {"pinocchio": "pin", "yaml": "pyyaml"}
BROUGHT_ALONG = {"PIL", "markupsafe", "huggingface_hub"}  # by matplotlib, jinja2 and transformers
NOT_FOR_GRADING = {
    "IPython",  # where a notebook shows something
    "distributed",  # for --scheduler, which says what to install
}
SETUP = (SCRIPTS / "setup.sh").read_text()
CONTAINER = (SCRIPTS / "Dockerfile").read_text()


def imports_of(path: Path) -> Iterator[str]:
    """Every import of a file, in functions as well, but for those that only a type checker makes."""

    def of(node: ast.AST) -> Iterator[str]:
        match node:
            case ast.If(test=ast.Name(id="TYPE_CHECKING"), orelse=otherwise):
                for statement in otherwise:
                    yield from of(statement)
                return
            case ast.Import(names=aliases):
                yield from (alias.name for alias in aliases)
            case ast.ImportFrom(module=str(module), level=0, names=aliases):
                yield module
                yield from (f"{module}.{alias.name}" for alias in aliases)
            case ast.Call(func=ast.Name(id="_import_without_banner"), args=[ast.Constant(value=str(name))]):
                yield name
        for child in ast.iter_child_nodes(node):
            yield from of(child)

    yield from of(ast.parse(path.read_text(encoding="utf-8")))


def files_of(name: str) -> Iterator[Path]:
    """The files of this repository that an import loads."""
    parts = name.split(".")
    base = HOUSE if parts[0] == "vla_course" else HOUSE / "tests" / "graded"
    for end in range(1, len(parts) + 1):
        place = base.joinpath(*parts[:end])
        yield from (path for path in (place.with_suffix(".py"), place / "__init__.py") if path.is_file())


def imported() -> set[str]:
    """The packages that grading imports: the grader, its command, the tests, the answers, and the frame below them."""
    waiting = [path for path in (HOUSE / "vla_course" / "grading").rglob("*.py") if path.parent.name != "mutation"]
    for tree in ("shown", "hidden", "integration"):
        waiting += (HOUSE / "tests" / "graded" / tree).rglob("*.py")
    waiting += ROOT.solutions.rglob("*.py")
    seen: set[Path] = set()
    found = {"typer"}  # what `vla-course` itself is made of
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        for name in imports_of(path):
            top = name.split(".")[0]
            if top in ("vla_course", "shown", "hidden"):
                waiting += files_of(name)
            elif top not in sys.stdlib_module_names:
                found.add(top)
    return found


def test_what_it_installs_is_what_grading_imports() -> None:
    needed = imported() - BROUGHT_ALONG - NOT_FOR_GRADING
    assert {DISTRIBUTIONS.get(name, name) for name in needed} == NEEDED


def test_the_command_itself_imports_nothing_more() -> None:
    top = ast.parse((HOUSE / "vla_course" / "cli.py").read_text()).body
    names = {node.names[0].name for node in top if isinstance(node, ast.Import)}
    assert names - sys.stdlib_module_names == {"typer"}


def test_each_line_is_one_of_the_projects_in_its_words() -> None:
    lines = requirements(ROOT).splitlines()
    assert {Requirement(line).name for line in lines} == NEEDED
    project = (HOUSE / "pyproject.toml").read_text()
    assert all(f'"{line}"' in project for line in lines)


def test_torch_comes_from_the_address_that_make_setup_takes_and_before_all_the_rest() -> None:
    makefile = (HOUSE / "Makefile").read_text()
    assert "$(PIP_INSTALL) --no-deps --index-url $(TORCH_INDEX) torch" in makefile
    alone = SETUP.index('install --no-deps --index-url "$torch_index" torch')
    assert alone < SETUP.index("install --requirement")
    assert not re.search(r"https?://", SETUP + CONTAINER)


@pytest.mark.parametrize("index", ["", "file:///somewhere"])
def test_the_bundle_holds_the_address_that_it_was_made_with(
    index: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TORCH_INDEX", index)
    said = release_bundle(ROOT, tmp_path / "autograder.zip", 5)
    assert ("PyTorch with CUDA" in said) == (not index)
    with zipfile.ZipFile(tmp_path / "autograder.zip") as archive:
        text = archive.read("setup.sh").decode()
    assert f'torch_index="${{TORCH_INDEX:-{index}}}"' in text
    asked = "\n".join(line for line in text.splitlines() if line.startswith("torch_index=")) + '\necho "$torch_index"'
    for given, expected in ((None, index), ("elsewhere", "elsewhere")):
        environment = {"PATH": "/usr/bin:/bin"} | ({"TORCH_INDEX": given} if given else {})
        ran = subprocess.run(["bash", "-c", asked], env=environment, capture_output=True, text=True, check=True)
        assert ran.stdout.strip() == expected


def test_the_container_is_set_up_by_that_script_from_that_bundle(tmp_path: Path) -> None:
    write_bundle(ROOT, tmp_path / "autograder.zip", 5)
    with zipfile.ZipFile(tmp_path / "autograder.zip") as archive:
        names = set(archive.namelist())
        assert archive.read("Dockerfile").decode() == CONTAINER
    instructions = [line for line in CONTAINER.splitlines() if line and not line.startswith("#")]
    assert [line.split()[0] for line in instructions] == ["FROM", "ARG", "COPY", "RUN", "ENV", "WORKDIR", "ENTRYPOINT"]
    assert "bash /autograder/source/setup.sh" in CONTAINER
    assert {"setup.sh", "run_autograder", "requirements.txt", "seed", "course/constraints.txt"} <= names
    assert " bubblewrap " in SETUP


def test_the_container_insists_on_bubblewrap_and_lets_it_make_its_namespaces() -> None:
    for option in ("seccomp=unconfined", "apparmor=unconfined", "systempaths=unconfined", "--require-sandbox"):
        assert option in CONTAINER
