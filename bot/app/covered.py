"""What a digest covers, in words for its preview."""

from __future__ import annotations

from bot.aws.accounts import Accounts
from bot.search.service import SearchService


def covered(accounts: Accounts, search: SearchService, channel: str, prefix: str) -> list[str]:
    """The accounts that a digest covers; and whether its prefix is of no function there."""
    if not prefix:
        return accounts.listing(channel)
    matches = search.begins_one(prefix, channel)
    remarks = {
        True: [],
        False: [f"No function that this channel may see begins with {prefix}."],
        None: [f"Not all names are known yet, so {prefix} may be the prefix of none."],
    }
    return [*remarks[matches], *accounts.listing(channel)]
