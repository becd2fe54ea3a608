"""`slsdiag check`: the whole runbook once, for one function, against AWS."""

from __future__ import annotations

import json
import shlex
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from difflib import get_close_matches
from functools import partial
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from bot.access import number_of
from bot.account_settings import org_id
from bot.cli.formats import Format, Wanted, one_format
from bot.cli.profile import Profile, use
from bot.diagnosis.sentences import localized
from bot.errors import UsageError
from bot.target import Target, Unsure, parse
from bot.text.redaction import id_is_secret, redacted, shown
from bot.text.visible import visible
from checks.function_ref import FunctionRef
from checks.instrumentation_errors import NONE, PASTED
from checks.model import Overall, Symptom
from checks.report import Report, as_json, exit_status
from checks.runbook import RUNBOOK, step_named

if TYPE_CHECKING:
    from bot.aws.parallel import Progress
    from bot.diagnosis.gather import FunctionCheck

T = TypeVar("T")
CHECKING = "Checking…"
NAMED_WITHIN = 5.0
"""Seconds that a report waits for who made a change (interface: Who changed it)."""
CLOCK_TOLERANCE = timedelta(seconds=60)


Named = Annotated[str, typer.Argument(help="Function name, name:qualifier, or ARN.")]
Region = Annotated[str | None, typer.Argument(help="AWS region.")]
RegionOption = Annotated[
    str | None, typer.Option("--region", help="AWS region; binding, like REGION.")
]
Account = Annotated[str | None, typer.Option(help="A configured account's name, or its 12 digits.")]
Missing = Annotated[Symptom, typer.Option(help="What is missing.")]
Org = Annotated[str | None, typer.Option(help="The org id that you expect.")]
Answers = Annotated[
    list[str] | None, typer.Option(help="SLUG=TEXT: answer what only Dashboard knows.")
]
Wait = Annotated[bool, typer.Option("--wait", help="Stay until a wait is over, then check again.")]
ForSupport = Annotated[
    bool,
    typer.Option("--for-support", help="What Serverless's support will ask for, ready to copy."),
]
Verbose = Annotated[
    bool, typer.Option("-v", "--verbose", help="Every check, not only what did not pass.")
]
Json = Annotated[bool, typer.Option("--json", help="One JSON document.")]


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
    report, used = _report(
        function, org, answers_of(answer or ()), symptom, profile, form, wait=wait
    )
    _print(report, form, symptom, used, verbose=verbose)
    raise typer.Exit(exit_status(report))


def one(region: str | None, region_option: str | None) -> str | None:
    """The region, which may be given in either place."""
    if region and region_option and region != region_option:
        two = f"{shown(region)} and {shown(region_option)}"
        raise UsageError(f"Two regions were given, {two}: leave one out.")
    return region or region_option


def _report(
    target: Target,
    org: str | None,
    answers: Mapping[str, str],
    symptom: Symptom,
    profile: str | None,
    form: Format | None,
    *,
    wait: bool,
) -> tuple[Report, str | None]:
    """The report, and the profile whose credentials were used, where somebody chose one."""
    checked_org(org)
    use(profile)
    from bot.aws.sign_in import profile_used  # noqa: PLC0415 - as the next
    from bot.diagnosis.gather import function_check  # noqa: PLC0415 - brings boto3, which other verbs must not wait for

    checkable = function_check(target, org=org, answers=answers)
    report = _waited(checkable, symptom) if wait else _checked(checkable, symptom)
    for_support = form is None  # it goes to somebody else
    report = checkable.named(report, seconds=NAMED_WITHIN, users=not for_support)
    warn_of_the_clock(checkable)
    settings, number = checkable.settings, report.function.account
    roles = {number_of(account) for account in settings.accounts.values()}
    elsewhere = settings.organization and number != checkable.places[0].account.id
    return report, None if elsewhere or number in roles else profile_used()


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


