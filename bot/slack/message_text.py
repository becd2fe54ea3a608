"""All text of a message that somebody pointed at: alarms of other apps hide it in blocks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

_TEXTS = frozenset({"text", "title", "fallback", "value", "url"})


def all_text(message: dict[str, Any]) -> str:
    """A line for each piece; alarms come as blocks or attachments, with little or no text."""
    return "\n".join(_texts([{key: message.get(key) for key in ("text", "blocks", "attachments")}]))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, part in value.items():
            if isinstance(part, str) and key in _TEXTS:
                yield part
            else:
                yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)
