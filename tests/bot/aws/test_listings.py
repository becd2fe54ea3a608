"""Long listings say the same without botocore's model, and fail as they did."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from bot.aws import listings
from bot.playground.account.demo_functions import REGION, healthy

LONG = [
    ("lambda", "list_functions", {}),
    ("cloudwatch", "list_metrics", {"Namespace": "AWS/Lambda"}),
]


def both(session, service):
    plain, quick = (session.client(service, region_name=REGION) for _ in "ab")
    listings.quicken(quick, service)
    return plain, quick


@pytest.mark.parametrize(("service", "method", "arguments"), LONG)
def test_answers_are_the_same(aws, session, service, method, arguments):
    for number in range(60):
        healthy(aws.account(), f"shop-{number}")
    given = [getattr(client, method)(**arguments) for client in both(session, service)]

    for answer in given:
        answer.pop("ResponseMetadata")
    assert given[0] == given[1]
    assert sum(len(each) for each in given[1].values() if isinstance(each, list)) >= 50


def test_pages_follow_each_other(aws, session):
    for number in range(120):
        healthy(aws.account(), f"shop-{number}")
    _, quick = both(session, "lambda")
    pages = list(quick.get_paginator("list_functions").paginate())

    assert [len(page["Functions"]) for page in pages] == [50, 50, 20]


def test_the_model_is_not_asked(aws, session):
    """It drops what it does not know."""
    healthy(aws.account(), "shop").config["Unheard"] = "of"
    plain, quick = both(session, "lambda")

    assert "Unheard" not in plain.list_functions()["Functions"][0]
    assert quick.list_functions()["Functions"][0]["Unheard"] == "of"


@pytest.mark.parametrize(("service", "method", "arguments"), LONG)
def test_refusals_stay_refusals(aws, session, service, method, arguments):
    aws.fail(service)
    codes = []
    for client in both(session, service):
        with pytest.raises(ClientError) as refused:
            getattr(client, method)(**arguments)
        codes.append(refused.value.response["Error"]["Code"])

    assert len(set(codes)) == 1


@pytest.mark.parametrize("body", [b"<html>", b"[]", b'{"functions": []}', b"\xff\xfe"])
def test_other_bodies_are_left_to_botocore(body):
    answer, taken = {"status_code": 200, "body": body}, {}
    listings._taken("Functions", answer, taken)  # noqa: SLF001 - the seam to botocore

    assert (answer["body"], taken) == (body, {})
