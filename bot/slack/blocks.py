"""
The blocks that Slack's messages are made of, safe whatever text is put in.

Text from AWS and from people goes into `plain_text`, where Slack parses nothing; the
notification text, which it does parse, is escaped.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    ContextBlock,
    HeaderBlock,
    MarkdownTextObject,
    PlainTextObject,
    SectionBlock,
)

from bot.text.visible import visible

Body = dict[str, Any]
_HEADER, _SECTION, _TEXT = 150, 2900, 3000
_LABEL = 75


@lru_cache(maxsize=1_024)
def escaped(text: str) -> str:
    """For the notification text: no live mention, link or control character."""
    return visible(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def body(text: str, blocks: Sequence[Block | dict[str, Any]]) -> Body:
    """
    What the Web API takes; slack_sdk's models check Slack's limits here.

    A dict is a block that slack_sdk has no model of.
    """
    made = [block if isinstance(block, dict) else block.to_dict() for block in blocks]
    return {"text": escaped(text)[:_TEXT], "blocks": made}


def words(text: str) -> Body:
    """Several lines for one person, each made safe."""
    return {"text": "\n".join(escaped(line) for line in text.split("\n"))}


def plain(text: str, limit: int) -> PlainTextObject:
    """Text in which Slack parses nothing, cut to `limit` characters."""
    safe = "\n".join(visible(line) for line in text.split("\n"))
    return PlainTextObject(text=f"{safe[: limit - 1]}…" if len(safe) > limit else safe, emoji=False)


def header(text: str) -> HeaderBlock:
    """A line in large type."""
    return HeaderBlock(text=plain(text, _HEADER))


def section(text: str) -> SectionBlock:
    """A paragraph."""
    return SectionBlock(text=plain(text, _SECTION))


def with_button(text: str, action: str, label: str, value: str) -> SectionBlock:
    """A paragraph with a button beside it."""
    return SectionBlock(text=plain(text, _SECTION), accessory=button(action, label, value))


def context(text: str) -> ContextBlock:
    """A line in small type."""
    return ContextBlock(elements=[plain(text, _SECTION)])


def markup(text: str) -> ContextBlock:
    """A line in small type that Slack parses: for what we built ourselves only."""
    return ContextBlock(elements=[MarkdownTextObject(text=text, verbatim=True)])


def button(action: str, label: str, value: str) -> ButtonElement:
    """One; `value` comes back when it is clicked."""
    return ButtonElement(text=plain(label, _LABEL), action_id=action, value=value)


def buttons(*labeled: tuple[str, str, str]) -> ActionsBlock:
    """A row of them, by action, label and value."""
    return ActionsBlock(elements=[button(*one) for one in labeled])
