"""What goes wrong on the way out: filters, Firehose, metric stream."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from bot.playground.account.demo_functions.fake_function import (
    FILTER,
    FIREHOSE,
    PROBLEM,
    REGION,
    DemoFunction,
    FakeFunction,
)


def _filters_full(function: FakeFunction) -> None:
    function.group.filters.clear()
    firehose = f"arn:aws:firehose:{REGION}:{function.account.id}:deliverystream"
    function.group.filters.update(
        {f"{name}-logs": f"{firehose}/{name}" for name in ("audit", "search", "siem", "archive")},
        shipper=f"arn:aws:lambda:{REGION}:{function.account.id}:function:datadog-forwarder",
    )


def _filter_gone(function: FakeFunction) -> None:
    function.group.filters.clear()


def _filter_astray(function: FakeFunction) -> None:
    function.group.filters[FILTER] = "arn:aws:lambda:eu-west-1:123456789012:function:elsewhere"


def _filter_by_another_name(function: FakeFunction) -> None:
    ours = f"arn:aws:firehose:{REGION}:{function.account.id}:deliverystream/{FIREHOSE}"
    function.group.filters.pop(FILTER, None)
    function.group.filters["platform-logs"] = ours


def _forwarded_by_the_account(function: FakeFunction) -> None:
    leads = function.group.filters.pop(FILTER)
    document = json.dumps({"DestinationArn": leads, "FilterPattern": ""})
    function.region.account_filters["all-logs"] = {"policyDocument": document}


def _foreign_filters(function: FakeFunction) -> None:
    """Two of them, of which nobody knows whether they fill the group."""
    lambda_ = f"arn:aws:lambda:{REGION}:{function.account.id}:function"
    function.group.filters.clear()
    function.group.filters.update(dd=f"{lambda_}:datadog-forwarder", siem=f"{lambda_}:siem")


def _infrequent(function: FakeFunction) -> None:
    function.group.filters.clear()
    function.group.log_class = "INFREQUENT_ACCESS"


def _firehose(status: str | None) -> Callable[[FakeFunction], None]:
    def break_it(function: FakeFunction) -> None:
        function.region.firehoses.pop(FIREHOSE)
        if status:
            function.region.firehoses[FIREHOSE] = status

    return break_it


def _pattern(text: str) -> Callable[[FakeFunction], None]:
    def break_it(function: FakeFunction) -> None:
        function.group.patterns[FILTER] = text

    return break_it


def _refused(function: FakeFunction) -> None:
    function.group.refused = 7


def _takes_nothing_in(function: FakeFunction) -> None:
    function.region.delivered = None
    function.group.events.clear()
    function.reports(40, 5)


def _metrics_firehose_gone(function: FakeFunction) -> None:
    function.region.firehoses.pop("serverless_metrics-firehose")


def _metrics_firehose_going(function: FakeFunction) -> None:
    function.region.firehoses["serverless_metrics-firehose"] = "DELETING"


def _delivers_nothing(function: FakeFunction) -> None:
    function.region.delivered = 0.0


def _stream_stopped(function: FakeFunction) -> None:
    function.region.metric_streams["serverless_metrics-stream"] = "stopped"


def _stream_gone(function: FakeFunction) -> None:
    function.region.metric_streams.clear()


def _neither_stream(function: FakeFunction) -> None:
    function.region.metric_streams.clear()
    function.region.firehoses.pop("serverless_metrics-firehose")


FUNCTIONS: Mapping[str, DemoFunction] = {
    "filters full": DemoFunction(
        _filters_full, PROBLEM, "subscription_filter_to_spare", in_demo="search"
    ),
    "no filter": DemoFunction(
        _filter_gone, PROBLEM, "traces_reach_the_log_pipe", in_demo="inventory"
    ),
    "filter astray": DemoFunction(_filter_astray, PROBLEM, "traces_reach_the_log_pipe"),
    "filter by another name": DemoFunction(_filter_by_another_name, "healthy", None, None),
    "forwarded by the account's policy": DemoFunction(
        _forwarded_by_the_account, "healthy", None, None
    ),
    "foreign filters": DemoFunction(_foreign_filters, PROBLEM, "traces_reach_the_log_pipe"),
    "class without filters": DemoFunction(_infrequent, PROBLEM, "traces_reach_the_log_pipe"),
    "Firehose gone": DemoFunction(_firehose(None), PROBLEM, "traces_reach_the_log_pipe"),
    "Firehose going": DemoFunction(_firehose("DELETING"), PROBLEM, "traces_reach_the_log_pipe"),
    "delivers nothing": DemoFunction(_delivers_nothing, PROBLEM, "traces_reach_the_log_pipe"),
    "filter's pattern": DemoFunction(
        _pattern("?WARN ?FATAL"), PROBLEM, "traces_reach_the_log_pipe"
    ),
    "filter's pattern lets payloads through": DemoFunction(
        _pattern('"SERVERLESS_TELEMETRY."'), "healthy", None, None
    ),
    "filter's deliveries refused": DemoFunction(_refused, PROBLEM, "traces_reach_the_log_pipe"),
    "takes nothing in": DemoFunction(_takes_nothing_in, "undetermined", None, None),
    "metrics Firehose gone": DemoFunction(
        _metrics_firehose_gone, PROBLEM, "metrics_reach_the_metric_stream"
    ),
    "metrics Firehose going": DemoFunction(
        _metrics_firehose_going, PROBLEM, "metrics_reach_the_metric_stream"
    ),
    "stream stopped": DemoFunction(_stream_stopped, PROBLEM, "metrics_reach_the_metric_stream"),
    "stream gone": DemoFunction(_stream_gone, PROBLEM, "metrics_reach_the_metric_stream"),
    "newer integration": DemoFunction(
        _neither_stream, "notice", "metrics_reach_the_metric_stream", None
    ),
}
