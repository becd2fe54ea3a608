"""What was typed, and the names that exist → the functions that may be meant. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.search.model import Listing, Named
from bot.target import command, of_command
from bot.text.fuzzy import Names, closest, prepared
from checks.function_ref import FunctionRef

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
    typed: str, available: Catalogue, often: Mapping[str, float], *, region: str | None = None
) -> list[Named]:
    """The likeliest first; with nothing typed, those that were asked for lately."""
    requested = _requested(available, often, region)
    weights: dict[str, float] = {}
    for named in requested:
        weights[named.spelled] = max(weights.get(named.spelled, 0.0), often[command(named)])
    if typed.strip():
        listed = closest(typed, available.names, MOST, weights)
        unlisted = [name for name in weights if name not in available.places]
        names = tuple(dict.fromkeys([*closest(typed, unlisted, MOST, weights), *listed]))
    else:
        lately = sorted(weights, key=lambda name: (-weights[name], name))
        names = tuple(dict.fromkeys([*lately, *available.names.spelled[:MOST]]))
    functions = [
        function
        for name in names
        for function in _places(name, available, requested, often, region)
    ]
    return functions[:MOST]


def _requested(
    available: Catalogue, often: Mapping[str, float], region: str | None
) -> list[FunctionRef]:
    """What was asked for, by name, with qualifiers; and is not known to be gone."""
    read = {
        (listing.account, listing.region)
        for listing in available.listings
        if listing.whole and not listing.why
    }
    named = [function for words in often if (function := of_command(words))]
    return [
        function
        for function in named
        if region in {None, function.region}
        and (function.name in available.places or (function.account, function.region) not in read)
    ]


def _places(
    name: str,
    available: Catalogue,
    requested: Sequence[FunctionRef],
    often: Mapping[str, float],
    region: str | None,
) -> list[Named]:
    listings = (available.listings[at] for at in available.places.get(name, ()))
    functions = [
        Named(name, None, listing.region, listing.account, listing.read_at) for listing in listings
    ]
    listed = {command(function) for function in functions}
    functions += [
        Named(function.name, function.qualifier, function.region, function.account)
        for function in requested
        if function.spelled == name and command(function) not in listed
    ]
    return sorted(
        (function for function in functions if region in {None, function.region}),
        key=lambda function: (-often.get(command(function), 0.0), function.region or ""),
    )
