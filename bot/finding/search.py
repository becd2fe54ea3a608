"""What was typed, and the names that exist → the functions that may be meant. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.finding.model import Listing, Named, spelled
from bot.near import Names, near, prepared

MOST = 30
"""Options of one search; Slack takes 100, and nobody reads so many."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Listings, made ready for searches."""

    listings: tuple[Listing, ...]
    names: Names
    places: Mapping[str, tuple[int, ...]]
    """By name, which listings hold it."""


def catalogue(listings: Sequence[Listing]) -> Catalogue:
    """Takes a second for a hundred thousand names: once for each reading of them."""
    places: dict[str, tuple[int, ...]] = {}
    for at, listing in enumerate(listings):
        for name in listing.names:
            places[name] = (*places.get(name, ()), at)
    return Catalogue(tuple(listings), prepared(places), places)


def search(
    typed: str, known: Catalogue, often: Mapping[str, float], *, region: str | None = None
) -> list[Named]:
    """The likeliest first; with nothing typed, those that were asked for lately."""
    asked = _asked(known, often, region)
    weights: dict[str, float] = {}
    for named in asked:
        weights[named.name] = max(weights.get(named.name, 0.0), often[named.command])
    if typed.strip():
        listed = near(typed, known.names, MOST, weights)
        unlisted = [name for name in weights if name not in known.places]
        names = tuple(dict.fromkeys([*near(typed, unlisted, MOST, weights), *listed]))
    else:
        lately = sorted(weights, key=lambda name: (-weights[name], name))
        names = tuple(dict.fromkeys([*lately, *known.names.spelled[:MOST]]))
    found = [each for name in names for each in _places(name, known, asked, often, region)]
    return found[:MOST]


def _asked(known: Catalogue, often: Mapping[str, float], region: str | None) -> list[Named]:
    """What was asked for, by name, with qualifiers; and is not known to be gone."""
    read = {(each.account, each.region) for each in known.listings if each.whole and not each.why}
    named = [each for command in often if (each := spelled(command))]
    return [
        each
        for each in named
        if region in {None, each.region}
        and (each.name.partition(":")[0] in known.places or (each.account, each.region) not in read)
    ]


def _places(
    name: str,
    known: Catalogue,
    asked: Sequence[Named],
    often: Mapping[str, float],
    region: str | None,
) -> list[Named]:
    listings = (known.listings[at] for at in known.places.get(name, ()))
    found = [Named(name, each.region, each.account, each.read_at) for each in listings]
    listed = {each.command for each in found}
    found += [each for each in asked if each.name == name and each.command not in listed]
    return sorted(
        (each for each in found if region in {None, each.region}),
        key=lambda each: (-often.get(each.command, 0.0), each.region),
    )
