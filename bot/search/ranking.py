"""What was typed, and the names that exist → the functions that may be meant. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.search.model import Listing, Named
from bot.target import command, of_command
from bot.text.fuzzy import Names, near, prepared
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
    typed: str, known: Catalogue, often: Mapping[str, float], *, region: str | None = None
) -> list[Named]:
    """The likeliest first; with nothing typed, those that were asked for lately."""
    asked = _asked(known, often, region)
    weights: dict[str, float] = {}
    for named in asked:
        weights[named.spelled] = max(weights.get(named.spelled, 0.0), often[command(named)])
    if typed.strip():
        listed = near(typed, known.names, MOST, weights)
        unlisted = [name for name in weights if name not in known.places]
        names = tuple(dict.fromkeys([*near(typed, unlisted, MOST, weights), *listed]))
    else:
        lately = sorted(weights, key=lambda name: (-weights[name], name))
        names = tuple(dict.fromkeys([*lately, *known.names.spelled[:MOST]]))
    found = [each for name in names for each in _places(name, known, asked, often, region)]
    return found[:MOST]


def _asked(known: Catalogue, often: Mapping[str, float], region: str | None) -> list[FunctionRef]:
    """What was asked for, by name, with qualifiers; and is not known to be gone."""
    read = {(each.account, each.region) for each in known.listings if each.whole and not each.why}
    named = [each for words in often if (each := of_command(words))]
    return [
        each
        for each in named
        if region in {None, each.region}
        and (each.name in known.places or (each.account, each.region) not in read)
    ]


def _places(
    name: str,
    known: Catalogue,
    asked: Sequence[FunctionRef],
    often: Mapping[str, float],
    region: str | None,
) -> list[Named]:
    listings = (known.listings[at] for at in known.places.get(name, ()))
    found = [Named(name, None, each.region, each.account, each.read_at) for each in listings]
    listed = {command(each) for each in found}
    found += [
        Named(each.name, each.qualifier, each.region, each.account)
        for each in asked
        if each.spelled == name and command(each) not in listed
    ]
    return sorted(
        (each for each in found if region in {None, each.region}),
        key=lambda each: (-often.get(command(each), 0.0), each.region or ""),
    )
