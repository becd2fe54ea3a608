"""
CloudTrail's and EventBridge's answers → whether Dashboard can hear of deployments.

Three calls, once for all functions of a region: the trails, whether Dashboard's is logging, and its
rules. Only where its trail is not logging, the others are asked about: EventBridge passes on what
any of them records.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.aws.client import Account, Pages
from bot.aws.errors import or_missing
from bot.aws.event_rules import is_enabled
from bot.aws.operations import EVENT_RULES
from bot.aws.parallel import Wave
from bot.aws.texts import identifier
from bot.aws.trail.status import any_records, is_logging, trails_of
from checks.evidence import DeploymentEvents, Missing
from checks.evidence.region import RULE_PREFIX, TRAIL, EventRule, Trail

_PAGES = 10


def deployment_events(wave: Wave, account: Account, region: str) -> DeploymentEvents:
    """Of the account and region."""
    listed = wave.ask("trails", trails_of, account, region)
    asked = wave.ask("rules", _rules, account, region)
    arns = wave.get(listed)
    trail = arns if isinstance(arns, Missing) else _trail(account, region, arns)
    others: bool | Missing | None = None
    if not isinstance(arns, Missing) and not _logs(trail):
        others = any_records(account, region, [arn for arn in arns if not _is_ours(arn)])
    return DeploymentEvents(trail, wave.get(asked), others)


def _logs(trail: Trail | Missing | None) -> bool:
    return isinstance(trail, Trail) and trail.logging


def _is_ours(arn: str) -> bool:
    return arn.endswith(f":trail/{TRAIL}")


def _trail(account: Account, region: str, arns: Sequence[str]) -> Trail | Missing | None:
    """None where there is none of that name; there may be one for each Region."""
    ours = sorted(filter(_is_ours, arns), key=lambda arn: f":{region}:" not in arn)
    if not ours:
        return None
    logging = is_logging(account, region, ours[0])
    return logging if isinstance(logging, Missing) else Trail(identifier(ours[0]), logging)


def _rules(account: Account, region: str) -> tuple[EventRule, ...] | Missing:
    def read() -> tuple[EventRule, ...]:
        pages = Pages(account, region, EVENT_RULES, _PAGES, NamePrefix=RULE_PREFIX).all()
        return tuple(
            EventRule(identifier(str(rule["Name"])), is_enabled(rule))
            for page in pages
            for rule in page.get("Rules") or []
        )

    return or_missing(EVENT_RULES, region, read)
