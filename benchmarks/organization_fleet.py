"""An organization of which some accounts refuse in six ways; the least calls of a scan, and what is right about one."""

from __future__ import annotations

import json
import math
import operator
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from bot.aws.organization_operations import PAGE as ACCOUNTS_PAGE
from bot.playground.account import AwsAccount, FakeAws, FakeOrganization
from bot.playground.account.demo_functions import healthy, healthy_account

REGIONS = ("eu-west-1", "us-east-1", "ap-southeast-2")
ID, READER, UNITS = "a-long-external-id", "slsdiag-reader", 20
REFUSING, BROKEN = 10, 40
"""One account in so many refuses, and one function in so many is broken."""
PAGE, QUERIES = 50, 500
ONCE_A_PLACE = {
    "ListMetrics": 1,  # which filters forwarded
    "DescribeDeliveryStream": 2,
    "ListMetricStreams": 1,
    "GetMetricData": 1,  # what the Firehose took in and delivered
}
ONCE_AN_ACCOUNT = {"AssumeRole": 1, "DescribeStacks": 1, "GetRole": 1}


def _no_role(_: FakeAws, account: AwsAccount) -> None:
    account.trusted.clear()


def _other_id(_: FakeAws, account: AwsAccount) -> None:
    account.trust(READER, "another-external-id")


def _denied_by_scp(aws: FakeAws, account: AwsAccount) -> None:
    message = "is not authorized with an explicit deny in a service control policy"
    code = "AccessDeniedException"
    aws.fail("lambda", "ListFunctions", code, message=message, account=account.id)


def _not_enabled(aws: FakeAws, account: AwsAccount) -> None:
    aws.fail("lambda", code="UnrecognizedClientException", account=account.id)


def _throttled(aws: FakeAws, account: AwsAccount) -> None:
    aws.fail("lambda", code="TooManyRequestsException", account=account.id)


def _faulty(aws: FakeAws, account: AwsAccount) -> None:
    aws.fail("lambda", code="ServiceException", account=account.id)


WAYS: tuple[Callable[[FakeAws, AwsAccount], None], ...] = (
    _no_role,
    _other_id,
    _denied_by_scp,
    _not_enabled,
    _throttled,
    _faulty,
)
NOT_ENTERED, TRIED_AGAIN, TRIES = (_no_role, _other_id), (_throttled, _faulty), 5
"""Where AWS throttles or fails, its SDK tries five times in all (client.py)."""


@dataclass
class Fleet:
    """What was planted."""

    sizes: dict[tuple[str, str], int] = field(default_factory=dict)
    """Functions of each account and region."""
    refusing: dict[str, Callable[[FakeAws, AwsAccount], None]] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)

    @property
    def functions(self) -> int:
        """Those that can be seen."""
        return sum(size for (it, _), size in self.sizes.items() if it not in self.refusing)


def plant(aws: FakeAws, accounts: int, functions: int, refusing: int = REFUSING) -> Fleet:
    """An organization; the bot's own account lists it, is no member, and has no functions."""
    organization = aws.account().organization = FakeOrganization()
    for region in REGIONS:
        _integrated(aws.account(), region)
    units = [organization.unit(f"Unit {number}") for number in range(UNITS)]
    fleet = Fleet()
    for number in range(accounts):
        account = aws.account(f"{200000000000 + number}")
        organization.join(account.id, units[number % UNITS])
        account.trust(READER, ID)
        for at, region in enumerate(REGIONS):
            place = number * len(REGIONS) + at
            size = functions * (place + 1) // (accounts * 3) - functions * place // (accounts * 3)
            _fill(fleet, account, region, size)
        if number % refusing == 0:
            way = WAYS[number // refusing % len(WAYS)]
            way(aws, account)
            fleet.refusing[account.id] = way
    return fleet


def _fill(fleet: Fleet, account: AwsAccount, region: str, size: int) -> None:
    for number in range(size):
        made = healthy(account, f"{account.id}-{region}-{number}", at=region)
        if number % BROKEN == 0:
            made.variables["AWS_LAMBDA_EXEC_WRAPPER"] = "/opt/datadog_wrapper"
            made.silent()
            fleet.broken.add(made.name)
    _integrated(account, region)
    fleet.sizes[account.id, region] = size


def _integrated(account: AwsAccount, region: str) -> None:
    """With one stack for all regions."""
    account.region("us-east-1").stacks.clear()
    healthy_account(account, datetime.now(UTC), at=region)


def settings() -> dict[str, str]:
    """Of the scan."""
    organization = {"external_id": ID}
    return {
        "SLSDIAG_ORGANIZATION": json.dumps(organization),
        "SLSDIAG_REGIONS": ",".join(REGIONS),
    }


def floor(fleet: Fleet) -> Mapping[str, int]:
    """
    The calls that a first tier cannot do without: each thing once, a refusal once a place.

    Of the bot's own account, too, but for its role.
    """
    calls: Counter[str] = Counter()
    accounts = {account for account, _ in fleet.sizes}
    pages = math.ceil(len(accounts) / ACCOUNTS_PAGE)
    per_unit = max(1, math.ceil(len(accounts) / UNITS / ACCOUNTS_PAGE))
    calls["ListAccounts"] = pages
    calls["ListAccountsForParent"] = 1 + UNITS * per_unit
    calls["ListRoots"], calls["ListOrganizationalUnitsForParent"] = 1, 1 + UNITS
    for account in accounts:
        entered = fleet.refusing.get(account) not in NOT_ENTERED
        calls.update(ONCE_AN_ACCOUNT if entered else {"AssumeRole": 1})
    for (account, _), size in fleet.sizes.items():
        way = fleet.refusing.get(account)
        if way in NOT_ENTERED:
            continue
        calls.update(ONCE_A_PLACE)
        refused = TRIES if way in TRIED_AGAIN else 1
        calls["ListFunctions"] += max(1, math.ceil(size / PAGE)) if way is None else refused
        calls["GetMetricData"] += math.ceil(size / QUERIES) if way is None else 0
    own = {name: len(REGIONS) * number for name, number in ONCE_A_PLACE.items()}
    calls.update(own | {"ListFunctions": len(REGIONS), "DescribeStacks": 1, "GetRole": 1})
    return calls


@dataclass(frozen=True)
class Judged:
    """What is right about a result."""

    wrong: int
    """Accounts that are not in it once: each function of all regions, or a line for each region."""
    false_healthy: int
    functions: int
    calls: float
    """Of the floor's."""


def judged(fleet: Fleet, document: Mapping[str, Any], calls: Mapping[str, int]) -> Judged:
    """The result of `scan --json` beside what was planted."""
    planted: Counter[str] = Counter()
    for (account, _), size in fleet.sizes.items():
        planted[account] += size
    read = {each["name"]: each["of"] for each in document["coverage"]["by"]["account"]}
    unread = sorted((each["account"], each["region"]) for each in document["unreadable"])
    wrong = sum(
        read.get(account, 0) != (0 if account in fleet.refusing else size)
        for account, size in planted.items()
    )
    hidden = sorted((account, region) for account in fleet.refusing for region in REGIONS)
    wrong += sum(map(operator.ne, unread, hidden)) + abs(len(unread) - len(hidden))
    well = sum(document["verdicts"].get(word, 0) for word in ("healthy", "notice"))
    broken = sum(name.split("-")[0] not in fleet.refusing for name in fleet.broken)
    false_healthy = max(0, well - (fleet.functions - broken))
    ratio = sum(calls.values()) / sum(floor(fleet).values())
    return Judged(wrong, false_healthy, int(document["functions"]), ratio)
