"""One function's evidence, as a check would read it right after the deploy. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.lint.intrinsics import ACCOUNT, ANY_REGION, partition_of
from bot.lint.log_groups import default_group
from bot.lint.model import PlannedFunction
from checks.evidence import (
    Environment,
    Evidence,
    Expected,
    Filter,
    LambdaFunction,
    LogGroup,
    Missing,
)
from checks.evidence.function import FILTER_NAME
from checks.evidence.region import LOG_FIREHOSE
from checks.facts.sdk import WRAPPER_VARIABLE

NOT_KNOWN = Missing("It is not known before the deploy.")
_OURS = Filter(
    FILTER_NAME, f"arn:aws:firehose:{ANY_REGION}:{ACCOUNT}:deliverystream/{LOG_FIREHOSE}"
)


def dashboards(log_class: str) -> tuple[Filter, ...]:
    """The filter that Dashboard puts on a log group of this class, where it takes one."""
    return () if LogGroup("", log_class).takes_filters is False else (_OURS,)


def evidence(
    function: PlannedFunction, values: Mapping[str, Any], expected: Expected, now: datetime
) -> Evidence:
    """With these values of its settings; what exists only after the deploy is missing."""
    return Evidence(
        now=now,
        function=_function(function, values, now),
        environment=_environment(function, values),
        environment_size=values["size"],
        stack=NOT_KNOWN,
        role=NOT_KNOWN,
        log_firehose=NOT_KNOWN,
        metric_pipe=NOT_KNOWN,
        log_group=LogGroup(default_group(function.name), values["log_class"]),
        filters=values["filters"],
        invocations=NOT_KNOWN,
        log=NOT_KNOWN,
        traffic=NOT_KNOWN,
        expected=expected,
    )


def _function(
    function: PlannedFunction, values: Mapping[str, Any], now: datetime
) -> LambdaFunction:
    region = function.region.name if function.region else ANY_REGION
    return LambdaFunction(
        name=function.name,
        arn=f"arn:{partition_of(region)}:lambda:{region}:{ACCOUNT}:function:{function.name}",
        region=region,
        account=ACCOUNT,
        runtime=values["runtime"],
        handler=values["handler"],
        layers=values["layers"],
        modified_at=now,
        code_size=function.code_size,
        read_on=now.date(),
        managed_instances=function.managed,
        durable=function.durable,
        at_the_edge=function.edge is not None,
    )


def _environment(function: PlannedFunction, values: Mapping[str, Any]) -> Environment:
    known = {WRAPPER_VARIABLE: values["wrapper"], "NODE_OPTIONS": values["node_options"]}
    others = function.variables.others
    return {
        **{name: value for name, value in others.items() if name not in known},
        **{name: value for name, value in known.items() if value is not None},
    }
