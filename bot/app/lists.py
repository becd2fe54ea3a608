"""Short lists for one person: what is open in a channel, and its past reports."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.changes import memory
from bot.changes.memory import Seen
from bot.diagnosis.card import headline
from bot.diagnosis.model import Diagnosis
from bot.scan.run import Inquiry
from bot.slack.blocks import Body, words
from bot.target import Target
from bot.triage.model import Phase, Triage

MOST = 15


def status(
    open_: Sequence[Triage],
    scans: Sequence[Inquiry] = (),
    viewer: str = "",
    unreadable: Sequence[str] = (),
) -> Body:
    """Open triages and waits, and scans that are running; only who typed a prefix sees it."""
    if not open_ and not scans:
        none = "No triage is open in this channel, and nothing waits."
        return words("\n".join([none, *others(unreadable)]))
    lines = [*(_scan(scan, viewer) for scan in scans), *map(_triage, open_)]
    return words("\n".join(["Open in this channel:", *_cut(lines), *others(unreadable)]))


def others(unreadable: Sequence[str]) -> list[str]:
    """Those of a list that could not be read, given their ids: one line, or none."""
    if not unreadable:
        return []
    return [f"{len(unreadable)} more that this release of slsdiag cannot read."]


def _scan(inquiry: Inquiry, viewer: str) -> str:
    prefix = f"{inquiry.prefix}*" if inquiry.place.user == viewer else "one prefix"
    of = f" of {prefix}" if inquiry.prefix else ""
    return f"• a scan{of}, since {inquiry.asked_at:%H:%M} UTC"


def history(
    diagnoses: Sequence[Diagnosis],
    target: Target | None,
    unreadable: Sequence[str] = (),
    setups: Callable[[Diagnosis], list[Seen]] = lambda _: [],
) -> Body:
    """The newest reports; of one function also when its setup changed, as checks saw it."""
    lines = [
        f"• {diagnosis.report.checked_at:%d %b %H:%M} UTC · {headline(diagnosis.report)}. {diagnosis.report.summary}"
        for diagnosis in diagnoses
        if diagnosis.report and (target is None or _is(diagnosis, target))
    ]
    of = f" of {target.spelled}" if target else ""
    if not lines:
        none = f"There is no report{of} of the last seven days in this channel."
        return words("\n".join([none, *others(unreadable)]))
    reports = [f"Reports{of}, newest first:", *_cut(lines), *others(unreadable)]
    newest = next((x for x in diagnoses if target and x.report and _is(x, target)), None)
    changes = [f"• {change}" for change in memory.history(setups(newest))] if newest else []
    seen = [f"Changes of the setup{of}, as checks saw them:", *_cut(changes)] if changes else []
    return words("\n".join([*reports, *seen]))


def _cut(lines: Sequence[str]) -> list[str]:
    """As many as one reads, and how many there are besides."""
    more = len(lines) - MOST
    return [*lines[:MOST], *([f"… and {more} more."] if more > 0 else [])]


def _is(diagnosis: Diagnosis, target: Target) -> bool:
    """Whether the report is about what was named; a location that was not given is any."""
    assert diagnosis.report  # noqa: S101 - narrows: only reports are listed
    function = diagnosis.report.function
    return (
        (target.name, target.qualifier) == (function.name, function.qualifier)
        and target.region in {None, function.region}
        and target.account in {None, function.account, diagnosis.account}
    )


def _triage(triage: Triage) -> str:
    shown = triage.prompt
    if shown is None:
        return f"• {triage.target}: looking"
    until = shown.until if triage.phase is Phase.WAITING else None
    rest = f", until {until:%H:%M} UTC" if until else ""
    return f"• {triage.target}: {triage.phase}{rest}. {shown.title}"
