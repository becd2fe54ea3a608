"""The rules of EventBridge that fill the queue of events: without them it stays empty, and nobody says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from botocore.exceptions import ClientError

from bot.aws.errors import code_of, or_missing
from bot.aws.locate import Location
from bot.aws.queue_operations import DESCRIBE_RULE, RULE_TARGETS
from checks.evidence import Missing

CALLS, STACKS, FUNCTIONS = "slsdiag-watch-calls", "slsdiag-watch-stacks", "slsdiag-watch-functions"
"""As `slsdiag watch template` names them."""
NAMES = (CALLS, STACKS, FUNCTIONS)
_NOT_THERE = "ResourceNotFoundException"
_ENABLED = "ENABLED"
"""How the states begin of a rule that works (Amazon EventBridge API Reference, DescribeRule)."""


def is_enabled(described: Mapping[str, Any]) -> bool:
    """Of a rule as EventBridge describes or lists it."""
    return str(described.get("State")).startswith(_ENABLED)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that exists."""

    enabled: bool
    targets: frozenset[str]
    """Their ARNs."""


def rule(place: Location, name: str) -> Rule | Missing | None:
    """As it is; None where there is none of that name."""

    def ask() -> Rule | None:
        try:
            described = place.account.call(DESCRIBE_RULE, place.region, Name=name)
        except ClientError as error:
            if code_of(error) == _NOT_THERE:
                return None
            raise
        return Rule(is_enabled(described), frozenset())

    found = or_missing(DESCRIBE_RULE, place.region, ask)
    if not isinstance(found, Rule):
        return found
    targets = or_missing(RULE_TARGETS, place.region, lambda: _targets(place, name))
    return targets if isinstance(targets, Missing) else replace(found, targets=targets)


def _targets(place: Location, name: str) -> frozenset[str]:
    """A rule has five at most, which are one page (Amazon EventBridge quotas)."""
    answer = place.account.call(RULE_TARGETS, place.region, Rule=name)
    return frozenset(str(target["Arn"]) for target in answer.get("Targets") or [])
