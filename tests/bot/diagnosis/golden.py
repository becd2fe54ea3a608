"""
A few telling reports as people see them, in files: on terminals, through a pipe, and as cards.

    python tests/bot/diagnosis/golden.py

writes them again. Read the difference before you commit it; test_golden.py fails when a file is not
what this writes.
"""

from __future__ import annotations

import io
import re
import sys
from datetime import UTC
from pathlib import Path

FOLDER = Path(__file__).parent / "golden"
ROOT = FOLDER.parents[3]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "checks")]

from planted import PLANTED  # noqa: E402 - its folder is put on the path above
from rich.console import Console  # noqa: E402
from situations import a_function, evidence  # noqa: E402

from bot.diagnosis.card import card  # noqa: E402
from bot.diagnosis.screen import Screen  # noqa: E402
from bot.diagnosis.terminal import draw  # noqa: E402
from bot.playground.transcript import lines_of  # noqa: E402
from checks.evidence import Missing  # noqa: E402
from checks.runbook import walk  # noqa: E402

WIDTHS = (45, 80, 120)
DENIED = {"log": Missing("access was denied.", "logs:FilterLogEvents")}
FOUND = {case.id: case.values[0] for case in PLANTED}
REPORTS = {
    name: walk(evidence(**{"function": a_function(), **changes}))
    for name, changes in {
        "healthy": {},
        "blind": FOUND["Datadog's wrapper"],
        "down": FOUND["wrapper without layer"],
        "denied": DENIED,
        "never-invoked": FOUND["never invoked"],
        "waiting": FOUND["six minutes old"],
    }.items()
}
CARD = "card"


def on_terminal(report, width, *, color=None, piped=False, height=24, verbose=False):
    """What a terminal of that size is sent."""
    file = io.StringIO()
    console = Console(
        file=file,
        width=width,
        height=height,
        force_terminal=not piped,
        color_system=color,
        no_color=color is None,
        highlight=False,
        soft_wrap=piped,
    )
    draw(Screen(console, hides_links=not piped), report, verbose=verbose, zone=UTC)
    return re.sub(r"(\x1b\]8;id=)\d+", r"\1", file.getvalue())  # rich draws a number


def as_card(report):
    """Its blocks as text."""
    blocks = card(report, "id:1")["blocks"]
    return "".join(f"{line}\n" for block in blocks for line in lines_of(block))


def pages():
    """Text by file name."""
    found = {}
    for name, report in REPORTS.items():
        for width in WIDTHS:
            found[f"{name}.{width}.txt"] = on_terminal(report, width)
        found[f"{name}.color.txt"] = on_terminal(report, 80, color="standard")
        found[f"{name}.piped.txt"] = on_terminal(report, 80, piped=True)
        found[f"{name}.{CARD}.txt"] = as_card(report)
    return found


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.iterdir():
        old.unlink()
    for name, text in pages().items():
        (FOLDER / name).write_text(text)
