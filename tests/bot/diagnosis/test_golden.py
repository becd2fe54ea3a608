"""Reports look as the files in golden/ show them."""

from __future__ import annotations

import re
from itertools import product

import pytest
from golden import FOLDER, REPORTS, WIDTHS, on_terminal, pages

ESCAPES = re.compile(r"\x1b\[[\d;]*m|\x1b\]8;[^\x1b]*\x1b\\")


def test_reports_look_as_their_files_show():
    kept = {path.name: path.read_text() for path in FOLDER.iterdir()}

    assert kept == pages(), "write them again: python tests/bot/diagnosis/golden.py"


@pytest.mark.parametrize(("name", "width"), [*product(REPORTS, WIDTHS)])
def test_color_changes_no_word(name, width):
    colored = on_terminal(REPORTS[name], width, color="standard")

    assert colored != ESCAPES.sub("", colored) == on_terminal(REPORTS[name], width)
