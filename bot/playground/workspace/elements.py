"""
Block Kit's rules for what stands inside a block: texts, images, buttons, menus.

As in `blocks.py`, what is not in the table is refused; where an element may stand is Slack's
reference again ("works with block types").
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

ID_LENGTH = 255
PLAIN, MRKDWN = ("plain_text",), ("plain_text", "mrkdwn")
_TEXT_KEYS = {"plain_text": {"type", "text", "emoji"}, "mrkdwn": {"type", "text", "verbatim"}}
_MENU = {"action_id", "placeholder", "confirm", "focus_on_load"}
_KEYS = {
    "button": {"text", "action_id", "value", "url", "style", "confirm", "accessibility_label"},
    "plain_text_input": {"action_id", "multiline", "max_length", "min_length", "placeholder"},
    "static_select": _MENU | {"options", "initial_option"},
    "external_select": _MENU | {"initial_option", "min_query_length"},
    "conversations_select": _MENU
    | {"initial_conversation", "default_to_current_conversation", "response_url_enabled", "filter"},
    "overflow": {"action_id", "options", "confirm"},
    "image": {"image_url", "alt_text"},
}
MENUS = frozenset({"static_select", "external_select", "conversations_select"})
ALLOWED = {
    "actions": MENUS | {"button", "overflow"},
    "accessory": MENUS | {"button", "overflow", "image"},
    "input": MENUS | {"plain_text_input"},
}
"""Which elements may stand in which place."""
_MOST_OPTIONS = {"static_select": 100, "overflow": 5}
_OPTION_KEYS = {"text", "value", "description"}
_FILTER = {"include", "exclude_bot_users", "exclude_external_shared_channels"}
_LONGEST = {"value": 2000, "url": 3000, "image_url": 3000, "accessibility_label": 75}

Element = dict[str, Any]


def element(at: str, given: Any, place: str) -> Iterator[str]:
    """What is wrong with an element that stands in `place` (a key of `ALLOWED`)."""
    kind = given.get("type") if isinstance(given, dict) else None
    if kind not in ALLOWED[place]:
        yield f"{at}: unsupported type {kind!r} in {place}"
        return
    yield from strangers(at, given, _KEYS[kind] | {"type"})
    yield from _lengths(at, given)
    if kind == "image":
        yield from image(at, given)
    if kind == "button":
        yield from text(f"{at}/text", given.get("text"), 75, PLAIN)
        if given.get("style") not in {None, "primary", "danger"}:
            yield f"{at}/style: unknown"
    if "placeholder" in given:
        yield from text(f"{at}/placeholder", given["placeholder"], 150, PLAIN)
    if kind in _MOST_OPTIONS:
        yield from options(f"{at}/options", given.get("options"), _MOST_OPTIONS[kind])
    if "initial_option" in given:
        yield from _initial(at, given)
    if "filter" in given:
        yield from strangers(f"{at}/filter", given["filter"], _FILTER)


def options(at: str, given: Any, most: int, least: int = 1) -> Iterator[str]:
    """What is wrong with the options of a menu."""
    if not isinstance(given, list) or not least <= len(given) <= most:
        yield f"{at}: {least} to {most} items allowed"
        return
    for number, option in enumerate(given):
        yield from _option(f"{at}/{number}", option)
    yield from twice(at, "value", given)


def _option(at: str, given: Any) -> Iterator[str]:
    if not isinstance(given, dict):
        yield f"{at}: must be an option"
        return
    yield from strangers(at, given, _OPTION_KEYS)
    yield from text(f"{at}/text", given.get("text"), 75, MRKDWN)
    if not 1 <= len(str(given.get("value") or "")) <= 150:  # noqa: PLR2004 - Slack's limit
        yield f"{at}/value: 1 to 150 characters allowed"
    if "description" in given:
        yield from text(f"{at}/description", given["description"], 75, PLAIN)


def image(at: str, given: Element) -> Iterator[str]:
    """What is wrong with a picture, as a block or inside one."""
    for name, most in (("image_url", 3000), ("alt_text", 2000)):
        if not 1 <= len(str(given.get(name) or "")) <= most:
            yield f"{at}/{name}: 1 to {most} characters allowed"


def text(at: str, given: Any, longest: int, kinds: tuple[str, ...]) -> Iterator[str]:
    """What is wrong with a text object."""
    if not isinstance(given, dict) or given.get("type") not in kinds:
        yield f"{at}: must be {' or '.join(kinds)}"
        return
    yield from strangers(at, given, _TEXT_KEYS[given["type"]])
    words = given.get("text")
    if not isinstance(words, str) or not 1 <= len(words) <= longest:
        yield f"{at}/text: 1 to {longest} characters allowed"


def strangers(at: str, given: Element, keys: set[str] | frozenset[str]) -> Iterator[str]:
    """Properties that Slack does not know."""
    for name in sorted(given.keys() - keys):
        yield f"{at}/{name}: unknown property"


def twice(at: str, key: str, items: list[Any]) -> Iterator[str]:
    """Ids that must differ, and do not."""
    ids = [item[key] for item in items if isinstance(item, dict) and key in item]
    for id_ in sorted({str(value) for value in ids if ids.count(value) > 1}):
        yield f"{at}: {key} {id_!r} stands twice"


def _lengths(at: str, given: Element) -> Iterator[str]:
    if not 1 <= len(given.get("action_id", "x")) <= ID_LENGTH:
        yield f"{at}/action_id: 1 to {ID_LENGTH} characters allowed"
    for name, most in _LONGEST.items():
        if len(str(given.get(name, ""))) > most:
            yield f"{at}/{name}: too long"


def _initial(at: str, given: Element) -> Iterator[str]:
    yield from _option(f"{at}/initial_option", given["initial_option"])
    if given["type"] == "static_select" and given["initial_option"] not in given.get("options", []):
        yield f"{at}/initial_option: is none of the options"
