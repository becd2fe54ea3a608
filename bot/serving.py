"""
The bot and its workers as processes: started and stopped in order.

`Bot` hears Slack, by Socket Mode or over HTTP; `WorkerProcess` only works on what bots saved.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError

from bot.compose import Parts
from bot.errors import Unreachable, UsageError
from bot.health import Probe, application, well
from bot.listener import Listener
from bot.metrics import registry
from bot.serving_settings import WORKERS, ServingSettings
from bot.settings import LookingSettings
from bot.slack.app import Home, build
from bot.slack.home import AppHome
from bot.slack.http import guarded
from bot.slack.manifest import Mode
from bot.slack.socket import SocketMode

SERVER_THREADS, ADMIN_THREADS = 16, 2


class Bot:
    """One process of the bot."""

    def __init__(self, settings: ServingSettings, looking: LookingSettings) -> None:
        """Starts the store and asks Slack who we are; nothing is served yet."""
        self._settings = settings
        self._parts = Parts(settings, looking)
        try:
            home = who_we_are(self._parts.client, settings.app_token)
            desks = self._parts.desks
            app = build(self._parts.client, home, desks)
            self._socket = self._http = None
            if settings.mode is Mode.SOCKET:
                self._socket = SocketMode(app, settings.app_token, settings.api_url)
            else:
                served = guarded(app, settings.signing_secret)
                self._http = listener(
                    served, settings.host, settings.port, SERVER_THREADS, "SLSDIAG_PORT"
                )
            self._admin = admin(settings, self._parts, self._socket)
            health = partial(well, probes(self._parts, self._socket))
            AppHome(home, desks, self._parts.sent, health).listen(app)
        except BaseException:
            self._parts.stop()
            raise

    @property
    def port(self) -> int:
        """Where Slack's requests are taken; 0 in Socket Mode."""
        return self._http.port if self._http else 0

    @property
    def admin_port(self) -> int:
        """Where health is told."""
        return self._admin.port

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
        self._parts.stop()
        self._admin.stop()


class WorkerProcess:
    """More of the bot's workers, over the same store."""

    def __init__(self, settings: ServingSettings, looking: LookingSettings) -> None:
        """The embedded store is of one machine, and its bot works itself."""
        if settings.store.redis_url is None:
            raise UsageError("REDIS_URL is not set: a worker needs the store that the bot uses.")
        self._settings = settings
        self._parts = Parts(settings, looking)
        self._admin = admin(settings, self._parts, None)

    @property
    def admin_port(self) -> int:
        """Where health is told."""
        return self._admin.port

    def start(self) -> None:
        """Work."""
        self._parts.start(self._settings.workers or WORKERS)
        self._admin.start()

    def stop(self) -> None:
        """Finish what is at hand."""
        self._parts.stop()
        self._admin.stop()


def admin(settings: ServingSettings, parts: Parts, socket: SocketMode | None) -> Listener:
    """The admin port."""
    told = application(parts.clock.alive, probes(parts, socket), registry(parts.backlog))
    return listener(told, settings.host, settings.admin_port, ADMIN_THREADS, "SLSDIAG_ADMIN_PORT")


def listener(
    application: Callable[..., Any], host: str, port: int, threads: int, setting: str
) -> Listener:
    """Bound to the port that `setting` names; UsageError where it cannot be."""
    try:
        return Listener(application, host, port, threads)
    except OSError as error:
        raise UsageError(f"{setting}: port {port} cannot be used ({error.strerror}).") from None


def probes(parts: Parts, socket: SocketMode | None) -> dict[str, Probe]:
    """What must work, and how it is asked."""
    hears = {"slack": socket.hears} if socket else {}
    return {"store": parts.store_answers, "clock": parts.clock.alive, **hears}


def who_we_are(client: WebClient, app_token: str = "") -> Home:
    """Our team and ids, from Slack; raises Unreachable, naming the token that it refused."""
    asked = "SLACK_BOT_TOKEN"
    try:
        answer = client.auth_test()
        if app_token:
            asked = "SLACK_APP_TOKEN"
            client.apps_connections_open(app_token=app_token)
    except (SlackClientError, OSError) as error:
        response = getattr(error, "response", None)
        told = response.get("error") if response is not None else type(error).__name__
        if response is None:
            mend = "let HTTPS out to slack.com, or mend SLACK_API_URL"
            raise Unreachable(f"Slack could not be reached ({told}): {mend}.") from None
        raise Unreachable(f"Slack did not accept {asked} ({told}).") from None
    return Home(answer["team_id"], answer["user_id"], answer.get("bot_id", ""), answer["url"])
