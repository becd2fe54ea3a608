"""
Lists an organization's accounts: which there are, in which unit each is, and their tags.

One call at a time: Organizations refuses a second one that is under way
(TooManyRequestsException, "another request is already in progress"). An account that moves
between units meanwhile may be found in none: it has no path.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.aws.client import Account, Pages
from bot.aws.errors import Incomplete
from bot.aws.organization_operations import (
    LIST_ACCOUNTS,
    LIST_ACCOUNTS_OF_UNIT,
    LIST_ROOTS,
    LIST_TAGS,
    LIST_UNITS,
    MOST_ACCOUNTS,
    MOST_UNITS,
    PAGE,
)
from bot.aws.texts import plain
from bot.organization import Listing, Member, tags_decide
from bot.organization_settings import OrganizationSettings

REGIONS: Mapping[str, str] = {"aws-cn": "cn-northwest-1", "aws-us-gov": "us-gov-west-1"}
"""Where Organizations is, by partition (Organizations User Guide, "Endpoints"); else us-east-1."""
_MOST_PAGES = MOST_ACCOUNTS // PAGE + 100
"""Some pages may be empty."""
_Path = tuple[tuple[str, str], ...]
"""Ids and names from the root down."""


def listed(account: Account, region: str, settings: OrganizationSettings, now: datetime) -> Listing:
    """Now; raises botocore's errors, and Incomplete where there are more than AWS's own limits."""
    pages = Pages(account, region, LIST_ACCOUNTS, _MOST_PAGES)
    every = [each for page in pages.all() for each in page.get("Accounts") or []]
    active = [str(each["Id"]) for each in every if _is_active(each)]
    paths = _paths(account, region)
    members = [_member(number, paths.get(number, ())) for number in active]
    tagged = [
        replace(member, tags=_tags(account, region, member.number, settings.tag_keys))
        if tags_decide(settings, member)
        else member
        for member in members
    ]
    return Listing(now, tuple(tagged), len(every) - len(active))


def _is_active(account: Mapping[str, Any]) -> bool:
    """By State; Status was to be retired on September 9, 2026 (API reference, Account)."""
    return (account.get("State") or account.get("Status")) == "ACTIVE"


def _member(number: str, path: _Path) -> Member:
    names = " / ".join(name for _, name in path[1:])
    return Member(number, tuple(id_ for id_, _ in path), names)


def _paths(account: Account, region: str) -> dict[str, _Path]:
    """Of each account, by its number."""
    found: dict[str, _Path] = {}
    for path in _units(account, region):
        for member in _of(account, region, path[-1][0]):
            found[str(member["Id"])] = path
    return found


def _units(account: Account, region: str) -> Iterator[_Path]:
    """The roots and all units below, each with its path; raises Incomplete beyond MOST_UNITS."""
    roots = [
        root
        for page in Pages(account, region, LIST_ROOTS, _MOST_PAGES).all()
        for root in page.get("Roots") or []
    ]
    waiting: list[_Path] = [(_named(root),) for root in roots]
    seen = 0
    while waiting:
        path = waiting.pop()
        seen += 1
        if seen > MOST_UNITS:
            raise Incomplete
        yield path
        pages = Pages(account, region, LIST_UNITS, _MOST_PAGES, ParentId=path[-1][0])
        for page in pages.all():
            units = page.get("OrganizationalUnits") or []
            waiting += [(*path, _named(unit)) for unit in units]


def _named(unit: Mapping[str, Any]) -> tuple[str, str]:
    return str(unit["Id"]), plain(str(unit.get("Name") or unit["Id"]))


def _of(account: Account, region: str, unit: str) -> Iterator[Mapping[str, Any]]:
    pages = Pages(account, region, LIST_ACCOUNTS_OF_UNIT, _MOST_PAGES, ParentId=unit)
    for page in pages.all():
        yield from page.get("Accounts") or []


def _tags(account: Account, region: str, number: str, keys: frozenset[str]) -> tuple[str, ...]:
    """Those with these keys."""
    pages = Pages(account, region, LIST_TAGS, _MOST_PAGES, ResourceId=number)
    tags = [tag for page in pages.all() for tag in page.get("Tags") or []]
    return tuple(f"{tag['Key']}={tag.get('Value', '')}" for tag in tags if tag["Key"] in keys)
