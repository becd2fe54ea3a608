"""
Block Kit's rules for the blocks that slsdiag's messages use.

Limits from Slack's reference, as its published types and slack_sdk repeat them; the rules on
ids, on empty lists and on the whole message are checked by neither. A block that is not in
the table is refused, so that a message cannot use one before its rules stand here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from bot.playground.workspace.data_blocks import MOST_CHARTS, chart, table
from bot.playground.workspace.elements import (
    ID_LENGTH,
    MRKDWN,
    PLAIN,
    element,
    image,
    strangers,
    text,
    twice,
)

Block = dict[str, Any]

LONGEST_MESSAGE = 13_000
"""Characters of all blocks; refused near 13,200 (bolt-js issue 2509, measured there)."""
MOST_BLOCKS = {"message": 50, "modal": 100, "home": 100}
_KEYS = {
    "section": {"text", "fields", "accessory", "expand"},
    "header": {"text"},
    "divider": set[str](),
    "image": {"image_url", "alt_text", "title"},
    "context": {"elements"},
    "actions": {"elements"},
    "rich_text": {"elements"},
    "input": {"label", "hint", "element", "optional", "dispatch_action"},
    "data_visualization": {"title", "chart"},
    "data_table": {"rows", "caption", "page_size", "row_header_column_index"},
}
_VIEW = {"type", "blocks", "private_metadata", "callback_id", "external_id"}
_VIEW_KEYS = {
    "home": _VIEW,
    "modal": _VIEW | {"title", "submit", "close", "clear_on_close", "notify_on_close"},
}
_MOST_ELEMENTS = {"actions": 25, "context": 10}


def complaints(blocks: Any, surface: str = "message") -> list[str]:
    """Why Slack would refuse them, each with a JSON pointer; none when it would not."""
    if not isinstance(blocks, list):
        return ["/blocks: must be a list"]
    return list(_all(blocks, surface))


def view_complaints(view: Any, surface: str = "modal") -> list[str]:
    """Why Slack would refuse to show the view, a "modal" or a "home"."""
    if not isinstance(view, dict) or view.get("type") != surface:
        return [f"/view: must be a {surface}"]
    complaints_found = [
        *strangers("/view", view, _VIEW_KEYS[surface]),
        *complaints(view.get("blocks"), surface),
    ]
    for name in ("title", "submit", "close"):
        if name in view or (name == "title" and surface == "modal"):
            complaints_found += text(f"/view/{name}", view.get(name), 24, PLAIN)
    inputs = [block for block in view.get("blocks") or [] if block.get("type") == "input"]
    if inputs and surface == "modal" and "submit" not in view:
        complaints_found.append("/view/submit: needed where there are inputs")
    for name, most in (("private_metadata", 3000), ("callback_id", ID_LENGTH)):
        if len(view.get(name, "")) > most:
            complaints_found.append(f"/view/{name}: too long")
    return complaints_found


def _all(blocks: list[Any], surface: str) -> Iterator[str]:
    most = MOST_BLOCKS[surface]
    if len(blocks) > most:
        yield f"/blocks: no more than {most} items allowed"
    if surface == "message" and len(json.dumps(blocks, ensure_ascii=False)) > LONGEST_MESSAGE:
        yield "/blocks: too long"
    yield from twice("/blocks", "block_id", blocks)
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
    yield from strangers(at, block, _KEYS[kind] | {"type", "block_id"})
    if len(block.get("block_id", "")) > ID_LENGTH:
        yield f"{at}/block_id: too long"
    if kind in _CONTENT:
        yield from _CONTENT[kind](at, block)


def _header(at: str, block: Block) -> Iterator[str]:
    yield from text(f"{at}/text", block.get("text"), 150, PLAIN)


def _input(at: str, block: Block) -> Iterator[str]:
    yield from text(f"{at}/label", block.get("label"), 2000, PLAIN)
    if "hint" in block:
        yield from text(f"{at}/hint", block["hint"], 2000, PLAIN)
    yield from element(f"{at}/element", block.get("element"), "input")


def _image(at: str, block: Block) -> Iterator[str]:
    yield from image(at, block)
    if "title" in block:
        yield from text(f"{at}/title", block["title"], 2000, PLAIN)


def _section(at: str, block: Block) -> Iterator[str]:
    fields = block.get("fields")
    if "text" in block or not fields:
        yield from text(f"{at}/text", block.get("text"), 3000, MRKDWN)
    if fields is not None and not (isinstance(fields, list) and 1 <= len(fields) <= 10):  # noqa: PLR2004 - Slack's limit
        yield f"{at}/fields: 1 to 10 items allowed"
    for number, field in enumerate(fields or []):
        yield from text(f"{at}/fields/{number}", field, 2000, MRKDWN)
    if "accessory" in block:
        yield from element(f"{at}/accessory", block["accessory"], "accessory")


def _rich_text(at: str, block: Block) -> Iterator[str]:
    """Sections, lists of sections and preformatted text; what each may hold."""
    parts, at = block.get("elements"), f"{at}/elements"
    if not isinstance(parts, list) or not parts:
        yield f"{at}: must not be empty"
        return
    for number, part in enumerate(parts):
        where, kind = f"{at}/{number}", part.get("type")
        if kind == "rich_text_list":
            yield from strangers(where, part, {"type", "elements", "style", "indent", "offset"})
            if part.get("style") not in {"bullet", "ordered"}:
                yield f"{where}/style: must be bullet or ordered"
            yield from _rich_text(where, part)
        elif kind not in _RICH:
            yield f"{where}: unsupported type {kind!r}"
        else:
            yield from _runs(f"{where}/elements", part.get("elements"), _RICH[kind])


_RICH = {
    "rich_text_section": {"text", "link", "user", "date"},
    "rich_text_preformatted": {"text", "link"},
}
_RUN = {
    "text": {"text"},
    "link": {"url", "text"},
    "user": {"user_id"},
    "date": {"timestamp", "format", "fallback"},
}
"""Of each part of a text, what it needs."""


def _runs(at: str, runs: Any, kinds: set[str]) -> Iterator[str]:
    if not isinstance(runs, list) or not runs:
        yield f"{at}: must not be empty"
        return
    for place, run in enumerate(runs):
        where, kind = f"{at}/{place}", run.get("type")
        if kind not in kinds:
            yield f"{where}: unsupported type {kind!r}"
            continue
        yield from strangers(where, run, _RUN[kind] | {"type", "style"})
        yield from (f"{where}/{name}: missing" for name in _RUN[kind] if not run.get(name))
        if kind == "link" and not str(run.get("url")).startswith("https://"):
            yield f"{where}/url: must be an https address"


def _elements(at: str, block: Block) -> Iterator[str]:
    kind, elements = block["type"], block.get("elements")
    most = _MOST_ELEMENTS[kind]
    if not isinstance(elements, list) or not 1 <= len(elements) <= most:
        yield f"{at}/elements: 1 to {most} items allowed"
        return
    yield from twice(f"{at}/elements", "action_id", elements)
    for number, one in enumerate(elements):
        where = f"{at}/elements/{number}"
        if kind == "actions":
            yield from element(where, one, "actions")
        elif isinstance(one, dict) and one.get("type") == "image":
            yield from strangers(where, one, {"type", "image_url", "alt_text"})
            yield from image(where, one)
        else:
            yield from text(where, one, 3000, MRKDWN)


_CONTENT: Mapping[str, Callable[[str, Block], Iterator[str]]] = {
    "header": _header,
    "section": _section,
    "input": _input,
    "image": _image,
    "rich_text": _rich_text,
    "data_table": table,
    "data_visualization": chart,
    "actions": _elements,
    "context": _elements,
}
"""A divider has none."""
