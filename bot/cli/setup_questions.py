"""What `slsdiag setup` asks, part by part. Nothing is written here, and AWS is asked only whose credentials these are."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import typer

from bot.account_settings import channel_ids
from bot.cli.questions import ask, heading, is_set, listed, matching, one_of, say
from bot.errors import SlsdiagError, UsageError
from bot.regions import REGIONS
from bot.serving_settings import Mode, store_settings, token
from bot.settings_file import KEYS, KINDS, SECRET_ARN, holds_password
from bot.setup import parts
from bot.setup.installation import OWN, Installation, OtherAccount
from bot.slack.manifest import PLACEHOLDER, request_url
from bot.text.redaction import id_is_secret

NUMBER = r"[0-9]{12}"
_DIGITS = "the 12 digits of an AWS account"
_TOKENS = {
    Mode.SOCKET: {"slack_bot_token": "xoxb-", "slack_app_token": "xapp-"},
    Mode.HTTP: {"slack_bot_token": "xoxb-", "slack_signing_secret": ""},
}
"""By the key of the setting, how the secret begins."""


@dataclass(slots=True)
class Secrets:
    """What was given, and where it goes: the settings file refers to `texts` by their names."""

    references: dict[str, str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    """By the name of the file that holds each."""

    def take(self, key: str, given: str) -> None:
        """A reference, or a secret for a file of its own."""
        if given.startswith(KINDS):
            self.references[key] = given
        else:
            name = key.replace("_", "-")
            self.references[key] = f"file:{name}"
            self.texts[name] = f"{given}\n"


def slack_app(url: str | None, kept: Secrets) -> Mode:
    """The app, its manifest and its secrets; how Slack reaches the bot."""
    heading("1 of 5 · The Slack app")
    mode = Mode.HTTP if url else _mode()
    address = PLACEHOLDER
    if mode is Mode.HTTP:
        asked = "Where does Slack reach the bot, as https://slsdiag.example.com"
        address = request_url(url) if url else ask(asked, request_url)
    say("This is the manifest of the app:")
    typer.echo(f"{parts.manifest(mode, address)}\n")
    say(parts.slack(mode))
    say(
        "Paste each secret, or a reference to it: env:NAME, file:PATH or secretsmanager:ARN. What you paste is "
        "not shown, and goes into a file of its own that only you can read."
    )
    for key, begins in _TOKENS[mode].items():
        _secret(key, begins, kept)
    return mode


def _mode() -> Mode:
    question = "Does Slack reach the bot by socket (no open port) or by http"
    return Mode(ask(question, one_of(list(Mode)), Mode.SOCKET))


def _secret(key: str, begins: str, kept: Secrets) -> None:
    variable = KEYS[key]
    if is_set(variable):
        say(f"{variable} is set: the settings file refers to it.")
        kept.references[key] = f"env:{variable}"
        return
    wants = f"{variable} ({begins}…)" if begins else variable
    kept.take(key, ask(wants, partial(_token, variable, begins), unseen=True))


def _token(variable: str, begins: str, text: str) -> str:
    return _reference(text) or token({variable: text}, variable, begins)


def _reference(text: str) -> str:
    """The text, where it is a reference that can lead somewhere; empty where it is none."""
    if not text.startswith(KINDS):
        return ""
    kind, _, rest = text.partition(":")
    if not rest or (kind == "secretsmanager" and not SECRET_ARN.fullmatch(rest)):
        raise UsageError("A reference is env:NAME, file:PATH or secretsmanager: and a whole ARN.")
    return text


def aws(mode: Mode, kept: Secrets) -> tuple[Installation, str]:
    """Regions, credentials and accounts; the number of the bot's own account, too."""
    heading("2 of 5 · AWS accounts")
    known = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")
    region = ask("Region to search first", _region, known)
    regions = ask("Other regions, with commas between them (Enter: none)", listed(_region), "")
    profile = _profile()
    number = _own_number(region, profile)
    org = ask("Org id of Serverless Framework that you expect (Enter: any)", _org, "")
    accounts = _accounts(number)
    answers = Installation(mode, kept.references, region, profile, regions, org, accounts)
    return answers, number


def _region(text: str) -> str:
    if text not in REGIONS:
        raise UsageError("That is not an AWS region, as eu-west-1.")
    return text


def _org(text: str) -> str:
    if id_is_secret(text):
        raise UsageError("That looks like a secret.")
    return text


def _profile() -> str:
    if any(map(is_set, ("AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_WEB_IDENTITY_TOKEN_FILE"))):
        return ""
    return ask("AWS profile that the bot uses (Enter: the AWS SDK's own choice)", str, "")


def _own_number(region: str, profile: str) -> str:
    """By the credentials, where there are any."""
    from bot.aws.accounts import Accounts  # noqa: PLC0415 - brings boto3
    from bot.settings import AwsSettings  # noqa: PLC0415 - with it

    if profile:
        os.environ["AWS_PROFILE"] = profile
    try:
        number = Accounts(AwsSettings()).own_number(region)
    except SlsdiagError as error:
        say(f"Whose credentials these are is not known: {error}")
        return ask("Account that the bot runs in, 12 digits", matching(NUMBER, _DIGITS))
    say(f"These credentials are of the account {number}: the bot runs there, and can read it.")
    return number


def _accounts(own: str) -> Sequence[OtherAccount]:
    found: list[OtherAccount] = []
    question = "Another account to read, 12 digits (Enter: no more)"
    while number := ask(question, matching(f"{NUMBER}|", _DIGITS), ""):
        if number in {own, *(account.number for account in found)}:
            say("  That account is listed already.")
            continue
        taken = {OWN, *(account.name for account in found)}
        name = ask("A name for it, as prod", partial(_name, taken))
        found.append(OtherAccount(name, number, secrets.token_hex(20)))
    return found


def _name(taken: set[str], text: str) -> str:
    if text in taken:
        raise UsageError("Another account has that name.")
    return matching(r"[\w.-]{1,40}", "up to 40 letters, digits and any of ._-")(text)


def store(kept: Secrets) -> None:
    """Where the bot keeps its state."""
    heading("3 of 5 · The store")
    say(parts.STORE)
    if ask("Which store: own or redis", one_of(["own", "redis"]), "own") == "own":
        return
    if is_set("REDIS_URL"):
        kept.references["redis_url"] = "env:REDIS_URL"
        say("REDIS_URL is set: the settings file refers to it.")
        return
    given = ask("REDIS_URL (rediss://:password@host:6379), not shown", _address, unseen=True)
    if given.startswith(KINDS) or holds_password(given):
        kept.take("redis_url", given)
    else:
        kept.references["redis_url"] = given


def _address(text: str) -> str:
    if not _reference(text):
        store_settings({"REDIS_URL": text})
    return text


def channels(accounts: Sequence[OtherAccount]) -> Mapping[str, Sequence[str]]:
    """Who may see which account."""
    heading("4 of 5 · Channels")
    say(parts.CHANNELS)
    asked = {OWN: "the bot's own account", **{each.name: each.name for each in accounts}}
    question = "Channels that may see {}, as C0123ABCD,C0456EFGH (Enter: all)"
    found = {name: ask(question.format(what), _channels, "") for name, what in asked.items()}
    return {name: ids for name, ids in found.items() if ids}


def _channels(text: str) -> Sequence[str]:
    try:
        return channel_ids(text)
    except ValueError:
        raise UsageError("Those must be ids of channels, with commas between them.") from None
