"""`slsdiag check`: the whole runbook once, for one function, against AWS."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from bot.access import number_of
from bot.cli.checking import NAMED_WITHIN, opened, warn_of_the_clock, watched
from bot.cli.formats import Format, Wanted, one_format
from bot.cli.function_options import (
    Account,
    Answers,
    Json,
    Missing,
    Named,
    Org,
    Region,
    RegionOption,
    Verbose,
    answers_of,
    named,
    one,
)
from bot.cli.profile import Profile
from bot.diagnosis.sentences import localized
from bot.target import Target
from bot.text.visible import visible
from checks.model import Overall, Symptom
from checks.report import Report, as_json, exit_status

if TYPE_CHECKING:
    from bot.diagnosis.gather import FunctionCheck

Wait = Annotated[bool, typer.Option("--wait", help="Stay until a wait is over, then check again.")]
ForSupport = Annotated[
    bool,
    typer.Option("--for-support", help="What Serverless's support will ask for, ready to copy."),
]


def check(
    target: Named,
    region: Region = None,
    region_option: RegionOption = None,
    account: Account = None,
    profile: Profile = None,
    symptom: Missing = Symptom.BOTH,
    org: Org = None,
    answer: Answers = None,
    wait: Wait = False,
    for_support: ForSupport = False,
    verbose: Verbose = False,
    json_wanted: Json = False,
    form: Wanted = None,
) -> None:
    """
    Check one function and say why its data is missing.

    Example: slsdiag check checkout eu-west-1 --symptom traces
    """
    form = one_format(form, for_support=for_support, json=json_wanted)
    function = named(target, one(region, region_option), account)
    report, used = _report(function, org, answer, symptom, profile, form, wait=wait)
    _print(report, form, symptom, used, verbose=verbose)
    raise typer.Exit(exit_status(report))


def _report(
    target: Target,
    org: str | None,
    answer: Sequence[str] | None,
    symptom: Symptom,
    profile: str | None,
    form: Format | None,
    *,
    wait: bool,
) -> tuple[Report, str | None]:
    """The report, and the profile whose credentials were used, where somebody chose one."""
    checkable = opened(target, org, answers_of(answer or ()), profile)
    from bot.aws.sign_in import profile_used  # noqa: PLC0415 - brings botocore

    report = _waited(checkable, symptom) if wait else _checked(checkable, symptom)
    for_support = form is None  # it goes to somebody else
    report = checkable.named(report, seconds=NAMED_WITHIN, users=not for_support)
    warn_of_the_clock(checkable)
    return report, None if _by_a_role(checkable, report.function.account) else profile_used()


def _by_a_role(checkable: FunctionCheck, number: str) -> bool:
    """Whether the account with that number is read by a role, not by the person's credentials."""
    settings = checkable.settings
    roles = {number_of(account) for account in settings.accounts.values()}
    elsewhere = settings.organization and number != checkable.places[0].account.id
    return bool(elsewhere or number in roles)


def _print(
    report: Report, form: Format | None, symptom: Symptom, profile: str | None, *, verbose: bool
) -> None:
    match form:
        case None:
            from bot.diagnosis.support_text import bundle  # noqa: PLC0415 - as for rich

            typer.echo("\n".join(map(visible, bundle(report).split("\n"))))
        case Format.TEXT:
            from bot.diagnosis.terminal import show  # noqa: PLC0415 - brings rich

            show(report, verbose=verbose, profile=profile, symptom=symptom)
        case Format.JSON:
            typer.echo(json.dumps(as_json(report), ensure_ascii=False))
        case Format.JUNIT | Format.GITHUB:
            from bot.formats.report import document  # noqa: PLC0415 - most checks need none

            typer.echo(document(report, symptom, form))


def _checked(checkable: FunctionCheck, symptom: Symptom) -> Report:
    return watched(partial(checkable.report, symptom))


def _waited(checkable: FunctionCheck, symptom: Symptom) -> Report:
    """Check until the report no longer waits."""
    from bot.cli.waiting import wait  # noqa: PLC0415 - most checks do not wait

    while (report := _checked(checkable, symptom)).verdict is Overall.WAITING:
        until = next(line.until for line in report.steps if line.until)
        wait(until, localized(report.summary, report.checked_at))
    return report
