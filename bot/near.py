"""
Names that resemble what somebody typed, the likeliest first. Pure.

The same name comes before one that holds every typed word, and that before one that only looks
alike; among equals, what was asked for lately comes first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

ALIKE = 75.0
"""Of 100, by rapidfuzz's WRatio: a slip or two in a word, or a word left out."""


def near(
    typed: str, names: Iterable[str], most: int = 5, weights: Mapping[str, float] | None = None
) -> tuple[str, ...]:
    """Up to `most` of `names`; a higher weight comes first among those that fit as well."""
    from rapidfuzz import fuzz, process, utils  # noqa: PLC0415 - the command line seldom needs it

    known = list(dict.fromkeys(names))
    wanted = utils.default_process(typed)
    if not wanted:
        return ()
    alike = process.extract_iter(
        wanted, known, scorer=fuzz.WRatio, processor=utils.default_process, score_cutoff=ALIKE
    )
    scores = {name: score for name, score, _ in alike}
    words = wanted.split()
    whole = {name for name in known if all(word in name.lower() for word in words)}

    def order(name: str) -> tuple[float, ...]:
        same = utils.default_process(name) == wanted
        tier = 0 if same else 1 if name in whole else 2
        weight = (weights or {}).get(name, 0.0)
        return (tier, -weight, -scores.get(name, 0.0), len(name))

    return tuple(sorted(scores.keys() | whole, key=lambda name: (*order(name), name))[:most])
