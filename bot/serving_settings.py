"""What differs between installations of the bot; names in interface.md §5."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import platformdirs

from bot.errors import UsageError
from bot.settings import reader
from bot.slack.manifest import Mode

API = "https://slack.com/api/"
PORT, ADMIN_PORT, WORKERS, LAST_PORT = 3000, 8080, 16, 65_535
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


@dataclass(frozen=True, slots=True)
class StoreSettings:
    """Where what must not be lost is kept."""

    redis_url: str | None
    """None: the embedded store."""
    state_dir: Path


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

    @property
    def host(self) -> str:
        """Where to listen: a Slack on this machine needs no more than the loopback."""
        local = urlsplit(self.api_url).hostname == "127.0.0.1"
        return "127.0.0.1" if local else "0.0.0.0"  # noqa: S104 - Slack and probes must reach it


def serving_settings(environment: Mapping[str, str] = os.environ) -> ServingSettings:
    """The settings, or a UsageError that names what is missing; no value is repeated."""
    read = reader(environment)
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
        workers=read("WORKERS", _whole(0), WORKERS, "a whole number from 0 on"),
        evidence_ttl=read(
            "EVIDENCE_TTL",
            lambda text: timedelta(seconds=_whole(0)(text)),
            timedelta(seconds=300),
            "whole seconds",
        ),
        log_level=log_level(environment),
    )


def serving_mode(environment: Mapping[str, str] = os.environ) -> Mode:
    """How Slack reaches the bot."""
    return reader(environment)("MODE", Mode, Mode.SOCKET, "socket or http")


def store_settings(environment: Mapping[str, str] = os.environ) -> StoreSettings:
    """Which store."""
    url = environment.get("REDIS_URL", "").strip() or None
    if url and urlsplit(url).scheme not in {"redis", "rediss", "unix"}:
        raise UsageError("REDIS_URL must be an address that begins with redis:// or rediss://.")
    state = environment.get("SLSDIAG_STATE_DIR") or platformdirs.user_state_dir("slsdiag")
    return StoreSettings(url, Path(state))


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


def _whole(least: int) -> Callable[[str], int]:
    def understand(text: str) -> int:
        if int(text) < least:
            raise ValueError
        return int(text)

    return understand


def _log_level(text: str) -> str:
    if text.upper() not in LOG_LEVELS:
        raise ValueError
    return text.upper()
