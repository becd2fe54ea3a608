"""
What differs between installations, read once from the environment; their names are promised (docs/scripts.md).

What is not here is a constant beside its use. Read by hand: pydantic would cost a check a tenth
of a second, more than all the rest of it that is not AWS.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol, TypeVar

from bot.account_settings import AccountSettings, accounts, org_id
from bot.errors import UsageError
from bot.organization_settings import OrganizationSettings, must_agree, organization
from bot.regions import REGIONS
from checks.evidence import Expected

T = TypeVar("T")
PREFIX = "SLSDIAG_"
NAMES = frozenset(
    {"ACCOUNTS", "ADMIN_PORT", "AWS_RATE", "EVENTS", "EVIDENCE_TTL", "FILTER_LIMIT", "LIMITS"}
    | {
        "LOG_LEVEL",
        "MODE",
        "ORGANIZATION",
        "ORG_ID",
        "OWNER_TAG",
        "PORT",
        "REGIONS",
        "ROLES",
        "SHARED_CHANNELS",
        "STATE_DIR",
    }
    | {"STORE_SERVER", "WATCH_SETTLE", "WORKERS"}
)
"""Of all settings with the prefix, also of those in serving_settings.py; a test holds them to the code."""
SETTLE, LONGEST_SETTLE = timedelta(seconds=120), timedelta(hours=1)
LONGEST_TAG = 128
"""Characters of a tag's key at AWS."""


_QUEUE = re.compile(
    r"https://sqs\.(?P<region>[a-z0-9-]+)\.amazonaws\.com(?:\.cn)?/(?P<account>\d{12})/[\w-]{1,80}",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class EventQueue:
    """A queue of Amazon SQS, with the events of an account and region."""

    url: str
    account: str
    """Its 12 digits."""
    region: str

    @property
    def place(self) -> str:
        """Account and region, as keys have it."""
        return f"{self.account}/{self.region}"


@dataclass(frozen=True, slots=True)
class AwsSettings:
    """What reading AWS needs; nothing in it is required."""

    org_id: str | None = None
    accounts: Mapping[str, AccountSettings] = field(default_factory=dict)
    regions: tuple[str, ...] = ()
    filter_limit: int | None = None
    """None: not known (AWS's pages disagree)."""
    aws_rate: float = 0.5
    watch_settle: timedelta = SETTLE
    """How long Dashboard is given to repair what a deployment removed."""
    owner_tag: str | None = None
    """Whose value names a function's owner in a scan."""
    organization: OrganizationSettings | None = None
    """Whose accounts are read besides."""
    events: tuple[EventQueue, ...] = ()
    """Where changes of functions are heard of."""

    def expected(self, org_id: str | None) -> Expected:
        """What is expected of functions of a place with that org, or with none of its own."""
        return Expected(org_id or self.org_id, self.filter_limit, self.watch_settle)


class Read(Protocol):
    """The variable SLSDIAG_<name>, understood, or a UsageError that says what it must be."""

    def __call__(self, name: str, understand: Callable[[str], T], default: T, wants: str) -> T: ...


def reader(environment: Mapping[str, str]) -> Read:
    """A UsageError names the variable and repeats no value."""

    def read(name: str, understand: Callable[[str], T], default: T, wants: str) -> T:
        text = environment.get(PREFIX + name, "").strip()
        try:
            return understand(text) if text else default
        except (ValueError, TypeError, OverflowError):
            raise UsageError(f"{PREFIX}{name} must be {wants}.") from None

    return read


def not_blank(environment: Mapping[str, str], *names: str) -> None:
    """Refuse settings about access that are there and empty: unset, they would open everything."""
    for name in names:
        if not environment.get(PREFIX + name, "unset").strip():
            raise UsageError(
                f"{PREFIX}{name} is set and empty: give it a value, or remove it, which lifts "
                "its restrictions."
            )


def read_aws_settings(environment: Mapping[str, str] = os.environ) -> AwsSettings:
    """The settings, or a UsageError."""
    read = reader(environment)
    not_blank(environment, "ACCOUNTS", "ORGANIZATION")
    settings = AwsSettings(
        org_id=read("ORG_ID", org_id, None, "an org's id, as Dashboard shows it"),
        accounts=read("ACCOUNTS", accounts, {}, "a JSON object"),
        regions=read("REGIONS", _regions, (), "regions of AWS with commas between them"),
        filter_limit=read("FILTER_LIMIT", _limit, None, "a whole number from 1 on"),
        aws_rate=read("AWS_RATE", _share, 0.5, "a number above 0, up to 1"),
        watch_settle=read("WATCH_SETTLE", _seconds, SETTLE, "whole seconds, at most an hour's"),
        owner_tag=read("OWNER_TAG", _tag, None, "a tag's key, of at most 128 characters"),
        organization=read("ORGANIZATION", organization, None, "a JSON object"),
        events=read("EVENTS", _queues, (), _QUEUES_ARE),
    )
    must_agree(settings.organization, settings.accounts)
    return settings


def _regions(text: str) -> tuple[str, ...]:
    """From AWS's list only: a region becomes part of an address."""
    names = tuple(filter(None, map(str.strip, text.split(","))))
    if not set(names) <= set(REGIONS):
        raise ValueError
    return names


_QUEUES_ARE = (
    "URLs of queues of Amazon SQS with commas between them, as in "
    "https://sqs.eu-west-1.amazonaws.com/123456789012/slsdiag-watch"
)


def _queues(text: str) -> tuple[EventQueue, ...]:
    """Only AWS's own addresses: what is sent there is signed."""
    urls = dict.fromkeys(filter(None, map(str.strip, text.split(","))))
    return tuple(map(_queue, urls))


def _queue(url: str) -> EventQueue:
    found = _QUEUE.fullmatch(url)
    if found is None or found["region"] not in REGIONS:
        raise ValueError
    return EventQueue(url, found["account"], found["region"])


def _limit(text: str) -> int:
    if int(text) < 1:
        raise ValueError
    return int(text)


def _seconds(text: str) -> timedelta:
    seconds = timedelta(seconds=int(text))
    if not timedelta(0) <= seconds <= LONGEST_SETTLE:
        raise ValueError
    return seconds


def _tag(text: str) -> str:
    if len(text) > LONGEST_TAG:
        raise ValueError
    return text


def _share(text: str) -> float:
    if not 0 < float(text) <= 1:
        raise ValueError
    return float(text)
