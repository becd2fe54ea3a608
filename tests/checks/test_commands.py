"""Every command of every action is run: in bash, against a copy of the account that takes writes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from copy import deepcopy
from dataclasses import replace
from pathlib import Path

import pytest
from planted import PLANTED
from situations import a_function, evidence

from bot.playground.account import FakeAws
from bot.playground.account.faults import AwsError
from checks.commands import remove_variable, set_variable
from checks.evidence import readable
from checks.runbook import RUNBOOK, walk

REGION = "eu-west-1"
ROLLBACK_FAILED = "UPDATE_ROLLBACK_FAILED"
NAMES = ("AWS_LAMBDA_EXEC_WRAPPER", "SLS_ORG_ID", "SLS_SDK_DEBUG")
OWN = {"TABLE": "orders", "QUOTED": 'it\'s "so" $HOME `id` \\ \n ü', "EMPTY": ""}
CLI = Path(__file__).parent / "aws_cli.py"


class Writable(FakeAws):
    """The fake account with the few writes that people are told to make."""

    def respond(self, asked):
        operation = asked.operation
        if operation == "ContinueUpdateRollback":
            return self.continue_rollback(asked)
        if operation not in {"UpdateFunctionConfiguration", "Invoke", "StartMetricStreams"}:
            answer = super().respond(asked)
            if operation == "GetFunctionConfiguration":
                return {**answer, "RevisionId": self.revision(asked)}
            return answer
        region = self.account().region(asked.region)
        if operation == "StartMetricStreams":
            region.metric_streams |= dict.fromkeys(asked.arguments["Names"], "running")
            return {}
        name = asked.arguments["FunctionName"].split(":")[6:7] or [asked.arguments["FunctionName"]]
        (version,) = region.functions[name[0]].keys() & {
            asked.arguments.get("Qualifier", "$LATEST")
        }
        if operation == "Invoke":
            self.invoked.append((name[0], version))
            return {}
        found = region.functions[name[0]][version]
        if asked.arguments.get("RevisionId") != found.get("revision", "1"):
            raise AwsError("PreconditionFailedException", "The RevisionId is not the latest.", 412)
        found["Environment"] = asked.arguments["Environment"]
        found["revision"] = str(int(found.get("revision", "1")) + 1)
        return {**found, "LastUpdateStatus": "InProgress"}

    def continue_rollback(self, asked):
        """CloudFormation takes it in one state only."""
        for stack in self.account().region(asked.region).stacks:
            if stack.name == asked.arguments["StackName"] and stack.status == ROLLBACK_FAILED:
                stack.status = "UPDATE_ROLLBACK_IN_PROGRESS"
                return {}
        raise AwsError("ValidationError", f"No such stack is in {ROLLBACK_FAILED}.", 400)

    def revision(self, asked):
        name = asked.arguments["FunctionName"].split(":")[-1]
        return self.account().region(asked.region).functions[name]["$LATEST"].get("revision", "1")


@pytest.fixture
def account(aws, monkeypatch):
    """In place of the usual fake: one that takes writes."""
    with Writable() as fake:
        fake.invoked = []
        monkeypatch.setenv("AWS_ENDPOINT_URL", fake.url)
        yield fake


@pytest.fixture
def run(tmp_path):
    """Types it into bash, where `aws` is the few forms that we print."""
    bash = shutil.which("bash")
    assert bash
    assert shutil.which("jq"), "apt-get install jq"
    shim = tmp_path / "aws"
    shim.write_text(f'#!/bin/sh\nexec {sys.executable} {CLI} "$@"\n')
    shim.chmod(0o755)
    path = f"{tmp_path}:{os.environ['PATH']}"

    def run(command):
        return subprocess.run(
            [bash, "-c", command],
            env={**os.environ, "PATH": path},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    return run


def frozen_or_not(function):
    yield function
    yield replace(function, qualifier="7", version="7")


def recommended():
    """Each different command, with the function and the variables that it is for."""
    found = {}
    for case in PLANTED:
        changes = case.values[0]
        for function in frozen_or_not(changes.get("function", a_function())):
            known = evidence(**{**changes, "function": function})
            for line in walk(known).steps:
                for action in line.actions:
                    if action.command:
                        found.setdefault(action.command, (line.step, action, known))
    return [
        pytest.param(command, *rest, id=f"{rest[0]} {number}")
        for number, (command, rest) in enumerate(found.items())
    ]


def plant(account, known):
    """The function as the evidence has it, beside variables of its own."""
    function, region = known.function, account.account().region(known.function.region)
    shown = {name: readable(known.environment, name) for name in NAMES}
    variables = OWN | {name: value for name, value in shown.items() if value is not None}
    for version in {"$LATEST", function.version}:
        region.function(
            function.name,
            modified_at=function.modified_at,
            runtime=function.runtime,
            version=version,
            layers=function.layers,
            environment=variables,
        )
    region.metric_streams["serverless_metrics-stream"] = "stopped"
    account.account().stack(function.modified_at, ROLLBACK_FAILED)
    return region, variables


def wanted(command):
    """The variables that the command says it changes, as its own words have them."""
    changed = {}
    for name in NAMES:
        if f"del(.{name})" in command:
            changed[name] = None
        elif f".{name} = " in command:
            changed[name] = command.partition(f'.{name} = "')[2].partition('"')[0]
    return changed


@pytest.mark.parametrize(("command", "step", "action", "known"), recommended())
def test_command_succeeds_and_changes_only_what_it_says(account, run, command, step, action, known):
    region, variables = plant(account, known)
    before = deepcopy(region.functions)
    ran = run(command)

    assert ran.returncode == 0, ran.stderr
    after = dict(variables)
    for name, value in wanted(command).items():
        after.pop(name, None)
        if value is not None:
            after[name] = value
        assert name in action.do
    functions = region.functions[known.function.name]
    assert functions["$LATEST"]["Environment"]["Variables"] == after
    for configurations in (functions, before[known.function.name]):
        configurations["$LATEST"].pop("Environment")
        configurations["$LATEST"].pop("revision", None)
    assert region.functions == before
    assert (region.metric_streams["serverless_metrics-stream"] == "running") == (
        "start-metric-streams" in command
    )
    (stack,) = account.account().region("us-east-1").stacks
    assert (stack.status != ROLLBACK_FAILED) == ("continue-update-rollback" in command)
    assert bool(account.invoked) == ("runs your code" in (action.caution or ""))
    assert not [value for value in OWN.values() if value and value in ran.stdout]


def test_commands_of_several_steps_are_tried():
    """Else the test above could walk nothing."""
    steps = {case.values[1] for case in recommended()}

    assert {"invoked", "runtime_supported", "metrics_reach_the_metric_stream"} <= steps
    assert steps <= {step.slug for step in RUNBOOK}


def test_value_with_quotes_is_set_as_it_is(account, run):
    known = evidence()
    region, _ = plant(account, known)
    value = OWN["QUOTED"].replace("\n", "")
    ran = run(set_variable(known.function, "SLS_ORG_ID", value))

    assert ran.returncode == 0, ran.stderr
    assert (
        region.functions["checkout"]["$LATEST"]["Environment"]["Variables"]["SLS_ORG_ID"] == value
    )


def test_change_of_somebody_else_meanwhile_is_not_overwritten(account, run, monkeypatch):
    known = evidence()
    region, variables = plant(account, known)
    monkeypatch.setattr(account, "revision", lambda _: "0")
    ran = run(remove_variable(known.function, "SLS_ORG_ID"))

    assert "RevisionId" in ran.stderr
    assert region.functions["checkout"]["$LATEST"]["Environment"]["Variables"] == variables


def test_variables_that_cannot_be_read_are_not_lost(account, run):
    known = evidence()
    region, _ = plant(account, known)
    hidden = {"Error": {"ErrorCode": "AccessDeniedException", "Message": "no key"}}
    region.functions["checkout"]["$LATEST"]["Environment"] = dict(hidden)
    ran = run(f"set -o pipefail; {remove_variable(known.function, 'SLS_ORG_ID')}")

    assert ran.returncode != 0
    assert "cannot be read" in ran.stderr
    assert region.functions["checkout"]["$LATEST"]["Environment"] == hidden


def test_account_without_that_function_is_refused(account, run):
    """The ARN is in the command: credentials of another account change nothing there."""
    known = evidence(function=a_function(arn="arn:aws:lambda:eu-west-1:1:function:other"))
    region, variables = plant(account, known)
    ran = run(remove_variable(known.function, "SLS_ORG_ID"))

    assert "ResourceNotFound" in ran.stderr
    assert region.functions["checkout"]["$LATEST"]["Environment"]["Variables"] == variables
