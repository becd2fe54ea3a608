"""The documents are true: generated pages are current, and links lead somewhere."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
POINTER = re.compile(r'(?<![\w*}/."-])[\w/-]+\.md\b')
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


def test_every_page_is_in_an_index():
    """From docs/README.md one gets to all of them."""
    reached, waiting = set(), [ROOT / "docs" / "README.md"]
    while waiting:
        page = waiting.pop().resolve()
        if page in reached or page.suffix != ".md" or not page.exists():
            continue
        reached.add(page)
        waiting += [page.parent / to for to in re.findall(r"\]\(([^)#]+)", page.read_text())]

    assert [page for page in PAGES if page not in reached] == []


def test_pages_that_the_code_names_are_here():
    """A reader of the code can follow each pointer without leaving the repository."""
    names = {str(path.relative_to(ROOT)) for path in ROOT.rglob("*.md") if not _foreign(path)}
    ends = names | {name.removeprefix(f"{name.split('/')[0]}/") for name in names}
    missing = []
    for path in sorted(ROOT.rglob("*.py")):
        if not _foreign(path):
            text = path.read_text()
            named = {to for to in POINTER.findall(text) if to not in ends}
            missing += [(path.name, each) for each in sorted(named)]
            missing += [(path.name, "a section sign")] if "\N{SECTION SIGN}" in text else []

    assert missing == []


def _foreign(path):
    return bool({"node_modules", ".venv"} & set(path.parts))
