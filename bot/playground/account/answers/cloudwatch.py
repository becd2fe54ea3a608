"""CloudWatch: sums of invocations, delivery by Firehose, metric streams."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from bot.playground.account.answers.call import Answer, Call, page
from bot.playground.account.faults import AwsError
from bot.playground.account.patterns import matcher

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
        message = f"The collection MetricDataQueries must not have a size greater than {_QUERIES}."
        raise AwsError("ValidationError", message)
    oldest = call.arguments.get("ScanBy") == "TimestampAscending"
    return {"MetricDataResults": [_result(call, query, oldest_first=oldest) for query in queries]}


def _result(call: Call, query: Mapping[str, Any], *, oldest_first: bool) -> Answer:
    stat = query["MetricStat"]
    values: dict[int, list[float]] = {}
    for start, value in _within_retention(call, stat["Metric"], int(stat["Period"])):
        values.setdefault(start, []).append(value)
    times = sorted(values, reverse=not oldest_first)
    measured = [_measured(stat["Stat"], values[start]) for start in times]
    return {"Id": query["Id"], "Timestamps": times, "Values": measured, "StatusCode": "Complete"}


def _measured(stat: str, values: list[float]) -> float:
    return sum(values) / (len(values) if stat == "Average" else 1)


def _within_retention(
    call: Call, metric: Mapping[str, Any], period: int
) -> list[tuple[int, float]]:
    """(start of the period, value), as far as CloudWatch keeps periods of that length."""
    retention = next((age for length, age in _RETENTION if period < length), _KEPT)
    began, ended = float(call.arguments["StartTime"]), float(call.arguments["EndTime"])
    horizon = (call.now - retention).timestamp()
    datapoints = []
    for at, value in _datapoints(call, metric):
        start = int(at // period * period)
        if at >= horizon and began // period * period <= start < ended:
            datapoints.append((start, value))
    return datapoints


def _datapoints(call: Call, metric: Mapping[str, Any]) -> list[tuple[float, float]]:
    namespace, name = metric["Namespace"], metric["MetricName"]
    dimensions = {
        dimension["Name"]: dimension["Value"] for dimension in metric.get("Dimensions") or []
    }
    share = call.region.delivered
    if namespace == "AWS/Firehose" and share is not None:
        values = {"IncomingRecords": _INCOMING, "DeliveryToHttpEndpoint.Success": share}
        ours = dimensions.get("DeliveryStreamName") in call.region.firehoses and name in values
        return [((call.now - timedelta(hours=1)).timestamp(), values[name])] if ours else []
    if namespace == "AWS/SQS":
        return _of_a_queue(call, name, dimensions)
    if namespace == "AWS/Logs":
        return _of_a_filter(call, name, dimensions)
    if namespace != "AWS/Lambda" or name not in {"Invocations", "Errors"}:
        return []
    sums = call.region.sums if name == "Invocations" else call.region.errors
    key = (dimensions.get("FunctionName", ""), dimensions.get("Resource", ""))
    return [(at.timestamp(), float(count)) for at, count in sums.get(key, [])]


def _of_a_queue(call: Call, name: str, dimensions: Mapping[str, str]) -> list[tuple[float, float]]:
    """How long its oldest message has waited, by now."""
    queue = call.region.queues.get(dimensions.get("QueueName", ""))
    age = queue.oldest if queue and name == "ApproximateAgeOfOldestMessage" else None
    return [] if age is None else [(call.now.timestamp(), age)]


def _of_a_filter(call: Call, name: str, dimensions: Mapping[str, str]) -> list[tuple[float, float]]:
    """What a log group's filter forwarded, or its destination refused."""
    group = call.region.groups.get(dimensions.get("LogGroupName", ""))
    filter_name = dimensions.get("FilterName", "")
    if group is None or filter_name not in group.filters:
        return []
    if dimensions.get("DestinationType") != _destination_type(group.filters[filter_name]):
        return []
    if group.refused:
        lately = (call.now - timedelta(hours=1)).timestamp()
        return [(lately, float(group.refused))] if name == "DeliveryErrors" else []
    if name != "ForwardedLogEvents":
        return []
    matches = matcher(group.patterns.get(filter_name, ""))
    return [(at.timestamp(), 1.0) for at, message, _ in group.events if matches(message)]


def _destination_type(destination: str) -> str:
    """CloudWatch's word; of a destination in another account it is what that leads to."""
    if ":lambda:" in destination:
        return "Lambda"
    return "Firehose" if ":firehose:" in destination else "Kinesis"


def _statistics(call: Call) -> Answer:
    """The older call, of one metric; in no order, as AWS gives them."""
    arguments = call.arguments
    values: dict[int, list[float]] = {}
    for start, value in _within_retention(call, arguments, int(arguments["Period"])):
        values.setdefault(start, []).append(value)
    return {
        "Label": arguments["MetricName"],
        "Datapoints": [
            {"Timestamp": start, "Unit": "Count"}
            | {stat: _measured(stat, of_period) for stat in arguments["Statistics"]}
            for start, of_period in values.items()
        ],
    }


def _metrics(call: Call) -> Answer:
    """Which metrics have data; with RecentlyActive those of the last three hours."""
    wanted = call.arguments.get("Namespace"), call.arguments.get("MetricName")
    filters = {
        dimension["Name"]: dimension.get("Value")
        for dimension in call.arguments.get("Dimensions") or []
    }
    listed = [
        {
            "Namespace": namespace,
            "MetricName": name,
            "Dimensions": [{"Name": n, "Value": v} for n, v in dimensions.items()],
        }
        for namespace, name, dimensions in (*_invoked(call), *_forwarded(call))
        if wanted[0] in {None, namespace} and wanted[1] in {None, name}
        if all(n in dimensions and v in {None, dimensions[n]} for n, v in filters.items())
    ]
    metrics, token = page(listed, call.arguments.get("NextToken"), _METRICS)
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
        for filter_name, destination in group.filters.items():
            matches = matcher(group.patterns.get(filter_name, ""))
            if group.refused or not any(at >= since and matches(m) for at, m, _ in group.events):
                continue
            dimensions = {
                "LogGroupName": name,
                "DestinationType": _destination_type(destination),
                "FilterName": filter_name,
            }
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
