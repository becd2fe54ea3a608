"""Where the stack is looked for."""

from __future__ import annotations

from datetime import timedelta

import pytest

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
    assert "sa-east-1" in found.searched


def test_failed_one_elsewhere_tells_its_resource(aws, bed, gathered):
    aws.account().stack(bed.now - HOUR, "ROLLBACK_COMPLETE", region="us-west-2")

    found = gathered().stack

    assert isinstance(found, StackElsewhere)
    assert "custom resource" in found.reason


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
