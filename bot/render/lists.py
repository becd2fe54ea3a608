"""Short lists for one person: what is open in a channel, and its past reports."""

from __future__ import annotations

from collections.abc import Sequence

from bot.diagnosis.model import Diagnosis
from bot.fleet.run import Inquiry
from bot.render.blocks import Body, words
from bot.render.card import headline
from bot.target import Target
from bot.triage.model import Phase, Triage

MOST = 15


def status(open_: Sequence[Triage], scans: Sequence[Inquiry] = ()) -> Body:
    """Open triages and waits, and scans that are under way."""
    if not open_ and not scans:
        return words("No triage is open in this channel, and nothing waits.")
    told = [*map(_scan, scans), *map(_triage, open_)]
    return words("\n".join(["Open in this channel:", *_cut(told)]))


def _scan(ask: Inquiry) -> str:
    of = f" of {ask.prefix}*" if ask.prefix else ""
    return f"• a scan{of}, since {ask.asked_at:%H:%M} UTC"


def history(asks: Sequence[Diagnosis], target: Target | None) -> Body:
    """The newest reports."""
    told = [
        f"• {ask.report.checked_at:%d %b %H:%M} UTC · {headline(ask.report)}. {ask.report.summary}"
        for ask in asks
        if ask.report and (target is None or _is(ask, target))
    ]
    of = f" of {target.spelled}" if target else ""
    if not told:
        return words(f"There is no report{of} of the last seven days in this channel.")
    return words("\n".join([f"Reports{of}, newest first:", *_cut(told)]))


def _cut(lines: Sequence[str]) -> list[str]:
    """As many as one reads, and how many there are besides."""
    more = len(lines) - MOST
    return [*lines[:MOST], *([f"… and {more} more."] if more > 0 else [])]


def _is(ask: Diagnosis, target: Target) -> bool:
    """Whether the report is about what was named; a place that was not given is any."""
    assert ask.report  # noqa: S101 - narrows: only reports are listed
    function = ask.report.function
    return (
        (target.name, target.qualifier) == (function.name, function.qualifier)
        and target.region in {None, function.region}
        and target.account in {None, function.account, ask.account}
    )


def _triage(triage: Triage) -> str:
    shown = triage.prompt
    if shown is None:
        return f"• {triage.target}: looking"
    until = shown.until if triage.phase is Phase.WAITING else None
    rest = f", until {until:%H:%M} UTC" if until else ""
    return f"• {triage.target}: {triage.phase}{rest}. {shown.title}"
