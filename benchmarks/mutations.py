"""
The ways in which one place of a module can be made wrong. Pure.

Messages are left alone: tests hold codes and figures, not prose. So are docstrings, annotations, decorators,
assertions and imports, whose change is either no fault or one that mypy reports.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

_OTHERWISE: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
_OPPOSITE: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
_OTHER_CALL = {"any": "all", "all": "any", "min": "max", "max": "min"}
_SKIPPED_FIELDS = {"annotation", "returns", "decorator_list", "format_spec", "bases", "type_params"}


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change of one place."""

    file: str
    line: int
    scope: str
    """The function or class that it is in."""
    before: str
    after: str
    source: str
    """The whole module, changed."""
    occurrence: int = 0
    """Of the same change in the same scope."""

    @property
    def spelled(self) -> str:
        """As the list of equivalent ones names it; it outlives a move of the line."""
        return f"{self.file} {self.scope}: {self.before} -> {self.after}"

    def order(self, seed: int) -> str:
        """A place in a random order that other changes of the code do not alter."""
        return sha256(f"{seed} {self.spelled} {self.occurrence}".encode()).hexdigest()


def mutants(root: Path, file: str) -> list[Mutant]:
    """Every mutant of a module."""
    tree = ast.parse((root / file).read_text())
    found: list[Mutant] = []
    counts: Counter[tuple[str, str, str]] = Counter()
    for scope, node, parent, field, index in list(_places(tree, "")):
        for replacement in _replacements(node):
            before, after = _spelled(node), _spelled(replacement)
            source = _changed(tree, parent, field, index, replacement)
            number = counts[scope, before, after]
            counts[scope, before, after] += 1
            line = getattr(node, "lineno", 0)
            found.append(Mutant(file, line, scope, before, after, source, number))
    return found


def _spelled(node: ast.AST | None) -> str:
    if isinstance(node, ast.If):
        return f"if {ast.unparse(node.test)}"
    return "nothing" if node is None else ast.unparse(node)


def _changed(
    tree: ast.Module, parent: ast.AST, field: str, index: int | None, new: ast.AST | None
) -> str:
    """The module's source while the place is changed; afterwards it is as before."""
    if index is None:
        old = getattr(parent, field)
        setattr(parent, field, new)
        source = ast.unparse(tree)
        setattr(parent, field, old)
        return source
    siblings = getattr(parent, field)
    old = siblings[index : index + 1]
    siblings[index : index + 1] = [] if new is None else [new]
    source = ast.unparse(tree)
    siblings[index : index + (new is not None)] = old
    return source


Place = tuple[str, ast.AST, ast.AST, str, int | None]
"""Scope, node, and where in its parent the node is."""


def _places(parent: ast.AST, scope: str) -> Iterator[Place]:
    for field, value in ast.iter_fields(parent):
        if field in _SKIPPED_FIELDS:
            continue
        children = enumerate(value) if isinstance(value, list) else [(None, value)]
        for index, node in children:
            if isinstance(node, ast.AST) and not _left_alone(node, parent):
                yield scope, node, parent, field, index
                inside = scope
                if isinstance(node, ast.FunctionDef | ast.ClassDef):
                    inside = f"{scope}.{node.name}".strip(".")
                yield from _places(node, inside)


def _left_alone(node: ast.AST, parent: ast.AST) -> bool:
    match node:
        case ast.Expr(value=ast.Constant()) | ast.Assert() | ast.Import() | ast.ImportFrom():
            return True
        case ast.Assign(targets=[ast.Name(id="__all__")]):
            return True
        case ast.Subscript(value=ast.Name(id="tuple" | "dict" | "list" | "Mapping" | "Callable")):
            return True  # a type's alias
        case ast.Constant(value=str()):
            return not isinstance(parent, ast.Compare)
    return False


def _replacements(node: ast.AST) -> Iterator[ast.AST | None]:
    match node:
        case ast.Compare(ops=[operator]):
            for other in _OTHERWISE[type(operator)]:
                yield ast.Compare(node.left, [other()], node.comparators)
        case ast.Compare():
            for at, operator in enumerate(node.ops):
                other = _OTHERWISE[type(operator)][0]
                yield ast.Compare(
                    node.left, [*node.ops[:at], other(), *node.ops[at + 1 :]], node.comparators
                )
        case ast.BoolOp(values=values):
            yield ast.BoolOp(ast.And() if isinstance(node.op, ast.Or) else ast.Or(), values)
            for at in range(len(values)):
                left = [*values[:at], *values[at + 1 :]]
                yield ast.BoolOp(node.op, left) if len(left) > 1 else left[0]
        case ast.UnaryOp(op=ast.Not()):
            yield node.operand
        case ast.BinOp() if type(node.op) in _OPPOSITE:
            yield ast.BinOp(node.left, _OPPOSITE[type(node.op)](), node.right)
        case ast.IfExp():
            yield from (node.body, node.orelse)
        case _:
            yield from _of_values(node)


def _of_values(node: ast.AST) -> Iterator[ast.AST | None]:
    match node:
        case ast.Constant(value=bool() as value):
            yield ast.Constant(not value)
        case ast.Constant(value=int() | float() as number):
            yield ast.Constant(number + 1)
        case ast.Constant(value=str() as text):
            yield ast.Constant(f"not {text}")
        case ast.Call(func=ast.Name(id=name)) if name in _OTHER_CALL:
            yield ast.Call(ast.Name(_OTHER_CALL[name]), node.args, node.keywords)
        case ast.keyword(arg=str()):
            yield None
        case ast.comprehension(ifs=[_, *_]):
            yield ast.comprehension(node.target, node.iter, [], node.is_async)
        case ast.If():
            yield ast.If(ast.Constant(value=False), node.body, node.orelse)
        case ast.Return(value=ast.expr() as value) if not _is_none(value):
            yield ast.Return(ast.Constant(None))
        case ast.AugAssign() | ast.Expr(value=ast.Call()) | ast.Continue() | ast.Raise():
            yield ast.Pass()


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
