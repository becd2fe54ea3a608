"""What Cloud Custodian asks of the fake account, in AWS's shapes, by unmodified boto3."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import boto3

from bot.playground.account.demo_functions import REGION, healthy


def client(service):
    return boto3.Session("demo", "demo", region_name=REGION).client(service)


def test_only_what_is_tagged_is_listed(aws):
    region = aws.account().region(REGION)
    tagged, bare = (healthy(aws.account(), name).config["FunctionArn"] for name in ("a", "b"))
    region.tags["a"] = {"team": "shop"}
    found = client("resourcegroupstaggingapi").get_resources(ResourceARNList=[tagged, bare])

    assert found["ResourceTagMappingList"] == [
        {"ResourceARN": tagged, "Tags": [{"Key": "team", "Value": "shop"}]}
    ]


def test_statistics_are_the_sums(aws):
    healthy(aws.account(), "a")
    now = datetime.now(UTC)
    found = client("cloudwatch").get_metric_statistics(
        Namespace="AWS/Lambda",
        MetricName="Invocations",
        Dimensions=[{"Name": "FunctionName", "Value": "a"}],
        StartTime=now - timedelta(days=2),
        EndTime=now + timedelta(minutes=1),
        Period=86_400,
        Statistics=["Sum"],
    )

    assert [each["Sum"] for each in found["Datapoints"]] == [12.0]
