"""Who broke the demo functions, as CloudTrail has it: only what somebody changed, not what never was."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.playground.account.demo_functions.fake_function import FILTER, FakeFunction
from bot.playground.account.trail import makers
from bot.playground.account.trail.composed import (
    Composed,
    deleted,
    event,
    filter_deleted,
    stack_started,
    template_of,
    updated,
)
from bot.playground.account.trail.makers import Maker

Planter = Callable[[FakeFunction], None]
_STARTED = timedelta(minutes=2)


def modified_at(function: FakeFunction) -> datetime:
    """When its configuration was last changed, as Lambda has it."""
    return datetime.fromisoformat(function.config["LastModified"]).astimezone(UTC)


def by(maker: Callable[[str], Maker], **sent: Any) -> Planter:
    """Its last change, by a call to Lambda; `sent` is what the call names."""

    def plant(function: FakeFunction) -> None:
        at, caller = modified_at(function), maker(function.account.id)
        function.account.trail.record(updated(function.config, caller, at, sent))

    return plant


def by_stack(stack: str, starter: Callable[[str], Maker], start: str, **sent: Any) -> Planter:
    """By CloudFormation, which keeps the identity of whoever started the stack's update."""

    def plant(function: FakeFunction) -> None:
        at, caller = modified_at(function), starter(function.account.id)
        place = function.account.id, function.at
        service, _, stage = stack.rpartition("-")
        template = template_of(service, stage, at) if start == "UpdateStack" else ""
        function.region.tags.setdefault(function.name, {})["aws:cloudformation:stack-name"] = stack
        function.account.trail.record(
            stack_started(start, caller, at - _STARTED, place, stack, template),
            updated(function.config, makers.stack_of(caller), at, sent),
        )

    return plant


def _filter_deleted(function: FakeFunction) -> None:
    group, place = f"/aws/lambda/{function.name}", (function.account.id, function.at)
    at, caller = function.now - timedelta(days=1), makers.role(place[0], "log-cleanup")
    function.account.trail.record(filter_deleted(group, FILTER, caller, at, place))


def _moved(alias: str, version: str) -> Planter:
    def plant(function: FakeFunction) -> None:
        place = function.account.id, function.at
        caller = makers.by_oidc(place[0], "release")
        request = {"functionName": function.name, "name": alias, "functionVersion": version}
        at = function.now - timedelta(days=2)
        moved: Composed = (event("lambda", "UpdateAlias20150331", caller, at, place, request), ())
        function.account.trail.record(moved)

    return plant


def _deleted(service: str, name: str, request: Mapping[str, Any]) -> Planter:
    """Two days ago, in the console; of the whole account or region."""

    def plant(function: FakeFunction) -> None:
        region = "us-east-1" if service in {"iam", "cloudformation"} else function.at
        caller = makers.in_console(makers.sso(function.account.id, "PlatformAdmin"))
        at, place = function.now - timedelta(days=2, minutes=3), (function.account.id, region)
        function.account.trail.record(deleted(service, name, caller, at, place, request))

    return plant


def _console(account: str) -> Maker:
    return makers.in_console(makers.sso(account, "Developers"))


def _deployer(account: str) -> Maker:
    return makers.role(account, "deploy-prod")


PLANTERS: Mapping[str, Planter] = {
    "removed by a deployment": by_stack("shop-prod", _deployer, "UpdateStack", layers=[]),
    "layer gone": by(_console, layers=[]),
    "Datadog's wrapper": by(lambda account: makers.terraform(account, "terraform-apply")),
    "org id empty": by_stack("mail-prod", _deployer, "ExecuteChangeSet"),
    "wrapper left over": by(lambda account: makers.by_oidc(account, "github-deploy")),
    "Sentry's preload": by(lambda account: makers.serverless(account, "deploy-dev")),
    "blank behind the wrapper's path": by(makers.user),
    "no filter": _filter_deleted,
    "old version": _moved("live", "7"),
    "stack deleted": _deleted(
        "cloudformation", "DeleteStack", {"stackName": "Serverless-Inc-Role-Stack"}
    ),
    "role gone": _deleted("iam", "DeleteRole", {"roleName": "ServerlessRole"}),
    "Firehose gone": _deleted(
        "firehose", "DeleteDeliveryStream", {"deliveryStreamName": "serverless_logs-firehose"}
    ),
    "stream stopped": _deleted(
        "monitoring", "StopMetricStreams", {"names": ["serverless_metrics-stream"]}
    ),
    "stream gone": _deleted(
        "monitoring", "DeleteMetricStream", {"name": "serverless_metrics-stream"}
    ),
}
"""By what is wrong."""


def record_change(what: str, function: FakeFunction) -> None:
    """Who broke `function` so, where that was a change."""
    if what in PLANTERS:
        PLANTERS[what](function)
