"""
Block Kit's rules for tables and charts, which slack_sdk has no models of.

The table's shape is @slack/types 3.2.0's, its limits are slackblocks'; of charts nothing but
Slack's pages is published.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.playground.workspace.elements import strangers

Block = dict[str, Any]

MOST_CHARTS = 2
_TABLE_ROWS, _TABLE_COLUMNS, _TABLE_CHARACTERS = 201, 20, 20_000


def table(at: str, block: Block) -> Iterator[str]:
    """A data_table, of raw cells only (facts: @slack/types 3.2.0; limits as slackblocks has them)."""
    if not block.get("caption"):
        yield f"{at}/caption: is missing"
    if not 1 <= block.get("page_size", 5) <= 100:  # noqa: PLR2004 - Slack's limit
        yield f"{at}/page_size: 1 to 100"
    rows = block.get("rows")
    if not (isinstance(rows, list) and 1 <= len(rows) <= _TABLE_ROWS):
        yield f"{at}/rows: 1 to {_TABLE_ROWS} items allowed"
        return
    if len({len(row) for row in rows}) > 1 or not 1 <= len(rows[0]) <= _TABLE_COLUMNS:
        yield f"{at}/rows: each must have the same 1 to {_TABLE_COLUMNS} cells"
    cells = [cell for row in rows for cell in row]
    yield from (
        complaint
        for number, cell in enumerate(cells)
        for complaint in _cell(f"{at}/{number}", cell)
    )
    if sum(len(str(cell.get("text", ""))) for cell in cells) > _TABLE_CHARACTERS:
        yield f"{at}/rows: too long"


_CHART_TITLE, _CHART_SERIES, _CHART_POINTS, _CHART_LABEL, _AXIS_LABEL = 50, 6, 20, 20, 50
"""Series: one copy of Slack's page says 12, another 6; the lower one holds in both."""


def chart(at: str, block: Block) -> Iterator[str]:
    """A data_visualization of lines, bars or areas (docs.slack.dev; no types of it are published)."""
    yield from _short(f"{at}/title", block.get("title"), _CHART_TITLE)
    drawn = block.get("chart")
    if not isinstance(drawn, dict) or drawn.get("type") not in {"line", "bar", "area"}:
        yield f"{at}/chart: must be a line, bar or area chart"
        return
    yield from strangers(f"{at}/chart", drawn, {"type", "series", "axis_config"})
    axis = drawn.get("axis_config") or {}
    yield from _axis(f"{at}/chart/axis_config", axis)
    yield from _series(f"{at}/chart", drawn.get("series") or [], axis.get("categories") or [])


def _axis(at: str, axis: Block) -> Iterator[str]:
    yield from strangers(at, axis, {"categories", "x_label", "y_label"})
    for name in ("x_label", "y_label"):
        if name in axis:
            yield from _short(f"{at}/{name}", axis[name], _AXIS_LABEL)
    categories = axis.get("categories") or []
    if len(set(categories)) < len(categories):
        yield f"{at}/categories: must differ"
    for label in categories:
        yield from _short(f"{at}/categories", label, _CHART_LABEL)


def _series(at: str, series: list[Block], categories: list[str]) -> Iterator[str]:
    if not 1 <= len(series) <= _CHART_SERIES or not 1 <= len(categories) <= _CHART_POINTS:
        yield f"{at}: 1 to {_CHART_SERIES} series of 1 to {_CHART_POINTS} categories allowed"
    if len({str(one.get("name")) for one in series}) < len(series):
        yield f"{at}/series: names must differ"
    for number, one in enumerate(series):
        where, data = f"{at}/series/{number}", one.get("data") or []
        yield from strangers(where, one, {"name", "data"})
        yield from _short(f"{where}/name", one.get("name"), _CHART_LABEL)
        if [point.get("label") for point in data] != categories:
            yield f"{where}/data: must cover every category, in order"
        if not all(type(point.get("value")) in {int, float} for point in data):
            yield f"{where}/data: values must be numbers"


def _short(at: str, text: Any, longest: int) -> Iterator[str]:
    if not isinstance(text, str) or not 1 <= len(text) <= longest:
        yield f"{at}: 1 to {longest} characters allowed"


def _cell(at: str, cell: Any) -> Iterator[str]:
    kind = cell.get("type") if isinstance(cell, dict) else None
    if kind == "raw_text":
        if not cell.get("text"):
            yield f"{at}: must not be empty"
        yield from strangers(at, cell, {"type", "text"})
    elif kind == "raw_number":
        if not isinstance(cell.get("value"), int | float) or not cell.get("text"):
            yield f"{at}: needs a number and its text"
        yield from strangers(at, cell, {"type", "value", "text"})
    else:
        yield f"{at}: unsupported cell {kind!r}"
