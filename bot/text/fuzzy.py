"""
Names that resemble what somebody typed, the likeliest first. Pure.

The same name comes first; then names that hold every typed word, those that begin with it and the
shorter ones before the others; then, while there is room, names that only look alike. Among equals
what was asked for lately comes first. A hundred thousand names take a fraction of a second, so what
can be made beforehand stands in `Names`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

ALIKE = 75.0
"""Of 100, by rapidfuzz's WRatio: a slip or two in a word, or a word left out."""


@dataclass(frozen=True, slots=True)
class Names:
    """Short ones first; `plain` are the same names in lower case, without punctuation."""

    spelled: tuple[str, ...]
    plain: tuple[str, ...]


def prepared(names: Iterable[str]) -> Names:
    """Once for a list that is searched often."""
    from rapidfuzz.utils import default_process  # noqa: PLC0415 - the command line seldom needs it

    spelled = tuple(sorted(set(names), key=lambda name: (len(name), name)))
    return Names(spelled, tuple(map(default_process, spelled)))


def closest(
    typed: str, names: Iterable[str] | Names, most: int = 5, weights: Mapping[str, float] = {}
) -> tuple[str, ...]:
    """Up to `most` of `names`; a higher weight comes first among those that fit as well."""
    from rapidfuzz.utils import default_process  # noqa: PLC0415 - as above

    choices = names if isinstance(names, Names) else prepared(names)
    wanted = default_process(typed)
    if not wanted:
        return ()
    fitting = _holding(wanted, choices, most, weights)
    if len(fitting) < most:
        fitting += [name for name in _alike(wanted, choices, most, weights) if name not in fitting]
    return tuple(fitting[:most])


def _holding(wanted: str, choices: Names, most: int, weights: Mapping[str, float]) -> list[str]:
    words = wanted.split()
    same: list[str] = []
    first: list[str] = []
    begins: list[str] = []
    holds: list[str] = []
    for name, plain in zip(choices.spelled, choices.plain, strict=True):
        if not all(word in plain for word in words):
            continue
        if plain == wanted:
            same.append(name)
        elif name in weights:
            first.append(name)
        elif plain.startswith(wanted):
            begins.append(name)
        elif len(holds) < most:
            holds.append(name)
        if len(begins) >= most and not weights:
            break
    first.sort(key=lambda name: -weights[name])
    return [*same, *first, *begins, *holds]


def _alike(wanted: str, choices: Names, most: int, weights: Mapping[str, float]) -> list[str]:
    from rapidfuzz import fuzz, process  # noqa: PLC0415 - as above

    extracted = process.extract(
        wanted, choices.plain, scorer=fuzz.WRatio, score_cutoff=ALIKE, limit=2 * most
    )
    matches = [(choices.spelled[at], score) for _, score, at in extracted]
    matches.sort(key=lambda match: (-weights.get(match[0], 0.0), -match[1]))
    return [name for name, _ in matches]
