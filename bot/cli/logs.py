"""`slsdiag logs`: how far the SDK came, from a log at hand; nothing is called."""

from __future__ import annotations

import codecs
import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.errors import Unreadable
from bot.render.text import visible
from checks.log_reading import NotALog, Reading, as_json, read
from checks.runbook import step_named

NOTHING_PROVED = 3
"""The status."""
GZIP = b"\x1f\x8b"
SIZE_LIMIT = 64 * 1024 * 1024


def logs(
    file: Annotated[str, typer.Argument(help="A log file; - or nothing: standard input.")] = "-",
    org: Annotated[str | None, typer.Option(help="The org id that you expect.")] = None,
    json_wanted: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """
    Read a function's log: plain text, or what aws logs filter-log-events prints.

    Example: aws logs filter-log-events --log-group-name /aws/lambda/checkout | slsdiag logs
    """
    try:
        reading = read(_text(file), org)
    except NotALog as error:
        raise Unreadable(f"{_named(file)} is no log: {error}.") from error
    if json_wanted:
        typer.echo(json.dumps(as_json(reading), ensure_ascii=False))
    else:
        typer.echo(text_of(reading))
    raise typer.Exit(reading.status)


def _named(file: str) -> str:
    return "Standard input" if file == "-" else visible(file)


def _text(file: str) -> str:
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
    if raw.startswith(GZIP):
        raise Unreadable(f"{_named(file)} is compressed: unpack it with gunzip first.")
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):  # PowerShell's >
        return raw.decode("utf-16", errors="replace")
    return raw.decode("utf-8-sig", errors="replace")


def text_of(reading: Reading) -> str:
    """
    The reading for people:

        Reached: telemetry
        2 telemetry payloads, 0 of them sampled out, 0 not readable; …
        org-1a2b3c4d  demo-fn  @serverless/aws-lambda-sdk 0.15.15  success
    """
    lines = [f"Reached: {reading.rung}", reading.saw]
    if reading.problems:
        lines += [
            f"Not well: {slug}, {step.title}"
            for slug in reading.problems
            if (step := step_named(slug))
        ]
        lines.append("What to do about it: slsdiag check FUNCTION")
    elif reading.status == NOTHING_PROVED:
        lines.append(
            "Give a log that holds an invocation of the last minutes: plain text, or what "
            "aws logs filter-log-events prints."
        )
    lines += [
        "  ".join(
            visible(part)
            for part in (
                each.org_id,
                each.service,
                f"{each.sdk_name} {each.sdk_version}",
                each.outcome or "no outcome",
                *(["sampled out"] if each.sampled_out else []),
            )
        )
        for each in reading.payloads[:20]
    ]
    if len(reading.payloads) > 20:  # noqa: PLR2004 - a screenful
        lines.append(f"… and {len(reading.payloads) - 20} more; --json has all.")
    return "\n".join(lines)
