"""Text from people and from AWS, made safe to show."""

from __future__ import annotations

import unicodedata


def visible(text: str) -> str:
    """Control, bidirectional and invisible characters as U+XXXX; line breaks as spaces."""
    if text.isprintable():  # as most is; it leaves out all that would be shown otherwise
        return text
    return "".join(_shown(character) for character in text)


def _shown(character: str) -> str:
    if character in "\r\n\t":
        return " "
    if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}:
        return f"U+{ord(character):04X}"
    return character
