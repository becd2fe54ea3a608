"""
The floor of `check.py`: the calls of one check, with boto3 alone, in one wave.

The functions of the demo account that the benchmark uses need no second one; it decides nothing
and reads nothing out of the answers.
"""

from __future__ import annotations

import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
from botocore.config import Config

SESSION: Any = boto3.Session()
CONFIG = Config(max_pool_connections=32)
NAME = sys.argv[1]
NOW = datetime.now(UTC)
PATTERN = (
    '?SERVERLESS_TELEMETRY ?"Serverless SDK" ?"SDK: " ?"RequestId: " ?"platform." '
    '?"Task timed out after" ?"[ERROR] " ?"Uncaught Exception" ?INIT_REPORT'
)
GROUP = f"/aws/lambda/{NAME}"

CLIENTS: dict[tuple[str, str], Any] = {}


def call(service: str, method: str, region: str = "eu-west-1", **arguments: Any) -> Any:
    """One call; an error is an answer too."""
    client = CLIENTS[service, region]
    try:
        return getattr(client, method)(**arguments)
    except client.exceptions.ClientError as error:
        return error.response


def sums(period: int, began: datetime, ended: datetime) -> Any:
    """Invocations."""
    dimensions = [{"Name": "FunctionName", "Value": NAME}]
    metric = {"Namespace": "AWS/Lambda", "MetricName": "Invocations", "Dimensions": dimensions}
    stat = {"Metric": metric, "Period": period, "Stat": "Sum"}
    return call(
        "cloudwatch",
        "get_metric_data",
        MetricDataQueries=[{"Id": "i", "MetricStat": stat}],
        StartTime=began,
        EndTime=ended,
    )


def log(pattern: str) -> None:
    """All pages, as they come."""
    arguments: dict[str, Any] = {
        "logGroupName": GROUP,
        "limit": 200,
        "startTime": int((time.time() - 14 * 86_400) * 1000),
        "startFromHead": False,
        "filterPattern": pattern,
    }
    while token := call("logs", "filter_log_events", **arguments).get("nextToken"):
        arguments["nextToken"] = token


for _service, _region in (
    ("lambda", "eu-west-1"),
    ("cloudformation", "us-east-1"),
    ("iam", "eu-west-1"),
    ("logs", "eu-west-1"),
    ("cloudwatch", "eu-west-1"),
    ("firehose", "eu-west-1"),
):
    CLIENTS[_service, _region] = SESSION.client(_service, region_name=_region, config=CONFIG)

DAY = NOW - timedelta(days=1)
FIRST = [
    lambda: call("lambda", "get_function_configuration", FunctionName=NAME),
    lambda: call(
        "cloudformation", "describe_stacks", "us-east-1", StackName="Serverless-Inc-Role-Stack"
    ),
    lambda: call("iam", "get_role", RoleName="ServerlessRole"),
    lambda: call("logs", "describe_subscription_filters", logGroupName=GROUP),
    lambda: log(PATTERN),
    lambda: sums(60, DAY, NOW),
    lambda: sums(3600, NOW - timedelta(days=455), DAY),
    lambda: call(
        "firehose", "describe_delivery_stream", DeliveryStreamName="serverless_logs-firehose"
    ),
    lambda: call(
        "firehose", "describe_delivery_stream", DeliveryStreamName="serverless_metrics-firehose"
    ),
    lambda: sums(300, NOW - timedelta(hours=6), NOW),
    lambda: sums(300, NOW - timedelta(hours=6), NOW),
    lambda: call("cloudwatch", "list_metric_streams"),
    lambda: call(
        "cloudwatch",
        "list_metrics",
        Namespace="AWS/Lambda",
        MetricName="Invocations",
        Dimensions=[{"Name": "FunctionName", "Value": NAME}, {"Name": "Resource"}],
    ),
    lambda: call("lambda", "list_aliases", FunctionName=NAME),
]

with ThreadPoolExecutor(24) as pool:
    list(pool.map(lambda ask: ask(), FIRST))
