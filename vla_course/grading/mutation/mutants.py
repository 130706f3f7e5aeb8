"""Small wrongs made by machine in every reference answer: what the graded tests must notice.

A mutant is the solution with one node of one answer changed: a sign turned, a term dropped, a comparison moved,
a constant shifted, arguments swapped. Text, annotations and conversions (`np.asarray`, `float`) are left alone:
changing them changes nothing that an answer is judged by.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from vla_course.course.errors import CourseError
from vla_course.course.manifest import Exercise
from vla_course.course.root import CourseRoot
from vla_course.course.source.source import answers, marked_functions, read_source

_OPERATORS: dict[type[ast.operator], tuple[type[ast.operator], ...]] = {
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div,),
    ast.Div: (ast.Mult,),
    ast.Pow: (ast.Mult,),
    ast.FloorDiv: (ast.Div,),
    ast.Mod: (ast.Mult,),
    ast.MatMult: (ast.Mult,),
}
_COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
_TWINS = [
    ("min", "max"), ("all", "any"), ("sin", "cos"), ("argmin", "argmax"), ("minimum", "maximum"),
    ("floor", "ceil"), ("vstack", "hstack"), ("cumsum", "cumprod"), ("sum", "mean"), ("sqrt", "square"),
]  # fmt: skip
_OTHER_NAME = {one: other for pair in _TWINS for one, other in (pair, pair[::-1])}
_CONVERSIONS = {"asarray", "array", "float", "int", "list", "tuple", "bool", "copy", "astype", "asanyarray", "tolist"}
_SYMMETRIC = {"min", "max", "hypot", "minimum", "maximum", "add", "multiply", "array_equal"}
"""whose arguments may change places"""
_CONVERTING_KEYWORDS = {"dtype", "strict", "copy"}

Place = tuple[tuple[str, int | None], ...]
"""The way from the module to a node: field names, with an index where the field is a list."""


@dataclass(frozen=True)
class Mutant:
    """One change to one answer. `line` counts from 1 in `file`; `before` and `after` are the changed node's code."""

    exercise_id: str
    file: str
    line: int
    text: str
    """the line as it stands in the file"""
    before: str
    after: str
    source: str = field(repr=False)
    place: Place = field(repr=False)
    node: ast.AST = field(repr=False)
    """what stands at that place instead"""

    def module(self) -> ast.Module:
        """The file's code with the change."""
        tree = ast.parse(self.source)
        parent = _at(tree, self.place[:-1])
        name, index = self.place[-1]
        if index is None:
            setattr(parent, name, self.node)
        else:
            getattr(parent, name)[index] = self.node
        return ast.fix_missing_locations(tree)

    @property
    def change(self) -> str:
        return f"{self.before} -> {self.after}"

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.change}"


def mutants_of(root: CourseRoot, exercise: Exercise) -> list[Mutant]:
    """Every mutant of the reference's answer to an exercise, in the order of its lines."""
    path = root.solutions / exercise.path
    text = read_source(path)
    where = f"solutions/{exercise.path}"
    marked = next((one for one in marked_functions(text, where) if one.id == exercise.id), None)
    if marked is None:
        raise CourseError(f'{where} holds no function marked @exercise("{exercise.id}")')
    block = next(one for one in answers(text, where) if marked.definition < one.begin <= marked.last)
    tree = ast.parse(text)
    lines = text.split("\n")
    found: list[Mutant] = []
    seen: set[tuple[int, str, str]] = set()
    for place in _places(tree, block.begin, block.end):
        node = _at(tree, place)
        line = int(getattr(node, "lineno", block.begin))
        for other in _instead(node, place):
            before, after = _written(node), _written(other)
            if before != after and (id(node), before, after) not in seen:
                seen.add((id(node), before, after))
                there = lines[line - 1].strip()
                found.append(Mutant(exercise.id, where, line, there, before, after, text, place, other))
    return sorted(found, key=lambda mutant: mutant.line)


_INSIDE = ("slice", "keywords")
"""where a number is an index or an axis: counted from the other end it is often the same one"""

def _places(tree: ast.Module, first: int, last: int) -> Iterator[Place]:
    """Every node of the answer that may be changed."""

    def walk(node: ast.AST, place: Place) -> Iterator[Place]:
        line = getattr(node, "lineno", None)
        if line is not None and first < line < last:
            yield place
        if isinstance(node, ast.JoinedStr | ast.Raise):
            return
        for name, value in ast.iter_fields(node):
            if name in ("annotation", "returns", "decorator_list", "type_comment", "ctx", "op", "ops"):
                continue
            if isinstance(value, list):
                for index, element in enumerate(value):
                    if isinstance(element, ast.AST):
                        yield from walk(element, (*place, (name, index)))
            elif isinstance(value, ast.AST):
                yield from walk(value, (*place, (name, None)))

    yield from walk(tree, ())


def _at(tree: ast.AST, place: Place) -> Any:
    node: Any = tree
    for name, index in place:
        node = getattr(node, name) if index is None else getattr(node, name)[index]
    return node


