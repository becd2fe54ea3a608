"""The table of a scan's causes, a block that not every Slack takes."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from bot.scan.lines import named_cause, state_of_all, where
from bot.scan.model import Cluster
from bot.text.visible import visible

Row = list[dict[str, Any]]
_CHARACTERS, _ROWS, _PAGE = 5_000, 100, 10
_CELL, _OWNERS = 150, 2


def table_of(causes: Sequence[Cluster]) -> dict[str, Any]:
    """A data_table (docs/facts/slack.md); its models are not in slack_sdk."""
    owned = any(function.owner for cause in causes for function in cause.functions)
    titles = ["Cause", "State", "Functions", "Where", *(["Owner"] if owned else [])]
    rows = list(_fitting([_row(cause, owned=owned) for cause in causes[:_ROWS]]))
    left = len(causes) - len(rows)
    more = f"; {left:,} more in the thread" if left else ""
    return {
        "type": "data_table",
        "caption": f"Functions by cause, those that are down first{more}",
        "page_size": _PAGE,
        "rows": [[_cell(title) for title in titles], *rows],
    }


def _fitting(rows: Sequence[Row]) -> Iterator[Row]:
    """As many as Slack takes."""
    size = 0
    for row in rows:
        size += len(json.dumps(row, ensure_ascii=False))
        if size > _CHARACTERS:
            return
        yield row


def _row(cause: Cluster, *, owned: bool) -> Row:
    return [
        _cell(named_cause(cause)),
        _cell(state_of_all(cause).word),
        _number(len(cause.functions)),
        _cell(where(cause)),
        *([_cell(_owners(cause))] if owned else []),
    ]


def _owners(cause: Cluster) -> str:
    owners = Counter(it.owner for it in cause.functions if it.owner).most_common(_OWNERS)
    return ", ".join(f"{owner}: {n:,}" for owner, n in owners) or "–"


def _cell(text: str) -> dict[str, Any]:
    return {"type": "raw_text", "text": visible(text)[:_CELL]}


def _number(value: int) -> dict[str, Any]:
    return {"type": "raw_number", "value": value, "text": f"{value:,}"}
