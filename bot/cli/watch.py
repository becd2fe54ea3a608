"""`slsdiag watch`: what an account needs so that the bot hears of its deployments, and whether it does."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from bot.errors import UsageError

if TYPE_CHECKING:
    from bot.watch.status import Status


class Format(StrEnum):
    """How the template is written."""

    CLOUDFORMATION = "cloudformation"
    TERRAFORM = "terraform"


Wanted = Annotated[
    str,
    typer.Argument(
        metavar="template|status",
        help="The queue of an account and region as a file to deploy; or what is watched.",
    ),
]
Prefix = Annotated[
    str | None, typer.Argument(help="Of a status: how the names of functions begin.")
]
FormatWanted = Annotated[Format | None, typer.Option("--format", help="How to print the template.")]
Json = Annotated[bool, typer.Option("--json", help="The status as one JSON document.")]


def watch(
    what: Wanted,
    prefix: Prefix = None,
    format_: FormatWanted = None,
    json_wanted: Json = False,
) -> None:
    """
    Print the template of the queue by which slsdiag hears of deployments, or what is watched and whether events come.

    Status takes the settings of slsdiag serve, and its store. It exits with 0; with 3 where something could
    not be read, with 4 where nothing could be. The template calls nothing.

    Example: slsdiag watch template > slsdiag-watch.yaml
    """
    match what:
        case "template":
            _refuse(what, json=json_wanted, prefix=prefix)
            typer.echo(_template(format_ or Format.CLOUDFORMATION), nl=False)
        case "status":
            _refuse(what, format=format_)
            status = _status(prefix or "")
            typer.echo(_shown(status, json_wanted=json_wanted))
            raise typer.Exit(_exit_status(status.unread))
        case _:
            raise _unknown(what)


def _refuse(what: str, **given: object) -> None:
    for name, value in given.items():
        if value:
            spelled = "PREFIX" if name == "prefix" else f"--{name}"
            raise UsageError(f"slsdiag watch {what} takes no {spelled}: leave it out.")


def _unknown(what: str) -> UsageError:
    if what.lower() in {"on", "off"}:
        return UsageError(
            f"A watch is turned {what.lower()} in its Slack channel: /slsdiag watch {what.lower()}"
        )
    from bot.text.redaction import shown  # noqa: PLC0415 - only a slip needs it

    return UsageError(
        f"There is no watch {shown(what)} here. Say: slsdiag watch status, or slsdiag watch template"
    )


def _template(format_: Format) -> str:
    from bot.setup import queue_configuration, queue_template  # noqa: PLC0415 - brings PyYAML

    terraform = format_ is Format.TERRAFORM
    return queue_configuration.configuration() if terraform else queue_template.template()


def _status(prefix: str) -> Status:
    from bot.aws.accounts import Accounts  # noqa: PLC0415 - brings boto3
    from bot.serving_settings import store_settings  # noqa: PLC0415 - a template needs none
    from bot.settings import read_aws_settings  # noqa: PLC0415 - of these
    from bot.store.embedded import NO_STORE, running  # noqa: PLC0415 - brings redis
    from bot.target import checked_prefix  # noqa: PLC0415 - brings the runbook
    from bot.watch.status import status  # noqa: PLC0415 - brings boto3

    prefix = checked_prefix(prefix.removesuffix("*"))
    settings = read_aws_settings()
    if not settings.events:
        raise UsageError(
            "SLSDIAG_EVENTS is not set, so nothing can be watched. Make the queue first: slsdiag watch template"
        )
    return status(Accounts(settings), running(store_settings()), NO_STORE, prefix)


def _shown(status: Status, *, json_wanted: bool) -> str:
    from bot.watch.status import document, lines  # noqa: PLC0415 - brings boto3

    return (
        json.dumps(document(status), ensure_ascii=False)
        if json_wanted
        else "\n".join(lines(status))
    )


def _exit_status(unread: list[bool]) -> int:
    """0 all was read, 3 not all, 4 nothing."""
    if all(unread):
        return 4
    return 3 if any(unread) else 0
