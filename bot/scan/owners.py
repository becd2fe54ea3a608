"""Whose the functions are that a scan found blind, by the tag that the settings name."""

from __future__ import annotations

from collections.abc import Mapping

from bot.aws.accounts import Accounts
from bot.aws.evidence import inventory
from bot.errors import NotConfigured
from bot.scan.model import Seen, arn
from bot.scan.rows import key_of
from bot.scan.run import Run
from bot.scan.worker import place_of
from checks.evidence import Missing


def owners_of_blind(
    run: Run, functions: Mapping[tuple[int, str], Seen], accounts: Accounts, tag: str
) -> dict[str, str]:
    """By the key of a row; a function whose tags cannot be read has no owner."""
    owners: dict[str, str] = {}
    blind: dict[int, list[Seen]] = {}
    for (number, _), seen in functions.items():
        if seen.is_news:
            blind.setdefault(number, []).append(seen)
    for number, here in blind.items():
        try:
            place = place_of(accounts, run, number)
        except NotConfigured:
            continue
        names = {arn(seen): seen.name for seen in here}
        tagged = inventory.owners(place.account, place.region, list(names), tag)
        if not isinstance(tagged, Missing):
            owners |= {key_of(number, names[function]): owner for function, owner in tagged.items()}
    return owners
