"""Sessions and clients: made once, quiet, and by role where there is one."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta

import boto3
import pytest
from botocore.exceptions import ClientError

import bot.aws.door
from bot.aws.door import Account, ahead, assumed
from bot.aws.operations import LIST_FUNCTIONS, WHO_AM_I
from bot.aws.rates import Rates

OTHER = "210987654321"
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
        def client(self, *given, **named):
            made.append(given)
            return real.client(*given, **named)

    real, account.session = account.session, Counting()
    for _ in range(3):
        account.call(LIST_FUNCTIONS, "eu-west-1")

    assert made == [("lambda",)]


def test_botocore_does_not_log_bodies():
    assert bot.aws.door
    assert not logging.getLogger("botocore.endpoint").isEnabledFor(logging.INFO)


def test_role_is_assumed_with_its_external_id(aws, session):
    arn = aws.account(OTHER).trust("slsdiag", "ext-1")

    theirs = Account(assumed(session, arn, "ext-1", "tests"), Rates(1.0))

    assert theirs.identify("eu-west-1") == OTHER


def test_one_session_for_a_role(aws, session):
    arn = aws.account(OTHER).trust("slsdiag")

    assert assumed(session, arn, None, "tests") is assumed(session, arn, None, "tests")
    assert assumed(session, arn, None, "tests") is not assumed(session, arn, "x", "tests")


def test_wrong_external_id_is_refused(aws, session):
    arn = aws.account(OTHER).trust("slsdiag", "ext-1")
    theirs = Account(assumed(session, arn, "ext-2", "tests"), Rates(1.0))

    with pytest.raises(ClientError, match="AssumeRole"):
        theirs.identify("eu-west-1")


def test_sts_is_regional(aws, session):
    arn = aws.account(OTHER).trust("slsdiag", "ext-1")

    Account(assumed(session, arn, "ext-1", "region"), Rates(1.0)).identify("eu-west-1")

    assert {c.region for c in aws.calls if c.operation == "AssumeRole"} == {"eu-west-1"}


def test_boto3_is_not_imported_before_it_is_needed():
    import subprocess
    import sys

    program = "import bot.aws.door, sys; sys.exit('boto3' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
    assert boto3
