"""
A digest in Slack: what changed, by cause; what is still so; the trend. Data in, blocks out.

    Digest: 2 new, 1 no longer blind, 4 still blind
    New: Datadog owns the exec wrapper: 2 functions — checkout (eu-west-1 …, shop), orders (…)
    No longer blind: before: SDK layer missing: 1 function — billing (…): now healthy, blind since …
    (the chart, and the same as text)
    3f9a1c: daily 09:00 Europe/Berlin. Read at 09:00:04, 3 s ago.
    [Snooze…]

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
from bot.digest.lines import NAMED, NEWS, Lines, local, named, saw_of, snoozed
from bot.digest.model import Digest
from bot.digest.run import Why
from bot.digest.shares import compared
from bot.digest.trend import figures, labelled, trend_chart
from bot.scan.clusters import many
from bot.scan.headline import headline
from bot.scan.lines import totals
from bot.scan.model import Scan
from bot.slack.actions import ActionId
from bot.slack.blocks import Body, body, buttons, context, header, section, words
from bot.text.visible import folded, visible
from checks.facts.sdk import LAST_RELEASED
from checks.grammar import duration

SNOOZE = (ActionId.SNOOZE, "Snooze…")
_GROUPS_ROOM, _LINE_COSTS = 5_500, 120
"""Characters for all groups in the message, and what a section costs beside its own."""
_HIDDEN, _ASIDE = 5, 300
_PAGE, _SECTIONS, REPLIES = 2_800, 3, 12
"""Characters of a section, sections of a message, and messages of a digest's thread."""


def summary(
    digest: Digest, diff: Diff, scan: Scan, now: datetime, why: Why, *, chart: bool = True
) -> Body:
    """The one message in the channel."""
    head = f"{_title(digest)}: {_head(digest, diff, scan, why)}"
    grouped = Lines(digest, diff, why, saw_of(scan))
    groups = _fitting([line for group in grouped.groups for line in grouped.ranked(group)])
    blocks: list[Block | dict[str, Any]] = [header(head), *(section(group) for group in groups)]
    blocks += [context(aside) for aside in _asides(digest, diff, scan)]
    blocks += _trend(digest, chart=chart)
    asides = (totals(scan), compared(digest.shares, scan), _footer(digest, scan, now))
    blocks += map(context, filter(None, asides))
    if why is Why.WEEKLY:
        blocks.append(context(LAST_RELEASED))
    if diff.blind:
        blocks.append(buttons((*SNOOZE, digest.id)))
    return body(f"{head}. {' '.join(groups[:2])}", blocks)


def _trend(digest: Digest, *, chart: bool) -> Iterator[Block | dict[str, Any]]:
    """In a chart, and in figures for a Slack that takes none."""
    points = labelled(digest)
    if len(points) > 1:
        if chart:
            yield trend_chart(points)
        yield context(f"Blind: {figures(points)}")


def details(digest: Digest, diff: Diff, scan: Scan, why: Why) -> list[Body]:
    """Every function of every group, for the thread."""
    grouped = Lines(digest, diff, why, saw_of(scan))
    lines = [line for group in (*NEWS, "still") for line in grouped.all(group)]
    lines += [
        visible(f"• {named(function)}: keeps its state, {reason}")
        for function, reason in diff.unsure
    ]
    sections = list(folded(lines, _PAGE))
    pages = [sections[at : at + _SECTIONS] for at in range(0, len(sections), _SECTIONS)]
    messages = [
        body(f"The digest's functions, part {number}", [section(part) for part in page])
        for number, page in enumerate(pages[:REPLIES], 1)
    ]
    if len(pages) > REPLIES:
        cut = "There are more than fit here: slsdiag scan --csv lists all of them."
        messages.append(body(cut, [section(cut)]))
    return messages


def complaint(digest: Digest, why: str) -> Body:
    """Nothing could be scanned."""
    head = f"{_title(digest)}: nothing could be read"
    blocks = [header(head), section(why), context(_plan(digest))]
    return body(f"{head}. {why}", blocks)


def not_posted(digest: Digest, why: str) -> Body:
    """To one person: Slack refused it with this word, or it is not clear whether it took it."""
    name, _, reason = why.rpartition(": ")
    unclear = f"It is not clear whether the digest {digest.id} was posted ({reason})."
    refused = (
        f"Slack does not let me post the digest {digest.id} in its channel ({reason}). "
        "If I am not a member there, type /invite @slsdiag."
    )
    later = "Its news is kept and comes with the next one that is posted."
    end = f"To end it, type /slsdiag digest stop {digest.id} in its channel."
    return words(f"{unclear if name else refused} {later} {end}")


def _head(digest: Digest, diff: Diff, scan: Scan, why: Why) -> str:
    """The news in words, or that there is none."""
    if why is Why.FIRST:
        return f"the first scan. {headline(scan)}"
    counts = {
        "new": len(diff.new) + len(diff.moved) + len(diff.worse) + len(diff.woken),
        "no longer blind": len(diff.fixed),
        "flapping": len(diff.flapping),
        "not readable": len(diff.newly_hidden),
        "readable again": len(diff.read_again),
    }
    news = [f"{count:,} {what}" for what, count in counts.items() if count]
    still = f"{len(diff.still):,} still blind"
    down = f"🔴 {diff.down:,} down · " if diff.down else ""
    if news:
        return f"{down}{', '.join([*news, still])}"
    since = f" since {local(digest, digest.changed_at)}" if digest.changed_at else ""
    return f"{down}nothing changed{since}; {still}"


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
        yield f"{many(count)} could not be verified now: {'it keeps' if count == 1 else 'they keep'} the state reported before."
    if diff.snoozed:
        reasons = "; ".join(
            visible(f"{snoozed(snooze)} until {local(digest, snooze.until)}: {snooze.reason}")
            for snooze in digest.snoozes[:NAMED]
        )
        yield f"Snoozed: {many(len(diff.snoozed))}. {reasons}"[:_ASIDE]
    if diff.beyond:
        yield f"{many(diff.beyond)} more are blind than I can keep in mind: they are counted, not named."
    for place in scan.unreadable[:_HIDDEN]:
        yield f"Not read: {place.region} of {place.account}: {place.why}"[:_ASIDE]
    if len(scan.unreadable) > _HIDDEN:
        yield f"{len(scan.unreadable) - _HIDDEN:,} more accounts and regions could not be read."
    for account, region in diff.read_again[:_HIDDEN]:
        yield f"Readable again: {region} of {account}."


def _footer(digest: Digest, scan: Scan, now: datetime) -> str:
    zone = ZoneInfo(digest.plan.zone)
    read_at = f"{scan.checked_at.astimezone(zone):%H:%M:%S}"
    return f"{_plan(digest)} Read at {read_at}, {duration(now - scan.checked_at)} ago."


def _plan(digest: Digest) -> str:
    return f"{digest.id}: {plan_of(digest)}."


def plan_of(digest: Digest) -> str:
    """As "daily 09:00 Europe/Berlin, quiet 22:00-07:00"."""
    quiet = f", quiet {digest.plan.quiet}" if digest.plan.quiet else ""
    return f"{digest.plan.words} {digest.plan.zone}{quiet}"


def _title(digest: Digest) -> str:
    return f"Digest{of_prefix(digest)}"


def of_prefix(digest: Digest) -> str:
    """As " of shop-*"; a prefix that no scan has confirmed is not repeated to others."""
    if not digest.plan.prefix:
        return ""
    return f" of {visible(digest.plan.prefix)}*" if digest.confirmed else " of one prefix"
