"""The policy is exactly what the code calls."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import bot.aws
from bot.aws import operations
from bot.aws.inventory import owners
from bot.aws.operations import OPERATIONS, WHO_AM_I, policy
from bot.fleet.scan import Scanner
from bot.looking import look
from bot.playground.account.patients import PATIENTS, plant
from bot.reach import Reach
from bot.settings import looking_settings
from checks.model import Symptom

FOLDER = Path(bot.aws.__file__).parent


def test_every_operation_of_the_table_is_called_and_no_other():
    """Calls name a constant of the table; there is no other way through the door."""
    text = "".join(p.read_text() for p in FOLDER.glob("*.py") if p.name != "operations.py")
    called = set(re.findall(r"\.call\(\s*([A-Z_]+)", text))
    names = {name for name, value in vars(operations).items() if value in OPERATIONS}

    assert called == names


def test_policy_allows_exactly_the_table():
    allowed = {action for each in policy()["Statement"] for action in each["Action"]}

    assert allowed == {op.action for op in OPERATIONS if op is not WHO_AM_I}
    assert all(re.fullmatch(r"\w+:(Get|List|Describe|Filter)\w+", each) for each in allowed)


def test_calls_on_the_wire_are_in_the_policy(aws):
    allowed = {action for each in policy()["Statement"] for action in each["Action"]}
    for patient in PATIENTS.values():
        aws.accounts.clear()
        plant(aws.account(), patient, patient.languages[0])
        look("checkout", region=None, account=None, org=None, answers={}).report(Symptom.BOTH)
    reach = Reach(looking_settings())
    places = [reach.place(*each) for each in reach.fleet((), ())]
    Scanner(places, reach.expected).first()
    owners(places[0].account, places[0].region, ["arn:aws:lambda:eu-west-1:1:function:f"], "team")
    prefix = {"monitoring": "cloudwatch", "resourcegroupstaggingapi": "tag"}
    seen = {f"{prefix.get(c.service, c.service)}:{c.operation}" for c in aws.calls}

    assert seen - {"sts:GetCallerIdentity"} <= allowed
    assert allowed <= seen


OF_A_SCAN = {
    "lambda:ListFunctions",
    "cloudwatch:ListMetrics",
    "sts:GetCallerIdentity",
    "tag:GetResources",
}
DENIED = [
    op
    for op in OPERATIONS
    if op.method != "get_function_configuration" and op.action not in OF_A_SCAN
]


@pytest.mark.parametrize("operation", DENIED, ids=lambda op: op.action)
def test_refusal_names_the_action_and_is_never_healthy(aws, operation):
    used = {
        "cloudformation:ListStacks": "six minutes old",
        "cloudformation:DescribeStackEvents": "stack failed",
        "logs:DescribeLogGroups": "no filter",
    }
    patient = PATIENTS[used.get(operation.action, "healthy")]
    plant(aws.account(), patient, patient.languages[0])
    service = {"cloudwatch": "monitoring"}.get(operation.service, operation.service)
    aws.fail(service, operation.action.partition(":")[2], "AccessDeniedException", status=403)

    report = look("checkout", region=None, account=None, org=None, answers={}).report(Symptom.BOTH)

    if patient is PATIENTS["healthy"]:
        assert report.verdict == "undetermined"
        assert operation.action in str(report.steps)
    else:
        assert report.cause == patient.cause
