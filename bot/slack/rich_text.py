"""
Rich text: laid out, and never parsed by Slack, whatever stands in it.

A block is made of paragraphs, numbered lists and preformatted text; these of parts: text (plain,
bold, or code), links, people and moments, which each reader sees in their own zone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from slack_sdk.models.blocks import (
    RichTextBlock,
    RichTextElement,
    RichTextElementParts,
    RichTextListElement,
    RichTextPreformattedElement,
    RichTextSectionElement,
)

from bot.text.visible import visible

Part = RichTextElement
Piece = RichTextElement
"""A paragraph, a list or preformatted text."""
_LONGEST = 2_900
"""Characters of one part."""
_FORMAT = "{date_short_pretty} {time}"


def text(words: str, *, bold: bool = False, code: bool = False) -> Part:
    """Words as they stand."""
    style = {name: True for name, on in (("bold", bold), ("code", code)) if on}
    shown = visible(words)[:_LONGEST] or " "
    return RichTextElementParts.Text(
        text=shown, style=RichTextElementParts.TextStyle(**style) if style else None
    )


def link(label: str, url: str) -> Part:
    """Leads to an address that we built ourselves."""
    return RichTextElementParts.Link(url=url, text=visible(label)[:_LONGEST])


def person(user: str) -> Part:
    """Somebody, by Slack's id."""
    return RichTextElementParts.User(user_id=user)


def moment(at: datetime) -> Part:
    """In the reader's own zone; in UTC where Slack cannot."""
    fallback = f"{at:%d %b %H:%M} UTC"
    return RichTextElementParts.Date(
        timestamp=int(at.timestamp()), format=_FORMAT, fallback=fallback
    )


def date_token(at: datetime) -> str:
    """The same in mrkdwn."""
    return f"<!date^{int(at.timestamp())}^{_FORMAT}|{at:%d %b %H:%M} UTC>"


def paragraph(parts: Iterable[Part]) -> Piece:
    """One after the other."""
    return RichTextSectionElement(elements=list(parts))


def listed(items: Sequence[Iterable[Part]], *, numbered: bool = False, offset: int = 0) -> Piece:
    """A list; a numbered one goes on after `offset` items."""
    return RichTextListElement(
        elements=[paragraph(item) for item in items],
        style="ordered" if numbered else "bullet",
        offset=offset or None,
    )


def copyable(words: str) -> Piece:
    """Set apart, to be copied: line breaks stay."""
    shown = "\n".join(visible(line) for line in words.split("\n"))
    return RichTextPreformattedElement(elements=[RichTextElementParts.Text(text=shown or " ")])


def block(pieces: Sequence[Piece]) -> RichTextBlock:
    """All of it as one block."""
    return RichTextBlock(elements=list(pieces))
