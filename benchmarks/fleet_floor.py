"""
The least that a scan could cost: list all functions and sum their invocations, with boto3.

Held to the share of AWS's rates that slsdiag uses; prints how many functions it saw.
"""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime, timedelta

import boto3

PAGES_A_SECOND = BURST = 15 * 0.5


def main() -> None:
    """Once, in one region."""
    region = sys.argv[1]
    lambda_ = boto3.client("lambda", region_name=region)
    cloudwatch = boto3.client("cloudwatch", region_name=region)
    names: list[str] = []
    began = time.monotonic()
    for number, page in enumerate(lambda_.get_paginator("list_functions").paginate(), 1):
        names += [each["FunctionName"] for each in page["Functions"]]
        ahead = (number - BURST) / PAGES_A_SECOND - (time.monotonic() - began)
        time.sleep(max(0.0, ahead))
    now = datetime.now(UTC)
    for start in range(0, len(names), 500):
        cloudwatch.get_metric_data(
            StartTime=now - timedelta(days=15),
            EndTime=now,
            MetricDataQueries=[
                {
                    "Id": f"f{number}",
                    "MetricStat": {
                        "Metric": {
                            "Namespace": "AWS/Lambda",
                            "MetricName": "Invocations",
                            "Dimensions": [{"Name": "FunctionName", "Value": name}],
                        },
                        "Period": 86_400,
                        "Stat": "Sum",
                    },
                }
                for number, name in enumerate(names[start : start + 500])
            ],
        )
    print(len(names))


if __name__ == "__main__":
    main()
