"""
The bot and its workers as processes: started and stopped in order.

`Bot` hears Slack, by Socket Mode or over HTTP; `WorkerProcess` only works on what bots saved.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError

from bot.app.bootstrap import Parts
from bot.app.home import AppHome
from bot.app.listeners import BotIdentity, build
from bot.app.services import Services
from bot.errors import Unreachable, UsageError
from bot.observability.health import Probe, application, states
from bot.observability.http_server import CONNECTIONS, Listener
from bot.observability.metrics import registry
from bot.proxy import without_credentials
from bot.scan.function_counts import FunctionCounts
from bot.serving_settings import WORKERS, Mode, ServingSettings
from bot.settings import AwsSettings
from bot.slack.http import guarded
from bot.slack.socket import SocketMode
from bot.store.due import Due
from bot.store.homes import Homes
from bot.watch.service import WatchService

SERVER_THREADS, ADMIN_THREADS = 16, 2
ADMIN_CONNECTIONS = 100


class Bot:
    """One process of the bot."""

    def __init__(self, settings: ServingSettings, aws_settings: AwsSettings) -> None:
        """Starts the store and asks Slack who we are; nothing is served yet."""
        self._settings = settings
        self._parts = Parts(settings, aws_settings)
        try:
            identity = who_we_are(self._parts.client, settings.app_token)
            self._parts.belongs_to(identity.team)
            services = replace(self._parts.services, url=identity.url)
            app = build(self._parts.client, identity, services)
            self._socket = self._http = None
            if settings.mode is Mode.SOCKET:
                self._socket = SocketMode(app, settings.app_token, settings.api_url)
            else:
                served = guarded(app, settings.signing_secret)
                self._http = listener(
                    served, settings.host, settings.port, SERVER_THREADS, "SLSDIAG_PORT"
                )
            self._admin = admin(settings, self._parts, self._socket)
            self._home = app_home(self._parts, identity, services, self._socket)
            self._home.listen(app)
        except BaseException:
            self._parts.stop()
            raise

    @property
    def port(self) -> int:
        """Where Slack's requests are taken; 0 in Socket Mode."""
        return self._http.port if self._http else 0

    @property
    def admin_port(self) -> int:
        """Where health is served."""
        return self._admin.port

    @property
    def watches(self) -> WatchService:
        """Which channels hear of deployments."""
        return self._parts.services.watches

    def busy(self, within: timedelta) -> bool:
        """Whether anything is being done, or is to be done within that time."""
        return self._parts.busy(within)

    def start(self) -> None:
        """Serve."""
        self._parts.start(self._settings.workers)
        self._admin.start()
        for end in (self._socket, self._http):
            if end:
                end.start()

    def stop(self) -> None:
        """Take nothing more, finish what is at hand, leave the rest to the store."""
        for end in (self._socket, self._http):
            if end:
                end.stop()
        self._home.later.stop()
        self._parts.stop()
        self._admin.stop()


class WorkerProcess:
    """More of the bot's workers, over the same store."""

    def __init__(self, settings: ServingSettings, aws_settings: AwsSettings) -> None:
        """The embedded store is of one machine, and its bot works itself."""
        if settings.store.redis_url is None:
            raise UsageError("REDIS_URL is not set: a worker needs the store that the bot uses.")
        self._settings = settings
        self._parts = Parts(settings, aws_settings)
        try:
            identity = who_we_are(self._parts.client)
            self._parts.belongs_to(identity.team)
            services = replace(self._parts.services, url=identity.url)
            self._home = app_home(self._parts, identity, services, None)
            self._admin = admin(settings, self._parts, None)
        except BaseException:
            self._parts.stop()
            raise

    @property
    def admin_port(self) -> int:
        """Where health is served."""
        return self._admin.port

    def start(self) -> None:
        """Work."""
        self._parts.start(self._settings.workers or WORKERS)
        self._admin.start()

    def stop(self) -> None:
        """Finish what is at hand."""
        self._home.later.stop()
        self._parts.stop()
        self._admin.stop()


def app_home(
    parts: Parts, identity: BotIdentity, services: Services, socket: SocketMode | None
) -> AppHome:
    """App Home, which the workers publish as well."""
    health = partial(states, probes(parts, socket) | shown(parts))
    home = AppHome(identity, services, parts.sent, Due(parts.front), Homes(parts.front), health)
    parts.shows_homes(partial(home.show, parts.client))
    return home


def admin(settings: ServingSettings, parts: Parts, socket: SocketMode | None) -> Listener:
    """The admin port."""
    served = application(
        parts.clock.alive,
        probes(parts, socket),
        registry(parts.backlog, FunctionCounts(parts.front).read),
        shown(parts),
        parts.parked,
    )
    return listener(
        served,
        settings.host,
        settings.admin_port,
        ADMIN_THREADS,
        "SLSDIAG_ADMIN_PORT",
        ADMIN_CONNECTIONS,
    )


def listener(
    application: Callable[..., Any],
    host: str,
    port: int,
    threads: int,
    setting: str,
    connections: int = CONNECTIONS,
) -> Listener:
    """Bound to the port that `setting` names; UsageError where it cannot be."""
    try:
        return Listener(application, host, port, threads, connections)
    except OSError as error:
        raise UsageError(f"{setting}: port {port} cannot be used ({error.strerror}).") from None


def probes(parts: Parts, socket: SocketMode | None) -> dict[str, Probe]:
    """What must work, and how it is checked."""
    hears = {"slack": socket.hears} if socket else {}
    return {"store": parts.store_answers, "clock": parts.clock.alive, **hears}


def shown(parts: Parts) -> dict[str, Probe]:
    """What people should see, though the bot is of use without."""
    return {"slack_posts": parts.slack_takes_messages}


def who_we_are(client: WebClient, app_token: str = "") -> BotIdentity:
    """Our team and ids, from Slack; raises Unreachable, naming the token that it refused."""
    setting = "SLACK_BOT_TOKEN"
    try:
        answer = client.auth_test()
        if app_token:
            setting = "SLACK_APP_TOKEN"
            client.apps_connections_open(app_token=app_token)
    except (SlackClientError, OSError) as error:
        response = getattr(error, "response", None)
        word = response.get("error") if response is not None else type(error).__name__
        if response is None:
            via = f" through the proxy {without_credentials(client.proxy)}" if client.proxy else ""
            remedy = "let HTTPS out to slack.com, or correct SLACK_API_URL"
            raise Unreachable(f"Slack could not be reached{via} ({word}): {remedy}.") from None
        raise Unreachable(f"Slack did not accept {setting} ({word}).") from None
    return BotIdentity(
        answer["team_id"], answer["user_id"], answer.get("bot_id", ""), answer["url"]
    )
