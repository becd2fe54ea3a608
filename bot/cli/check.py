"""`slsdiag check`: the whole runbook once, for one function, against AWS."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from bot.errors import UsageError
from bot.render.text import visible
from bot.secrecy import redacted
from checks.model import Overall, Symptom
from checks.report import Report, as_json, exit_status
from checks.runbook import RUNBOOK, step_named

if TYPE_CHECKING:
    from bot.looking import Look

LOOKS_AGAIN_EVERY = 30.0
CLOCK_TOLERANCE = timedelta(seconds=60)


def check(
    target: Annotated[str, typer.Argument(help="Function name, name:qualifier, or ARN.")],
    region: Annotated[str | None, typer.Argument(help="AWS region.")] = None,
    region_option: Annotated[
        str | None, typer.Option("--region", help="AWS region; binding, like REGION.")
    ] = None,
    account: Annotated[
        str | None, typer.Option(help="A configured account's name, or its 12 digits.")
    ] = None,
    symptom: Annotated[Symptom, typer.Option(help="What is missing.")] = Symptom.BOTH,
    org: Annotated[str | None, typer.Option(help="The org id that you expect.")] = None,
    answer: Annotated[
        list[str] | None, typer.Option(help="SLUG=TEXT: answer what only Dashboard knows.")
    ] = None,
    wait: Annotated[
        bool, typer.Option("--wait", help="Stay until a wait is over, then look again.")
    ] = False,
    for_support: Annotated[
        bool,
        typer.Option(
            "--for-support", help="What Serverless's support will ask for, ready to copy."
        ),
    ] = False,
    json_wanted: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """
    Look at one function and say why its data is missing.

    Example: slsdiag check checkout eu-west-1 --symptom traces
    """
    if region and region_option and region != region_option:
        raise UsageError(f"Two regions were given, {region} and {region_option}: leave one out.")
    if for_support and json_wanted:
        raise UsageError("--for-support and --json were both given: leave one out.")
    answers = answers_of(answer or ())
    from bot.looking import look  # noqa: PLC0415 - brings boto3, which other verbs must not wait for

    ask = look(target, region=region or region_option, account=account, org=org, answers=answers)
    report = _waited(ask, symptom) if wait else _looked(ask, symptom)
    _mind_the_clock(ask)
    if json_wanted:
        typer.echo(json.dumps(as_json(report), ensure_ascii=False))
    elif for_support:
        from bot.render.support import bundle  # noqa: PLC0415 - as for rich

        typer.echo("\n".join(map(visible, bundle(report).split("\n"))))
    else:
        from bot.render.terminal import show  # noqa: PLC0415 - brings rich

        show(report)
    raise typer.Exit(exit_status(report))


def _looked(ask: Look, symptom: Symptom) -> Report:
    """Look once; on a terminal say meanwhile what is still being read."""
    if not sys.stderr.isatty():
        return ask.report(symptom)
    from rich.console import Console  # noqa: PLC0415 - only a terminal needs it

    with Console(stderr=True).status("Looking…") as status:
        return ask.report(symptom, lambda left: status.update(_still(left)))


def _mind_the_clock(ask: Look) -> None:
    ahead = ask.places[0].account.ahead
    if ahead and abs(ahead) > CLOCK_TOLERANCE:
        off = (
            f"{abs(ahead).total_seconds():.0f} s {'ahead of' if ahead > timedelta(0) else 'behind'}"
        )
        typer.echo(f"This machine's clock is {off} AWS's: waits and times may be wrong.", err=True)


def _still(left: frozenset[str]) -> str:
    return f"Still reading: {', '.join(sorted(left))}" if left else "Looking…"


def _waited(ask: Look, symptom: Symptom) -> Report:
    """Look until the report no longer waits; the wait is said on standard error."""
    while (report := _looked(ask, symptom)).verdict is Overall.WAITING:
        until = next(line.until for line in report.steps if line.until)
        typer.echo(f"{report.summary} Waiting; Ctrl-C stops.", err=True)
        while (left := (until - datetime.now(UTC)).total_seconds()) > 0:
            time.sleep(min(left + 1, LOOKS_AGAIN_EVERY))
    return report


def answers_of(given: Sequence[str]) -> Mapping[str, str]:
    """SLUG=TEXT, spelled as the step's own answers where they are known."""
    return dict(_answer(each) for each in given)


def _answer(given: str) -> tuple[str, str]:
    slug, equals, text = given.partition("=")
    step = step_named(slug)
    asking = ", ".join(each.slug for each in RUNBOOK if each.answers)
    if not equals or not text.strip():
        raise UsageError("--answer takes SLUG=TEXT, as function_instrumented='It is on'.")
    if step is None or not step.answers:
        raise UsageError(f"--answer: only these steps ask: {asking}.")
    for known in step.answers:
        if text.strip().rstrip("….").casefold() == known.rstrip("…").casefold():
            return slug, known
    if not step.answers[-1].endswith("…"):
        raise UsageError(f"--answer {slug}: the answers are {', '.join(step.answers)}.")
    return slug, redacted(text.strip())
