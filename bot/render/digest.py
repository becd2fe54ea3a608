"""
A digest in Slack: what changed, by cause; what is still so; the trend. Data in, blocks out.

Names come from AWS and reasons from people: both stand in `plain_text`, where Slack parses
nothing. The chart is a block that not every Slack takes; its figures stand in words below it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement

from bot.digest.diff import FLAPS, Diff
from bot.digest.model import Digest, Known, Point
from bot.fleet.model import Scan
from bot.render.card import Body, body, context, header, section
from bot.render.fleet import headline, many, totals
from bot.render.text import visible
from checks.runbook import step_named

SNOOZE = ("digest_snooze", "Snooze…")
RANKED, NAMED = 4, 4
"""Causes of a group, and functions of a cause, that stand in the message; the thread has more."""
_HIDDEN = 5
_PAGE, _SECTIONS, REPLIES = 2_800, 3, 12
"""Characters of a section, sections of a message, and messages of a digest's thread."""
_POINTS, _TITLE, _TOLD = 20, 50, 20
_LINE = 700


class Why(StrEnum):
    """Why it is posted."""

    FIRST = "first"
    NEWS = "news"
    ASKED = "asked"
    WEEKLY = "weekly"


_GROUPS = {
    "new": "New",
    "moved": "Another cause than before",
    "woken": "Still blind, its snooze is over",
    "fixed": "No longer blind",
    "flapping": f"Flapping: changed {FLAPS} times or more within a week",
    "still": "Still blind",
}
_NEWS = ("new", "moved", "woken", "fixed", "flapping")


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
    groups = [line for group in _shown(diff, why) for line in _group(digest, diff, group)]
    blocks: list[Block | dict[str, Any]] = [header(head), *(section(each) for each in groups)]
    blocks += [context(each) for each in _asides(digest, diff, scan)]
    points = _labelled(digest)
    if len(points) > 1:
        if chart:
            blocks.append(_chart(points))
        blocks.append(context(f"Blind: {_figures(points)}"))
    blocks.append(context(totals(scan)))
    blocks.append(context(_footer(digest, scan, now)))
    if diff.blind:
        blocks.append(_buttons((*SNOOZE, digest.id)))
    return with_dicts(f"{head}. {' '.join(groups[:2])}", blocks)


def details(digest: Digest, diff: Diff, why: Why) -> list[Body]:
    """Every function of every group, for the thread."""
    lines = [
        line
        for group in (*_NEWS, "still")
        if group in _shown(diff, why) or group == "still"
        for line in _all(digest, diff, group)
    ]
    for each, reason in diff.unsure:
        lines.append(f"• {_named(each)}: keeps its state, {reason}")
    sections = list(_sections(lines))
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


def with_dicts(text: str, blocks: Sequence[Block | dict[str, Any]]) -> Body:
    """As `card.body`, with blocks that slack_sdk has no models of."""
    made = [each if isinstance(each, dict) else each.to_dict() for each in blocks]
    return body(text, []) | {"blocks": made}


def local(digest: Digest, moment: datetime) -> str:
    """27 Nov 09:00, in the digest's zone."""
    return f"{moment.astimezone(ZoneInfo(digest.plan.zone)):%d %b %H:%M}"


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


def _shown(diff: Diff, why: Why) -> list[str]:
    groups = [group for group in _NEWS if getattr(diff, group)]
    return groups if groups and why is Why.NEWS else [*groups, "still"]


def _group(digest: Digest, diff: Diff, group: str) -> Iterator[str]:
    """A line for each cause, the most functions first."""
    causes = sorted(_by_cause(getattr(diff, group)).items(), key=lambda item: -len(item[1]))
    for cause, functions in causes[:RANKED]:
        names = ", ".join(_said(digest, each, group) for each in functions[:NAMED])
        left = len(functions) - NAMED
        more = f", and {left:,} more in the thread" if left > 0 else ""
        yield f"{_caption(group, cause, len(functions))} {visible(names)}{more}"[:_LINE]
    left = len(causes) - RANKED
    if left > 0:
        yield f"{_GROUPS[group]}: {left:,} more causes, in the thread."


def _all(digest: Digest, diff: Diff, group: str) -> Iterator[str]:
    for cause, functions in sorted(_by_cause(getattr(diff, group)).items()):
        yield _caption(group, cause, len(functions))
        yield from (visible(f"• {_said(digest, each, group)}") for each in functions)


def _by_cause(functions: Sequence[Known]) -> Mapping[str, list[Known]]:
    causes: dict[str, list[Known]] = {}
    for each in functions:
        causes.setdefault(each.cause, []).append(each)
    return causes


def _caption(group: str, cause: str, count: int) -> str:
    step = step_named(cause)
    was = "was " if group == "fixed" else ""
    return f"{_GROUPS[group]}: {many(count)}, {was}{cause}: {step.title if step else ''}"


def _said(digest: Digest, known: Known, group: str) -> str:
    since = f"blind since {local(digest, known.since)}"
    if group == "fixed":
        return f"{_named(known)}: now {known.ended}, {since}"
    if group == "moved":
        return f"{_named(known)}: before {known.told.removeprefix('blind ')}, {since}"
    if group == "flapping":
        return f"{_named(known)}: now {'blind' if known.blind else known.ended}"
    return _named(known) if group == "new" and not known.flaps else f"{_named(known)}: {since}"


def _named(known: Known) -> str:
    owner = f", {known.owner}" if known.owner else ""
    sure = "" if known.exact or not known.blind else ", not verified"
    return f"{known.name} ({known.region} of {known.account}{owner}{sure})"


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
        yield f"Snoozed: {many(len(diff.snoozed))}. {reasons}"[:_LINE]
    if diff.beyond:
        yield f"{many(diff.beyond)} more are blind than I can keep in mind: they are counted, not named."
    for each in scan.unreadable[:_HIDDEN]:
        yield f"Not read: {each.region} of {each.account}: {each.why}"[:_LINE]
    if len(scan.unreadable) > _HIDDEN:
        yield f"{len(scan.unreadable) - _HIDDEN:,} more accounts and regions could not be read."
    for account, region in diff.read_again[:_HIDDEN]:
        yield f"Readable again: {region} of {account}."


def _labelled(digest: Digest) -> list[tuple[str, Point]]:
    """The last ones; of those within one minute, the last."""
    points = {local(digest, each.at): each for each in digest.trend}
    return list(points.items())[-_POINTS:]


def _figures(points: Sequence[tuple[str, Point]]) -> str:
    return " · ".join(f"{label}: {point.blind:,}" for label, point in points)


def _chart(points: Sequence[tuple[str, Point]]) -> dict[str, Any]:
    """A data_visualization block (docs.slack.dev, read through facts/slack.md §4)."""
    data = [{"label": label, "value": point.blind} for label, point in points]
    return {
        "type": "data_visualization",
        "title": "Blind functions at each look",
        "chart": {
            "type": "line",
            "series": [{"name": "Blind", "data": data}],
            "axis_config": {"categories": [label for label, _ in points], "y_label": "Functions"},
        },
    }


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


def _sections(lines: Sequence[str]) -> Iterator[str]:
    page: list[str] = []
    size = 0
    for line in lines:
        if page and size + len(line) + 1 > _PAGE:
            yield "\n".join(page)
            page, size = [], 0
        page.append(line[:_PAGE])
        size += len(line) + 1
    if page:
        yield "\n".join(page)


def _buttons(*buttons: tuple[str, str, str]) -> ActionsBlock:
    return ActionsBlock(
        elements=[
            ButtonElement(text=label, action_id=action, value=value)
            for action, label, value in buttons
        ]
    )
