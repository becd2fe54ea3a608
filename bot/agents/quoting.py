"""
Text from AWS and from people, for a reader that may take what it reads for instructions. Pure.

    quoted(text)     as a JSON string that holds no quotation mark, no bracket of a tag, no line break
    cleaned(value)   a document whose texts have no control or invisible characters; JSON quotes them

A function may be called "ignore previous instructions". Between quotation marks that it cannot
close, it stays a name.
"""

from __future__ import annotations

import json
import re
from typing import Any

from bot.text.visible import visible

_CLOSING = re.compile(r'\\"|[<>`“”„‟«»″❝❞〝〞〟＂]')
"""What JSON escapes by a mark of its own, other alphabets' marks, and what begins a tag or a block."""


def quoted(text: str, most: int = 400) -> str:
    """At most so many characters of it; any parser of JSON gives the text back."""
    seen = visible(text)
    short = seen if len(seen) <= most else f"{seen[: most - 1]}…"
    escaped = json.dumps(short, ensure_ascii=False)[1:-1]
    return f'"{_CLOSING.sub(_spelled, escaped)}"'


def _spelled(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0][-1]):04x}"


def cleaned(value: Any) -> Any:
    """The same document; line breaks stay, which JSON spells."""
    if isinstance(value, str):
        return "\n".join(map(visible, value.split("\n")))
    if isinstance(value, dict):
        return {key: cleaned(item) for key, item in value.items()}
    return [cleaned(item) for item in value] if isinstance(value, list) else value
