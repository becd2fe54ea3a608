"""What the fake Slack reads from a call's arguments, and how it shows messages in an answer."""

from __future__ import annotations

import json
import time
from typing import Any

from bot.playground.workspace.blocks import complaints
from bot.playground.workspace.model import APP, BOT, BOT_USER, TEAM, Message, SlackError

Answer = dict[str, Any]
Given = dict[str, Any]
LONGEST_TEXT = 40_000


def shown(message: Message, *, metadata: bool = False) -> Answer:
    """A message as the Web API shows it; metadata only where it was requested."""
    answer: Answer = {"type": "message", "ts": message.ts, "text": message.text}
    answer |= {"user": message.user, "team": TEAM}
    if message.blocks:
        answer["blocks"] = message.blocks
    if message.files:
        answer["files"] = message.files
    if message.thread_ts:
        answer["thread_ts"] = message.thread_ts
    if message.user == BOT_USER:
        answer |= {"bot_id": BOT, "app_id": APP}
    if metadata and message.metadata:
        answer["metadata"] = message.metadata
    return answer


def page(messages: Any, given: Given, most: int) -> Answer:
    """As many as were requested, and a cursor to the rest, as Slack does."""
    oldest, latest = float(given.get("oldest") or 0), float(given.get("latest") or "inf")
    within = [m for m in messages if oldest < float(m.ts) <= latest]
    began = int(given.get("cursor") or 0)
    ended = began + min(most, int(given.get("limit") or 100))
    metadata = str(given.get("include_all_metadata", "")).lower() in {"1", "true"}
    page = [shown(m, metadata=metadata) for m in within[began:ended]]
    more = {"response_metadata": {"next_cursor": str(ended)}} if len(within) > ended else {}
    return {"messages": page, "has_more": len(within) > ended, **more}


def text(given: Given) -> str:
    """That of a message; without any, there must be blocks."""
    words = str(given.get("text") or "")
    if not words and not given.get("blocks"):
        raise SlackError("no_text")
    return words[:LONGEST_TEXT]


def blocks(given: Given) -> list[dict[str, Any]]:
    """Those of a message, as far as Slack takes them."""
    drawn: list[dict[str, Any]] = decoded(given.get("blocks")) or []
    wrong = complaints(drawn)
    if any("too long" in complaint for complaint in wrong):
        raise SlackError("msg_blocks_too_long", errors=wrong)
    if wrong:
        raise SlackError("invalid_blocks", errors=wrong)
    return drawn


def decoded(value: Any) -> Any:
    """JSON stands in a form's field as text."""
    try:
        return json.loads(value) if isinstance(value, str) and value else value or None
    except ValueError:
        raise SlackError("invalid_arguments") from None


def stamp() -> str:
    """Now, as Slack writes it."""
    return f"{time.time():.6f}"
