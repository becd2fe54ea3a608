"""
Block Kit's rules for the blocks that slsdiag's messages use.

Limits from Slack's reference, as its published types and slack_sdk repeat them; the rules on
ids, on empty lists and on the whole message are checked by neither. A block that is not in
the table is refused, so that a message cannot use one before its rules stand here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

Block = dict[str, Any]

LONGEST_MESSAGE = 13_000
"""Characters of all blocks; refused near 13,200 (bolt-js issue 2509, measured there)."""
MOST_BLOCKS = {"message": 50, "modal": 100, "home": 100}
ID_LENGTH = 255
PLAIN, MRKDWN = ("plain_text",), ("plain_text", "mrkdwn")
_TEXT_KEYS = {"plain_text": {"type", "text", "emoji"}, "mrkdwn": {"type", "text", "verbatim"}}
_KEYS = {
    "section": {"text", "fields", "accessory", "expand"},
    "header": {"text"},
    "divider": set[str](),
    "context": {"elements"},
    "actions": {"elements"},
    "rich_text": {"elements"},
    "input": {"label", "hint", "element", "optional", "dispatch_action"},
    "data_visualization": {"title", "chart"},
    "data_table": {"rows", "caption", "page_size", "row_header_column_index"},
}
_ELEMENT_KEYS = {
    "plain_text_input": {"action_id", "multiline", "max_length", "min_length", "placeholder"},
    "static_select": {"action_id", "options", "placeholder", "initial_option"},
    "button": {"text", "action_id", "value", "url", "style", "confirm", "accessibility_label"},
}
_MOST_ELEMENTS = {"actions": 25, "context": 10}


def complaints(blocks: Any, surface: str = "message") -> list[str]:
    """Why Slack would refuse them, each with a JSON pointer; none when it would not."""
    if not isinstance(blocks, list):
        return ["/blocks: must be a list"]
    return list(_all(blocks, surface))


def view_complaints(view: Any) -> list[str]:
    """Why Slack would refuse to open the view."""
    if not isinstance(view, dict) or view.get("type") != "modal":
        return ["/view: must be a modal"]
    found = complaints(view.get("blocks"), "modal")
    for name in ("title", "submit", "close"):
        if name in view or name == "title":
            found += _text(f"/view/{name}", view.get(name), 24, PLAIN)
    if len(view.get("private_metadata", "")) > 3000:  # noqa: PLR2004 - Slack's limit
        found.append("/view/private_metadata: too long")
    return found


def _all(blocks: list[Any], surface: str) -> Iterator[str]:
    most = MOST_BLOCKS[surface]
    if len(blocks) > most:
        yield f"/blocks: no more than {most} items allowed"
    if surface == "message" and len(json.dumps(blocks, ensure_ascii=False)) > LONGEST_MESSAGE:
        yield "/blocks: too long"
    yield from _twice("/blocks", "block_id", blocks)
    kinds = [block.get("type") for block in blocks if isinstance(block, dict)]
    if kinds.count("data_visualization") > MOST_CHARTS:
        yield f"/blocks: no more than {MOST_CHARTS} charts allowed"
    if surface == "message":
        for number, block in enumerate(blocks):
            if isinstance(block, dict) and block.get("type") == "input":
                yield f"/blocks/{number}: no inputs in messages"
    for number, block in enumerate(blocks):
        yield from _block(f"/blocks/{number}", block)


def _block(at: str, block: Any) -> Iterator[str]:
    kind = block.get("type") if isinstance(block, dict) else None
    if kind not in _KEYS:
        yield f"{at}: unsupported type {kind!r}"
        return
    yield from _strangers(at, block, _KEYS[kind] | {"type", "block_id"})
    if len(block.get("block_id", "")) > ID_LENGTH:
        yield f"{at}/block_id: too long"
    if kind == "header":
        yield from _text(f"{at}/text", block.get("text"), 150, PLAIN)
    elif kind == "section":
        yield from _section(at, block)
    elif kind == "input":
        yield from _text(f"{at}/label", block.get("label"), 2000, PLAIN)
        if "hint" in block:
            yield from _text(f"{at}/hint", block["hint"], 2000, PLAIN)
        yield from _element(f"{at}/element", block.get("element"))
    elif kind == "rich_text":
        yield from _rich_text(f"{at}/elements", block.get("elements"))
    elif kind == "data_table":
        yield from _table(at, block)
    elif kind == "data_visualization":
        yield from _chart(at, block)
    elif kind in _MOST_ELEMENTS:
        yield from _elements(at, kind, block.get("elements"))


def _section(at: str, block: Block) -> Iterator[str]:
    fields = block.get("fields")
    if "text" in block or not fields:
        yield from _text(f"{at}/text", block.get("text"), 3000, MRKDWN)
    if fields is not None and not (isinstance(fields, list) and 1 <= len(fields) <= 10):  # noqa: PLR2004 - Slack's limit
        yield f"{at}/fields: 1 to 10 items allowed"
    for number, text in enumerate(fields or []):
        yield from _text(f"{at}/fields/{number}", text, 2000, MRKDWN)
    if "accessory" in block:
        yield from _element(f"{at}/accessory", block["accessory"])


_TABLE_ROWS, _TABLE_COLUMNS, _TABLE_CHARACTERS = 201, 20, 20_000


def _table(at: str, block: Block) -> Iterator[str]:
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


MOST_CHARTS = 2
_CHART_TITLE, _CHART_SERIES, _CHART_POINTS, _CHART_LABEL, _AXIS_LABEL = 50, 6, 20, 20, 50
"""Series: one copy of Slack's page says 12, another 6; the lower one holds in both."""


