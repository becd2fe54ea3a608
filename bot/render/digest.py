"""
A digest in Slack: what changed, by cause; what is still so; the trend. Data in, blocks out.

Names come from AWS and reasons from people: both stand in `plain_text`, where Slack parses
nothing. The chart is a block that not every Slack takes; its figures stand in words below it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from slack_sdk.models.blocks import Block

from bot.digest.diff import Diff
from bot.digest.model import Digest
from bot.fleet.clusters import many
from bot.fleet.model import Scan
from bot.render.blocks import Body, body, buttons, context, header, section
from bot.render.digest_lines import NAMED, NEWS, Lines, Why, local, named, saw_of
from bot.render.digest_trend import figures, labelled, trend_chart
from bot.render.fleet import headline, totals
from bot.render.text import folded, visible

SNOOZE = ("digest_snooze", "Snooze…")
_GROUPS_ROOM, _LINE_COSTS = 5_500, 120
"""Characters for all groups in the message, and what a section costs beside its own."""
_HIDDEN, _ASIDE = 5, 300
_PAGE, _SECTIONS, REPLIES = 2_800, 3, 12
"""Characters of a section, sections of a message, and messages of a digest's thread."""


def summary(
    digest: Digest, diff: Diff, scan: Scan, now: datetime, why: Why, *, chart: bool = True
) -> Body:
    """
    The one message in the channel:

        Digest: 2 new, 1 no longer blind, 4 still blind
        New: 2 functions, wrapper_set: Is the wrapper …? checkout (eu-west-1, shop), orders (…)
        No longer blind: 1 function: billing (healthy; blind since 20 Nov)
        (the chart, and the same as text)
        3f9a1c: daily 09:00 Europe/Berlin. Read at 09:00:04, 3 s ago.
        [Snooze…]
    """
    head = f"{_title(digest)}: {_head(digest, diff, scan, why)}"
    told = Lines(digest, diff, why, saw_of(scan))
    groups = _fitting([line for group in told.groups for line in told.ranked(group)])
    blocks: list[Block | dict[str, Any]] = [header(head), *(section(each) for each in groups)]
    blocks += [context(each) for each in _asides(digest, diff, scan)]
    points = labelled(digest)
    if len(points) > 1:
        if chart:
            blocks.append(trend_chart(points))
        blocks.append(context(f"Blind: {figures(points)}"))
    blocks.append(context(totals(scan)))
    blocks.append(context(_footer(digest, scan, now)))
    if diff.blind:
        blocks.append(buttons((*SNOOZE, digest.id)))
    return body(f"{head}. {' '.join(groups[:2])}", blocks)


def details(digest: Digest, diff: Diff, scan: Scan, why: Why) -> list[Body]:
    """Every function of every group, for the thread."""
    told = Lines(digest, diff, why, saw_of(scan))
    lines = [line for group in (*NEWS, "still") for line in told.all(group)]
    lines += [
        visible(f"• {named(each)}: keeps its state, {reason}") for each, reason in diff.unsure
    ]
    sections = list(folded(lines, _PAGE))
    pages = [sections[at : at + _SECTIONS] for at in range(0, len(sections), _SECTIONS)]
    messages = [
        body(f"The digest's functions, part {number}", [section(each) for each in page])
        for number, page in enumerate(pages[:REPLIES], 1)
    ]
    if len(pages) > REPLIES:
        cut = "There are more than fit here: slsdiag scan --csv lists all of them."
        messages.append(body(cut, [section(cut)]))
    return messages


def complaint(digest: Digest, why: str) -> Body:
    """Nothing could be scanned."""
    head = f"{_title(digest)}: nothing could be looked at"
    told = [header(head), section(why), context(_plan(digest))]
    return body(f"{head}. {why}", told)


def _head(digest: Digest, diff: Diff, scan: Scan, why: Why) -> str:
    """The news in words, or that there is none."""
    if why is Why.FIRST:
        return f"the first look. {headline(scan)[0].upper()}{headline(scan)[1:]}"
    told = {
        "new": len(diff.new) + len(diff.moved) + len(diff.woken),
        "no longer blind": len(diff.fixed),
        "flapping": len(diff.flapping),
        "not readable": len(diff.unread),
        "readable again": len(diff.read_again),
    }
    news = [f"{count:,} {what}" for what, count in told.items() if count]
    still = f"{len(diff.still):,} still blind"
    if news:
        return ", ".join([*news, still])
    since = f" since {local(digest, digest.changed_at)}" if digest.changed_at else ""
    return f"nothing changed{since}; {still}"


def _fitting(lines: Sequence[str]) -> list[str]:
    """As many as one message holds; the thread has all."""
    room = _GROUPS_ROOM
    for number, line in enumerate(lines):
        room -= len(line) + _LINE_COSTS
        if room < 0:
            return [*lines[:number], "There is more in the thread."]
    return list(lines)


def _asides(digest: Digest, diff: Diff, scan: Scan) -> Iterator[str]:
    if diff.unsure:
        count = len(diff.unsure)
        yield f"{many(count)} could not be verified now: {'it keeps' if count == 1 else 'they keep'} the state told before."
    if diff.snoozed:
        reasons = "; ".join(
            visible(
                f"{each.what.partition(':')[2]} until {local(digest, each.until)}: {each.reason}"
            )
            for each in digest.snoozes[:NAMED]
        )
        yield f"Snoozed: {many(len(diff.snoozed))}. {reasons}"[:_ASIDE]
    if diff.beyond:
        yield f"{many(diff.beyond)} more are blind than I can keep in mind: they are counted, not named."
    for each in scan.unreadable[:_HIDDEN]:
        yield f"Not read: {each.region} of {each.account}: {each.why}"[:_ASIDE]
    if len(scan.unreadable) > _HIDDEN:
        yield f"{len(scan.unreadable) - _HIDDEN:,} more accounts and regions could not be read."
    for account, region in diff.read_again[:_HIDDEN]:
        yield f"Readable again: {region} of {account}."


def _footer(digest: Digest, scan: Scan, now: datetime) -> str:
    zone = ZoneInfo(digest.plan.zone)
    age = max(0, round((now - scan.checked_at).total_seconds()))
    return (
        f"{_plan(digest)} Read at {scan.checked_at.astimezone(zone):%H:%M:%S}, {spoken(age)} ago."
    )


def spoken(seconds: int) -> str:
    """40 s; 3 min"""
    return f"{seconds} s" if seconds < 120 else f"{seconds // 60} min"  # noqa: PLR2004 - two minutes


def _plan(digest: Digest) -> str:
    return f"{digest.id}: {plan_of(digest)}."


def plan_of(digest: Digest) -> str:
    """As "daily 09:00 Europe/Berlin, quiet 22:00-07:00"."""
    quiet = f", quiet {digest.plan.quiet}" if digest.plan.quiet else ""
    return f"{digest.plan.words} {digest.plan.zone}{quiet}"


def _title(digest: Digest) -> str:
    return f"Digest of {visible(digest.plan.prefix)}*" if digest.plan.prefix else "Digest"
