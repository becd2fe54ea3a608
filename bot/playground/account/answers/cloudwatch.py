"""CloudWatch: sums of invocations, delivery by Firehose, metric streams."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from bot.playground.account.answers.call import Answer, Call, page
from bot.playground.account.faults import AwsError

_RETENTION = ((300, timedelta(days=15)), (3600, timedelta(days=63)))
_KEPT = timedelta(days=455)
_QUERIES = 500
_METRICS = 500
_RECENT = timedelta(hours=3)
_LISTED = timedelta(days=14)
_INCOMING = 100.0


def _metric_data(call: Call) -> Answer:
    queries = call.arguments["MetricDataQueries"]
    if len(queries) > _QUERIES:
        told = f"The collection MetricDataQueries must not have a size greater than {_QUERIES}."
        raise AwsError("ValidationError", told)
    oldest = call.arguments.get("ScanBy") == "TimestampAscending"
    return {"MetricDataResults": [_result(call, each, oldest_first=oldest) for each in queries]}


def _result(call: Call, query: Mapping[str, Any], *, oldest_first: bool) -> Answer:
    stat = query["MetricStat"]
    values: dict[int, list[float]] = {}
    for start, value in _kept(call, stat["Metric"], int(stat["Period"])):
        values.setdefault(start, []).append(value)
    times = sorted(values, reverse=not oldest_first)
    measured = [_measured(stat["Stat"], values[start]) for start in times]
    return {"Id": query["Id"], "Timestamps": times, "Values": measured, "StatusCode": "Complete"}


def _measured(stat: str, values: list[float]) -> float:
    return sum(values) / (len(values) if stat == "Average" else 1)


def _kept(call: Call, metric: Mapping[str, Any], period: int) -> list[tuple[int, float]]:
    """(start of the period, value), as far as CloudWatch keeps periods of that length."""
    kept = next((age for length, age in _RETENTION if period < length), _KEPT)
    began, ended = float(call.arguments["StartTime"]), float(call.arguments["EndTime"])
    horizon = (call.now - kept).timestamp()
    found = []
    for at, value in _datapoints(call, metric):
        start = int(at // period * period)
        if at >= horizon and began // period * period <= start < ended:
            found.append((start, value))
    return found


def _datapoints(call: Call, metric: Mapping[str, Any]) -> list[tuple[float, float]]:
    namespace, name = metric["Namespace"], metric["MetricName"]
    dimensions = {each["Name"]: each["Value"] for each in metric.get("Dimensions") or []}
    share = call.region.delivered
    if namespace == "AWS/Firehose" and share is not None:
        values = {"IncomingRecords": _INCOMING, "DeliveryToHttpEndpoint.Success": share}
        known = dimensions.get("DeliveryStreamName") in call.region.firehoses and name in values
        return [((call.now - timedelta(hours=1)).timestamp(), values[name])] if known else []
    if (namespace, name) != ("AWS/Lambda", "Invocations"):
        return []
    key = (dimensions.get("FunctionName", ""), dimensions.get("Resource", ""))
    return [(at.timestamp(), float(count)) for at, count in call.region.sums.get(key, [])]


def _statistics(call: Call) -> Answer:
    """The older call, of one metric; in no order, as AWS gives them."""
    asked = call.arguments
    values: dict[int, list[float]] = {}
    for start, value in _kept(call, asked, int(asked["Period"])):
        values.setdefault(start, []).append(value)
    return {
        "Label": asked["MetricName"],
        "Datapoints": [
            {"Timestamp": start, "Unit": "Count"}
            | {stat: _measured(stat, found) for stat in asked["Statistics"]}
            for start, found in values.items()
        ],
    }


def _metrics(call: Call) -> Answer:
    """Which metrics have data; with RecentlyActive those of the last three hours."""
    wanted = call.arguments.get("Namespace"), call.arguments.get("MetricName")
    asked = {each["Name"]: each.get("Value") for each in call.arguments.get("Dimensions") or []}
    found = [
        {
            "Namespace": namespace,
            "MetricName": name,
            "Dimensions": [{"Name": n, "Value": v} for n, v in dimensions.items()],
        }
        for namespace, name, dimensions in (*_invoked(call), *_forwarded(call))
        if wanted[0] in {None, namespace} and wanted[1] in {None, name}
        if all(n in dimensions and v in {None, dimensions[n]} for n, v in asked.items())
    ]
    metrics, token = page(found, call.arguments.get("NextToken"), _METRICS)
    return {"Metrics": list(metrics)} | ({"NextToken": token} if token else {})


def _invoked(call: Call) -> Iterator[tuple[str, str, dict[str, str]]]:
    since = call.now - (_RECENT if call.arguments.get("RecentlyActive") else _LISTED)
    for (function, resource), sums in sorted(call.region.sums.items()):
        if any(at >= since for at, _ in sums):
            dimensions = {"FunctionName": function} | ({"Resource": resource} if resource else {})
            yield "AWS/Lambda", "Invocations", dimensions


def _forwarded(call: Call) -> Iterator[tuple[str, str, dict[str, str]]]:
    """By each filter of a log group that had events in the last two weeks."""
    since = call.now - _LISTED
    for name, group in sorted(call.region.groups.items()):
        if not any(at >= since for at, _, _ in group.events):
            continue
        for filter_name, destination in group.filters.items():
            kind = "Firehose" if ":firehose:" in destination else "Lambda"
            dimensions = {"LogGroupName": name, "DestinationType": kind, "FilterName": filter_name}
            yield "AWS/Logs", "ForwardedLogEvents", dimensions


def _metric_streams(call: Call) -> Answer:
    return {
        "Entries": [
            {
                "Arn": call.arn("cloudwatch", f"metric-stream/{name}"),
                "Name": name,
                "State": state,
                "FirehoseArn": call.arn("firehose", "deliverystream/serverless_metrics-firehose"),
                "OutputFormat": "opentelemetry0.7",
            }
            for name, state in sorted(call.region.metric_streams.items())
        ]
    }


ANSWERS = {
    "GetMetricData": _metric_data,
    "GetMetricStatistics": _statistics,
    "ListMetrics": _metrics,
    "ListMetricStreams": _metric_streams,
}
