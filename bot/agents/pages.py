"""What can be read beside the tools: the runbook, and a page for each check. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib.resources import files

from checks.runbook import RUNBOOK, WORDS, Step

RUNBOOK_URI = "slsdiag://runbook"
CHECK_URI = "slsdiag://checks/{}"


@cache
def pages() -> Mapping[str, tuple[str, str]]:
    """Title and Markdown, by URI."""
    runbook = (files("checks") / "RUNBOOK.md").read_text(encoding="utf-8")
    return {
        RUNBOOK_URI: ("The runbook", runbook),
        **{CHECK_URI.format(step.slug): (step.title, _page(step)) for step in RUNBOOK},
    }


def _page(step: Step) -> str:
    return "\n".join(head(step, CHECK_URI.format))


def head(step: Step, address: Callable[[str], str]) -> Iterator[str]:
    """The lines that a check's page begins with; `address` is where another check's page is."""
    yield from (f"# {step.title}", "", f"`{step.slug}`, step {step.number} of the runbook,")
    yield from (f"section *{step.section}*.", "", step.why, "")
    reads = ", ".join(dict.fromkeys(WORDS.get(part, part.replace("_", " ")) for part in step.reads))
    yield from (f"It reads: {reads or 'nothing from AWS'}.", "")
    if step.symptom:
        yield from ("A problem here is a symptom: any other problem that is found explains it.", "")
    if step.explained_by:
        links = ", ".join(f"[{slug}]({address(slug)})" for slug in step.explained_by)
        yield from (f"A problem here is caused by one found in: {links}.", "")
    if step.answers:
        yield from (f"Only Dashboard shows it, so a triage asks: {' · '.join(step.answers)}.", "")
