"""Words that are secrets by themselves: of a known kind, or random and none of AWS's own."""

from __future__ import annotations

from collections.abc import Iterator

from bot.text.redaction.kinds import Span, known_credentials
from bot.text.redaction.nouns import nouns
from bot.text.redaction.randomness import random_words


def credentials(text: str) -> tuple[Span, ...]:
    """Where they stand in `text`, in order, none within another."""
    return tuple(merged([*known_credentials(text), *_random(text)]))


def _random(text: str) -> Iterator[Span]:
    if next(random_words(text), None) is None:
        return
    for begin, end in nouns(text):  # what stands beside one is looked at by itself
        text = f"{text[:begin]}{' ' * (end - begin)}{text[end:]}"
    yield from random_words(text)


def merged(spans: list[Span]) -> Iterator[Span]:
    """Those that overlap as one; without empty ones."""
    last: Span | None = None
    for begin, end in sorted(span for span in spans if span[0] < span[1]):
        if last and begin < last[1]:
            last = last[0], max(last[1], end)
            continue
        if last:
            yield last
        last = begin, end
    if last:
        yield last
