"""One function is one value, spelled in one place."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from checks.function_ref import FunctionRef

ROOT = Path(__file__).parents[2]
WHOLE = FunctionRef("checkout", "live", "eu-west-1", "123456789012")
PARSERS = {
    "bot/agents/verbs.py",
    "bot/app/parser.py",
    "bot/app/picker.py",
    "bot/cli/function_options.py",
}
"""What reads people's words; everything behind them gets the value."""


def test_spellings():
    assert WHOLE.spelled == "checkout:live"
    assert WHOLE.key == "123456789012/eu-west-1/checkout:live"
    assert WHOLE.arn("aws-cn") == (
        "arn:aws-cn:lambda:eu-west-1:123456789012:function:checkout:live"
    )


@pytest.mark.parametrize(
    "function", [WHOLE, FunctionRef("checkout"), FunctionRef("a", "$LATEST", "us-east-1")]
)
def test_spellings_are_read_back(function):
    assert FunctionRef.of(function.spelled, function.region, function.account) == function
    assert FunctionRef.of_key(function.key) == function


def test_without_a_qualifier():
    assert FunctionRef("checkout").spelled == "checkout"
    assert FunctionRef("checkout").key == "//checkout"


def test_name_and_qualifier_are_joined_in_one_place():
    joined = {
        str(path.relative_to(ROOT))
        for package in ("bot", "checks")
        for path in (ROOT / package).rglob("*.py")
        if "playground" not in path.parts  # there AWS is imitated, which has spellings of its own
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.JoinedStr) and _joins(node)
    }

    assert joined == {"checks/function_ref.py"}


def _joins(text: ast.JoinedStr) -> bool:
    """Whether a qualifier follows a colon."""
    parts = [
        ast.unparse(each) if not isinstance(each, ast.Constant) else None for each in text.values
    ]
    colons = [
        isinstance(each, ast.Constant) and str(each.value).endswith(":") for each in text.values
    ]
    return any(
        colon and part and "qualifier" in part
        for colon, part in zip(colons, parts[1:], strict=False)
    )


def test_only_the_edges_parse():
    """A target that was typed is read once; the store and the workers hand on what was read."""
    parse = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "bot").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and node.module == "bot.target"
        if any(name.name == "parse" for name in node.names)
    }

    assert parse == PARSERS
