"""`slsdiag policy`: the least IAM policies, and the roles that have them, as files to deploy."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.aws import remedy_permissions
from bot.aws.permissions import policy as least_policy
from bot.cli.config import Config
from bot.errors import UsageError

if TYPE_CHECKING:
    from bot.setup.irsa import ServiceAccount


class Role(StrEnum):
    """Whose policy it is."""

    BOT = "bot"
    READER = "reader"
    ORGANIZATION = "organization"


class Format(StrEnum):
    """How it is written."""

    JSON = "json"
    CLOUDFORMATION = "cloudformation"
    TERRAFORM = "terraform"
    STACKSET = "stackset"


RoleWanted = Annotated[
    Role | None,
    typer.Option(
        help="The bot's own role, the one that it assumes in another account, or the one that lists "
        "an organization's accounts."
    ),
]
FormatWanted = Annotated[
    Format, typer.Option("--format", help="How to print the role; stackset: for an organization.")
]
Accounts = Annotated[
    list[str] | None,
    typer.Option(
        help="With --role bot: an account whose reader role the bot may assume; may be given "
        "again. Without it: the roles of SLSDIAG_ACCOUNTS."
    ),
]
ReaderName = Annotated[
    str | None, typer.Option(help="The name of the reader roles, slsdiag-reader if not given.")
]
BotArn = Annotated[
    str | None, typer.Option(help="With --role reader: the ARN of the role that may assume it.")
]
Irsa = Annotated[
    str | None,
    typer.Option(
        help="With --role bot: for pods by IRSA; the address of the cluster's OIDC issuer."
    ),
]
AccountOfPods = Annotated[
    str | None,
    typer.Option(help="With --irsa: the pods' service account, default/slsdiag if not given."),
]
Fix = Annotated[
    bool, typer.Option("--fix", help="For people who apply the remedies; slsdiag never does.")
]
Watch = Annotated[
    bool,
    typer.Option("--watch", help="With what SLSDIAG_EVENTS takes: messages off that queue."),
]


def policy(
    role: RoleWanted = None,
    format_: FormatWanted = Format.JSON,
    account: Accounts = None,
    reader_role: ReaderName = None,
    bot_role: BotArn = None,
    irsa: Irsa = None,
    service_account: AccountOfPods = None,
    config: Config = None,
    fix: Fix = False,
    watch: Watch = False,
) -> None:
    """
    Print the IAM policy that slsdiag needs, or a role with it. It only reads.

    Example: slsdiag policy --role reader --format cloudformation > slsdiag-reader.yaml
    """
    given: dict[str, object] = {"--role": role, "--account": account, "--reader-role": reader_role}
    given |= {"--bot-role": bot_role, "--config": config, "--watch": watch}
    role = role or (Role.READER if format_ is Format.STACKSET else None)
    _refuse([name for name, value in given.items() if value], role, format_, fix=fix)
    pods = _pods(irsa, service_account, role, format_)
    wanted = _Wanted(format_, account or [], reader_role, bot_role, config, pods, watch)
    typer.echo(_of_role(role, wanted) if role else _alone(fix=fix, watch=watch), nl=False)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What was typed about a role."""

    format_: Format
    numbers: list[str]
    reader: str | None
    bot: str | None
    config: str | None
    pods: ServiceAccount | None
    watch: bool


def _refuse(given: list[str], role: Role | None, format_: Format, *, fix: bool) -> None:
    """Combinations that make no sense."""
    given = [*given, *(["--format"] if format_ is not Format.JSON else [])]
    if fix and given:
        raise UsageError(f"--fix prints a policy for people, as JSON: leave out {given[0]}.")
    if role is None and "--format" in given:
        raise UsageError(f"--format {format_} prints a role: add --role bot or --role reader.")
    if role in {Role.BOT, Role.ORGANIZATION} and format_ is Format.STACKSET:
        raise UsageError(
            "--format stackset prints the reader role for the accounts of an organization, and "
            "the other roles are in one account: print them with --format cloudformation."
        )
    if role is not Role.BOT and "--account" in given:
        raise UsageError(
            "--account names accounts whose reader roles the bot may assume: it needs --role bot."
        )
    if role not in {Role.READER, Role.ORGANIZATION} and "--bot-role" in given:
        raise UsageError(
            "--bot-role names who may assume a role: it needs --role reader or organization."
        )
    if role is not Role.BOT and "--config" in given:
        raise UsageError("--config names the settings of the bot's own role: it needs --role bot.")
    if "--reader-role" in given and not (role is Role.READER or "--account" in given):
        raise UsageError("--reader-role needs --role reader, or --role bot with --account.")


def _pods(
    issuer: str | None, name: str | None, role: Role | None, format_: Format
) -> ServiceAccount | None:
    from bot.setup.irsa import DEFAULT, service_account  # noqa: PLC0415 - only this role needs it

    if name and not issuer:
        raise UsageError("--service-account names the pods that --irsa is about: add --irsa.")
    if issuer is None:
        return None
    if role is not Role.BOT or format_ is Format.JSON:
        raise UsageError(
            "--irsa says which pods get the bot's role: it needs --role bot, and --format "
            "cloudformation or terraform."
        )
    return service_account(issuer, name or DEFAULT)


def _of_role(role: Role, wanted: _Wanted) -> str:
    return _bot(wanted) if role is Role.BOT else _assumed(role, wanted)


def _bot(wanted: _Wanted) -> str:
    from bot.settings import AwsSettings, read_aws_settings  # noqa: PLC0415 - only this role needs them
    from bot.settings_file import read, secret_arns, with_placeholders  # noqa: PLC0415 - likewise
    from bot.setup import cloudformation, documents, terraform  # noqa: PLC0415 - only roles
    from bot.setup.roles import bot_role  # noqa: PLC0415 - need them

    document = read(Path(wanted.config)) if wanted.config else {}
    environment = {**with_placeholders(document), **os.environ}
    settings = AwsSettings() if wanted.numbers else read_aws_settings(environment)
    configured, organization = settings.accounts.values(), settings.organization
    named = wanted.numbers, wanted.reader, configured, secret_arns(document), organization
    role = bot_role(*named, watch=wanted.watch, pods=wanted.pods)
    match wanted.format_:
        case Format.CLOUDFORMATION:
            return cloudformation.bot(role)
        case Format.TERRAFORM:
            return terraform.bot(role)
        case _:
            return _json(documents.of_bot(role, _partition()))


def _assumed(role: Role, wanted: _Wanted) -> str:
    from bot.setup import cloudformation, documents, terraform  # noqa: PLC0415 - only roles
    from bot.setup.roles import lister_role, reader_role  # noqa: PLC0415 - need them

    reads = reader_role(wanted.reader, wanted.bot, watch=wanted.watch)
    if wanted.format_ is Format.STACKSET:
        return cloudformation.stack_set(reads)
    assumed = lister_role(wanted.bot) if role is Role.ORGANIZATION else reads
    match wanted.format_:
        case Format.CLOUDFORMATION:
            return cloudformation.reader(assumed)
        case Format.TERRAFORM:
            return terraform.reader(assumed)
        case _:
            return _json(documents.of_reader(assumed, _partition()))


def _alone(*, fix: bool, watch: bool) -> str:
    return _json(remedy_permissions.policy() if fix else least_policy(watch=watch))


def _partition() -> str:
    """The one of the region that is set, where no ARN says it."""
    from bot.regions import partition_of  # noqa: PLC0415 - only roles need it

    region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or ""
    return partition_of(region) or "aws"


def _json(document: dict[str, Any]) -> str:
    return json.dumps(document, indent=2) + "\n"
