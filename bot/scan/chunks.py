"""
The functions that a scan checks exactly, cut into chunks for workers. Pure.

Each place's chunks follow each other in a few rows, so that however many workers there are, no more
calls wait for a place's quota than keep it busy: a person's own check goes between.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.scan.model import Seen
from bot.scan.run import Chunk

SIZE = 20
"""Functions checked exactly in one chunk: some seconds of the slowest quota."""
AT_ONCE = 2
"""Chunks of one place: while one ends, the other keeps the quota busy."""


def exact_chunks(
    chosen: Sequence[tuple[int, Seen]], begin: int
) -> tuple[dict[int, Chunk], list[int]]:
    """Functions with the number of their place, in their order → chunks, numbered from `begin`, and the numbers to begin with."""
    chunks: dict[int, Chunk] = {}
    first: list[int] = []
    for place in sorted({number for number, _ in chosen}):
        names = [seen.name for number, seen in chosen if number == place]
        parts = [tuple(names[at : at + SIZE]) for at in range(0, len(names), SIZE)]
        start = begin + len(chunks)
        first += range(start, start + min(AT_ONCE, len(parts)))
        for at, part in enumerate(parts):
            then = start + at + AT_ONCE if at + AT_ONCE < len(parts) else None
            chunks[start + at] = Chunk(place, part, then=then)
    return chunks, first
