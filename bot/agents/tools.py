"""
The tools: what each takes and gives, and how it is done.

Arguments go through the parser of the command line, so that they are refused in the same words.
All only read. What is heavy is imported by the first call that needs it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from bot.agents.answers import DATA, Answer, answer, of_error, of_log, of_report, of_scan
from bot.agents.calls import Call
from bot.agents.schemas import (
    CHECK,
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
from bot.errors import SignedOut, SlsdiagError, Unreadable, UsageError
from bot.target import checked_prefix, closest, parse, shown
from bot.text.redaction import id_is_secret
from checks.model import Symptom
from checks.runbook import RUNBOOK as STEPS
from checks.runbook import step_named
from checks.runbook_document import document as runbook_document
from checks.runbook_document import step_document

Arguments = Mapping[str, Any]


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


def check_function(given: Arguments, call: Call) -> Answer:
    """`slsdiag check`."""
    target = parse(given["target"], region=given.get("region"), account=given.get("account"))
    from bot.diagnosis.gather import function_check  # noqa: PLC0415 - brings boto3

    checkable = function_check(target, accounts=call.accounts())
    symptom = Symptom(given.get("symptom", Symptom.BOTH))
    return of_report(checkable.report(symptom, partial(_still_reading, call)))


def _still_reading(call: Call, left: frozenset[str]) -> None:
    call.said(f"Still reading: {', '.join(sorted(left))}" if left else "Checking")


def scan(given: Arguments, call: Call) -> Answer:
    """`slsdiag scan`."""
    prefix = checked_prefix(given["prefix"]) if given.get("prefix") else ""
    regions, names = ([given[key]] if given.get(key) else [] for key in ("region", "account"))
    from bot.scan.clusters import as_json, nothing_seen  # noqa: PLC0415 - brings boto3, as the next
    from bot.scan.local import Scanner  # noqa: PLC0415
    from bot.scan.places import with_organization  # noqa: PLC0415

    accounts = call.accounts()
    accounts.identify_own()
    places = [accounts.location(*place) for place in accounts.account_regions(regions, names)]
    scanner = Scanner(places, accounts.expected, prefix)
    scanner.on_progress = lambda done: call.said(
        f"{done.seen:,} functions seen, {done.verified:,} checked exactly"
    )
    scanner.first()
    scanner.verify()
    if tag := accounts.settings.owner_tag:
        scanner.read_owners(tag)
    if (result := with_organization(scanner.result(), accounts)).blank:
        raise nothing_seen(result)
    return of_scan(as_json(result))


def read_log(given: Arguments, _: Call) -> Answer:
    """`slsdiag logs`."""
    from dataclasses import replace  # noqa: PLC0415 - with the next, which only a log needs

    from bot.aws.texts import payload  # noqa: PLC0415
    from bot.logs import reading as logs  # noqa: PLC0415
    from checks.log.reading import as_json  # noqa: PLC0415

    org = given.get("org")
    if org and id_is_secret(org):
        raise UsageError("org looks like a secret and was not used.")
    try:
        reading = logs.read_log(given["text"].encode(errors="replace"), org)
    except logs.NotALog as error:
        raise Unreadable(f"The text {error}.") from error
    reading = replace(reading, payloads=tuple(map(payload, reading.payloads)))
    return of_log(as_json(reading))


def explain_check(given: Arguments, _: Call) -> Answer:
    """One step of the runbook."""
    step = step_named(given["step"])
    if step is None:
        known = tuple(each.slug for each in STEPS)
        close = closest(given["step"], known, 1)
        meant = f" Did you mean {close[0]}?" if close else ""
        named = shown(given["step"])
        raise UsageError(f"There is no check {named}.{meant} The tool runbook lists them.")
    details = {"why": step.why, "answers": list(step.answers)}
    lines = [step.title, step.why, f"Section of the runbook: {step.section}"]
    return answer({"schema": 1, **step_document(step), **details}, lines)


def runbook(_: Arguments, __: Call) -> Answer:
    """`slsdiag runbook`."""
    return answer(runbook_document(), [f"{step.slug}: {step.title}" for step in STEPS])


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
