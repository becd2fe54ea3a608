"""What a new step costs: its file, its name in RUNBOOK.md and its situation. Each that is forgotten is missed."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
STEP = '''"""
Does the function have a handler?

A function without a handler cannot start, so nothing of it is ever logged.

Runbook: Manually Check For Instrumentation Issues
"""

from __future__ import annotations

from checks.evidence import LambdaFunction
from checks.model import Action, Finding, Hop, ok, problem

HOP = Hop.LAYER
CODES = ("absent",)


def check(function: LambdaFunction) -> Finding:
    """A dummy."""
    if function.handler:
        return ok("It has one.")
    return problem("absent", "Handler missing", "There is none.", Action("Name a handler"))
'''
SITUATION = """
    pytest.param(
        {"function": a_function(handler="")},
        Overall.PROBLEM,
        "handler_named",
        Impact.BLIND,
        id="no handler",
    ),"""


@pytest.fixture
def copy(tmp_path):
    """The parts of the project that a step concerns."""
    for part in ("checks", "docs/steps", "tests/checks", "tests/docs"):
        leave = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / part, tmp_path / part, ignore=leave)
    for file in ("pyproject.toml", "docs/steps.py"):
        shutil.copy(ROOT / file, tmp_path / file)
    return tmp_path


def add(copy, *left_out):
    def put_in(file, before, text):
        path = copy / file
        assert before in path.read_text()
        path.write_text(path.read_text().replace(before, before + text, 1))

    (copy / "checks" / "s119_handler_named.py").write_text(STEP)
    if "name" not in left_out:
        put_in("checks/RUNBOOK.md", "`layer_slot_to_spare` +, ", "`handler_named` +, ")
    if "situation" not in left_out:
        put_in("tests/checks/planted.py", "PLANTED = [", SITUATION)
    if "page" not in left_out:
        subprocess.run([sys.executable, "docs/steps.py"], cwd=copy, check=True)


def failures(copy):
    """The tests over all steps that fail in the copy."""
    files = ("tests/checks/test_runbook.py", "tests/checks/test_findings.py")
    pages = "tests/docs/test_pages.py::test_steps_pages_are_what_the_steps_say"
    command = [sys.executable, "-m", "pytest", "--noconftest", "-rf", *files, pages]
    run = subprocess.run(command, cwd=copy, capture_output=True, text=True, check=False)
    assert "passed" in run.stdout, run.stdout + run.stderr
    return {
        line.partition("::")[2].partition(" ")[0].partition("[")[0]
        for line in run.stdout.splitlines()
        if line.startswith("FAILED")
    }


@pytest.mark.parametrize(
    ("left_out", "missed"),
    [
        ((), set()),
        (("name",), {"test_runbook_names_step_in_its_section"}),
        (("situation",), {"test_every_step_is_the_cause_in_a_planted_situation"}),
        (("page",), {"test_steps_pages_are_what_the_steps_say"}),
    ],
)
def test_what_is_forgotten_is_missed(copy, left_out, missed):
    add(copy, *left_out)

    assert failures(copy) == missed
