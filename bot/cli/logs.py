"""`slsdiag logs`: how far the SDK came, from a log at hand; nothing is called."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from bot.account_settings import checked_org
from bot.aws.texts import payload as redacted_payload
from bot.errors import Unreadable
from bot.logs.file import SIZE_LIMIT
from bot.logs.reading import NotALog, read_log
from bot.text.redaction import redacted
from bot.text.visible import visible
from checks.log.reading import Reading, as_json
from checks.log.telemetry import Payload
from checks.runbook import step_named

NOTHING_PROVED = 3
"""The status."""
MOST_SHOWN = 20
"""Payloads: a screenful."""


def logs(
    file: Annotated[str, typer.Argument(help="A log file; - or nothing: standard input.")] = "-",
    org: Annotated[str | None, typer.Option(help="The org id that you expect.")] = None,
    json_wanted: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """
    Read a function's log, in whichever shape a tool printed it.

    Example: aws logs filter-log-events --log-group-name /aws/lambda/checkout | slsdiag logs
    """
    checked_org(org, "--org")
    try:
        reading = read_log(_content(file), org)
    except NotALog as error:
        raise Unreadable(f"{_named(file)} {error}.") from error
    reading = replace(reading, payloads=tuple(map(redacted_payload, reading.payloads)))
    if json_wanted:
        typer.echo(json.dumps(as_json(reading), ensure_ascii=False))
    else:
        typer.echo(text_of(reading))
    raise typer.Exit(reading.status)


def _named(file: str) -> str:
    return "Standard input" if file == "-" else visible(redacted(file))


def _content(file: str) -> bytes:
    if file == "-" and sys.stdin is None:
        raise Unreadable("Standard input is closed: name a file, or pipe a log in.")
    try:
        if file == "-":
            raw = sys.stdin.buffer.read(SIZE_LIMIT + 1)
        else:
            with Path(file).open("rb") as opened:
                raw = opened.read(SIZE_LIMIT + 1)
    except OSError as error:
        raise Unreadable(f"{_named(file)} cannot be read: {error.strerror}.") from error
    if len(raw) > SIZE_LIMIT:
        raise Unreadable(f"{_named(file)} is larger than 64 MB: cut it down to the last hours.")
    return raw


def text_of(reading: Reading) -> str:
    """
    The reading for people:

        Reached: telemetry
        2 telemetry payloads. Invocations: 2 ended.
        org-1a2b3c4d  demo-fn  @serverless/aws-lambda-sdk 0.15.15  success
    """
    lines = [f"Reached: {reading.rung.replace('_', ' ')}", reading.saw]
    if reading.problems:
        lines += [
            f"Failed check: {step.title}" for slug in reading.problems if (step := step_named(slug))
        ]
        lines.append("What to do about it: slsdiag check FUNCTION")
    elif reading.status == NOTHING_PROVED:
        lines.append("Give a log that holds an invocation of the last minutes.")
    lines += map(_line, reading.payloads[:MOST_SHOWN])
    if len(reading.payloads) > MOST_SHOWN:
        lines.append(f"… and {len(reading.payloads) - MOST_SHOWN} more; --json has all.")
    return "\n".join(lines)


def _line(payload: Payload) -> str:
    parts = (
        payload.org_id,
        payload.service,
        f"{payload.sdk_name} {payload.sdk_version}",
        payload.outcome or "no outcome",
        *(["sampled out"] if payload.sampled_out else []),
    )
    return "  ".join(map(visible, parts))
