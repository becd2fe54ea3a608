"""The fake account, asked by unmodified boto3 over HTTP: shapes, pages, errors, faults."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from bot.playground.account import FakeAws, Region

STACK = "Serverless-Inc-Role-Stack"
GROUP = "/aws/lambda/checkout"
NOW = datetime.now(UTC).replace(microsecond=0)
ONCE = Config(retries={"total_max_attempts": 1}, read_timeout=5)


@pytest.fixture
def aws() -> Iterator[FakeAws]:
    with FakeAws() as running:
        yield running


@pytest.fixture
def region(aws: FakeAws) -> Region:
    return aws.account().region("eu-west-1")


def client(aws: FakeAws, service: str, region: str = "eu-west-1", key: str = "testing") -> Any:
    return boto3.client(
        service,  # type: ignore[call-overload]
        region_name=region,
        endpoint_url=aws.url,
        aws_access_key_id=key,
        aws_secret_access_key=key,
        config=ONCE,
    )


def refusal(ask: Callable[[], object]) -> tuple[int, str, str]:
    """Status, code and words of the error that `ask` meets."""
    with pytest.raises(ClientError) as caught:
        ask()
    answer = caught.value.response
    return (
        answer["ResponseMetadata"]["HTTPStatusCode"],
        answer["Error"]["Code"],
        answer["Error"]["Message"],
    )


@pytest.mark.parametrize(
    "name",
    ["checkout", "arn:aws:lambda:eu-west-1:123456789012:function:checkout", "checkout:live"],
)
def test_a_function_is_found_by_name_and_by_arn(aws: FakeAws, region: Region, name: str) -> None:
    region.function("checkout", modified_at=NOW)
    region.function("checkout", modified_at=NOW, version="7")
    region.aliases["checkout"] = {"live": "7"}
    found = client(aws, "lambda").get_function_configuration(FunctionName=name)
    assert found["Version"] == ("7" if name.endswith(":live") else "$LATEST")


def test_a_listing_pages_by_fifty_and_leaves_out_the_state(aws: FakeAws, region: Region) -> None:
    for number in range(120):
        region.function(f"f{number:03}", modified_at=NOW)
    pages = list(client(aws, "lambda").get_paginator("list_functions").paginate())
    assert [len(page["Functions"]) for page in pages] == [50, 50, 20]
    assert "State" not in pages[0]["Functions"][0]


def test_versions_and_an_alias_with_shares(aws: FakeAws, region: Region) -> None:
    for version in ("$LATEST", "7", "10"):
        region.function("checkout", modified_at=NOW, version=version)
    region.aliases["checkout"] = {"live": "10"}
    region.weights["checkout", "live"] = {"7": 0.1}
    asked = client(aws, "lambda")
    versions = asked.list_versions_by_function(FunctionName="checkout")["Versions"]
    alias = asked.list_aliases(FunctionName="checkout")["Aliases"][0]
    assert [each["Version"] for each in versions] == ["$LATEST", "7", "10"]
    assert alias["RoutingConfig"]["AdditionalVersionWeights"] == {"7": 0.1}


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        pytest.param("", [0, 1, 2, 3], id="everything"),
        pytest.param("apple", [0, 2], id="a term"),
        pytest.param("apple pear", [2], id="both terms"),
        pytest.param("?apple ?pear", [0, 1, 2], id="either"),
        pytest.param('?"red plum" ?"no such"', [3], id="either phrase"),
        pytest.param("pear -apple", [1], id="without"),
    ],
)
def test_a_filter_pattern(aws: FakeAws, region: Region, pattern: str, found: list[int]) -> None:
    lines = ("apple", "pear", "apple and pear", "a red plum")
    region.group(GROUP).events += [
        (NOW + timedelta(seconds=n), text, "s") for n, text in enumerate(lines)
    ]
    pages = client(aws, "logs").get_paginator("filter_log_events")
    more = {"filterPattern": pattern} if pattern else {}
    events = [e for page in pages.paginate(logGroupName=GROUP, **more) for e in page["events"]]
    assert [event["message"] for event in events] == [lines[n] for n in found]


@pytest.mark.parametrize(("from_head", "first"), [(None, "0"), (True, "0"), (False, "4")])
def test_the_order_of_events(
    aws: FakeAws, region: Region, *, from_head: bool | None, first: str
) -> None:
    region.group(GROUP).events += [(NOW + timedelta(seconds=n), str(n), "s") for n in range(5)]
    arguments = {} if from_head is None else {"startFromHead": from_head}
    since = int((NOW - timedelta(hours=1)).timestamp() * 1000)
    pages = client(aws, "logs").get_paginator("filter_log_events")
    events = [
        event
        for page in pages.paginate(logGroupName=GROUP, startTime=since, limit=2, **arguments)
        for event in page["events"]
    ]
    assert (events[0]["message"], len(events)) == (first, 5)


def test_an_empty_page_goes_on(aws: FakeAws, region: Region) -> None:
    group = region.group(GROUP)
    group.events.append((NOW, "here", "s"))
    group.empty_pages = 2
    pages = client(aws, "logs").get_paginator("filter_log_events").paginate(logGroupName=GROUP)
    assert [len(page["events"]) for page in pages] == [0, 0, 1]


@pytest.mark.parametrize(
    ("days", "period", "values"),
    [
        pytest.param(10, 60, [3.0], id="minutes are kept 15 days"),
        pytest.param(40, 60, [], id="and then gone"),
        pytest.param(40, 300, [3.0], id="five minutes 63 days"),
        pytest.param(100, 300, [], id="and then gone too"),
        pytest.param(100, 3600, [3.0], id="hours 455 days"),
    ],
)
def test_how_long_sums_are_kept(
    aws: FakeAws, region: Region, days: int, period: int, values: list[float]
) -> None:
    region.invoked("checkout", NOW - timedelta(days=days), 3)
    assert sums(aws, "Invocations", period) == values


def test_other_metrics_are_not_invocations(aws: FakeAws, region: Region) -> None:
    region.invoked("checkout", NOW - timedelta(hours=1), 3)
    assert sums(aws, "Errors", 3600) == []


def sums(aws: FakeAws, metric: str, period: int) -> list[float]:
    dimensions = [{"Name": "FunctionName", "Value": "checkout"}]
    of = {"Namespace": "AWS/Lambda", "MetricName": metric, "Dimensions": dimensions}
    stat = {"Metric": of, "Period": period, "Stat": "Sum"}
    answer = client(aws, "cloudwatch").get_metric_data(
        StartTime=NOW - timedelta(days=200),
        EndTime=NOW,
        MetricDataQueries=[{"Id": "sums", "MetricStat": stat}],
    )
    found: list[float] = answer["MetricDataResults"][0]["Values"]
    return found


def test_a_deleted_stack_is_listed_and_not_described(aws: FakeAws) -> None:
    aws.account().stack(NOW - timedelta(days=9), deleted_at=NOW - timedelta(days=2))
    aws.account().stack(NOW - timedelta(days=300), deleted_at=NOW - timedelta(days=200))
    asked = client(aws, "cloudformation", "us-east-1")
    listed = asked.list_stacks(StackStatusFilter=["DELETE_COMPLETE"])["StackSummaries"]
    assert [each["DeletionTime"] for each in listed] == [NOW - timedelta(days=2)]
    refused = refusal(lambda: asked.describe_stacks(StackName=STACK))
    assert refused == (400, "ValidationError", f"Stack with id {STACK} does not exist")


@pytest.mark.parametrize(
    ("status", "statuses"),
    [
        ("CREATE_COMPLETE", ["CREATE_COMPLETE", "CREATE_IN_PROGRESS"]),
        ("ROLLBACK_COMPLETE", ["ROLLBACK_COMPLETE", "CREATE_FAILED", "CREATE_IN_PROGRESS"]),
    ],
)
def test_only_a_failed_stack_has_a_failure(aws: FakeAws, status: str, statuses: list[str]) -> None:
    aws.account().stack(NOW, status, reason="a & b < c")
    events = client(aws, "cloudformation", "us-east-1").describe_stack_events(StackName=STACK)
    assert [each["ResourceStatus"] for each in events["StackEvents"]] == statuses


@pytest.mark.parametrize(
    ("role", "external_id", "enters"),
    [
        pytest.param("slsdiag", "ours", True, id="the right id"),
        pytest.param("slsdiag", "theirs", False, id="a wrong id"),
        pytest.param("unknown", "ours", False, id="no such role"),
    ],
)
def test_another_account_is_entered_by_its_role(
    aws: FakeAws, role: str, external_id: str, *, enters: bool
) -> None:
    aws.account("222222222222").trust("slsdiag", "ours")
    arn = f"arn:aws:iam::222222222222:role/{role}"

    def assume() -> Any:
        return client(aws, "sts").assume_role(
            RoleArn=arn, RoleSessionName="session", ExternalId=external_id
        )

    if not enters:
        assert refusal(assume)[:2] == (403, "AccessDenied")
        return
    key = assume()["Credentials"]["AccessKeyId"]
    assert client(aws, "sts", key=key).get_caller_identity()["Account"] == "222222222222"


READS: dict[str, tuple[str, str, Callable[[Any], object]]] = {
    "lambda": ("lambda", "ListFunctions", lambda c: c.list_functions()),
    "logs": ("logs", "DescribeLogGroups", lambda c: c.describe_log_groups()),
    "cloudwatch": ("cloudwatch", "ListMetricStreams", lambda c: c.list_metric_streams()),
    "cloudformation": ("cloudformation", "ListStacks", lambda c: c.list_stacks()),
}


@pytest.mark.parametrize(
    ("service", "ordered", "status", "code"),
    [
        ("lambda", "AccessDenied", 403, "AccessDeniedException"),
        ("logs", "AccessDenied", 400, "AccessDeniedException"),
        ("cloudformation", "AccessDeniedException", 403, "AccessDenied"),
        ("lambda", "ThrottlingException", 429, "TooManyRequestsException"),
        ("logs", "Throttling", 400, "ThrottlingException"),
        ("cloudwatch", "ThrottlingException", 400, "Throttling"),
        ("cloudformation", "ThrottlingException", 400, "Throttling"),
        ("logs", "ServiceUnavailableException", 503, "ServiceUnavailableException"),
        ("lambda", "ServiceException", 500, "ServiceException"),
    ],
)
def test_a_fault_is_spelled_as_the_service_spells_it(
    aws: FakeAws, service: str, ordered: str, status: int, code: str
) -> None:
    name, operation, ask = READS[service]
    aws.fail(name, operation, ordered)
    refused = refusal(lambda: ask(client(aws, service)))
    assert refused[:2] == (status, code)
    if "Denied" in code:
        assert f"is not authorized to perform: {service}:{operation} on resource: *" in refused[2]
    aws.heal()
    ask(client(aws, service))


def test_a_fault_keeps_to_its_region(aws: FakeAws) -> None:
    aws.fail("logs", "*", "AccessDenied", region="us-west-2")
    client(aws, "logs").describe_log_groups()
    assert refusal(lambda: client(aws, "logs", "us-west-2").describe_log_groups())[0] == 400


def test_a_fault_of_an_unknown_service_is_refused(aws: FakeAws) -> None:
    with pytest.raises(ValueError, match="no service dynamo"):
        aws.fail("dynamo")


def test_quotas_throttle_a_burst_and_nothing_without_them(aws: FakeAws, region: Region) -> None:
    region.group(GROUP)
    asked = client(aws, "logs")
    for _ in range(7):
        asked.describe_subscription_filters(logGroupName=GROUP)
    aws.quotas = True
    outcomes = [
        outcome(lambda: asked.describe_subscription_filters(logGroupName=GROUP)) for _ in range(7)
    ]
    assert outcomes[:5] == ["ok"] * 5
    assert "ThrottlingException" in outcomes[5:]


def outcome(ask: Callable[[], object]) -> str:
    try:
        ask()
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    return "ok"


def test_what_nothing_answers_is_refused_and_recorded_as_a_change(aws: FakeAws) -> None:
    asked = client(aws, "lambda")
    refused = refusal(lambda: asked.delete_function(FunctionName="checkout"))
    assert refused[:2] == (404, "UnknownOperationException")
    assert [call.operation for call in aws.mutations()] == ["DeleteFunction"]


@pytest.mark.parametrize(
    ("ask", "operation", "changes"),
    [
        (lambda c: c.invoke(FunctionName="checkout"), "Invoke", True),
        (lambda c: c.publish_version(FunctionName="checkout"), "PublishVersion", True),
        (lambda c: c.get_account_settings(), "Get /2016-08-19/account-settings", False),
        (lambda c: c.delete_layer_version(LayerName="x", VersionNumber=1), None, True),
    ],
)
def test_reads_and_changes_are_told_apart(
    aws: FakeAws, ask: Callable[[Any], object], operation: str | None, *, changes: bool
) -> None:
    asked = client(aws, "lambda")
    assert refusal(lambda: ask(asked))[0] == 404
    assert operation in {None, aws.calls[0].operation}
    assert bool(aws.mutations()) is changes


def test_a_call_is_quick_and_latency_is_added(aws: FakeAws, region: Region) -> None:
    """Head and body sent apart would cost 40 ms a call."""
    region.function("checkout", modified_at=NOW)
    asked = client(aws, "lambda")

    def took() -> float:
        began = time.perf_counter()
        asked.get_function_configuration(FunctionName="checkout")
        return time.perf_counter() - began

    assert min(took() for _ in range(50)) < 0.03
    aws.latency = 0.1
    assert took() >= 0.1


def test_it_stops_at_once() -> None:
    running = FakeAws()
    with running:
        began = time.perf_counter()
    assert time.perf_counter() - began < 0.3
