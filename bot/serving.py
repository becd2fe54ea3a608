"""
The bot, put together: store, jobs, desk, Slack.

`Bot` starts and stops in order; everything else is handed its parts.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

import platformdirs
from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError

from bot.diagnosis.desk import Desk
from bot.diagnosis.model import Diagnosis
from bot.errors import Unreachable, UsageError
from bot.jobs.actors import declare_actors
from bot.jobs.broker import Broker, Workers, start_workers
from bot.jobs.clock import Clock
from bot.looking import Reach, look
from bot.settings import looking_settings
from bot.slack.app import Home, build
from bot.slack.http import guarded
from bot.slack.listener import Listener
from bot.slack.sender import Sender, web_client
from bot.store.connection import connect, now
from bot.store.diagnoses import Diagnoses
from bot.store.due import DIAGNOSIS, ENTRY, Claim, Due
from bot.store.embedded import Embedded
from bot.store.evidence import Evidence, Gathering
from bot.store.outbox import Outbox
from checks.model import Symptom
from checks.report import Report

API = "https://slack.com/api/"
LOOK_THREADS, POST_THREADS, SERVER_THREADS = 16, 4, 16
PORT = 3000


@dataclass(frozen=True, slots=True)
class SlackSettings:
    """What the bot needs to serve."""

    bot_token: str
    signing_secret: str
    api_url: str
    redis_url: str | None
    state_dir: Path
    port: int


def slack_settings(environment: Mapping[str, str] = os.environ) -> SlackSettings:
    """The settings, or a UsageError that names what is missing; no value is repeated."""
    mode = environment.get("SLSDIAG_MODE", "http")
    if mode != "http":
        raise UsageError("SLSDIAG_MODE must be http: Socket Mode is not in this version yet.")
    for name in ("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET"):
        if not environment.get(name):
            raise UsageError(f"{name} is not set: the bot cannot serve without it.")
    api_url = environment.get("SLACK_API_URL") or API
    if not api_url.endswith("/api/") or not urlsplit(api_url).netloc:
        raise UsageError("SLACK_API_URL must be an address that ends in /api/.")
    port = environment.get("SLSDIAG_PORT") or str(PORT)
    if not port.isdigit() or int(port) > 65_535:  # noqa: PLR2004 - the last port
        raise UsageError("SLSDIAG_PORT must be a port number.")
    state = environment.get("SLSDIAG_STATE_DIR") or platformdirs.user_state_dir("slsdiag")
    return SlackSettings(
        environment["SLACK_BOT_TOKEN"],
        environment["SLACK_SIGNING_SECRET"],
        api_url,
        environment.get("REDIS_URL") or None,
        Path(state),
        int(port),
    )


class Bot:
    """One process of the bot."""

    def __init__(self, settings: SlackSettings) -> None:
        """Starts the store and asks Slack who we are; nothing is served yet."""
        self._client = web_client(settings.bot_token, settings.api_url)
        home = who_we_are(self._client)
        self._reach = Reach(looking_settings())
        self._store = None if settings.redis_url else Embedded(settings.state_dir)
        url = settings.redis_url or self._store_url()
        self._redis = connect(url)
        self._broker = Broker(url)
        self._due = Due(self._redis)
        outbox = Outbox(self._redis)
        self._diagnoses = Diagnoses(self._redis)
        self._desk = Desk(
            self._diagnoses,
            self._due,
            Evidence(self._redis),
            Gathering(self._redis),
            self._look,
            self._broker.nudge,
            self._now,
        )
        sender = Sender(
            outbox,
            self._due,
            self._client,
            settings.api_url,
            self._now,
            self._broker.nudge,
            self._desk.went_private,
        )
        handlers = {DIAGNOSIS: self._desk.look, ENTRY: sender.send}
        declare_actors(self._broker, self._due, handlers, self._give_up)
        every = (self._store.ensure,) if self._store else ()
        self._clock = Clock(self._due, self._broker, every=every)
        app = build(self._client, home, self._desk)
        on_this_machine = urlsplit(settings.api_url).hostname == "127.0.0.1"
        self._listener = Listener(
            guarded(app, settings.signing_secret),
            host="127.0.0.1" if on_this_machine else "0.0.0.0",  # noqa: S104 - Slack must reach it
            port=settings.port,
            threads=SERVER_THREADS,
        )
        self._workers: Workers | None = None

    @property
    def port(self) -> int:
        """Where Slack's requests are taken."""
        return self._listener.port

    def start(self) -> None:
        """Serve."""
        self._workers = start_workers(self._broker, LOOK_THREADS, POST_THREADS)
        self._clock.start()
        self._listener.start()

    def stop(self) -> None:
        """Take nothing more, finish what is at hand, leave the rest to the store."""
        self._listener.stop()
        self._clock.stop()
        if self._workers:
            self._workers.stop()
        self._broker.close()
        self._redis.close()
        if self._store:
            self._store.stop()

    def _store_url(self) -> str:
        assert self._store  # noqa: S101 - narrows: asked only where there is one
        return self._store.start()

    def _now(self) -> datetime:
        return now(self._redis)

    def _look(self, diagnosis: Diagnosis, progress: object) -> Report:
        ask = look(
            diagnosis.target,
            region=diagnosis.region,
            account=diagnosis.account,
            org=None,
            answers={},
            reach=self._reach,
        )
        return ask.report(Symptom.BOTH, progress)  # type: ignore[arg-type]

    def _give_up(self, claim: Claim) -> None:
        """The sender's and the desk's own records say what became of it."""


def who_we_are(client: WebClient) -> Home:
    """Our team and ids, from Slack."""
    try:
        answer = client.auth_test()
    except (SlackClientError, OSError) as error:
        told = getattr(error, "response", {}).get("error", type(error).__name__)
        raise Unreachable(f"Slack did not accept SLACK_BOT_TOKEN ({told}).") from None
    return Home(answer["team_id"], answer["user_id"], answer.get("bot_id", ""))
