"""The evidence of one function, over the wire: each second look, and each thing that fails."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime

import pytest

from bot.aws.evidence.gather import FunctionRequest, gather
from bot.errors import Denied, NoCredentials, NoSuchFunction, Unreachable
from bot.playground.account.demo_functions import REGION
from checks.evidence import Expected, Missing
from checks.function_ref import FunctionRef


def asked_of(aws, operation: str) -> int:
    return sum(call.operation == operation for call in aws.calls)


def test_healthy_function_takes_one_wave(aws, gathered):
    progress: list[frozenset[str]] = []

    found = gathered(progress=progress.append)

    assert found.log.payloads
    assert found.log_firehose.delivered_share == 1.0
    assert len(aws.calls) == 15
    assert asked_of(aws, "FilterLogEvents") == 2  # an empty page goes on
    assert progress[-1] == frozenset()


def test_everything_but_the_configuration_may_be_refused(aws, gathered):
    for service in ("cloudformation", "monitoring", "logs", "firehose", "iam"):
        aws.fail(service)
    aws.fail("lambda", "ListAliases")

    found = gathered()

    for part in ("stack", "role", "log_firehose", "metric_pipe", "log_group", "filters"):
        assert isinstance(getattr(found, part), Missing), part
        assert getattr(found, part).action
    for part in ("invocations", "log", "traffic"):
        assert getattr(found, part).action, part


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("AccessDeniedException", Denied),
        ("ResourceNotFoundException", NoSuchFunction),
        ("UnrecognizedClientException", NoCredentials),
        ("ExpiredTokenException", NoCredentials),
    ],
)
def test_without_the_configuration_there_is_nothing(aws, gathered, code, error):
    aws.fail("lambda", "GetFunctionConfiguration", code, status=400)

    with pytest.raises(error):
        gathered()


def test_no_credentials(aws, session, monkeypatch):
    import boto3

    from bot.aws.client import Account
    from bot.aws.parallel import Rates

    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    bare = Account(boto3.Session(region_name=REGION), Rates(1.0))

    with pytest.raises(NoCredentials, match="AWS_PROFILE"):
        gather(
            FunctionRequest(bare, REGION, FunctionRef("checkout"), datetime.now(UTC)),
            expected=Expected(),
            answers={},
        )


def test_what_hangs_is_late_and_named(aws, gathered, monkeypatch):
    import bot.aws.evidence.gather
    from bot.aws.parallel import Wave

    monkeypatch.setattr(
        bot.aws.evidence.gather, "Wave", lambda progress: Wave(progress, seconds=0.2)
    )
    aws.latency = 4.0
    began = time.monotonic()

    with pytest.raises(Unreachable, match="did not answer"):
        gathered()

    assert time.monotonic() - began < 0.8 * aws.latency
    for thread in threading.enumerate():  # their late calls are not the next test's
        if thread.name == "aws":
            thread.join()


def test_scopes_can_be_kept_apart(aws, gathered):
    kept: dict[str, object] = {}

    def cache(key, read):
        if key not in kept:
            kept[key] = read()
        return kept[key]

    first = gathered(cache=cache)
    asked = len(aws.calls)
    second = gathered(cache=cache)

    assert set(kept) == {
        "account:own",
        "region:own:eu-west-1",
        "function:own:eu-west-1:checkout",
    }
    assert len(aws.calls) == asked
    assert (first.stack, first.log) == (second.stack, second.log)
