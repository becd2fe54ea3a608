"""What was typed, and the names that exist → the functions that may be meant. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from bot.finding.model import Listing, Named, spelled
from bot.near import near

MOST = 30
"""Options of one search; Slack takes 100, and nobody reads so many."""


def search(
    typed: str,
    listings: Sequence[Listing],
    often: Mapping[str, float],
    *,
    region: str | None = None,
) -> list[Named]:
    """The likeliest first; with nothing typed, those that were asked for lately."""
    known = list(_known(listings, often, region))
    weights: dict[str, float] = {}
    for each in known:
        weights[each.name] = max(weights.get(each.name, 0.0), often.get(each.command, 0.0))
    names = near(typed, weights, MOST, weights) if typed.strip() else _all(weights)
    places: dict[str, list[Named]] = {}
    for each in known:
        places.setdefault(each.name, []).append(each)
    found = [each for name in names for each in _ordered(places[name], often)]
    return found[:MOST]


def _known(
    listings: Sequence[Listing], often: Mapping[str, float], region: str | None
) -> Iterable[Named]:
    """Listed ones, then those that were asked for and are in no listing: with qualifiers."""
    told: set[str] = set()
    for listing in listings:
        if region in {None, listing.region}:
            for name in listing.names:
                named = Named(name, listing.region, listing.account, listing.read_at)
                told.add(named.command)
                yield named
    asked = (spelled(command) for command in often if command not in told)
    yield from (each for each in asked if each and region in {None, each.region})


def _all(weights: Mapping[str, float]) -> list[str]:
    return sorted(weights, key=lambda name: (-weights[name], name))[:MOST]


def _ordered(places: list[Named], often: Mapping[str, float]) -> list[Named]:
    return sorted(places, key=lambda each: (-often.get(each.command, 0.0), each.region))
