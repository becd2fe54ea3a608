"""`slsdiag scan`: every function, problems grouped by cause."""

from __future__ import annotations

import csv
import gc
import json
import sys
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.errors import UsageError
from bot.target import checked_prefix

if TYPE_CHECKING:
    from bot.fleet.model import Scan
    from bot.fleet.scan import Progress, Scanner


_OBJECTS = 50_000
"""Between two collections: answers come by the thousand and are gone without one, holding no cycles."""


def scan(
    region: Annotated[
        list[str] | None, typer.Option(help="AWS region; may be given again.")
    ] = None,
    account: Annotated[
        list[str] | None,
        typer.Option(help="A configured account's name or number; may be given again."),
    ] = None,
    prefix: Annotated[str, typer.Option(help="Only functions whose names begin so.")] = "",
    quick: Annotated[
        bool, typer.Option("--quick", help="Only the first look; nothing is verified exactly.")
    ] = False,
    all_wanted: Annotated[
        bool, typer.Option("--all", help="Name the functions that are no news, too.")
    ] = False,
    csv_wanted: Annotated[bool, typer.Option("--csv", help="One line a function.")] = False,
    json_wanted: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """
    Look at all functions and say which are blind, grouped by cause.

    Example: slsdiag scan --region eu-west-1 --prefix shop-
    """
    if prefix:
        checked_prefix(prefix)
    if csv_wanted and json_wanted:
        raise UsageError("--csv and --json were both given: leave one out.")
    from bot.fleet.clusters import (  # noqa: PLC0415 - brings boto3
        NOTHING_SEEN,
        as_json,
        exit_status,
        nothing_seen,
    )

    gc.set_threshold(_OBJECTS)  # this process ends with the scan
    scanner = _scanner(region or [], account or [], prefix)
    with _shown(scanner):
        scanner.first()
        if not quick:
            scanner.verify()
    result = scanner.result()
    status = exit_status(result)
    if status == NOTHING_SEEN:
        raise nothing_seen(result)
    if json_wanted:
        typer.echo(json.dumps(as_json(result, all_functions=all_wanted), ensure_ascii=False))
    elif csv_wanted:
        _write_csv(result)
    else:
        from bot.render.fleet_terminal import show  # noqa: PLC0415 - brings rich

        show(result, all_functions=all_wanted)
    raise typer.Exit(status)


def _scanner(regions: list[str], accounts: list[str], prefix: str) -> Scanner:
    from bot.fleet.scan import Scanner  # noqa: PLC0415 - brings boto3, as does the next
    from bot.reach import Reach  # noqa: PLC0415
    from bot.settings import looking_settings  # noqa: PLC0415

    reach = Reach(looking_settings())
    reach.identified()
    places = [reach.place(*each) for each in reach.fleet(regions, accounts)]
    return Scanner(places, reach.expected, prefix)


def _shown(scanner: Scanner) -> AbstractContextManager[Any]:
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

    def told(progress: Progress) -> None:
        bar.update(task, description=_said(progress))

    scanner.told = told
    return bar


def _said(progress: Progress) -> str:
    if progress.suspicious is None:
        return f"{progress.seen:,} functions seen"
    return (
        f"{progress.seen:,} functions seen; verified exactly: "
        f"{progress.verified:,} of {progress.suspicious:,}"
    )


def _write_csv(result: Scan) -> None:
    lines = csv.writer(sys.stdout, lineterminator="\n")
    lines.writerow(
        ("name", "region", "account", "verdict", "cause", "class", "verified_exactly", "owner")
    )
    for each in sorted(result.seen, key=lambda s: (s.account, s.region, s.name)):
        kind = each.kind.value if each.kind else ""
        lines.writerow(
            (
                each.name,
                each.region,
                each.account,
                each.verdict,
                each.cause or "",
                kind,
                "yes" if each.exact else "no",
                each.owner or "",
            )
        )
