"""What differs between installations of the bot; their names are promised (docs/scripts.md)."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import IntEnum, StrEnum
from math import inf
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, urlsplit

import platformdirs

from bot.account_settings import channel_ids
from bot.errors import UsageError
from bot.proxy import loopback
from bot.settings import not_blank, reader

API = "https://slack.com/api/"
PORT, ADMIN_PORT, WORKERS, LAST_PORT = 3000, 8080, 16, 65_535
EVIDENCE_TTL = timedelta(seconds=300)
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


class Mode(StrEnum):
    """How Slack reaches the bot."""

    SOCKET = "socket"
    HTTP = "http"


class Role(IntEnum):
    """Each may do what those before it may."""

    VIEWER = 1
    RUNNER = 2
    ADMIN = 3


Roles = Mapping[Role, frozenset[str]]
EVERYBODY = "*"
"""Every full member of the workspace."""
LISTED = re.compile(r"\*|[UWSCGD][A-Z0-9]{1,30}", re.ASCII)


@dataclass(frozen=True, slots=True)
class StoreSettings:
    """Where what must not be lost is stored."""

    redis_url: str | None
    """None: the embedded store."""
    state_dir: Path
    server: Path | None = None
    """What the embedded store runs; None: the server that comes with slsdiag."""


@dataclass(frozen=True, slots=True)
class ServingSettings:
    """What the bot needs to serve, or to work beside one that does."""

    bot_token: str = field(repr=False)
    api_url: str
    mode: Mode
    app_token: str = field(repr=False)
    """Empty in HTTP mode."""
    signing_secret: str = field(repr=False)
    """Empty in Socket Mode."""
    store: StoreSettings
    port: int
    admin_port: int
    workers: int
    evidence_ttl: timedelta
    log_level: str
    roles: Roles | None = None
    """None: members may do everything, guests only read."""
    limits: Mapping[str, int] = field(default_factory=dict)
    """Commands and clicks a minute: user, channel, workspace → how many."""
    shared_channels: tuple[str, ...] = ()
    """Channels shared with other organizations (Slack Connect) that may get results all the same."""

    @property
    def host(self) -> str:
        """Where to listen: a Slack on this machine needs no more than the loopback."""
        local = urlsplit(self.api_url).hostname == "127.0.0.1"
        return "127.0.0.1" if local else "0.0.0.0"  # noqa: S104 - Slack and probes must reach it


def serving_settings(environment: Mapping[str, str] = os.environ) -> ServingSettings:
    """The settings, or a UsageError that names what is missing; no value is repeated."""
    read = reader(environment)
    not_blank(environment, "ROLES")
    mode = serving_mode(environment)
    socket = mode is Mode.SOCKET
    return ServingSettings(
        bot_token=token(environment, "SLACK_BOT_TOKEN", "xoxb-"),
        api_url=api_url(environment),
        mode=mode,
        app_token=token(environment, "SLACK_APP_TOKEN", "xapp-") if socket else "",
        signing_secret="" if socket else _must(environment, "SLACK_SIGNING_SECRET"),
        store=store_settings(environment),
        port=read("PORT", _port, PORT, "a port number"),
        admin_port=read("ADMIN_PORT", _port, ADMIN_PORT, "a port number"),
        workers=read("WORKERS", _whole(0, 1000), WORKERS, "a whole number from 0 to 1000"),
        evidence_ttl=read("EVIDENCE_TTL", _seconds, EVIDENCE_TTL, "whole seconds"),
        log_level=log_level(environment),
        roles=read("ROLES", _roles, None, _ROLES_ARE),
        limits=read("LIMITS", _limits, {}, _LIMITS_ARE),
        shared_channels=read("SHARED_CHANNELS", channel_ids, (), _CHANNELS_ARE),
    )


def serving_mode(environment: Mapping[str, str] = os.environ) -> Mode:
    """How Slack reaches the bot."""
    return reader(environment)("MODE", Mode, Mode.SOCKET, "socket or http")


def store_settings(environment: Mapping[str, str] = os.environ) -> StoreSettings:
    """Which store."""
    url = environment.get("REDIS_URL", "").strip() or None
    if url:
        _safe_store(url)
    state = environment.get("SLSDIAG_STATE_DIR") or platformdirs.user_state_dir("slsdiag")
    server = reader(environment)("STORE_SERVER", _absolute, None, "the whole path of a program")
    return StoreSettings(url, Path(state), server)


def _absolute(text: str) -> Path:
    if not text.startswith("/"):
        raise ValueError
    return Path(text)


def _safe_store(url: str) -> None:
    """Whoever reads or writes the store is the bot's owner: nobody else may, on the way neither."""
    try:
        parts = urlsplit(url)
        usable = parts.scheme in {"redis", "rediss", "unix"} and parts.port != 0
        local = parts.scheme == "unix" or loopback(parts.hostname or "")
    except ValueError:
        usable = local = False
    if not usable:
        raise UsageError("REDIS_URL must be an address that begins with redis:// or rediss://.")
    if local:
        return
    if parts.scheme != "rediss" or _unverified(parts):
        raise UsageError(
            "REDIS_URL names a store on another machine without TLS, or without checking its "
            "certificate: it must begin with rediss://."
        )
    if not (parts.password or parse_qs(parts.query).get("password")):
        raise UsageError("REDIS_URL names a store on another machine and holds no password.")


