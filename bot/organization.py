"""
The accounts of an organization: which of them are read, and which channels see them. Pure.

An account is called by its number. The most specific entry of the settings' `channels` decides
who sees it: its number, the unit that it is in, the units above, the root, the whole organization.
An account that no entry is about is hidden from every channel, and so is one whose place is not
known where units decide.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.account_settings import AccountSettings
from bot.organization_settings import TAG, UNIT, WHOLE, OrganizationSettings

NOBODY = ("nobody",)
"""In place of channels: no channel of Slack's is called so."""


@dataclass(frozen=True, slots=True)
class Member:
    """An active account of the organization."""

    number: str
    path: tuple[str, ...] = ()
    """Ids of the root and of the units down to the one that it is in; empty: not known."""
    unit: str = ""
    """The names of these units without the root's, as "Workloads / Production"."""
    tags: tuple[str, ...] = ()
    """As KEY=VALUE, those whose keys the settings name."""


@dataclass(frozen=True, slots=True)
class Unit:
    """Where an account is, for people and scripts."""

    id: str
    path: str
    """As `Member.unit`; empty for the root."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What AWS listed, once."""

    read_at: datetime
    members: tuple[Member, ...]
    inactive: int = 0
    """Accounts that are suspended, closed, or not active yet."""


@dataclass(frozen=True, slots=True)
class Roster:
    """The accounts to read."""

    accounts: Mapping[str, AccountSettings]
    """By number."""
    units: Mapping[str, Unit]
    """By the account's number."""
    left_out: int
    """Active accounts that the settings do not include."""
    unplaced: tuple[str, ...]
    """Numbers of accounts that may be meant or not: nobody knows which unit they are in."""


NO_ROSTER = Roster({}, {}, 0, ())


def roster(settings: OrganizationSettings, listing: Listing, partition: str) -> Roster:
    """The accounts that `settings` choose."""
    meant = {member.number: _meant(settings, member) for member in listing.members}
    chosen = [member for member in listing.members if meant[member.number]]
    return Roster(
        {member.number: _settings(settings, member, partition) for member in chosen},
        {
            member.number: Unit(member.path[-1], member.unit)
            for member in listing.members
            if member.path
        },
        sum(each is False for each in meant.values()),
        tuple(number for number, each in meant.items() if each is None),
    )


def tags_decide(settings: OrganizationSettings, member: Member) -> bool:
    """Whether the account's tags must be known to say if it is to be read."""
    places = {member.number, *member.path}
    if not places.isdisjoint(settings.exclude):
        return False
    if any(map(_is_tag, settings.exclude)):
        return True
    return places.isdisjoint(settings.include) and any(map(_is_tag, settings.include))


def _is_tag(selector: str) -> bool:
    return selector.startswith(TAG)


def _meant(settings: OrganizationSettings, member: Member) -> bool | None:
    """Whether the account is to be read; None where its unit decides and is not known."""
    own = {member.number, *member.path, *(TAG + tag for tag in member.tags)}
    if not own.isdisjoint(settings.exclude):
        return False
    included = not settings.include or not own.isdisjoint(settings.include)
    if not member.path:
        open_ = settings.exclude if included else settings.include
        if any(map(UNIT.fullmatch, open_)):
            return None
    return included


def _settings(settings: OrganizationSettings, member: Member, partition: str) -> AccountSettings:
    arn = f"arn:{partition}:iam::{member.number}:role/{settings.reader_role}"
    channels = () if settings.channels is None else _channels(settings.channels, member)
    return AccountSettings(arn, settings.external_id, channels=channels)


def _channels(channels: Mapping[str, tuple[str, ...]], member: Member) -> tuple[str, ...]:
    """Of the most specific entry."""
    places = (member.number, *reversed(member.path), WHOLE)
    return next((channels[place] for place in places if place in channels), NOBODY)
