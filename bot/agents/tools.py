"""The tools: what each takes and gives. All only read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.agents.answers import DATA, Answer, of_error
from bot.agents.calls import Call
from bot.agents.schemas import (
    CHECK,
    LINT,
    LOG,
    LONGEST_LOG,
    REPORT,
    RUNBOOK,
    SCAN,
    SYMPTOM,
    Schema,
    asked,
    inputs,
)
from bot.agents.verbs import (
    Arguments,
    check_function,
    explain_check,
    lint,
    read_log,
    runbook,
    scan,
)
from bot.errors import SignedOut, SlsdiagError, UsageError
from bot.target import shown


@dataclass(frozen=True, slots=True)
class Tool:
    """One tool."""

    name: str
    title: str
    does: str
    """For a model, which decides by it when to call the tool."""
    takes: Schema
    gives: Schema
    run: Callable[[Arguments, Call], Answer]
    asks_aws: bool = False


_REGION = asked("AWS region, as eu-west-1. Default: the regions that slsdiag is set up with.")
_ACCOUNT = asked("A configured account's name, or its 12 digits. Default: the credentials' own.")


TOOLS = (
    Tool(
        "check_function",
        "Check one Lambda function",
        "Find out why a Lambda function's metrics or traces are missing in Serverless Framework "
        "Dashboard. Runs the whole troubleshooting runbook against AWS and gives the verdict, the "
        "cause with its proof, and what to do, as data. Only reads. Call it first when a person "
        f"names a function. {DATA}",
        inputs(
            ("target",),
            target=asked("Function name, name:qualifier, or ARN, as the person gave it."),
            region=_REGION,
            account=_ACCOUNT,
            symptom=SYMPTOM,
        ),
        REPORT,
        check_function,
        asks_aws=True,
    ),
    Tool(
        "scan",
        "Check all Lambda functions",
        "Check every function of the configured accounts and regions and group those that are down "
        "or do not report by cause. Takes seconds to minutes. Call it when no function is named, "
        f"or to see how many others have the same cause. Only reads. {DATA}",
        inputs(
            prefix=asked("Only functions whose names begin so."), region=_REGION, account=_ACCOUNT
        ),
        SCAN,
        scan,
        asks_aws=True,
    ),
    Tool(
        "read_log",
        "Read a function's log",
        "Say from the text of a log how far the Serverless SDK came, and decode its telemetry "
        "payloads. Calls nothing. Any format that AWS's tools print is read. "
        f"{DATA}",
        inputs(
            ("text",),
            text=asked("The log, with at least one whole invocation.", LONGEST_LOG),
            org=asked("The org id that the payloads should go to."),
        ),
        LOG,
        read_log,
    ),
    Tool(
        "lint",
        "Check a project's files before the deploy",
        "Find what a serverless.yml, a SAM or CloudFormation template, a cdk.out folder or a Terraform "
        "plan would break for Serverless Framework Dashboard, with file and line. Reads only files of "
        f"the folder in which the server was started; runs none of their code. {DATA}",
        inputs(path=asked("A file or folder. Default: the whole folder.")),
        LINT,
        lint,
    ),
    Tool(
        "explain_check",
        "Explain one check",
        "What one check of the runbook looks at and why, and which other checks explain it. Takes "
        "the slug that a report has as its cause or as a step. Calls nothing.",
        inputs(("step",), step=asked("The check's slug, as wrapper_set.")),
        CHECK,
        explain_check,
    ),
    Tool(
        "runbook",
        "List the checks",
        "All checks in the order in which they are tried, with their slugs. Calls nothing.",
        inputs(),
        RUNBOOK,
        runbook,
    ),
)
BY_NAME: Mapping[str, Tool] = {tool.name: tool for tool in TOOLS}


def called(tool: Tool, given: Arguments, call: Call) -> Answer:
    """What the tool answers; a refusal is an answer, too."""
    try:
        _check(tool, given)
        with call.watched():
            found = tool.run(given, call)
        call.must_be_whole()
    except SignedOut:
        call.accounts.forget()
        from bot.aws.sign_in import next_step  # noqa: PLC0415 - brings botocore

        return of_error(SignedOut(next_step()))
    except SlsdiagError as error:
        return of_error(error)
    return found


def _check(tool: Tool, given: Arguments) -> None:
    """Hold the arguments to the tool's schema, in words of our own: they may be anything."""
    known = tool.takes["properties"]
    for name in given:
        if name not in known:
            raise UsageError(f"{tool.name} takes no argument {shown(str(name))}.")
    for name in tool.takes["required"]:
        if name not in given:
            raise UsageError(f"{tool.name} needs the argument {name}.")
    for name, value in given.items():
        _check_value(name, value, known[name])


def _check_value(name: str, value: object, schema: Schema) -> None:
    if words := schema.get("enum"):
        if value not in words:
            raise UsageError(f"{name} must be one of {', '.join(words)}.")
    elif not isinstance(value, str):
        raise UsageError(f"{name} must be a text.")
    elif len(value) > schema["maxLength"]:
        raise UsageError(f"{name} is longer than {schema['maxLength']:,} characters.")
