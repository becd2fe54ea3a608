"""The documents are true: generated pages are current, and links lead somewhere."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
POINTER = re.compile(r'(?<![\w*}/."-])[\w/-]+\.md\b')
PAGES = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "skills").rglob("*.md")]
)
LINKED = [*PAGES, ROOT / "helm" / "README.md", ROOT / "checks" / "RUNBOOK.md"]


def script(name):
    spec = importlib.util.spec_from_file_location(f"docs_{name}", ROOT / "docs" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_steps_pages_are_what_the_steps_say():
    found = {path.name: path.read_text() for path in (ROOT / "docs" / "steps").glob("*.md")}

    assert found == script("steps").pages(), "run python docs/steps.py"


def test_skill_is_what_the_tools_say():
    written = script("skill")

    assert written.FILE.read_text() == written.skill(), "run python docs/skill.py"


def test_skill_keeps_to_its_format():
    """Agent Skills: the folder's name, and what a client shows of it."""
    (file,) = (ROOT / "skills").glob("*/SKILL.md")
    _, head, body = file.read_text().split("---\n", 2)
    known = yaml.safe_load(head)

    assert known["name"] == file.parent.name
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", known["name"])
    assert 1 <= len(known["description"]) <= 1024
    assert len(known["compatibility"]) <= 500
    assert len(body.splitlines()) < 500


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
