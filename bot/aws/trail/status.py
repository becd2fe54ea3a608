"""Trails: which there are, and whether they record changes. Without one, EventBridge's rules are silent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.aws.client import Account
from bot.aws.errors import or_missing
from bot.aws.locate import Location
from bot.aws.operations import DESCRIBE_TRAILS, EVENT_SELECTORS, TRAIL_STATUS
from checks.evidence import Missing

_WRITES = frozenset({"All", "WriteOnly"})


def records_changes(place: Location) -> bool | Missing:
    """
    Whether a trail that is logging records management events of the place's region.

    Trails of other Regions and of the organization count, as far as they may be read. Source: AWS
    CloudTrail User Guide, "Logging management events".
    """
    arns = trails_of(place.account, place.region)
    return arns if isinstance(arns, Missing) else any_records(place.account, place.region, arns)


def trails_of(account: Account, region: str) -> tuple[str, ...] | Missing:
    """The ARNs of the trails that record the region's events, those of other Regions included."""

    def ask() -> tuple[str, ...]:
        answer = account.call(DESCRIBE_TRAILS, region, includeShadowTrails=True)
        return tuple(str(trail["TrailARN"]) for trail in answer.get("trailList") or [])

    return or_missing(DESCRIBE_TRAILS, region, ask)


def any_records(account: Account, region: str, arns: Sequence[str]) -> bool | Missing:
    """Whether one of these trails records changes; one that may not be read may be it."""
    unread: Missing | None = None
    for arn in arns:
        records = _records(account, region, arn)
        if records is True:
            return True
        unread = records if isinstance(records, Missing) else unread
    return unread or False


def is_logging(account: Account, region: str, arn: str) -> bool | Missing:
    """Whether a trail records anything at all: it may have been stopped."""

    def ask() -> bool:
        return bool(account.call(TRAIL_STATUS, region, Name=arn).get("IsLogging"))

    return or_missing(TRAIL_STATUS, region, ask)


def _records(account: Account, region: str, arn: str) -> bool | Missing:
    def selected() -> bool:
        answer = account.call(EVENT_SELECTORS, region, TrailName=arn)
        basic = map(_basic, answer.get("EventSelectors") or [])
        advanced = map(_advanced, answer.get("AdvancedEventSelectors") or [])
        return any(basic) or any(advanced)

    logs = is_logging(account, region, arn)
    return or_missing(EVENT_SELECTORS, region, selected) if logs is True else logs


def _basic(selector: Mapping[str, Any]) -> bool:
    every = selector.get("IncludeManagementEvents", True)
    return bool(every) and selector.get("ReadWriteType", "All") in _WRITES


def _advanced(selector: Mapping[str, Any]) -> bool:
    fields: Iterable[Mapping[str, Any]] = selector.get("FieldSelectors") or []
    equal = {str(field["Field"]): field.get("Equals") or [] for field in fields}
    return "Management" in equal.get("eventCategory", []) and "true" not in equal.get(
        "readOnly", []
    )
