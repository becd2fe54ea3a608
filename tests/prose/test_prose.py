"""
What people read is plain American English, in the words of this project: `.textlintrc.json` has those that are retired.

It needs Node and `npm ci` in this folder. Where that was not done the tests are skipped,
unless SLSDIAG_WITNESSES=required.
"""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
WORD = re.compile(r"[A-Za-z]{2,}(?= |[.,:;!?)]|$)")
PATTERN = re.compile(r"\\[bdswASZ.(\[]|\(\?|KEYS\[")
PAGES = [
    *ROOT.glob("*.md"),
    *(ROOT / "docs").rglob("*.md"),
    *(ROOT / "skills").rglob("*.md"),
    ROOT / "helm" / "README.md",
    ROOT / "checks" / "RUNBOOK.md",
]


@pytest.fixture(scope="session")
def complaints():
    """The linter's complaints about some files."""
    program = HERE / "node_modules" / ".bin" / "textlint"
    if not (shutil.which("node") and program.exists()):
        if os.environ.get("SLSDIAG_WITNESSES") == "required":
            pytest.fail("run `npm ci` in tests/prose first")
        # a developer may have no Node; CI says "required", and then it fails
        pytest.skip("run `npm ci` in tests/prose first")

    def complaints(*files):
        command = [program, "-c", HERE / ".textlintrc.json", "-f", "json", *files]
        run = subprocess.run(command, capture_output=True, text=True, cwd=HERE, check=False)
        assert run.returncode in {0, 1}, run.stderr
        return [
            f"{Path(file['filePath']).name}:{each['line']}: {each['message']}"
            for file in json.loads(run.stdout)
            for each in file["messages"]
        ]

    return complaints


def test_documents(complaints):
    assert complaints(*PAGES) == []


def test_everything_that_the_code_can_say(complaints, tmp_path):
    """Each text of three words and more, with a blank for what is put into it."""
    said = tmp_path / "said.md"
    places, lines = {}, []
    for path in sorted([*(ROOT / "checks").rglob("*.py"), *(ROOT / "bot").rglob("*.py")]):
        for number, text in texts(ast.parse(path.read_text())):
            places[len(lines) + 1] = f"{path.relative_to(ROOT)}:{number}: {text}"
            lines += [text, ""]
    said.write_text("\n".join(lines))
    found = [each.split(":", 2)[1:] for each in complaints(said)]

    assert len(places) > 1000
    assert [(places[int(line)], why) for line, why in found] == []


def texts(module):
    """Line and words of what is no docstring, pattern or log event."""
    nodes = list(ast.walk(module))
    left_out = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    left_out |= {id(v) for node in nodes if isinstance(node, ast.JoinedStr) for v in node.values}
    for node in nodes:
        if id(node) in left_out:
            continue
        for line in _text(node).splitlines():
            if len(WORD.findall(line)) >= 3 and not PATTERN.search(line):
                yield node.lineno, " ".join(line.split())


def _text(node):
    match node:
        case ast.Constant(value=str() as text):
            return text
        case ast.JoinedStr(values=values):
            return "".join(_text(each) or "`…`" for each in values)
    return ""


def test_linter_knows_the_retired_words(complaints, tmp_path):
    text = tmp_path / "old.md"
    text.write_text(
        "The patient was mended. It looks anew. You are told of it.\n\n"
        "The `mended` one, and the the licence.\n\n"
        "It walks past the asker. See which permission lacks, and what is at hand.\n"
    )
    found = " ".join(complaints(text))

    retired = ("patient", "mended", "looks anew", "told", "licence")
    also = ("walks past", "asker", "permission lacks", "at hand")
    for word in (*retired, *also, '"the" is repeated'):
        assert word in found
    assert found.count("“mended”") == 1  # code is left alone
