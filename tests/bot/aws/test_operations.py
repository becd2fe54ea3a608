"""The policy is exactly what the code calls."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import bot.aws
from bot.aws import operations, organization_operations, parallel, queue_operations
from bot.aws.accounts import Accounts
from bot.aws.evidence.inventory import owners
from bot.aws.operations import OPERATIONS, WHO_AM_I
from bot.aws.organization_operations import ORGANIZATION_OPERATIONS
from bot.aws.permissions import Permission, policy, reads, watches
from bot.aws.queue_operations import WATCH_OPERATIONS
from bot.diagnosis.gather import function_check
from bot.playground.account.demo_functions import DEMO_FUNCTIONS, plant
from bot.scan.local import Scanner
from bot.settings import read_aws_settings
from bot.target import Target
from checks.model import Symptom

FOLDER = Path(bot.aws.__file__).parent


def test_every_operation_of_the_table_is_called_and_no_other():
    """Calls name a constant of the table; there is no other way to AWS."""
    text = "".join(
        p.read_text() for p in FOLDER.rglob("*.py") if not p.name.endswith("operations.py")
    )
    called = set(re.findall(r"(?:\.call\(|Pages\([^,]+, [^,]+,)\s*([A-Z_]+)", text))
    tables = vars(operations) | vars(organization_operations) | vars(queue_operations)
    every = (*OPERATIONS, *ORGANIZATION_OPERATIONS, *WATCH_OPERATIONS)
    names = {name for name, value in tables.items() if value in every}

    assert called == names | {"SECRET_VALUE"}


def test_policy_allows_exactly_the_table():
    allowed = {action for each in policy()["Statement"] for action in each["Action"]}

    assert allowed == {op.action for op in OPERATIONS if op is not WHO_AM_I}
    assert all(re.fullmatch(r"\w+:(Get|List|Describe|Filter|Lookup)\w+", each) for each in allowed)


def test_only_watching_may_change_anything_and_only_its_own_queue():
    """Taking messages off that queue is all; it is in no policy unless it is asked for."""
    statement, *reading = watches()
    takes = {permission.action for permission in statement.permissions}
    read = {permission.action for each in reading for permission in each.permissions}

    assert takes == {"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"}
    assert statement.resources == ("arn:{partition}:sqs:*:{account}:slsdiag-watch*",)
    assert all(
        re.fullmatch(r"(cloudtrail|events):(Get|Describe|List)\w+", action) for action in read
    )
    assert not (takes | read) & {
        action for each in policy()["Statement"] for action in each["Action"]
    }


@pytest.mark.parametrize(
    "operation",
    [*OPERATIONS, *ORGANIZATION_OPERATIONS, *WATCH_OPERATIONS],
    ids=lambda each: each.action,
)
def test_each_operation_says_what_it_serves(operation):
    """One line that reads as a comment."""
    assert re.fullmatch(r"[A-Z][ -~]{10,90}[^.\s]", operation.serves)
    assert "  " not in operation.serves


def test_one_action_for_two_operations_has_both_reasons(monkeypatch):
    twice = (OPERATIONS[0], OPERATIONS[0])
    monkeypatch.setattr("bot.aws.permissions.OPERATIONS", twice)
    (statement,) = reads()

    assert statement.permissions == (
        Permission(OPERATIONS[0].action, f"{OPERATIONS[0].serves}; {OPERATIONS[0].serves}"),
    )


def test_calls_on_the_wire_are_in_the_policy(aws, monkeypatch):
    monkeypatch.setattr(
        parallel, "published_rate", lambda *_: None
    )  # their number is of no interest
    allowed = {action for each in policy()["Statement"] for action in each["Action"]}
    accounts = Accounts(read_aws_settings())
    for wanted in DEMO_FUNCTIONS.values():
        aws.accounts.clear()
        plant(aws.account(), wanted, wanted.languages[0])
        where = Target("checkout", region=wanted.region)
        check = function_check(where, accounts=accounts)
        report = check.report(Symptom.BOTH)
        if wanted is DEMO_FUNCTIONS["removed by a deployment"]:
            check.named(report, seconds=30, users=True)
    places = [accounts.location(*each) for each in accounts.account_regions((), ())]
    Scanner(places, accounts.expected).first()
    owners(places[0].account, places[0].region, ["arn:aws:lambda:eu-west-1:1:function:f"], "team")
    prefix = {"monitoring": "cloudwatch", "resourcegroupstaggingapi": "tag"}
    seen = {f"{prefix.get(c.service, c.service)}:{c.operation}" for c in aws.calls}

    assert seen - {"sts:GetCallerIdentity"} <= allowed
    assert allowed <= seen


OF_A_SCAN = {
    "lambda:ListFunctions",
    "sts:GetCallerIdentity",
    "tag:GetResources",
}
DENIED = [
    op
    for op in OPERATIONS
    if not (op.method == "get_function_configuration" or op.action in OF_A_SCAN or op.optional)
]


@pytest.mark.parametrize("operation", DENIED, ids=lambda op: op.action)
def test_refusal_names_the_action_and_is_never_healthy(aws, operation):
    used = {
        "cloudformation:ListStacks": "six minutes old",
        "cloudformation:DescribeStackEvents": "stack failed",
        "logs:DescribeAccountPolicies": "no filter",
        "logs:DescribeLogGroups": "no filter",
    }
    wanted = DEMO_FUNCTIONS[used.get(operation.action, "healthy")]
    plant(aws.account(), wanted, wanted.languages[0])
    service = {"cloudwatch": "monitoring"}.get(operation.service, operation.service)
    aws.fail(service, operation.action.partition(":")[2], "AccessDeniedException", status=403)

    report = function_check(Target("checkout")).report(Symptom.BOTH)

    if wanted is DEMO_FUNCTIONS["healthy"]:
        assert report.verdict == "undetermined"
        assert operation.action in str(report.steps)
    else:
        assert report.cause == wanted.cause
