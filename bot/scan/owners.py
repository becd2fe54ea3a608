"""Whose functions are, by the tag that the settings name: those that are broken, or count for coverage."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.aws.evidence import inventory
from bot.aws.locate import Location
from bot.errors import NotConfigured
from bot.scan.coverage import counts
from bot.scan.model import Seen, arn
from bot.scan.selection import Key
from checks.evidence import Missing


def owners(
    functions: Mapping[Key, Seen], opened: Callable[[int], Location], tag: str
) -> dict[Key, str]:
    """By place and name; a function whose tags cannot be read has no owner."""
    found: dict[Key, str] = {}
    wanted: dict[int, list[Seen]] = {}
    for (number, _), seen in functions.items():
        if seen.is_news or counts(seen):
            wanted.setdefault(number, []).append(seen)
    for number, here in wanted.items():
        found |= {(number, name): owner for name, owner in _owners(here, number, opened, tag)}
    return found


def _owners(
    here: list[Seen], number: int, opened: Callable[[int], Location], tag: str
) -> list[tuple[str, str]]:
    try:
        place = opened(number)
    except NotConfigured:
        return []
    names = {arn(seen): seen.name for seen in here}
    tagged = inventory.owners(place.account, place.region, list(names), tag)
    if isinstance(tagged, Missing):
        return []
    return [(names[function], owner) for function, owner in tagged.items()]
