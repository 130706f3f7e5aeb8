"""The reference as bytecode without its sources: no docstrings, no line numbers, no names of local variables.

Bytecode is not a secret: who takes a decompiler to it gets an answer back, in words that are nobody's. It keeps
answers out of sight of search, editors and tracebacks; hidden tests, fresh inputs and a conversation do the rest.
"""

from __future__ import annotations

import ast
import importlib.util
import marshal
from types import CodeType

NAME = "<reference>"  # in place of a path in every traceback

# A location table (PEP 626, Objects/locations.md) that puts every instruction on the first line: entries of eight
# code units each, of kind 13 ("no columns"), with a line difference of zero.
_ENTRY = bytes([0x80 | 13 << 3 | 7, 0])
_LAST_UNITS = 8


def compile_source(text: str) -> bytes:
    """The content of a `.pyc` for that source, stripped; the same source gives the same bytes."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            _drop_docstring(node)
    code = strip(compile(ast.fix_missing_locations(tree), NAME, "exec", dont_inherit=True, optimize=0))
    unchecked = (0b01).to_bytes(4, "little")  # found by its hash, which nobody compares: there is no source
    return importlib.util.MAGIC_NUMBER + unchecked + bytes(8) + marshal.dumps(code)


def read_compiled(data: bytes) -> CodeType:
    """The code in a `.pyc`."""
    code = marshal.loads(data[16:])
    if not isinstance(code, CodeType):
        raise ValueError(f"holds {type(code).__name__}, expected code")
    return code


def _drop_docstring(node: ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> None:
    if ast.get_docstring(node, clean=False) is not None:
        node.body = node.body[1:]
        if not node.body and not isinstance(node, ast.Module):
            node.body = [ast.Pass()]


def strip(code: CodeType) -> CodeType:
    """The same code without the names and places that only people read."""
    arguments = code.co_argcount + code.co_kwonlyargcount
    arguments += bool(code.co_flags & 0x04) + bool(code.co_flags & 0x08)  # *args, **kwargs
    kept = set(code.co_varnames[:arguments])
    local = code.co_varnames[:arguments] + tuple(f"v{n}" for n in range(len(code.co_varnames) - arguments))
    cells = tuple(name if name in kept | {"__class__"} else f"c{n}" for n, name in enumerate(code.co_cellvars))
    free = tuple(name if name == "__class__" else f"f{n}" for n, name in enumerate(code.co_freevars))
    units = len(code.co_code) // 2
    table = _ENTRY * (units // _LAST_UNITS)
    if rest := units % _LAST_UNITS:
        table += bytes([0x80 | 13 << 3 | (rest - 1), 0])
    return code.replace(
        co_filename=NAME,
        co_firstlineno=1,
        co_linetable=table,
        co_varnames=local,
        co_cellvars=cells,
        co_freevars=free,
        co_consts=tuple(strip(one) if isinstance(one, CodeType) else one for one in code.co_consts),
    )
