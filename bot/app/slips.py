"""A word that was meant to be another one. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

_SHORTEST_SLIP = 4
"""Letters: with fewer, most words are a slip away from another one."""


def transposed(words: Sequence[str], known: Iterable[str]) -> str | None:
    """Which of `known` a single word is one slip away from; None where it is none, or a plural."""
    typed = words[0].lower()
    if len(words) > 1 or len(typed) < _SHORTEST_SLIP or not typed.isalpha():
        return None
    from rapidfuzz.distance import OSA  # noqa: PLC0415 - few words need it

    near = (verb for verb in known if OSA.distance(typed, verb) == 1 and typed != f"{verb}s")
    return next(near, None)
