"""
What the tools do: each is a verb of the command line.

Arguments go through the parser of the command line, so that they are refused in the same words.
What is heavy is imported by the first call that needs it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from bot.account_settings import checked_org
from bot.agents.answers import Answer, answer, of_lint, of_log, of_report, of_scan
from bot.agents.calls import Call
from bot.errors import Unreadable, UsageError
from bot.target import checked_prefix, closest, parse, shown
from checks.model import Symptom
from checks.runbook import RUNBOOK as STEPS
from checks.runbook import step_named
from checks.runbook_document import document as runbook_document
from checks.runbook_document import step_document

Arguments = Mapping[str, Any]
NAMED_WITHIN = 5.0
"""Seconds that a report waits for who made a change, as on the command line."""


def check_function(given: Arguments, call: Call) -> Answer:
    """`slsdiag check`."""
    target = parse(given["target"], region=given.get("region"), account=given.get("account"))
    from bot.diagnosis.gather import function_check  # noqa: PLC0415 - brings boto3

    checkable = function_check(target, accounts=call.accounts())
    symptom = Symptom(given.get("symptom", Symptom.BOTH))
    report = checkable.report(symptom, partial(_still_reading, call))
    return of_report(checkable.named(report, seconds=NAMED_WITHIN, users=False))


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
    checked_org(org, "org")
    try:
        reading = logs.read_log(given["text"].encode(errors="replace"), org)
    except logs.NotALog as error:
        raise Unreadable(f"The text {error}.") from error
    reading = replace(reading, payloads=tuple(map(payload, reading.payloads)))
    return of_log(as_json(reading))


def lint(given: Arguments, _: Call) -> Answer:
    """`slsdiag lint`, of files below the server's own folder."""
    from pathlib import Path  # noqa: PLC0415 - with the next, which only files need

    from bot.lint.document import as_json  # noqa: PLC0415
    from bot.lint.run import Options  # noqa: PLC0415
    from bot.lint.run import lint as linted  # noqa: PLC0415

    path = given.get("path") or "."
    if not Path(path).resolve().is_relative_to(Path.cwd()):
        raise UsageError(f"{shown(path)} is outside of the folder in which the server was started.")
    return of_lint(as_json(linted([path], Options())))


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
