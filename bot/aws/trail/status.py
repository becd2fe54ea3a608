"""Whether a trail records the changes that the rules of EventBridge wait for: without one they are silent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from bot.aws.errors import or_missing
from bot.aws.locate import Location
from bot.aws.queue_operations import DESCRIBE_TRAILS, EVENT_SELECTORS, TRAIL_STATUS
from checks.evidence import Missing

_WRITES = frozenset({"All", "WriteOnly"})


def records_changes(place: Location) -> bool | Missing:
    """
    Whether a trail that is logging records management events of the place's region.

    Trails of other Regions and of the organization count, as far as they may be read. Source: AWS
    CloudTrail User Guide, "Logging management events".
    """
    trails = _trails(place)
    if isinstance(trails, Missing):
        return trails
    unread: Missing | None = None
    for trail in trails:
        records = _records(place, str(trail["TrailARN"]))
        if records is True:
            return True
        unread = records if isinstance(records, Missing) else unread
    return unread or False


def _trails(place: Location) -> list[Mapping[str, Any]] | Missing:
    def ask() -> list[Mapping[str, Any]]:
        answer = place.account.call(DESCRIBE_TRAILS, place.region, includeShadowTrails=True)
        return list(answer.get("trailList") or [])

    return or_missing(DESCRIBE_TRAILS, place.region, ask)


def _records(place: Location, arn: str) -> bool | Missing:
    def logging() -> bool:
        return bool(place.account.call(TRAIL_STATUS, place.region, Name=arn).get("IsLogging"))

    def selected() -> bool:
        answer = place.account.call(EVENT_SELECTORS, place.region, TrailName=arn)
        basic = map(_basic, answer.get("EventSelectors") or [])
        advanced = map(_advanced, answer.get("AdvancedEventSelectors") or [])
        return any(basic) or any(advanced)

    logs = or_missing(TRAIL_STATUS, place.region, logging)
    return or_missing(EVENT_SELECTORS, place.region, selected) if logs is True else logs


def _basic(selector: Mapping[str, Any]) -> bool:
    every = selector.get("IncludeManagementEvents", True)
    return bool(every) and selector.get("ReadWriteType", "All") in _WRITES


def _advanced(selector: Mapping[str, Any]) -> bool:
    fields: Iterable[Mapping[str, Any]] = selector.get("FieldSelectors") or []
    equal = {str(field["Field"]): field.get("Equals") or [] for field in fields}
    return "Management" in equal.get("eventCategory", []) and "true" not in equal.get(
        "readOnly", []
    )
