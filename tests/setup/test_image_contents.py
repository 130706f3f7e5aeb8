"""What the course imports is what an image installs: Binder's, the container's; and that is not too much."""

import ast
import sys
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "benchmarks"))

import image_size  # noqa: E402

PARTS = ("vla_course", "solutions", "notebooks", "tests/graded/shown")
OWN = {"vla_course", "shown"}
BY_EXTRA = {
    "distributed": ("vla_course/grading/", "vla_course/learning/workers/backends.py"),
    "jinja2": ("vla_course/grading/",),
    "markupsafe": ("vla_course/grading/",),
    "pyttsx3": ("vla_course/deployment/voice/",),
    "openvino": ("vla_course/deployment/runtimes/",),
    "tensorrt": ("vla_course/deployment/runtimes/",),
}
"""packages of an extra, and the only places that may import them: where the course says what to install"""
OTHER_NAMES = {"pinocchio": "pin"}  # its files belong to a package below `pin`
IMAGE = image_size.installed(image_size.wanted())


def imported() -> dict[str, set[str]]:
    """Every module of others by its first name, with the files that import it anywhere in them."""
    found: dict[str, set[str]] = {}
    for part in PARTS:
        for path in (ROOT / part).rglob("*.py"):
            if "exercises/day" in path.as_posix():  # a student's files; their sources are in solutions/
                continue
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
                if isinstance(node, ast.ImportFrom) and node.level == 0:
                    names = [node.module or ""]
                for name in (name.partition(".")[0] for name in names):
                    if name not in sys.stdlib_module_names and name not in OWN:
                        found.setdefault(name, set()).add(path.relative_to(ROOT).as_posix())
    return found


IMPORTED = imported()


@pytest.mark.parametrize("module", sorted(IMPORTED))
def test_what_is_imported_is_installed(module: str) -> None:
    packages = metadata.packages_distributions().get(module) or [OTHER_NAMES.get(module, module)]
    names = {image_size.normal(name) for name in packages}
    if module in BY_EXTRA:
        assert all(path.startswith(BY_EXTRA[module]) for path in IMPORTED[module])
    else:
        assert names & IMAGE, f"imported by {sorted(IMPORTED[module])[:3]}: name it in pyproject.toml"


def test_notebooks_import_torch_and_every_image_has_it() -> None:
    assert {path for path in IMPORTED["torch"] if path.startswith("notebooks/")}
    assert "torch" in IMAGE
    assert "- pytorch=" in (ROOT / "binder" / "environment.yml").read_text(encoding="utf-8")


def test_nothing_that_is_only_for_authors_is_installed() -> None:
    assert not IMAGE & {"mypy", "ruff", "playwright", "stable-baselines3", "nbmake", "hypothesis"}


@pytest.mark.skipif("+cpu" not in metadata.version("torch"), reason="here is the build of PyTorch for GPUs")
def test_the_image_stays_small() -> None:
    size = sum(map(image_size.megabytes, IMAGE)) + image_size.course_megabytes()
    assert 500 < size < float(image_size.BAR.split()[1])
