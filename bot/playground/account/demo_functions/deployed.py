"""Deployments of demo functions as CloudFormation makes them, and Dashboard's repair after one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Timer
from typing import Any

from bot.playground.account import bus
from bot.playground.account.demo_functions.fake_function import (
    DEPLOY_RULE,
    ORG,
    PUBLISHER,
    FakeFunction,
)
from bot.playground.account.trail import makers
from bot.playground.account.trail.composed import stack_started, template_of, updated
from bot.playground.account.trail.makers import Maker

STACK, ROLE = "shop-prod", "deploy-prod"
WRAPPER, ORG_ID = "AWS_LAMBDA_EXEC_WRAPPER", "SLS_ORG_ID"


def deploy(function: FakeFunction) -> None:
    """The template has neither layer nor variables of the SDK's, so CloudFormation takes them away."""
    _strip(function)
    _by_stack(function)
    after = function.account.repairs_after
    if after is not None:
        timer = Timer(after.total_seconds(), repair, [function])
        timer.daemon = True
        timer.start()


def undo(function: FakeFunction) -> None:
    """Layer and variables are in the template now; then the function is invoked."""
    _instrument(function)
    _by_stack(function)
    _invoke(function)


def repair(function: FakeFunction) -> None:
    """Dashboard puts back what is missing, if it heard of the deployment; then it is invoked."""
    present = replace(function, now=datetime.now(UTC))
    if _complete(present) or not hears(present):
        return
    _instrument(present)
    _record(present, makers.dashboard(present.account.id))
    _invoke(present)


def hears(function: FakeFunction) -> bool:
    """Whether Dashboard hears of deployments: a trail is logging, and its rule is enabled."""
    rule = function.region.rules.get(DEPLOY_RULE)
    return rule is not None and rule.enabled and function.account.trail.is_logging


def _complete(function: FakeFunction) -> bool:
    layered = any(_of_sdk(layer) for layer in function.config.get("Layers") or [])
    return layered and {WRAPPER, ORG_ID} <= function.variables.keys()


def _of_sdk(layer: dict[str, Any]) -> bool:
    return f":{PUBLISHER}:" in layer["Arn"]


def _strip(function: FakeFunction) -> None:
    layers = function.config.get("Layers") or []
    function.config["Layers"] = [layer for layer in layers if not _of_sdk(layer)]
    for name in (WRAPPER, ORG_ID):
        function.variables.pop(name, None)


def _instrument(function: FakeFunction) -> None:
    _strip(function)
    own = {"Arn": function.layer(function.language.layer), "CodeSize": 110_000}
    function.config["Layers"] = [*function.config["Layers"], own]
    function.variables.update({WRAPPER: function.language.wrapper, ORG_ID: ORG})


def _by_stack(function: FakeFunction) -> None:
    """Whoever starts the update is named by the function's event, too."""
    caller, place = makers.role(function.account.id, ROLE), (function.account.id, function.at)
    service, _, stage = STACK.partition("-")
    template = template_of(service, stage, function.now)
    began = function.now - timedelta(seconds=2)
    start = stack_started("UpdateStack", caller, began, place, STACK, template)
    function.region.tags.setdefault(function.name, {})["aws:cloudformation:stack-name"] = STACK
    bus.record(function.account, start)
    _record(function, makers.stack_of(caller))
    bus.stack_deployed(function.region, STACK, function.now)


def _record(function: FakeFunction, maker: Maker) -> None:
    function.changed(timedelta())
    layers = [layer["Arn"] for layer in function.config["Layers"]]
    bus.record(function.account, updated(function.config, maker, function.now, {"layers": layers}))
    bus.function_changed(function.region, function.name, function.now)


def _invoke(function: FakeFunction) -> None:
    function.log(function.payload(), ago=timedelta())
    function.region.invoked(function.name, function.now)
