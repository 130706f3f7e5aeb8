"""Imports run one way between the rooms of the house, and no room is crowded.

Every import counts, wherever it stands: at the top, in a function, for the type checker only. What the reference
answers and the exercises are imported for is the frame's business (`vla_course.reference`) and stays outside.
"""

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[2] / "vla_course"

KNOWS = {
    "machine": (),
    "simulation": (),
    "motion": ("simulation",),
    "learning": ("machine", "simulation", "motion"),
    "serving": ("machine", "simulation", "motion", "learning"),
    "deployment": ("machine", "simulation", "motion", "learning", "serving"),
    "course": ("machine",),
    "exercises": ("course",),
    "reference": ("course",),
    "doctor": ("machine", "course"),
    "grading": ("machine", "course"),
    "panels": ("simulation", "motion", "learning", "serving", "deployment", "course", "exercises"),
    "capstone": (
        *("machine", "simulation", "motion", "learning", "serving", "deployment"),
        *("course", "exercises", "panels"),
    ),
    "demo": ("simulation", "motion", "panels"),
    "obey": ("simulation", "motion", "learning", "serving", "deployment", "course", "panels"),
    "robot_cli": ("machine", "simulation", "learning", "course", "demo", "obey"),
    "evaluate_cli": ("machine", "simulation", "learning", "course", "panels", "robot_cli"),
    "serve_cli": ("machine", "simulation", "learning", "serving", "deployment", "course", "obey", "robot_cli"),
    "flight_cli": ("course", "deployment", "robot_cli"),
    "capstone_cli": ("course", "capstone", "robot_cli"),
    "cli": (
        *("course", "grading", "doctor", "robot_cli", "evaluate_cli", "serve_cli", "flight_cli"),
        "capstone_cli",
    ),
}
"""for each room the rooms that it may import"""

FLOORS = {
    "simulation": ("world", "robot", "scene", "tasks"),
    "motion": (
        *("", "footsteps", "standing", "ground", "walking", "planning"),
        *("arms", "hands", "errands", "pipeline"),
    ),
    "learning": (
        *("workers", "model", "encoders", "reading", "pretraining", "environment", "expert", "expert_policy"),
        *("demonstrations", "grounding", "finetuning", "selfsupervised", "planned", "policy", "training"),
        *("evaluation", "reinforcement"),
    ),
    "serving": ("packets", "chunks", "inference", "stream", "network", "remote"),
    "deployment": ("safety", "estimation", "monitors", "recorder", "runtimes", "link", "executor", "voice"),
    "course": ("", "source", "helping", "checking", "showing", "edition"),
    "grading": (
        *("walls", "worker", "judging", "intake", "marks", "class_run", "reports"),
        *("pipeline", "mutation"),
    ),
    "capstone": ("own", "stations", "judging", "report", ""),
    "panels": (
        *("drawing", "balance", "walking", "hands", "model", "demonstrations"),
        *("evaluation", "training", "swaying", "streaming", "deployment", "incidents", "talking"),
    ),
}
"""for each room its sub-rooms, from the ground up: one may import those before it; "" is the room itself"""

FULL = 14
"""files of a room, beside its `__init__.py`"""

Import = tuple[str, str]
"""who imports what, as dotted names below `vla_course`"""


def modules() -> dict[str, Path]:
    """Every module of the house, but for exercises, which are generated, and files that are copied elsewhere."""
    paths = [path for path in HOUSE.rglob("*.py") if not {"files", "compiled", "stubs"} & set(path.parts)]
    inside = [path for path in paths if "exercises" not in path.parts or path.parent.name == "exercises"]
    return {_name(path): path for path in inside}


def _name(path: Path) -> str:
    return ".".join(path.relative_to(HOUSE).with_suffix("").parts).removesuffix("__init__").strip(".")


