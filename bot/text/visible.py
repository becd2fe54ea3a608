"""Text from people and from AWS, made safe to show."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence


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


def either(names: Sequence[str]) -> str:
    """One of these: "a", "a or b", "a, b or c"."""
    return " or ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def folded(lines: Sequence[str], most: int) -> Iterator[str]:
    """Lines in as few texts of at most `most` characters as their order allows."""
    page: list[str] = []
    size = 0
    for line in lines:
        if page and size + len(line) + 1 > most:
            yield "\n".join(page)
            page, size = [], 0
        page.append(line[:most])
        size += len(line) + 1
    if page:
        yield "\n".join(page)