def _chart(at: str, block: Block) -> Iterator[str]:
    """A data_visualization of lines, bars or areas (docs.slack.dev; no types of it are published)."""
    yield from _short(f"{at}/title", block.get("title"), _CHART_TITLE)
    chart = block.get("chart")
    if not isinstance(chart, dict) or chart.get("type") not in {"line", "bar", "area"}:
        yield f"{at}/chart: must be a line, bar or area chart"
        return
    yield from _strangers(f"{at}/chart", chart, {"type", "series", "axis_config"})
    series, axis = chart.get("series") or [], chart.get("axis_config") or {}
    yield from _strangers(f"{at}/chart/axis_config", axis, {"categories", "x_label", "y_label"})
    for name in ("x_label", "y_label"):
        if name in axis:
            yield from _short(f"{at}/chart/axis_config/{name}", axis[name], _AXIS_LABEL)
    categories = axis.get("categories") or []
    if not 1 <= len(series) <= _CHART_SERIES or not 1 <= len(categories) <= _CHART_POINTS:
        yield f"{at}/chart: 1 to {_CHART_SERIES} series of 1 to {_CHART_POINTS} categories allowed"
    if len(set(categories)) < len(categories):
        yield f"{at}/chart/axis_config/categories: must differ"
    for label in categories:
        yield from _short(f"{at}/chart/axis_config/categories", label, _CHART_LABEL)
    if len({str(each.get("name")) for each in series}) < len(series):
        yield f"{at}/chart/series: names must differ"
    for number, each in enumerate(series):
        where, data = f"{at}/chart/series/{number}", each.get("data") or []
        yield from _strangers(where, each, {"name", "data"})
        yield from _short(f"{where}/name", each.get("name"), _CHART_LABEL)
        if [point.get("label") for point in data] != categories:
            yield f"{where}/data: must cover every category, in order"
        if not all(type(point.get("value")) in {int, float} for point in data):
            yield f"{where}/data: values must be numbers"


def _short(at: str, text: Any, longest: int) -> Iterator[str]:
    if not isinstance(text, str) or not 1 <= len(text) <= longest:
        yield f"{at}: 1 to {longest} characters allowed"