def imports() -> Iterator[Import]:
    known = modules()
    for name, path in known.items():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for full in _imported(node):
                imported = full.removeprefix("vla_course.")
                while imported and imported not in known:
                    imported = imported.rpartition(".")[0]
                if imported and imported != name and not _hands_out(name, imported):
                    yield name, imported


def _hands_out(door: str, imported: str) -> bool:
    """Tell whether it is the door of a room that hands out what is inside."""
    return door in FLOORS and imported.startswith(f"{door}.")


def _imported(node: ast.AST) -> list[str]:
    match node:
        case ast.Import():
            found = [alias.name for alias in node.names]
        case ast.ImportFrom(module=str() as module, level=0):
            found = [f"{module}.{alias.name}" for alias in node.names]
        case ast.ImportFrom():
            raise AssertionError(f"line {node.lineno}: the house says `from vla_course...`, not `from .`")
        case _:
            found = []
    return [name for name in found if name.startswith("vla_course.")]


def against(found: Iterable[Import]) -> list[str]:
    """Say which imports run against the map."""
    return [f"{one} imports {other}" for one, other in found if not _allowed(one, other)]


def _allowed(one: str, other: str) -> bool:
    (room, floor), (other_room, other_floor) = _place(one), _place(other)
    if room != other_room:
        return other_room in KNOWS.get(room, ()) or other_room == "reference"
    floors = FLOORS.get(room, ("",))
    return floors.index(other_floor) <= floors.index(floor)


def _place(name: str) -> tuple[str, str]:
    """Return room and sub-room of a module."""
    room, *rest = name.split(".")
    return room, rest[0] if rest and (HOUSE / room / rest[0]).is_dir() else ""


def circles(found: Iterable[Import]) -> list[list[str]]:
    """Return the modules that import each other in a circle, each circle once."""
    reached: dict[str, set[str]] = {}
    for one, other in found:
        reached.setdefault(one, set()).add(other)
    changed = True
    while changed:
        changed = False
        for others in reached.values():
            more = set().union(others, *(reached.get(other, ()) for other in others))
            changed |= len(more) > len(others)
            others |= more
    groups = {
        tuple(sorted(other for other in others if name in reached.get(other, ())))
        for name, others in reached.items()
        if name in others
    }
    return [list(group) for group in sorted(groups)]


def test_every_import_runs_along_the_map() -> None:
    assert against(imports()) == []


def test_nothing_imports_itself_in_a_circle() -> None:
    assert circles(imports()) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("simulation.world.world", "simulation.robot.humanoid"),
        ("simulation.robot.humanoid", "motion.polygon"),
        ("motion.standing.body", "motion.walking.gait"),
        ("motion.polygon", "motion.standing.loop"),
        ("learning.model.inputs", "panels.drawing.style"),
        ("course.verdict", "course.showing.card"),
        ("course.root", "simulation.world.world"),
        ("simulation", "motion.polygon"),
        ("", "simulation.world.world"),
        ("grading.walls.limits", "grading.worker.session"),
    ],
)
def test_an_import_turned_round_is_found(one: str, other: str) -> None:
    assert against([(one, other)]) == [f"{one} imports {other}"]


def test_a_circle_is_found() -> None:
    assert circles([("a", "b"), ("b", "c"), ("c", "a"), ("c", "d")]) == [["a", "b", "c"]]


def test_every_room_of_the_house_is_on_the_map() -> None:
    places = {_place(name) for name in modules() if name and name not in KNOWS}
    floors = {(room, floor) for room, inside in FLOORS.items() for floor in inside}
    assert {place for place in places if place[0] in FLOORS} <= floors
    assert {room for room, _ in places} <= KNOWS.keys()


def test_no_room_is_crowded() -> None:
    crowded = {}
    for folder in {path.parent for path in modules().values()}:
        files = [path for path in folder.glob("*.py") if path.name != "__init__.py"]
        if len(files) > FULL:
            crowded[folder.name] = len(files)
    assert not crowded