def watched(read: Callable[[Progress], T]) -> T:
    """What `read` gives; on a terminal say meanwhile what is still being read."""
    if not sys.stderr.isatty():
        return read(lambda _: None)
    from rich.console import Console  # noqa: PLC0415 - only a terminal needs it

    with Console(stderr=True).status(CHECKING) as status:
        return read(lambda left: status.update(_still(left)))


def warn_of_the_clock(checkable: FunctionCheck) -> None:
    """On standard error, where it is off AWS's."""
    ahead = checkable.places[0].account.ahead
    if ahead and abs(ahead) > CLOCK_TOLERANCE:
        off = (
            f"{abs(ahead).total_seconds():.0f} s {'ahead of' if ahead > timedelta(0) else 'behind'}"
        )
        typer.echo(f"This machine's clock is {off} AWS's: waits and times may be wrong.", err=True)


def _still(left: frozenset[str]) -> str:
    return f"Still reading: {', '.join(sorted(left))}" if left else CHECKING


def _waited(checkable: FunctionCheck, symptom: Symptom) -> Report:
    """Check until the report no longer waits."""
    from bot.cli.waiting import wait  # noqa: PLC0415 - most checks do not wait

    while (report := _checked(checkable, symptom)).verdict is Overall.WAITING:
        until = next(line.until for line in report.steps if line.until)
        wait(until, localized(report.summary, report.checked_at))
    return report


def named(text: str, region: str | None, account: str | None) -> Target:
    """The target; a question ends with what to type instead."""
    try:
        return parse(text, region=region, account=account)
    except Unsure as error:
        instead = "; or: ".join(map(_typed, error.candidates))
        raise UsageError(f"{error} Type: {instead}") from None


def _typed(function: FunctionRef) -> str:
    where = [*([function.region] if function.region else [])]
    where += ["--account", function.account] if function.account else []
    return shlex.join(["slsdiag", "check", function.spelled, *where])


def checked_org(org: str | None) -> None:
    """Refuse what is no org's id: a secret, which a report would repeat, or a placeholder."""
    if org is None:
        return
    if id_is_secret(org):
        raise UsageError("--org looks like a secret and was not used.")
    try:
        org_id(org)
    except ValueError:
        raise UsageError(
            f"--org is {shown(org) if org else 'empty'}: give an org's id, as Dashboard shows it."
        ) from None


def answers_of(given: Iterable[str]) -> Mapping[str, str]:
    """SLUG=TEXT, spelled as the step's own answers where they are known."""
    pairs = list(map(_answer, given))
    twice = next((slug for slug, n in Counter(slug for slug, _ in pairs).items() if n > 1), None)
    if twice:
        raise UsageError(f"--answer {twice} was given twice: leave one out.")
    return dict(pairs)


def _answer(given: str) -> tuple[str, str]:
    slug, equals, text = given.partition("=")
    step = step_named(slug)
    asking = ", ".join(asks.slug for asks in RUNBOOK if asks.answers)
    if not equals or not text.strip():
        raise UsageError("--answer takes SLUG=TEXT, as function_instrumented='It is on'.")
    if step is None or not step.answers:
        raise UsageError(f"--answer: only these steps ask: {asking}.")
    for answer in step.answers:
        if text.strip().rstrip("….").casefold() == answer.rstrip("…").casefold():
            return slug, answer
    if not step.answers[-1].endswith("…"):
        raise UsageError(f"--answer {slug}: the answers are {', '.join(step.answers)}.")
    if slug in PASTED and _resembles_none(text.strip()):
        raise UsageError(
            f"--answer {slug}: write '{NONE}' if there is none, or the error's whole text."
        )
    return slug, redacted(text.strip())


def _resembles_none(text: str) -> bool:
    """Too short for an error, and more like "No error" than like one."""
    close = get_close_matches(text.casefold(), [NONE.casefold()], cutoff=_CLOSE)
    return bool(close) or text.casefold() in _NO


_CLOSE = 0.7
_NO = frozenset({"no", "none", "ok", "nothing", "fine", "-"})
