"""`slsdiag scan`: every function, problems grouped by cause."""

from __future__ import annotations

import csv
import json
import sys
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.formats import Format, Wanted, one_format
from bot.cli.profile import Profile, use
from bot.target import checked_prefix

if TYPE_CHECKING:
    from bot.aws.accounts import Accounts
    from bot.scan.local import Progress, Scanner
    from bot.scan.model import Scan


_COLUMNS = (
    "name",
    "region",
    "account",
    "verdict",
    "cause",
    "class",
    "verified_exactly",
    "owner",
    "impact",
    "headline",
)


Regions = Annotated[list[str] | None, typer.Option(help="AWS region; may be given again.")]
AccountNames = Annotated[
    list[str] | None,
    typer.Option(help="A configured account's name or number; may be given again."),
]
Prefix = Annotated[str, typer.Option(help="Only functions whose names begin so.")]
Quick = Annotated[
    bool, typer.Option("--quick", help="Only the first pass; nothing is verified exactly.")
]
AllWanted = Annotated[
    bool, typer.Option("--all", help="Name the functions without a problem, too.")
]
Csv = Annotated[bool, typer.Option("--csv", help="One line for each function.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON document.")]


def scan(
    region: Regions = None,
    account: AccountNames = None,
    profile: Profile = None,
    prefix: Prefix = "",
    quick: Quick = False,
    all_wanted: AllWanted = False,
    csv_wanted: Csv = False,
    json_wanted: Json = False,
    form: Wanted = None,
) -> None:
    """
    Check all functions and show which are down or blind, grouped by cause.

    Example: slsdiag scan --region eu-west-1 --prefix shop-
    """
    use(profile)
    form = one_format(form, csv=csv_wanted, json=json_wanted)
    accounts, scanner = _scanner(region or [], account or [], prefix)
    result = _result(accounts, scanner, quick=quick)
    _print(result, scanner, form, all_functions=all_wanted)
    raise typer.Exit(_status(result))


def _result(accounts: Accounts, scanner: Scanner, *, quick: bool) -> Scan:
    with _progress(scanner):
        scanner.first()
        if not quick:
            scanner.verify()
        if tag := accounts.settings.owner_tag:
            scanner.read_owners(tag)
    from bot.scan.clusters import nothing_seen  # noqa: PLC0415 - brings boto3, as does the next
    from bot.scan.places import with_organization  # noqa: PLC0415

    result = with_organization(scanner.result(), accounts)
    if result.blank:
        raise nothing_seen(result)
    return result


def _status(result: Scan) -> int:
    from bot.scan.clusters import exit_status  # noqa: PLC0415 - brings boto3

    return exit_status(result)


def _print(result: Scan, scanner: Scanner, form: Format | None, *, all_functions: bool) -> None:
    match form:
        case None:
            _write_csv(result)
        case Format.TEXT:
            from bot.scan.terminal import show  # noqa: PLC0415 - brings rich

            regions, prefix = scanner.regions, scanner.prefix
            show(result, all_functions=all_functions, regions=regions, prefix=prefix)
        case Format.JSON:
            from bot.scan.clusters import as_json  # noqa: PLC0415 - brings boto3

            listed = as_json(result, all_functions=all_functions)
            typer.echo(json.dumps(listed, ensure_ascii=False))
        case Format.JUNIT | Format.GITHUB:
            from bot.scan.ci_formats import document  # noqa: PLC0415 - likewise

            typer.echo(document(result, form))


def _scanner(regions: list[str], named: list[str], prefix: str) -> tuple[Accounts, Scanner]:
    from bot.aws.accounts import Accounts  # noqa: PLC0415
    from bot.scan.local import Scanner  # noqa: PLC0415 - brings boto3, as do the next
    from bot.scan.places import Places  # noqa: PLC0415
    from bot.settings import read_aws_settings  # noqa: PLC0415

    prefix = checked_prefix(prefix) if prefix else ""
    accounts = Accounts(read_aws_settings())
    accounts.identify_own()
    pairs = accounts.account_regions(regions, named)
    names = tuple(dict.fromkeys(region for _, region in pairs))
    return accounts, Scanner(Places(accounts, pairs), accounts.expected, prefix, regions=names)


def _progress(scanner: Scanner) -> AbstractContextManager[Any]:
    """On a terminal, how far it is."""
    if not sys.stderr.isatty():
        return nullcontext()
    from rich.console import Console  # noqa: PLC0415 - only a terminal needs it
    from rich.progress import Progress as Bar  # noqa: PLC0415
    from rich.progress import TextColumn, TimeElapsedColumn  # noqa: PLC0415

    bar = Bar(
        TextColumn("{task.description}"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    task = bar.add_task("Listing functions…", total=None)

    def show(progress: Progress) -> None:
        bar.update(task, description=_sentence(progress))

    scanner.on_progress = show
    return bar


def _sentence(progress: Progress) -> str:
    if progress.suspicious is None:
        return f"{progress.seen:,} functions seen"
    from bot.scan.lines import rest_in  # noqa: PLC0415 - brings boto3, as does the next
    from bot.scan.selection import time_left  # noqa: PLC0415

    left = time_left(progress.seconds, progress.verified, progress.suspicious)
    return (
        f"{progress.seen:,} functions seen; verified exactly: "
        f"{progress.verified:,} of {progress.suspicious:,}.{rest_in(left)}"
    )


def _write_csv(result: Scan) -> None:
    lines = csv.writer(sys.stdout, lineterminator="\n")
    lines.writerow(_COLUMNS)
    for seen in sorted(result.seen, key=lambda s: (s.account, s.region, s.name)):
        kind = seen.kind.value if seen.kind else ""
        lines.writerow(
            (
                seen.name,
                seen.region,
                seen.account,
                seen.verdict,
                seen.cause or "",
                kind,
                "yes" if seen.exact else "no",
                seen.owner or "",
                seen.impact or "",
                seen.headline or "",
            )
        )
