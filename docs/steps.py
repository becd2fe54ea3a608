"""
Write the steps' pages: each from its own docstring, its declarations and the tests' situations.

    python docs/steps.py

A test fails when a page is not what this writes.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "tests" / "checks")]

from planted import PLANTED  # noqa: E402 - its folder is put on the path above
from situations import evidence  # noqa: E402

from bot.agents.pages import head  # noqa: E402
from checks.report import Line  # noqa: E402
from checks.runbook import RUNBOOK, Step, walk  # noqa: E402

FOLDER = HERE / "steps"


def pages() -> dict[str, str]:
    """Text by file name."""
    return {"README.md": _index(), **{f"{step.slug}.md": _page(step) for step in RUNBOOK}}


def _index() -> str:
    lines = ["# The steps", "", "In the order in which slsdiag tries them.", ""]
    lines += ["| no. | step | asks |", "| --- | --- | --- |"]
    lines += [f"| {s.number} | [{s.slug}]({s.slug}.md) | {s.title} |" for s in RUNBOOK]
    return "\n".join(lines) + "\n"


def _page(step: Step) -> str:
    return (
        "\n".join([*head(step, "{}.md".format), *_ok(step), *_found(step), *_by_itself(step)])
        + "\n"
    )


def _ok(step: Step) -> Iterator[str]:
    line = _line(step, {})
    yield from ("## When nothing is wrong", "", f"> {line.saw}", "")


def _found(step: Step) -> Iterator[str]:
    for case in PLANTED:
        changes, _, cause, impact = case.values
        if cause != step.slug:
            continue
        line = _line(step, changes)
        effect = f" ({impact})" if impact else ""
        yield from (f"## Found: {case.id}", "", f"{line.outcome.capitalize()}{effect}:", "")
        yield from (f"> {line.saw}", "")
        if line.remedy:
            yield from ("What to do:", "", f"> {line.remedy}", "")


def _by_itself(step: Step) -> Iterator[str]:
    yield from ("## Only this one", "", f"    /slsdiag step {step.slug} my-function")


def _line(step: Step, changes: dict[str, object]) -> Line:
    report = walk(evidence(**changes))
    return next(line for line in report.steps if line.step == step.slug)


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, text in pages().items():
        (FOLDER / name).write_text(text)
