"""Clients: made once, and quiet; listings page by page."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from itertools import count

import boto3
import pytest
from botocore.validate import validate_parameters

import bot.aws.client
from bot.aws import operations
from bot.aws.client import Pages, ahead, token_names
from bot.aws.clients import Clients
from bot.aws.evidence import inventory
from bot.aws.operations import LIST_FUNCTIONS, LIST_METRICS, WHO_AM_I
from bot.playground.account.demo_functions import REGION, healthy

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def answered(date: str | None) -> dict[str, object]:
    return {"ResponseMetadata": {"HTTPHeaders": {"date": date} if date else {}}}


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("Mon, 23 Nov 2026 11:58:00 GMT", timedelta(minutes=2)),
        ("Mon, 23 Nov 2026 12:00:30 GMT", timedelta(seconds=-30)),
        ("yesterday", None),
        (None, None),
    ],
)
def test_clock_is_compared_with_aws(date, expected):
    assert ahead(answered(date), NOON) == expected


def test_every_answer_tells_the_time(account):
    account.call(WHO_AM_I, "eu-west-1")

    assert abs(account.ahead) < timedelta(seconds=5)


def test_client_is_made_once(account, monkeypatch):
    made = []

    class Counting:
        events = account.session.events

        def client(self, *given, **named):
            made.append(given)
            return real.client(*given, **named)

    real, account.clients = account.session, Clients(Counting())
    for _ in range(3):
        account.call(LIST_FUNCTIONS, "eu-west-1")

    assert made == [("lambda",)]


def test_botocore_does_not_log_bodies():
    assert bot.aws.client
    assert not logging.getLogger("botocore.endpoint").isEnabledFor(logging.INFO)


def test_boto3_is_not_imported_before_it_is_needed():
    import subprocess
    import sys

    program = "import bot.aws.client, sys; sys.exit('boto3' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
    assert boto3


PAGED = [
    operations.LIST_FUNCTIONS,
    operations.LIST_ALIASES,
    operations.LIST_METRICS,
    operations.METRIC_DATA,
    operations.LIST_STACKS,
    operations.LOG_EVENTS,
]


class Endless:
    """An account whose listing never ends; its tokens come from `tokens`."""

    def __init__(self, tokens):
        self.tokens, self.asked_with = tokens, []

    def call(self, operation, region, **arguments):
        in_request, in_answer = token_names(operation)
        self.asked_with.append((region, arguments.get(in_request)))
        return {in_answer: str(next(self.tokens))}


@pytest.mark.parametrize("operation", PAGED, ids=lambda operation: operation.method)
def test_tokens_are_called_as_botocore_calls_them(session, operation):
    client = session.client(operation.service, region_name=REGION)
    loader = session._session.get_component("data_loader")  # noqa: SLF001 - botocore has no public way
    known = loader.load_service_model(operation.service, "paginators-1")["pagination"]
    names = known[client.meta.method_to_api_mapping[operation.method]]

    assert token_names(operation) == (names["input_token"], names["output_token"])


def test_all_pages_come_in_their_order(aws, account):
    for number in range(120):
        healthy(aws.account(), f"shop-{number}")
    pages = Pages(account, REGION, operations.LIST_FUNCTIONS, 10)
    answers = [page["Functions"] for page in pages]

    assert [len(functions) for functions in answers] == [50, 50, 20]
    assert len({f["FunctionName"] for functions in answers for f in functions}) == 120
    assert pages.complete


def test_no_more_pages_than_were_allowed():
    account = Endless(count())
    pages = Pages(account, REGION, operations.LIST_FUNCTIONS, 3)

    assert len(list(pages)) == 3
    assert account.asked_with == [(REGION, token) for token in (None, "0", "1")]
    assert not pages.complete


def test_a_token_that_comes_again_is_the_end():
    account = Endless(iter("abab"))
    pages = Pages(account, REGION, operations.LIST_FUNCTIONS, 100)

    assert len(list(pages)) == 3
    assert pages.complete


def test_what_cloudwatch_is_asked_fits_its_model_without_being_validated(
    aws, bed, account, gathered
):
    """Validating it at run time took a tenth of a scan's CPU."""
    asked = []

    def validated(params, model, **_):
        validate_parameters(params, model.input_shape)
        asked.append(model.name)

    bed.region.aliases["checkout"] = {"live": "7"}
    account.session.events.register("before-parameter-build.cloudwatch", validated)
    try:
        gathered()
        inventory.invocations(account, REGION, ["checkout", "$odd:name"], bed.now)
        inventory.forwarding(account, REGION)
    finally:
        account.session.events.unregister("before-parameter-build.cloudwatch", validated)

    assert set(asked) == {"GetMetricData", "ListMetrics", "ListMetricStreams"}
    account.call(LIST_METRICS, "us-east-2", Namespace=7)  # botocore would refuse it
