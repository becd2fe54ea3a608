"""After a deploy of the same plan, a check finds the same causes: lint only finds them earlier."""

import os
from datetime import UTC, datetime

import boto3
import pytest
from deployed import deploy
from planned_changes import BAD, GOOD, cases
from projects import PROJECTS, REGION
from test_planted import planted

from bot.aws.client import Account
from bot.aws.evidence.gather import FunctionRequest, gather
from bot.aws.parallel import Rates
from bot.lint.run import Options, lint
from bot.lint.steps import RESTS_ON
from bot.playground.account.demo_functions import healthy_account
from checks.evidence import Expected
from checks.function_ref import FunctionRef
from checks.model import Verdict
from checks.runbook import walk

ONLY_IN_FILES = {
    "region_supported",  # the fake account is in one region
    "function_instrumented",
    "telemetry_payload_logged",
    "traffic_on_instrumented_version",
}
COMPARED = [
    change for change in BAD if change.step not in ONLY_IN_FILES and "plugin" not in change.name
]


def causes_of_check(account, name):
    request = FunctionRequest(account, REGION, FunctionRef(name), datetime.now(UTC))
    report = walk(gather(request, expected=Expected(), answers={}))
    lines = [line for line in report.steps if line.step in RESTS_ON and line.because is None]
    return {line.step for line in lines if line.outcome is Verdict.PROBLEM}


def causes_of_lint(folder, key):
    """Of one function, and whether lint is unsure of anything."""
    result = lint([str(folder)], Options())
    own = {
        each
        for each in result.findings
        if each.function in {None, key, key[:1].upper() + key[1:], f"aws_lambda_function.{key}"}
    }
    return {
        each.step for each in own if each.outcome == "problem" and each.step in RESTS_ON
    }, result


def compared(aws, folder, found):
    """(project, change, by lint, by check) where they differ."""
    healthy_account(aws.account(), datetime.now(UTC))
    session = boto3.Session("demo", "demo", region_name=REGION)
    account, region = Account(session, Rates(1e6), "123456789012"), aws.account().region(REGION)
    for number, (project, change, key) in enumerate(found):
        own = folder / str(number)
        own.mkdir(parents=True)
        planted(own, project, change, key)
        plan = project.plan()
        change.apply(plan, key)
        name = f"case-{number}"
        deploy(region, name, project, (plan, key), datetime.now(UTC))
        by_lint, result = causes_of_lint(own, key)
        by_check = causes_of_check(account, name)
        if by_lint != by_check and not result.unknown:
            yield project.name, change.name, by_lint, by_check


@pytest.mark.parametrize(
    "changes", [pytest.param(COMPARED, id="bad"), pytest.param(GOOD, id="good")]
)
def test_lint_and_check_agree(aws, tmp_path, changes):
    assert list(compared(aws, tmp_path, cases(changes, PROJECTS, 24))) == []


@pytest.mark.slow
def test_lint_and_check_agree_over_many_projects(aws, tmp_path):
    size = int(os.environ.get("SLSDIAG_PLANS", "60"))
    found = cases(COMPARED, PROJECTS, size) + cases(GOOD, PROJECTS, size // 3)

    assert list(compared(aws, tmp_path, found)) == []
