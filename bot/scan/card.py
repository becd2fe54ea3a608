"""
A scan in Slack: how far it is, the causes by how many functions they affect, and which those are.

    Scan: 🔴 2 down · 🟠 47 not reporting · ✅ 1,951 of 2,000 healthy
    1. 🔴 SDK layer missing: 2 — billing, refunds                        [Show]
    2. 🟠 Datadog owns the exec wrapper: 12 — orders, carts, clicks +9   [Show]
    Verified exactly: 40 of 2,000 functions.

Names come from AWS and stand in `plain_text` and `raw_text`, where Slack parses nothing. The
table is a block that not every Slack takes; the same figures stand in the words above it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from slack_sdk.models.blocks import Block

from bot.scan.clusters import clusters_by_state, many
from bot.scan.headline import headline
from bot.scan.lines import every_function, not_read, ranked, rest_in, totals
from bot.scan.model import Scan
from bot.scan.table import table_of
from bot.slack.actions import ActionId, numbered
from bot.slack.blocks import (
    Body,
    body,
    buttons,
    context,
    header,
    markup,
    section,
    with_button,
)
from bot.slack.rich_text import date_token
from bot.text.visible import folded, visible
from checks.grammar import counted

STOP_SCAN = (ActionId.STOP_SCAN, "Stop")
SCAN_AGAIN = (ActionId.SCAN_AGAIN, "Check again")
SHOW = "Show"
RANKED = 5
"""Causes in words."""
_PAGE = 2_800
"""Characters of one section; three of them make a message."""
_SECTIONS = 3
REPLIES = 12
"""Messages of names in the thread: some two thousand functions."""


def in_progress(
    prefix: str | None,
    token: str,
    *,
    seen: int = 0,
    exact: int = 0,
    suspicious: int | None = None,
    left: timedelta = timedelta(0),
    joined: bool = False,
) -> Body:
    """
    The card while it goes on:

        Scan: looking…
        1,500 functions seen so far. Verified exactly: 12 of 40. AWS's rates allow the rest in 11 s.
        [Stop]
    """
    progress = f"{many(seen)} seen so far." if seen else "Listing the functions."
    if suspicious is not None:
        progress += f" Verified exactly: {exact:,} of {suspicious:,}.{rest_in(left)}"
    if joined:
        progress = "A scan of the same is under way already: its result comes here, too."
    blocks: list[Block] = [header(f"{_title(prefix)}: looking…"), section(progress)]
    blocks.append(buttons((*STOP_SCAN, token)))
    return body(f"{_title(prefix)}: looking. {progress}", blocks)


def failed(prefix: str | None, why: str, token: str) -> Body:
    """The card of a scan that came to nothing."""
    blocks: list[Block] = [header(f"{_title(prefix)}: no result"), section(why)]
    blocks.append(buttons((*SCAN_AGAIN, token)))
    return body(f"{_title(prefix)}: no result. {why}", blocks)


def summary(
    scan: Scan,
    prefix: str | None,
    token: str,
    *,
    stopped: bool = False,
    table: bool = True,
    why: str | None = None,
) -> Body:
    """The result; `why` is the reason why it ended early."""
    causes = clusters_by_state(scan.seen)
    every = [cause for cause in causes if cause.is_news]
    news, left = every[:RANKED], len(every[RANKED:])
    lines = [f"{number}. {ranked(cause, scan)}" for number, cause in enumerate(news, 1)]
    head = f"{_title(prefix)}: {headline(scan)}{' (stopped before the end)' if stopped else ''}"
    blocks: list[Block | dict[str, Any]] = [header(head), *([section(why)] if why else [])]
    for number, (line, cause) in enumerate(zip(lines, news, strict=True)):
        action = numbered(ActionId.SHOW_FUNCTIONS, number)
        blocks.append(with_button(line, action, SHOW, f"{token}:{cause.key}"))
    if left:
        blocks.append(context(f"{counted(left, 'more cause')}, in the thread."))
    if causes and table:
        blocks.append(table_of(causes))
    return body(f"{head}. {' '.join(lines[:2])} {totals(scan)}", [*blocks, *_footer(scan, token)])


def _footer(scan: Scan, token: str) -> Iterator[Block]:
    yield context(totals(scan))
    yield from map(context, not_read(scan))
    one = "Type /slsdiag NAME for one function's proof and remedy."
    yield markup(f"{date_token(scan.checked_at)} · {one}")
    yield buttons((*SCAN_AGAIN, token))


def functions(scan: Scan) -> list[Body]:
    """The blind functions behind each cause, for the thread."""
    sections = list(folded(list(every_function(scan)), _PAGE))
    pages = [sections[at : at + _SECTIONS] for at in range(0, len(sections), _SECTIONS)]
    messages = [_page(page, number) for number, page in enumerate(pages[:REPLIES], 1)]
    if len(pages) > REPLIES:
        cut = "More functions do not report than fit here: slsdiag scan --csv lists all of them."
        messages.append(body(cut, [section(cut)]))
    return messages


def _page(sections: Sequence[str], number: int) -> Body:
    return body(
        f"Functions that do not report, part {number}", [section(part) for part in sections]
    )


def _title(prefix: str | None) -> str:
    """None: of one that is not to be repeated."""
    if prefix is None:
        return "Scan of one prefix"
    return f"Scan of {visible(prefix)}*" if prefix else "Scan"
