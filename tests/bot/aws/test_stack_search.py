"""Where the stack is searched for."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.aws.evidence import account as account_parts
from checks.evidence import IntegrationStack, NoStack, StackElsewhere

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def asked_of(aws, operation: str) -> int:
    return sum(call.operation == operation for call in aws.calls)


@pytest.fixture(autouse=True)
def nowhere(aws, bed):
    assert bed  # planted before its stack goes
    aws.account().region("us-east-1").stacks.clear()


def test_in_every_usual_region(gathered):
    found = gathered().stack

    assert isinstance(found, NoStack)
    assert len(found.searched) == 16
    assert found.unreadable == ()


def test_region_that_is_not_enabled_hides_nothing_and_a_refusal_does(aws, gathered):
    code = "UnrecognizedClientException"
    aws.fail("cloudformation", "DescribeStacks", code, region="sa-east-1")
    aws.fail("cloudformation", "DescribeStacks", region="us-west-1")

    found = gathered().stack

    assert found.unreadable == ("us-west-1",)
    assert [why.action for why in found.reasons] == ["cloudformation:DescribeStacks"]
    assert "sa-east-1" in found.searched


def test_failed_one_elsewhere_tells_its_resource(aws, bed, gathered):
    aws.account().stack(bed.now - HOUR, "ROLLBACK_COMPLETE", region="us-west-2")

    found = gathered().stack

    assert isinstance(found, StackElsewhere)
    assert "custom resource" in found.reason
    assert found.failed_resource == "ServerlessIntegrationStackReporter"


@pytest.mark.parametrize(("age", "deleted", "seen"), [(HOUR, True, True), (2 * HOUR, False, True)])
def test_deletion_is_asked_only_while_it_matters(aws, bed, gathered, age, deleted, seen):
    aws.account().stack(bed.now - 2 * DAY, deleted_at=bed.now - age - 5 * MINUTE)
    aws.account().stack(bed.now - age)

    found = gathered().stack

    assert isinstance(found, IntegrationStack)
    assert (found.deleted_before is not None, found.deletions_seen) == (deleted, seen)
    assert asked_of(aws, "ListStacks") == deleted


def test_deletion_that_cannot_be_seen_is_said(aws, bed, gathered):
    aws.account().stack(bed.now - HOUR)
    aws.fail("cloudformation", "ListStacks")

    assert gathered().stack.deletions_seen is False


def test_stack_of_another_name_counts_and_a_sound_one_comes_first(aws, bed, gathered):
    for status in ("DELETE_FAILED", "CREATE_COMPLETE"):
        name = f"StackSet-serverless-inc-role-stack-{status}"
        aws.account().stack(bed.now - DAY, status, name=name)
    aws.account().stack(bed.now - DAY, name="unrelated")

    found = gathered().stack

    assert isinstance(found, IntegrationStack)
    assert (found.status, found.name) == (
        "CREATE_COMPLETE",
        "StackSet-serverless-inc-role-stack-CREATE_COMPLETE",
    )


def test_deleted_stack_of_another_name_is_none(aws, bed, gathered):
    name = "StackSet-serverless-inc-role-stack-1"
    aws.account().stack(bed.now - 2 * DAY, name=name, deleted_at=bed.now - DAY)

    found = gathered().stack

    assert isinstance(found, NoStack)
    assert (found.deleted_at, found.other_names_seen) == (None, True)


def test_other_names_that_cannot_be_seen_are_said(aws, gathered):
    aws.fail("cloudformation", "ListStacks")

    assert gathered().stack.other_names_seen is False


@pytest.mark.parametrize(
    ("status", "asked"), [("ROLLBACK_COMPLETE", 1), ("CREATE_COMPLETE", 0), ("DELETE_FAILED", 1)]
)
def test_events_are_read_of_a_failed_stack_only(aws, bed, gathered, status, asked):
    aws.account().stack(bed.now - DAY, status, failures=[("Role", "CREATE_FAILED", "why")])

    found = gathered().stack

    assert asked_of(aws, "DescribeStackEvents") == asked
    assert (found.failed_resource, found.reason) == (("Role", "why") if asked else (None, None))


def test_more_stacks_than_are_read_leave_it_open_whether_one_has_another_name(
    aws, bed, gathered, monkeypatch
):
    monkeypatch.setattr(account_parts, "_PAGES", 1)
    for number in range(101):
        aws.account().stack(bed.now - DAY, name=f"unrelated-{number}")

    found = gathered().stack

    assert isinstance(found, NoStack)
    assert found.other_names_seen is False
