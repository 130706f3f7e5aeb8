"""One mistake costs once: while one exercise is checked, or a few are, all the others are the reference's."""

from __future__ import annotations

import importlib
import inspect
import os
import sys
from collections.abc import Callable, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import CellType, FunctionType, ModuleType
from typing import Any

from vla_course.course.root import ISOLATE_VARIABLE, CourseRoot

STUDENT = "vla_course.exercises."
REFERENCE = "vla_course.reference."


def reference_of(function: Callable[..., Any]) -> Callable[..., Any]:
    """The reference's function of the same module and qualified name.

    A function that the reference does not know (the student renamed it) comes back as it is: nothing that the
    reference runs will call it.
    """
    found: Any = importlib.import_module(function.__module__.replace(STUDENT, REFERENCE, 1))
    for name in function.__qualname__.split("."):
        try:
            found = inspect.getattr_static(found, name)
        except AttributeError:
            return function
    if isinstance(found, staticmethod | classmethod):
        return found.__func__
    if isinstance(found, property):
        return found.fget or function
    return found


def stand_in(function: Callable[..., Any]) -> Any:
    """The function, to be defined in the student's class; `super()` in it means that class, not the reference's.

    Python keeps the class that `super()` starts from in a cell named `__class__`. So a method that has one is made
    anew, with a cell of its own that is filled when the class is there. That needs the mark to be the topmost
    decorator.
    """
    return _InAnotherClass(function) if "__class__" in function.__code__.co_freevars else function


class _InAnotherClass:
    """Becomes the function as soon as the class it is defined in knows its name."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function

    def __set_name__(self, owner: type, name: str) -> None:
        old: Any = self.function
        names = old.__code__.co_freevars
        kept = dict(zip(names, old.__closure__, strict=True)) | {"__class__": CellType(owner)}
        new = FunctionType(old.__code__, old.__globals__, name, old.__defaults__, tuple(kept[free] for free in names))
        new.__kwdefaults__ = old.__kwdefaults__
        new.__dict__.update(vars(old))
        new.__doc__, new.__qualname__, new.__annotations__ = old.__doc__, old.__qualname__, old.__annotations__
        setattr(owner, name, new)


def install() -> None:
    """Make files that fail to load, other than those of the checked exercises, fall back on the reference's."""
    isolated = os.environ.get(ISOLATE_VARIABLE)
    if not isolated:
        return
    from vla_course.course.manifest import load_manifest

    manifest = load_manifest(CourseRoot.current())
    own = {STUDENT + manifest.exercise(one).module for one in isolated.split(",")}
    sys.meta_path.insert(0, _OtherFiles(own))


class _OtherFiles(MetaPathFinder):
    """Finds every file of the student's but a few, with a loader that survives what is wrong in it."""

    def __init__(self, own: set[str]) -> None:
        self.own = own

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if not name.startswith(STUDENT) or name.count(".") != 3 or name in self.own:
            return None  # day packages, checked files and everything outside load as usual
        spec = PathFinder.find_spec(name, path)
        if spec is None:
            return ModuleSpec(name, _ElseReference(None))
        spec.loader = _ElseReference(spec.loader)
        return spec


class _ElseReference(Loader):
    def __init__(self, student: Loader | None) -> None:
        self.student = student

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        fault: Exception | None = None
        if self.student is not None:
            try:
                self.student.exec_module(module)
            except Exception as raised:  # the fault is reported where that file's own exercises are checked
                fault = raised
            else:
                return
        name = module.__name__.replace(STUDENT, REFERENCE, 1)
        try:
            reference = importlib.import_module(name)
        except ModuleNotFoundError as missing:
            if missing.name != name:
                raise
            # A helper of the student's own: nothing can stand in for it.
            gone = ModuleNotFoundError(f"No module named {module.__name__!r}", name=module.__name__)
            raise fault or gone from None
        module.__dict__.update(
            {name: value for name, value in vars(reference).items() if not name.startswith("__")}
        )
