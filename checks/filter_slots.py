"""Whether the log group has a subscription filter to spare, and how to make room for ours."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum

from checks.actions import turn_off_and_on, where_supported
from checks.evidence import Expected, Filter, LambdaFunction, Missing
from checks.evidence.function import our_filter
from checks.facts.limits import FILTERS
from checks.facts.log_forwarders import forwarder_of
from checks.model import Action, Page

_KINDS = {
    "firehose": "the Firehose stream",
    "kinesis": "the Kinesis stream",
    "lambda": "the function",
    "logs": "the destination",
}
_ARN_PARTS = 6


class Slots(Enum):
    """Whether one of ours would still find a place."""

    FREE = "free"
    FULL = "full"
    UNCLEAR = "unclear"
    """Full, if the lower of AWS's two figures is the right one."""


def limit_of(expected: Expected, most_filters: int | Missing | None) -> int | None:
    """Filters that a log group takes, where it is proved or stated; None where it is not."""
    lowest, highest = FILTERS.value
    seen = most_filters if isinstance(most_filters, int) else 0
    return expected.filter_limit or (highest if seen > lowest else None)


def slots(
    filters: Sequence[Filter], expected: Expected, most_filters: int | Missing | None = None
) -> Slots:
    """What their number proves; ours needs no other."""
    lowest, highest = FILTERS.value
    limit = limit_of(expected, most_filters)
    if our_filter(filters) or len(filters) < (limit or lowest):
        return Slots.FREE
    return Slots.FULL if len(filters) >= (limit or highest) else Slots.UNCLEAR


def room_for_ours(
    function: LambdaFunction, filters: tuple[Filter, ...] | Missing
) -> tuple[Action, ...]:
    """Remove a filter of somebody else's, then have Dashboard add ours."""
    return where_supported(
        function,
        Action(
            f"Remove a subscription filter that nobody needs any more{_named(filters, function)}, "
            "first where it is defined",
            Page.MONITOR,
            caution="its destination no longer gets this function's logs",
        ),
        *turn_off_and_on(function),
    )


def _named(filters: tuple[Filter, ...] | Missing, function: LambdaFunction) -> str:
    """Those that have been idle are the ones to remove, where that is known of any."""
    if isinstance(filters, Missing) or not filters:
        return ""
    idle = tuple(filter_ for filter_ in filters if filter_.idle_since)
    return f" ({listed(idle or filters, function)})"


def listed(filters: Sequence[Filter], function: LambdaFunction) -> str:
    """Each of them, as in "dd to the function datadog-forwarder (Datadog); audit to …"."""
    return "; ".join(described(filter_, function) for filter_ in filters)


def described(filter_: Filter, function: LambdaFunction) -> str:
    """Its name, where it leads, whose that likely is, and when it last forwarded a line."""
    text = f"{filter_.name} to {leads_to(filter_, function)}"
    if filter_.last_forwarded:
        return f"{text}, last forwarded {filter_.last_forwarded:%d %b}"
    if filter_.idle_since:
        return f"{text}, nothing forwarded since {filter_.idle_since:%d %b}"
    return text


def owner_of(filter_: Filter) -> str | None:
    """Whose the destination likely is."""
    parts = _arn(filter_)
    return forwarder_of(parts[4], _name(parts)) if parts else None


def leads_to(filter_: Filter, function: LambdaFunction) -> str:
    """What the destination's ARN says: the Firehose stream audit-logs"""
    parts = _arn(filter_)
    if parts is None:
        return filter_.destination
    elsewhere = f" of account {parts[4]}" if parts[4] != function.account else ""
    whose = owner_of(filter_)
    return f"{_KINDS[parts[2]]} {_name(parts)}{elsewhere}{f' ({whose})' if whose else ''}"


def _arn(filter_: Filter) -> list[str] | None:
    """Its six parts; None of what is no such destination."""
    parts = filter_.destination.split(":", _ARN_PARTS - 1)
    return parts if len(parts) == _ARN_PARTS and parts[2] in _KINDS else None


def _name(parts: list[str]) -> str:
    return re.split(r"[:/]", parts[5], maxsplit=1)[-1]
