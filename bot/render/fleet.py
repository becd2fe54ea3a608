"""
A scan in Slack: how far it is, the causes by how many functions they blind, and which those are.

Names come from AWS and stand in `plain_text` and `raw_text`, where Slack parses nothing. The
table is a block that not every Slack takes; the same figures stand in the words above it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from slack_sdk.models.blocks import Block

from bot.fleet.clusters import clusters, counts, many, seen_of
from bot.fleet.model import Cluster, Kind, Scan, Seen
from bot.render.blocks import Body, body, buttons, context, header, section
from bot.render.text import folded, visible
from checks.runbook import step_named

STOP_SCAN = ("stop_scan", "Stop")
SCAN_AGAIN = ("scan_again", "Check again")
RANKED = 5
"""Causes that stand in the words; the table has more."""
_TABLE_CHARACTERS, _TABLE_ROWS, _TABLE_PAGE = 5_000, 100, 10
_CELL, _TOLD = 150, 400
_PLACES = 2
_UNREADABLE = 5
_PAGE = 2_800
"""Characters of one section; three of them make a message."""
_SECTIONS = 3
REPLIES = 12
"""Messages of names in the thread: some two thousand functions."""


def looking(
    prefix: str,
    token: str,
    *,
    seen: int = 0,
    exact: int = 0,
    suspicious: int | None = None,
    joined: bool = False,
) -> Body:
    """
    The card while it is looked:

        Scan: looking…
        1,500 functions seen so far. Verified exactly: 12 of 40 suspicious ones.
        [Stop]
    """
    said = f"{many(seen)} seen so far." if seen else "Listing the functions."
    if suspicious is not None:
        said += f" Verified exactly: {exact:,} of {suspicious:,} suspicious ones."
    if joined:
        said = "A scan of the same is under way already: its result comes here, too."
    blocks: list[Block] = [header(f"{_title(prefix)}: looking…"), section(said)]
    blocks.append(buttons((*STOP_SCAN, token)))
    return body(f"{_title(prefix)}: looking. {said}", blocks)


def failed(prefix: str, why: str, token: str) -> Body:
    """The card of a scan that came to nothing."""
    blocks: list[Block] = [header(f"{_title(prefix)}: no result"), section(why)]
    blocks.append(buttons((*SCAN_AGAIN, token)))
    return body(f"{_title(prefix)}: no result. {why}", blocks)


def summary(
    scan: Scan, prefix: str, token: str, *, stopped: bool = False, table: bool = True
) -> Body:
    """
    The result:

        Scan: 40 of 2,000 functions are blind
        37 functions, one cause: traces_reach_the_log_pipe. The Firehose is gone. (eu-west-1 …)
        3 functions, one cause: wrapper_set. …
        (the table)
        2,000 functions: 1,950 unverified · 40 problem. Verified exactly: 40 of 40 suspicious ones.
        [Check again]
    """
    found = clusters(scan.seen)
    head = f"{_title(prefix)}: {headline(scan)}{' (stopped before the end)' if stopped else ''}"
    blocks: list[Block | dict[str, Any]] = [header(head)]
    ranked = [_ranked(each) for each in found if each.kind is Kind.BLIND][:RANKED]
    blocks += [section(each) for each in ranked]
    if found and table:
        blocks.append(_table(found))
    blocks.append(context(totals(scan)))
    blocks += [context(each) for each in _unreadable(scan)]
    one = "Type /slsdiag NAME for one function's proof and remedy."
    blocks.append(context(f"Read at {scan.checked_at:%H:%M:%S} UTC. {one}"))
    blocks.append(buttons((*SCAN_AGAIN, token)))
    return body(f"{head}. {' '.join(ranked[:2])} {totals(scan)}", blocks)


def headline(scan: Scan) -> str:
    """40 of 2,000 functions are blind"""
    blind = sum(each.kind is Kind.BLIND for each in scan.seen)
    if not scan.seen:
        return "no function could be seen" if scan.unreadable else "there are no functions"
    all_ = many(len(scan.seen))
    if not blind:
        return (
            f"none of {all_} is known to be blind"
            if len(scan.seen) > 1
            else f"{all_}, not known to be blind"
        )
    return f"{blind:,} of {all_} {'is' if blind == 1 else 'are'} blind"


def totals(scan: Scan) -> str:
    """Counts by verdict and class, and how many were verified exactly."""
    told = " · ".join(f"{count:,} {verdict}" for verdict, count in counts(scan.seen).items())
    quiet = sum(each.kind is Kind.QUIET for each in scan.seen)
    bare = sum(each.kind is Kind.NOT_INSTRUMENTED for each in scan.seen)
    others = f" Of these {quiet:,} quiet, {bare:,} not instrumented." if quiet + bare else ""
    exact, of = scan.verified
    return (
        f"{many(len(scan.seen))}{f': {told}' if told else ''}.{others} "
        f"Verified exactly: {exact:,} of {of:,} suspicious ones."
    )


def functions(scan: Scan) -> list[Body]:
    """The blind functions behind each cause, for the thread."""
    lines = list(_lines(scan))
    messages: list[Body] = []
    sections: list[str] = []
    for text in folded(lines, _PAGE):
        sections.append(text)
        if len(sections) == _SECTIONS:
            messages.append(_named(sections, len(messages) + 1))
            sections = []
    if sections:
        messages.append(_named(sections, len(messages) + 1))
    if len(messages) > REPLIES:
        cut = "More functions are blind than fit here: slsdiag scan --csv lists all of them."
        return [*messages[:REPLIES], body(cut, [section(cut)])]
    return messages


def _lines(scan: Scan) -> Iterator[str]:
    for cluster in clusters(scan.seen):
        if cluster.kind is Kind.BLIND:
            yield _ranked(cluster)
            yield from (f"• {_named_function(each)}" for each in cluster.functions)


def _named_function(seen: Seen) -> str:
    owner = f" · {seen.owner}" if seen.owner else ""
    sure = "" if seen.exact else " · not verified"
    return visible(f"{seen.name} ({seen.region} of {seen.account}{owner}{sure})")


def _named(sections: Sequence[str], number: int) -> Body:
    return body(f"The blind functions, part {number}", [section(each) for each in sections])


def _ranked(cluster: Cluster) -> str:
    """37 functions, one cause: wrapper_set. Is the wrapper …? (eu-west-1 of 1234: 30, …)"""
    step = step_named(cluster.cause)
    count = len(cluster.functions)
    one = ", one cause" if count > 1 else ""
    told = seen_of(cluster) or (step.title if step else "")
    return f"{many(count)}{one}: {cluster.cause}. {told[:_TOLD]} ({_where(cluster)})"


def _where(cluster: Cluster) -> str:
    places = Counter((each.region, each.account) for each in cluster.functions).most_common()
    told = [f"{region} of {account}: {n:,}" for (region, account), n in places[:_PLACES]]
    left = len(places) - _PLACES
    return ", ".join(told) + (f", and {left:,} more places" if left > 0 else "")


def _owners(cluster: Cluster) -> str:
    owners = Counter(each.owner for each in cluster.functions if each.owner).most_common(_PLACES)
    return ", ".join(f"{owner}: {n:,}" for owner, n in owners) or "–"


def _table(found: Sequence[Cluster]) -> dict[str, Any]:
    """A data_table (facts/slack.md §4); its models are not in slack_sdk."""
    owned = any(each.owner for cluster in found for each in cluster.functions)
    titles = ["Cause", "Class", "Functions", "Where", *(["Owner"] if owned else [])]
    rows: list[list[dict[str, Any]]] = [[_cell(each) for each in titles]]
    size = 0
    for cluster in found[:_TABLE_ROWS]:
        row = [
            _cell(cluster.cause),
            _cell(cluster.kind.value.replace("_", " ")),
            _number(len(cluster.functions)),
            _cell(_where(cluster)),
            *([_cell(_owners(cluster))] if owned else []),
        ]
        size += len(json.dumps(row, ensure_ascii=False))
        if size > _TABLE_CHARACTERS:
            break
        rows.append(row)
    left = len(found) - len(rows) + 1
    more = f"; {left:,} more in the thread" if left else ""
    return {
        "type": "data_table",
        "caption": f"Functions by cause, the blind ones first{more}",
        "page_size": _TABLE_PAGE,
        "rows": rows,
    }


def _cell(text: str) -> dict[str, Any]:
    return {"type": "raw_text", "text": visible(text)[:_CELL]}


def _number(value: int) -> dict[str, Any]:
    return {"type": "raw_number", "value": value, "text": f"{value:,}"}


def _unreadable(scan: Scan) -> Iterator[str]:
    for each in scan.unreadable[:_UNREADABLE]:
        yield f"Not read: {each.region} of {each.account}: {each.why[:_TOLD]}"
    left = len(scan.unreadable) - _UNREADABLE
    if left > 0:
        yield f"{left:,} more accounts and regions could not be read."


def _title(prefix: str) -> str:
    return f"Scan of {visible(prefix)}*" if prefix else "Scan"
