"""
The one message about a deployment in a channel. Data in, blocks out.

    🔴 1 down · 🟠 35 not reporting after a deployment
    Deployed 30 Nov 14:02 by role deploy-prod (CloudFormation, stack orders-prod).
    🔴 Wrapper set without its layer: 1 function — billing
    🟠 SDK layer missing: 35 functions — invoices, search, clicks, and 32 more
    ✅ Reports again, Dashboard repaired it after 310 s: orders
    eu-west-1 · 123456789012 · 198 of 200 functions checked
    What to do: /slsdiag billing
    [I fixed it]

Names come from AWS and stand in rich text, where Slack parses nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from slack_sdk.models.blocks import Block

from bot.scan.clusters import many
from bot.slack import rich_text as rich
from bot.slack.actions import ActionId
from bot.slack.blocks import Body, body, buttons, context, header
from bot.text.states import State
from bot.watch.fixes import fixer, newest
from bot.watch.model import Deploy, Fix, Kind, News, Row
from bot.watch.wording import author

NAMED, LINES = 3, 8
"""Functions of a line, and lines of a message."""
_AFTER = "after a deployment"
_DASHBOARD = "dashboard"


def message(deploy: Deploy, rows: Sequence[Row], channel: str) -> Body:
    """`rows` are those that the channel watches."""
    head = f"{_head(rows)} {_AFTER}"
    broken = [row for row in rows if row.news is News.BROKE]
    said = newest(deploy, channel) if broken else None
    pieces = [rich.paragraph(_deployed(deploy)), *_lines(deploy, rows, channel)]
    pieces += [rich.paragraph(_said(said))] if said else []
    blocks: list[Block | dict[str, object]] = [header(head), rich.block(pieces)]
    blocks.append(context(_progress(deploy, rows)))
    if broken:
        blocks.append(context(f"The cause and what to do: /slsdiag {_worst(broken).name}"))
        blocks.append(buttons((ActionId.DEPLOY_FIXED, "I fixed it", deploy.id)))
    names = ", ".join(row.name for row in _told(rows)[:NAMED])
    return body(f"{head}: {names}", blocks)


def failed(deploy: Deploy, count: int) -> Body:
    """Its functions could not be checked."""
    head = f"{many(count)} changed, and not checked"
    why = "slsdiag failed at it again and again: please ask whoever runs it to look at its log."
    blocks = [header(head), rich.block([rich.paragraph(_deployed(deploy))]), context(why)]
    return body(f"{head}. {why}", blocks)


def _head(rows: Sequence[Row]) -> str:
    """🔴 2 down · 🟠 3 not reporting, or ✅ 5 report again."""
    counts = Counter(state_of(row) for row in rows if row.news is News.BROKE)
    broken = [f"{state.emoji} {counts[state]:,} {state.word}" for state in State if counts[state]]
    again = sum(row.news in {News.AGAIN, News.RESTORED} for row in rows)
    if again:
        broken.append(
            f"{State.HEALTHY.emoji} {again:,} {'reports' if again == 1 else 'report'} again"
        )
    return " · ".join(broken) or "Nothing is broken any more"


def state_of(row: Row) -> State:
    """Of one that is broken."""
    if row.kind is Kind.DOWN:
        return State.DOWN
    return State.PARTIAL if row.partial else State.BLIND


def _deployed(deploy: Deploy) -> list[rich.Part]:
    who = author(deploy)
    by = f" by {who}." if deploy.by else f" through {who}." if who else "."
    unknown = "" if who else " It is not known by whom."
    return [rich.text("Deployed "), rich.moment(deploy.last_at), rich.text(f"{by}{unknown}")]


def _said(fix: Fix) -> list[rich.Part]:
    """Somebody fixed it, and it is not seen yet."""
    return [
        rich.person(fix.user),
        rich.text(" said on "),
        rich.moment(fix.at),
        rich.text(" that it is fixed. It is checked for 20 minutes from then on."),
    ]


def _lines(deploy: Deploy, rows: Sequence[Row], channel: str) -> Iterator[rich.Piece]:
    lines = [*_broken(rows), *_again(deploy, rows, channel), *_ended(rows)]
    shown = lines[:LINES]
    if len(lines) > LINES:
        shown.append([rich.text(f"And {len(lines) - LINES:,} more causes: /slsdiag scan")])
    if shown:
        yield rich.listed(shown)


def _broken(rows: Sequence[Row]) -> Iterator[list[rich.Part]]:
    """A line for each state and headline: what is down first, then the most functions."""
    groups: dict[tuple[State, str], list[Row]] = {}
    for row in rows:
        if row.news is News.BROKE:
            groups.setdefault((state_of(row), row.headline), []).append(row)
    order = list(State)
    for (state, headline), some in sorted(
        groups.items(), key=lambda it: (order.index(it[0][0]), -len(it[1]), it[0][1])
    ):
        what = headline or state.word
        yield [rich.text(f"{state} · {what}: {many(len(some))} — "), *_names(some)]


def _again(deploy: Deploy, rows: Sequence[Row], channel: str) -> Iterator[list[rich.Part]]:
    """A line for each way in which it was repaired, and for who said so."""
    ways: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        if row.news in {News.AGAIN, News.RESTORED}:
            by_dashboard = row.repaired_at is not None and not row.fixed_by
            way = _DASHBOARD if by_dashboard else row.fixed_by
            ways.setdefault((fixer(deploy, channel, row), way), []).append(row)
    for (user, way), some in ways.items():
        yield [*_reports(user, _repaired(way, some)), *_names(some)]


def _reports(user: str, repaired: str) -> list[rich.Part]:
    again = f"{State.HEALTHY.emoji} Reports again"
    if not user:
        return [rich.text(f"{again}{repaired}: ")]
    return [rich.text(f"{again}, fixed by "), rich.person(user), rich.text(f"{repaired}: ")]


def _repaired(way: str, rows: Sequence[Row]) -> str:
    """As ", Dashboard repaired it after 74 s"."""
    if way != _DASHBOARD:
        return f" after a change by {way}" if way else ""
    longest = max((row.repaired_at or row.changed_at) - row.changed_at for row in rows)
    within = "after" if len(rows) == 1 else "within"
    return f", Dashboard repaired it {within} {round(longest.total_seconds()):,} s"


def _ended(rows: Sequence[Row]) -> Iterator[list[rich.Part]]:
    some = [row for row in rows if row.news is News.ENDED]
    if some:
        yield [rich.text("⚪ No longer instrumented, not invoked, or gone: "), *_names(some)]


def _names(rows: Sequence[Row]) -> list[rich.Part]:
    parts: list[rich.Part] = []
    for row in rows[:NAMED]:
        parts += [rich.text(", ")] if parts else []
        parts.append(rich.text(row.name, code=True))
    left = len(rows) - NAMED
    return [*parts, *([rich.text(f", and {left:,} more")] if left > 0 else [])]


def _progress(deploy: Deploy, rows: Sequence[Row]) -> str:
    checked = sum(row.kind is not None for row in rows)
    of = f"{checked:,} of " if checked < len(rows) else ""
    place = f"{deploy.region} · {deploy.account}"
    return f"{place} · {of}{many(len(rows))} verified"


def _told(rows: Sequence[Row]) -> list[Row]:
    return [row for row in rows if row.news is not News.NONE]


def _worst(rows: Sequence[Row]) -> Row:
    order = list(State)
    return min(rows, key=lambda row: order.index(state_of(row)))
