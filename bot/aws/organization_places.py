"""Where else a function may be that was named without its account: the organization's accounts."""

from __future__ import annotations

from bot.aws.accounts import Accounts
from bot.aws.locate import Location
from bot.target import Target
from checks.grammar import counted

ASKED = 64
"""Places that are asked at the most: more would not answer while somebody waits."""


def more_locations(
    accounts: Accounts, target: Target, channel: str | None = None, who: str | None = None
) -> tuple[list[Location], str]:
    """
    The organization's places, for a target that is in none of `Accounts.locations`.

    Beyond `ASKED` of them none is asked; the sentence says so, or why there are none.
    """
    organization = accounts.organization
    if organization is None or target.account:
        return [], ""
    organization.refresh()
    regions = [target.region] if target.region else accounts.default_regions()
    others = {*accounts.settings.accounts, accounts.own.id}
    named = sorted(accounts.visible(channel).keys() - others)
    if len(named) * len(regions) > ASKED:
        many = counted(len(named), "account")
        return [], f"The organization's {many} were not asked: add --account NUMBER."
    places = [accounts.location(name, region, who) for name in named for region in regions]
    shows = channel is None or organization.settings.seen_by(channel)
    return places, " ".join(organization.complaints(channel)) if shows else ""
