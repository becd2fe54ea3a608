"""The documents are true: generated pages are current, and links lead somewhere."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def written():
    spec = importlib.util.spec_from_file_location("steps_pages", ROOT / "docs" / "steps.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.pages()


def test_steps_pages_are_what_the_steps_say():
    found = {path.name: path.read_text() for path in (ROOT / "docs" / "steps").glob("*.md")}

    assert found == written(), "run python docs/steps.py"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    text = page.read_text()
    local = [to for to in re.findall(r"\]\(([^)#]+)", text) if "://" not in to]

    assert [to for to in local if not (page.parent / to).exists()] == []
