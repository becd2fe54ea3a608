"""
What a scan saw of each function, as it is stored.

Ten thousand of them are stored at once, so each is a JSON list, by position. What a newer release
added at the end is ignored; what this release cannot read is None.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from bot.scan.model import Seen, Unreadable
from bot.store import coding

_COLUMNS = (
    "region",
    "account",
    "verdict",
    "cause",
    "kind",
    "invoked",
    "exact",
    "saw",
    "reported_at",
    "impact",
    "headline",
    "basis",
    "checked_before",
    "runtime",
    "steady",
)
_FEWEST, _REASON = 8, 3
"""Columns of a row of the first release, and of a reason."""


def place_and_name(key: str) -> tuple[int, str]:
    """The number of the place, and the function's name."""
    number, _, name = key.partition(":")
    return int(number), name


def key_of(place: int, name: str) -> str:
    """The key of that function's row."""
    return f"{place}:{name}"


def packed(seen: Seen) -> str:
    """The row of one function."""
    kind = seen.kind.value if seen.kind else None
    where, judged = (seen.region, seen.account), (seen.verdict, seen.cause, kind)
    exactly = (seen.exact, seen.saw, _written(seen.reported_at), seen.impact, seen.headline)
    rests_on = (seen.basis, _written(seen.checked_before), seen.runtime, seen.steady)
    row = [*where, *judged, seen.invoked, *exactly, *rests_on]
    return json.dumps(row, separators=(",", ":"))


def _written(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def packed_exact(seen: Seen | None) -> str:
    """Likewise; empty for a function that is gone."""
    return packed(seen) if seen else ""


def unpacked(key: str, text: str) -> Seen | None:
    """The function of that row."""
    row = _row(text)[: len(_COLUMNS)]
    if len(row) < _FEWEST:
        return None
    _, name = place_and_name(key)
    try:
        return coding.fitting(Seen, {"name": name, **dict(zip(_COLUMNS, row, strict=False))})
    except (coding.Unreadable, ValueError):
        return None


def packed_reason(unreadable: Unreadable) -> str:
    """Why a place could not be read."""
    return json.dumps([unreadable.account, unreadable.region, unreadable.why])


def unpacked_reason(text: str) -> Unreadable | None:
    """Likewise."""
    row = _row(text)[:_REASON]
    readable = len(row) == _REASON and all(isinstance(column, str) for column in row)
    return Unreadable(*row) if readable else None


def _row(text: str) -> list[Any]:
    try:
        row = json.loads(text)
    except ValueError:
        return []
    return row if isinstance(row, list) else []
