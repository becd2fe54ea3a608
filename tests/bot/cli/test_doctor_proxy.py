"""What doctor says of proxies."""

from __future__ import annotations

import pytest

from bot.doctor.proxy import judged

OURS = "http://ours.test:3128"


@pytest.mark.parametrize(
    ("proxies", "saw"),
    [
        ({}, "Neither Slack nor AWS is configured."),
        ({"AWS": None}, "None: AWS is reached directly."),
        ({"Slack": None, "AWS": None}, "None: Slack and AWS are reached directly."),
        ({"Slack": OURS, "AWS": None}, f"{OURS} for Slack, none for AWS."),
    ],
)
def test_each_service_has_its_proxy_or_none(proxies, saw):
    assert judged(proxies).saw == saw