def _instead(node: ast.AST, place: Place) -> Iterator[ast.AST]:
    """What may stand in place of the node there."""
    is_index = isinstance(node, ast.Constant) and any(name in _INSIDE for name, _ in place)
    for other in _others(node):
        if not is_index or isinstance(other, ast.Constant):
            yield ast.fix_missing_locations(ast.copy_location(other, node))


def _written(node: ast.AST) -> str:
    return " ".join(ast.unparse(node).split())


def _others(node: ast.AST) -> Iterator[ast.AST]:
    """What may stand in place of a node."""
    match node:
        case ast.BinOp(left=left, op=op, right=right):
            for operator in _OPERATORS.get(type(op), ()):
                yield ast.BinOp(left, operator(), right)
            if isinstance(op, ast.Sub | ast.Div | ast.MatMult | ast.Pow):
                yield ast.BinOp(right, op, left)
            yield left
            yield ast.UnaryOp(ast.USub(), right) if isinstance(op, ast.Sub) else right
        case ast.AugAssign(target=target, op=op, value=value):
            for operator in _OPERATORS.get(type(op), ()):
                yield ast.AugAssign(target, operator(), value)
            yield ast.Assign([target], value)
            yield ast.Pass()
        case ast.UnaryOp(operand=operand):
            yield operand
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            for comparison in _COMPARISONS[type(op)]:
                yield ast.Compare(left, [comparison()], [right])
        case ast.Compare(left=left, ops=ops, comparators=comparators):
            for index, op in enumerate(ops):
                for comparison in _COMPARISONS[type(op)]:
                    yield ast.Compare(left, [*ops[:index], comparison(), *ops[index + 1 :]], comparators)
        case ast.BoolOp(op=op, values=values):
            yield ast.BoolOp(ast.Or() if isinstance(op, ast.And) else ast.And(), values)
            yield from values
        case ast.Constant(value=bool() as value):
            yield ast.Constant(not value)
        case ast.Constant(value=int() | float() as value):
            yield ast.Constant(value + 1)
            if value:
                yield ast.Constant(0)
                yield ast.UnaryOp(ast.USub(), ast.Constant(value))
        case ast.IfExp(test=test, body=body, orelse=orelse):
            yield ast.IfExp(test, orelse, body)
            yield body
            yield orelse
        case ast.Call():
            yield from _other_calls(node)
        case ast.Slice(lower=lower, upper=upper, step=step) if lower or upper or step:
            yield ast.Slice()
        case ast.Tuple(elts=[first, second, *rest], ctx=ast.Load()):
            yield ast.Tuple([second, first, *rest], ast.Load())
        case ast.List(elts=[first, second, *rest], ctx=ast.Load()):
            yield ast.List([second, first, *rest], ast.Load())
        case ast.Attribute(value=value, attr=name, ctx=ctx) if name in _OTHER_NAME:
            yield ast.Attribute(value, _OTHER_NAME[name], ctx)
        case ast.Name(id=name, ctx=ast.Load()) if name in _OTHER_NAME:
            yield ast.Name(_OTHER_NAME[name], ast.Load())
        case ast.If(test=test, body=body, orelse=orelse) | ast.While(test=test, body=body, orelse=orelse):
            yield type(node)(ast.UnaryOp(ast.Not(), test), body, orelse)
            if isinstance(node, ast.If):
                yield ast.If(ast.Constant(True), body, orelse)
                yield ast.If(ast.Constant(False), body, orelse)
        case ast.Return(value=value) if value is not None:
            yield ast.Return(ast.Constant(None))
        case ast.Break() | ast.Continue():
            yield ast.Pass()
        case ast.Assign(value=value) if not _converts(value):
            yield ast.Pass()
        case ast.Expr() | ast.Raise():
            yield ast.Pass()


def _converts(value: ast.expr) -> bool:
    """Whether this only brings what was given into another form."""
    match value:
        case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name)):
            return name in _CONVERSIONS
        case ast.Tuple(elts=elements):
            return all(map(_converts, elements))
        case ast.Subscript(value=inner):
            return _converts(inner)
    return False


def _other_calls(call: ast.Call) -> Iterator[ast.AST]:
    """A call with two arguments swapped, with one left out, or only what it is called with."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if name in _CONVERSIONS:
        return
    for index in range(len(call.args) - 1 if name not in _SYMMETRIC else 0):
        swapped = [*call.args[:index], call.args[index + 1], call.args[index], *call.args[index + 2 :]]
        yield ast.Call(call.func, swapped, call.keywords)
    for index, keyword in enumerate(call.keywords):
        if keyword.arg not in _CONVERTING_KEYWORDS:
            yield ast.Call(call.func, call.args, [*call.keywords[:index], *call.keywords[index + 1 :]])
    if len(call.args) > 1 or (call.args and call.keywords):
        yield ast.Call(call.func, call.args[:-1], call.keywords)
    if call.args and not isinstance(call.args[0], ast.Starred):
        yield call.args[0]
    elif not call.args and isinstance(call.func, ast.Attribute):
        yield call.func.value
