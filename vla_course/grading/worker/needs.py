"""Which reference answers a worker holds: those that its exercise is built on, and nothing to carry to another worker.

An exercise is built on what its file reaches by name - through its own definitions and those that it imports from
other files - and on what stands before it in its own file, which an answer may well use. Read from the sources, so
that nobody has to keep a list.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from vla_course.course.manifest import Exercise
from vla_course.course.source.source import marked_functions

Place = tuple[PurePosixPath, str]
"""a top-level definition: its file and its name"""
EXERCISES, REFERENCE = "vla_course.exercises.", "vla_course.reference."


@dataclass(frozen=True)
class _File:
    """What the closure has to know of a source."""

    names: Mapping[str, frozenset[str]]
    """of each top-level definition, the names that it uses"""
    imported: Mapping[str, Place]
    exercises: Mapping[str, tuple[str, ...]]
    """of each top-level definition, the exercises in it, in order"""


@dataclass
class Needs:
    """The exercises that each exercise is built on, for one tree of solutions."""

    sources: Mapping[PurePosixPath, str]
    exercises: Sequence[Exercise]
    _files: dict[PurePosixPath, _File] = field(init=False)
    _found: dict[str, frozenset[str]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._files = {path: _read(path, text) for path, text in self.sources.items()}

    def of(self, exercise_id: str) -> frozenset[str]:
        """The ids of those that it is built on, itself not among them."""
        if exercise_id not in self._found:
            exercise = next(one for one in self.exercises if one.id == exercise_id)
            own = (exercise.path, exercise.symbol.split(".")[0])
            before = self._before(exercise)
            beside = [one for one in before if one.path == exercise.path]
            starts = [own, *((one.path, one.symbol.split(".")[0]) for one in beside)]
            reached = {held for place in self._reached(starts) if place != own for held in self._held(place)}
            within = {one.id for one in beside if one.symbol.split(".")[0] == own[1]}
            self._found[exercise_id] = frozenset(reached | within) - {exercise_id}
        return self._found[exercise_id]

    def in_order(self, ids: Sequence[str]) -> list[str]:
        """The same exercises, each after those it is built on: what a worker holds has been graded before."""
        known, ordered = {one.id for one in self.exercises}, []
        under_way: set[str] = set()

        def visit(one: str) -> None:
            if one in under_way:
                return
            under_way.add(one)
            for needed in sorted(self.of(one) & set(ids), key=list(ids).index) if one in known else ():
                visit(needed)
            ordered.append(one)

        for one in ids:
            visit(one)
        return ordered

    def imported_by(self, exercise_id: str, text: str) -> frozenset[str]:
        """Exercises that an answer's own file imports beyond those that the course's does, none that comes later.

        Whoever wrote it may build on any exercise before it; later ones are still to be graded.
        """
        exercise = next(one for one in self.exercises if one.id == exercise_id)
        try:
            imported = _imports(exercise.path, ast.parse(text))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return frozenset()
        order = self.in_order([one.id for one in self.exercises])
        earlier = set(order[: order.index(exercise_id)])
        reached = self._reached([place for place in imported.values() if place[0] in self._files])
        return frozenset({held for place in reached for held in self._held(place)} & earlier)

    def _before(self, exercise: Exercise) -> list[Exercise]:
        listed = list(self.exercises)
        return listed[: listed.index(exercise)]

    def _held(self, place: Place) -> tuple[str, ...]:
        path, name = place
        return self._files[path].exercises.get(name, ())

    def _reached(self, starts: Sequence[Place]) -> Iterator[Place]:
        """Every top-level definition that those reach by name, themselves included."""
        seen: set[Place] = set()
        waiting = list(starts)
        while waiting:
            path, name = waiting.pop()
            if (path, name) in seen or path not in self._files:
                continue
            seen.add((path, name))
            file = self._files[path]
            if name == "*":
                waiting += [(path, other) for other in file.names]
            for used in file.names.get(name, ()):
                if used in file.names:
                    waiting.append((path, used))
                elif used in file.imported:
                    waiting.append(file.imported[used])
        yield from seen


def _read(path: PurePosixPath, text: str) -> _File:
    tree = ast.parse(text)
    names: dict[str, frozenset[str]] = {}
    for statement in tree.body:
        used = frozenset(node.id for node in ast.walk(statement) if isinstance(node, ast.Name))
        match statement:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                names[name] = used
            case ast.Assign(targets=targets):
                names |= {target.id: used for target in targets if isinstance(target, ast.Name)}
            case ast.AnnAssign(target=ast.Name(id=name)):
                names[name] = used
    exercises: dict[str, tuple[str, ...]] = {}
    for marked in marked_functions(text, str(path)):
        definition = marked.symbol.split(".")[0]
        exercises[definition] = (*exercises.get(definition, ()), marked.id)
    return _File(names, _imports(path, tree), exercises)


def _imports(path: PurePosixPath, tree: ast.Module) -> dict[str, Place]:
    """By the local name, what is imported from other files of the tree; a whole module counts as all that it holds."""
    found: dict[str, Place] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            folder = _folder(path, node)
            if folder is None:
                continue
            for alias in node.names:
                local = alias.asname or alias.name
                if folder.suffix:  # from .file import name
                    found[local] = (folder, alias.name)
                else:  # from . import file
                    found[local] = (folder / f"{alias.name}.py", "*")
    return found


def _folder(path: PurePosixPath, node: ast.ImportFrom) -> PurePosixPath | None:
    """Where an import looks: a file, or the folder of a day; None outside of the tree."""
    module = node.module or ""
    for prefix in (EXERCISES, REFERENCE):
        if node.level == 0 and module.startswith(prefix):
            return _place(PurePosixPath(), module.removeprefix(prefix))
    if node.level in (1, 2):
        return _place(path.parents[node.level - 1], module)
    return None


def _place(base: PurePosixPath, module: str) -> PurePosixPath:
    parts = [part for part in module.split(".") if part]
    whole = base.joinpath(*parts)
    return whole.with_name(f"{whole.name}.py") if len(whole.parts) > 1 else whole