def _unverified(parts: SplitResult) -> bool:
    """redis-py takes its own options from the address."""
    query = parse_qs(parts.query.lower())
    lax = {"none", "optional", "0", "false", "no"}
    names = ("ssl_cert_reqs", "ssl_check_hostname")
    return any(value in lax for name in names for value in query.get(name, ()))


_ROLES_ARE = (
    'a JSON object with "admin", "runner", "viewer": lists of Slack ids of users (U…), user '
    'groups (S…) or channels (C…), or "*" for every full member'
)
_CHANNELS_ARE = "ids of Slack channels with commas between them"
_LIMITS_ARE = "like user=10,channel=30,workspace=120: whole numbers from 1 on"


def _roles(text: str) -> Roles:
    document = json.loads(text)
    if not isinstance(document, dict):
        raise TypeError
    roles = {Role[name.upper()]: frozenset(ids) for name, ids in _lists(document)}
    if not all(LISTED.fullmatch(id_) for ids in roles.values() for id_ in ids):
        raise ValueError
    return roles


def _lists(document: dict[str, object]) -> list[tuple[str, list[str]]]:
    names = {role.name.lower() for role in Role}
    if not set(document) <= names or not all(isinstance(ids, list) for ids in document.values()):
        raise TypeError
    return [(name, list(map(str, ids))) for name, ids in document.items() if isinstance(ids, list)]


def _limits(text: str) -> Mapping[str, int]:
    pairs = [pair.partition("=") for pair in text.split(",")]
    limits = {name.strip(): _whole(1)(number) for name, _, number in pairs}
    if not set(limits) <= {"user", "channel", "workspace"} or len(limits) != len(pairs):
        raise ValueError
    return limits


def log_level(environment: Mapping[str, str] = os.environ) -> str:
    """How much is logged."""
    wants = ", ".join(LOG_LEVELS)
    return reader(environment)("LOG_LEVEL", _log_level, "INFO", f"one of {wants}")


def _must(environment: Mapping[str, str], name: str) -> str:
    value = environment.get(name, "").strip()
    if not value:
        raise UsageError(f"{name} is not set: the bot cannot serve without it.")
    return value


def token(environment: Mapping[str, str], name: str, begins: str) -> str:
    """A token of Slack's, or a UsageError."""
    value = _must(environment, name)
    if not value.startswith(begins):
        raise UsageError(f"{name} must be a token that begins with {begins}.")
    return value


def api_url(environment: Mapping[str, str]) -> str:
    """Slack's Web API, or a stand-in's."""
    url = environment.get("SLACK_API_URL", "").strip() or API
    if not url.endswith("/api/") or urlsplit(url).scheme not in {"http", "https"}:
        raise UsageError("SLACK_API_URL must be an address that ends in /api/.")
    return url


def _port(text: str) -> int:
    if not 0 <= int(text) <= LAST_PORT:
        raise ValueError
    return int(text)


def _whole(least: int, most: float = inf) -> Callable[[str], int]:
    def understand(text: str) -> int:
        if not least <= int(text) <= most:
            raise ValueError
        return int(text)

    return understand


def _seconds(text: str) -> timedelta:
    return timedelta(seconds=_whole(0)(text))


def _log_level(text: str) -> str:
    if text.upper() not in LOG_LEVELS:
        raise ValueError
    return text.upper()
