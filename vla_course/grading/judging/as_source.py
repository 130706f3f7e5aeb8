"""Whether an answer is written as source: what is made of data (bytecode, text that is executed) nobody can read.

The compiled reference of the student edition, wrapped in a few lines that run it, earns everything and looks like
nobody's work. So it is named, for whoever grades to read: marks stay as they are. Nothing that an honest answer
does is meant by this: its function may be a `def` or a lambda, decorated, in an `if` or a `try`, imported from a
helper or taken over from a base class.
"""

from __future__ import annotations

import ast
import string
from collections.abc import Collection, Iterator
from pathlib import Path

from vla_course.course.manifest import Exercise

RUNS_TEXT = {"exec", "eval", "compile", "__import__", "__builtins__"}
"""names, not attributes: `model.eval()`, `re.compile` and `torch.compile` are something else"""
MAKES_CODE = {"CodeType", "FunctionType", "LambdaType", "__code__", "co_code", "__builtins__", "SourcelessFileLoader"}
LIBRARIES = {"marshal", "builtins", "codeop", "runpy", "py_compile", "dill", "cloudpickle"}
BLOB = 300
"""characters of a text without a space, or bytes, that are taken for data"""
NUMBERS = 300
"""whole numbers from 0 to 255 in one list that are"""
_PRINTABLE = set(string.printable.encode())


def remarks(exercise: Exercise, desk: Path, others: Collection[str] = ()) -> list[str]:
    """What is odd about the source of an answer, a sentence each; nothing of a file that is none.

    Helpers of the student's own are read with it; `others` are files of exercises, which are read for their own.
    """
    path = desk / exercise.path
    tree = _parsed(path)
    if tree is None:
        return []
    name = exercise.symbol.split(".")[-1]
    found = []
    if name not in set(_bound(tree)) and not _takes_all(tree):
        found.append(f"{exercise.id}: {exercise.file} has no source of `{name}`, and yet it answers: read it")
    helpers = [file for file in sorted(path.parent.rglob("*.py")) if file.name not in {exercise.file, *others}]
    for file in (path, *helpers):
        known = tree if file == path else _parsed(file)
        for line, what in _made_of_data(known) if known else ():
            where = file.relative_to(desk / exercise.day.folder)
            found.append(f"{exercise.id}: {where}, line {line}, {what}, so it is not all written as source: read it")
            break  # one is enough for a file
    return found


def _parsed(path: Path) -> ast.Module | None:
    try:
        return ast.parse(path.read_bytes())
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _bound(tree: ast.Module) -> Iterator[str]:
    """Every name that any statement of the file gives something to, in whatever scope."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()):
                yield name
            case ast.alias(name=name, asname=other):
                yield (other or name).split(".")[0]
            case ast.Call(func=ast.Name(id="setattr"), args=[_, ast.Constant(value=str(name)), _]):
                yield name


def _takes_all(tree: ast.Module) -> bool:
    return any(isinstance(node, ast.alias) and node.name == "*" for node in ast.walk(tree))


def _renamed(tree: ast.Module) -> Iterator[str]:
    """Names that the file gives to things of its own: a variable may be called `eval`, or a function `compile`."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.arg(arg=name):
                yield name
            case ast.Assign(targets=targets, value=value):
                used = {part.id for part in ast.walk(value) if isinstance(part, ast.Name)}
                if not used & (RUNS_TEXT | MAKES_CODE):
                    yield from (target.id for target in targets if isinstance(target, ast.Name))


def _made_of_data(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """The lines of a file that make code of data, or hold data where an answer has words, and what is there."""
    suspects = (RUNS_TEXT | MAKES_CODE) - set(_renamed(tree))
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Load()) if name in suspects:
                yield node.lineno, f"uses `{name}`"
            case ast.Attribute(attr=name) if name in MAKES_CODE or name in ("exec_module", "load_module"):
                yield node.lineno, f"uses `{name}`"
            case ast.Import(names=aliases):
                for alias in aliases:
                    if alias.name.split(".")[0] in LIBRARIES:
                        yield node.lineno, f"imports `{alias.name}`"
            case ast.ImportFrom(module=str(module), level=0, names=aliases):
                if module.split(".")[0] in LIBRARIES or any(alias.name in MAKES_CODE for alias in aliases):
                    yield node.lineno, f"imports from `{module}`"
            case ast.Constant(value=str(text)) if len(text) >= BLOB and not any(c.isspace() for c in text):
                yield node.lineno, f"holds a text of {len(text)} characters without a space"
            case ast.Constant(value=str(text)) if text in LIBRARIES | RUNS_TEXT - {"compile", "eval"}:
                yield node.lineno, f'names "{text}"'
            case ast.Constant(value=bytes(data)) if len(data) > (BLOB if set(data) <= _PRINTABLE else 16):
                yield node.lineno, f"holds {len(data)} bytes of data"
            case ast.List(elts=elements) | ast.Tuple(elts=elements) if len(elements) >= NUMBERS and all(
                isinstance(one, ast.Constant) and type(one.value) is int and 0 <= one.value < 256 for one in elements
            ):
                yield node.lineno, f"holds {len(elements)} numbers that are bytes"
