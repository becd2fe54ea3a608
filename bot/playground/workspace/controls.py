"""What people may click or choose in blocks, by its label; and how Slack writes down a choice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Block = dict[str, Any]
Chosen = str | dict[str, Any]
"""Text, a channel's id, or an option: itself, its label or its value."""
_CLICKED = ("type", "action_id", "value", "text")


@dataclass(frozen=True)
class Control:
    """A button, or one option of a menu."""

    label: str
    block_id: str
    element: Block
    option: Block | None = None

    def clicked(self) -> Block:
        """As `actions[]` of the payload has it."""
        described = {key: self.element[key] for key in _CLICKED if key in self.element}
        chosen = {"selected_option": self.option} if self.option else {}
        return described | chosen | {"block_id": self.block_id}


def controls(blocks: list[Block]) -> Iterator[Control]:
    """Those of rows of actions, of a section's side, and of inputs that report at once."""
    for block, element in elements(blocks):
        id_ = block.get("block_id", "")
        if element["type"] == "button":
            yield Control(element["text"]["text"], id_, element)
        for option in element.get("options", []):
            yield Control(option["text"]["text"], id_, element, option)


def elements(blocks: list[Block]) -> Iterator[tuple[Block, Block]]:
    """Everything with an action id, and its block."""
    for block in blocks:
        inside = [*block.get("elements", []), block.get("accessory"), block.get("element")]
        for element in inside:
            if isinstance(element, dict) and "action_id" in element:
                yield block, element


def one(blocks: list[Block], action_id: str) -> tuple[Block, Block]:
    """The element with this action id, after its block; LookupError when there is none."""
    for pair in elements(blocks):
        if pair[1]["action_id"] == action_id:
            return pair
    raise LookupError(f"there is no {action_id!r} in it")


def value(element: Block, chosen: Chosen | None, offered: list[Block]) -> Block:
    """`state.values` of one field; `offered` are the options that a search brought."""
    kind = element["type"]
    if kind == "plain_text_input":
        return {"type": kind, "value": chosen or None}
    if kind == "conversations_select":
        channel = chosen or element.get("initial_conversation")
        return {"type": kind, "selected_conversation": channel}
    offers = [*element.get("options", []), *offered]
    option = _option(offers, chosen) if chosen else element.get("initial_option")
    return {"type": kind, "selected_option": option}


def _option(offers: list[Block], chosen: Chosen) -> Block:
    for option in offers:
        if chosen in (option, option["value"], option["text"]["text"]):
            return option
    raise LookupError(f"{chosen!r} is none of {[offer['value'] for offer in offers]}")