def _options(at: str, options: Any) -> Iterator[str]:
    """Of a static_select."""
    if not isinstance(options, list) or not 1 <= len(options) <= 100:  # noqa: PLR2004 - Slack's limit
        yield f"{at}/options: 1 to 100 items allowed"
        return
    for number, option in enumerate(options):
        yield from _text(f"{at}/options/{number}/text", option.get("text"), 75, PLAIN)
        yield from _short(f"{at}/options/{number}/value", option.get("value"), 150)


def _cell(at: str, cell: Any) -> Iterator[str]:
    kind = cell.get("type") if isinstance(cell, dict) else None
    if kind == "raw_text":
        if not cell.get("text"):
            yield f"{at}: must not be empty"
        yield from _strangers(at, cell, {"type", "text"})
    elif kind == "raw_number":
        if not isinstance(cell.get("value"), int | float) or not cell.get("text"):
            yield f"{at}: needs a number and its text"
        yield from _strangers(at, cell, {"type", "value", "text"})
    else:
        yield f"{at}: unsupported cell {kind!r}"


def _rich_text(at: str, parts: Any) -> Iterator[str]:
    """Only text that is shown as it stands."""
    if not isinstance(parts, list) or not parts:
        yield f"{at}: must not be empty"
        return
    for number, part in enumerate(parts):
        where = f"{at}/{number}"
        if part.get("type") != "rich_text_preformatted":
            yield f"{where}: unsupported type {part.get('type')!r}"
        for place, run in enumerate(part.get("elements") or [{}]):
            if run.get("type") != "text" or not run.get("text"):
                yield f"{where}/elements/{place}: must be a text"


def _elements(at: str, kind: str, elements: Any) -> Iterator[str]:
    most = _MOST_ELEMENTS[kind]
    if not isinstance(elements, list) or not 1 <= len(elements) <= most:
        yield f"{at}/elements: 1 to {most} items allowed"
        return
    yield from _twice(f"{at}/elements", "action_id", elements)
    for number, element in enumerate(elements):
        where = f"{at}/elements/{number}"
        if kind == "context":
            yield from _text(where, element, 3000, MRKDWN)
        else:
            yield from _element(where, element)


def _element(at: str, element: Any) -> Iterator[str]:
    kind = element.get("type") if isinstance(element, dict) else None
    if kind not in _ELEMENT_KEYS:
        yield f"{at}: unsupported type {kind!r}"
        return
    yield from _strangers(at, element, _ELEMENT_KEYS[kind] | {"type"})
    if kind == "button":
        yield from _text(f"{at}/text", element.get("text"), 75, PLAIN)
    if kind == "static_select":
        yield from _options(at, element.get("options"))
    if not 1 <= len(element.get("action_id", "x")) <= ID_LENGTH:
        yield f"{at}/action_id: 1 to {ID_LENGTH} characters allowed"
    if len(element.get("value", "")) > 2000:  # noqa: PLR2004 - Slack's limit
        yield f"{at}/value: too long"
    if element.get("style") not in {None, "primary", "danger"}:
        yield f"{at}/style: unknown"


def _text(at: str, text: Any, longest: int, kinds: tuple[str, ...]) -> Iterator[str]:
    if not isinstance(text, dict) or text.get("type") not in kinds:
        yield f"{at}: must be {' or '.join(kinds)}"
        return
    yield from _strangers(at, text, _TEXT_KEYS[text["type"]])
    said = text.get("text")
    if not isinstance(said, str) or not 1 <= len(said) <= longest:
        yield f"{at}/text: 1 to {longest} characters allowed"


def _strangers(at: str, given: Block, known: set[str]) -> Iterator[str]:
    for name in sorted(given.keys() - known):
        yield f"{at}/{name}: unknown property"


def _twice(at: str, key: str, items: list[Any]) -> Iterator[str]:
    ids = [item[key] for item in items if isinstance(item, dict) and key in item]
    for id_ in sorted({str(each) for each in ids if ids.count(each) > 1}):
        yield f"{at}: {key} {id_!r} stands twice"
