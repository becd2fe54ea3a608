"""Which sums are asked, and who is invoked."""

from __future__ import annotations

from datetime import timedelta

import pytest
from botocore.exceptions import ReadTimeoutError

from bot.aws.client import Account

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def asked_of(aws, operation: str) -> int:
    return sum(call.operation == operation for call in aws.calls)


@pytest.fixture
def late(aws, bed):
    """Settled three days ago in the middle of an hour; invoked only around then."""
    aws.account().region("us-east-1").stacks.clear()
    bed.region.sums.clear()
    hour = (bed.now - 3 * DAY).replace(minute=0, second=0)
    aws.account().stack(hour + 20 * MINUTE)
    return hour


@pytest.mark.parametrize(("minute", "count"), [(25, 0), (35, 1)])
def test_hour_of_settling_is_told_apart(bed, gathered, late, minute, count):
    bed.region.invoked("checkout", late + minute * MINUTE)

    found = gathered()

    settled = late + 30 * MINUTE
    assert sum(n for start, _, n in found.invocations.sums if start >= settled) == count
    assert {seconds for _, seconds, _ in found.invocations.sums} == {60}


def test_hour_of_settling_that_could_not_be_read_is_no_answer(bed, gathered, late, monkeypatch):
    bed.region.invoked("checkout", late + 25 * MINUTE)
    read = Account.call

    def call(account, operation, region, **arguments):
        if "StartTime" in arguments and arguments["StartTime"] == late:
            raise ReadTimeoutError(endpoint_url="https://monitoring")
        return read(account, operation, region, **arguments)

    monkeypatch.setattr(Account, "call", call)

    assert "did not answer in time" in gathered().invocations.why


def test_later_ones_need_no_closer_look(aws, bed, gathered, late):
    bed.region.invoked("checkout", late + 25 * MINUTE)
    bed.region.invoked("checkout", late + 2 * HOUR)

    found = gathered()

    assert asked_of(aws, "GetMetricData") == 4
    assert len(found.invocations.sums) == 2


def test_version_counts_also_through_its_aliases(bed, gathered):
    bed.region.function("checkout", modified_at=bed.now - 9 * DAY, version="7")
    bed.region.aliases["checkout"] = {"live": "7", "old": "6"}
    bed.region.sums.clear()
    for qualifier, count in (("live", 5), ("7", 2), ("old", 11)):
        bed.region.invoked("checkout", bed.now - HOUR, count, f"checkout:{qualifier}")

    found = gathered("7")

    assert sum(count for _, _, count in found.invocations.sums) == 7


def test_without_its_aliases_a_versions_invocations_are_not_known(aws, bed, gathered):
    bed.region.function("checkout", modified_at=bed.now - 9 * DAY, version="7")
    bed.region.invoked("checkout", bed.now - HOUR, 2, "checkout:7")
    aws.fail("lambda", "ListAliases")

    assert gathered("7").invocations.action == "lambda:ListAliases"


def test_through_alias_share_and_number(bed, gathered):
    for version in ("6", "7"):
        bed.region.function("checkout", modified_at=bed.now - 9 * DAY, version=version)
    bed.region.aliases["checkout"] = {"live": "7"}
    bed.region.weights["checkout", "live"] = {"6": 0.1}
    bed.region.invoked("checkout", bed.now - HOUR, 40, "checkout:live")
    bed.region.invoked("checkout", bed.now - HOUR, 3, "checkout:6")

    found = gathered().traffic.published

    assert [(a.qualifier, a.version, a.invocations, a.instrumented) for a in found] == [
        ("live", "7", 36, False),
        ("live", "6", 4, False),
        ("6", "6", 3, False),
    ]


def test_only_so_many_versions_are_looked_at(bed, gathered):
    names = [str(n) for n in range(1, 9)]
    for version in names:
        bed.region.function("checkout", modified_at=bed.now - 9 * DAY, version=version)
        bed.region.invoked("checkout", bed.now - HOUR, 1, f"checkout:a{version}")
    bed.region.aliases["checkout"] = {f"a{version}": version for version in names}

    found = gathered().traffic

    assert len(found.published) == 5
    assert found.unread == ("a6", "a7", "a8")
