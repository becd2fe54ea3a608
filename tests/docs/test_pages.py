"""The documents are true: generated pages are current, and links lead somewhere."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
POINTER = re.compile(r'(?<![\w*}/."-])[\w/-]+\.md\b')
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINKED = [*PAGES, ROOT / "helm" / "README.md", ROOT / "checks" / "RUNBOOK.md"]


def written():
    spec = importlib.util.spec_from_file_location("steps_pages", ROOT / "docs" / "steps.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.pages()


def test_steps_pages_are_what_the_steps_say():
    found = {path.name: path.read_text() for path in (ROOT / "docs" / "steps").glob("*.md")}

    assert found == written(), "run python docs/steps.py"


def anchors(page):
    """Of its headings, as GitHub makes them."""
    text = re.sub(r"^(```|~~~).*?^\1", "", page.read_text(), flags=re.MULTILINE | re.DOTALL)
    found = []
    for heading in re.findall(r"^#{1,6} +(.+?) *#*$", text, re.MULTILINE):
        words = re.sub(r"\[([^]]*)\]\([^)]*\)|[`*]", r"\1", heading).lower()
        slug = re.sub(r"[^\w\- ]", "", words).replace(" ", "-")
        again = sum(each.rpartition("-")[0] == slug or each == slug for each in found)
        found.append(f"{slug}-{again}" if again else slug)
    return found


def dead(page):
    """The links of a page into the repository that lead nowhere."""
    for to in re.findall(r"\]\(<?([^)\s>]+)", page.read_text()):
        path, _, anchor = to.partition("#")
        target = page.parent / path if path else page
        if "://" in to or to.startswith("mailto:"):
            continue
        if not target.exists() or (anchor and anchor not in anchors(target)):
            yield to


@pytest.mark.parametrize("page", LINKED, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    assert list(dead(page)) == []


def test_dead_links_are_found(tmp_path):
    other, page = tmp_path / "other.md", tmp_path / "page.md"
    other.write_text("# One `two`, three\n## Twice\n## Twice\n```sh\n# no heading\n```\n")
    alive = ["#here", "other.md#one-two-three", "other.md#twice-1", "https://example.com/#x"]
    lost = ["#there", "other.md#no-heading", "none.md", "none.png", "other.md#twice-2"]
    page.write_text("# Here\n" + " ".join(f"[text]({to})" for to in [*alive, *lost]))

    assert list(dead(page)) == lost


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
