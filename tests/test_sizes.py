"""Holds modules and functions to the agreed sizes: nothing is left that reads better in one piece."""

import ast
from pathlib import Path

ROOT = Path(__file__).parent.parent
MODULE_LINES, FUNCTION_LINES = 250, 25


def product_files():
    return sorted(path for folder in ("bot", "checks") for path in (ROOT / folder).rglob("*.py"))


def name_of(path):
    return path.relative_to(ROOT).as_posix()


def long_functions(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if node.end_lineno - node.lineno + 1 > FUNCTION_LINES:
            yield f"{name_of(path)}:{node.name}"


def test_no_module_is_long():
    assert [
        name_of(p) for p in product_files() if len(p.read_text().splitlines()) > MODULE_LINES
    ] == []


def test_no_function_is_long():
    assert [name for path in product_files() for name in long_functions(path)] == []
