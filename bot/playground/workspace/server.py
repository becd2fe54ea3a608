"""
The fake Slack on the loopback address: Web API, response URLs and Socket Mode on one port.

It serves on a loop of its own in a thread; what it knows is guarded by one lock.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import formatdate
from types import TracebackType
from typing import Self

from aiohttp import web

from bot.playground.workspace.api import Answer, Api, Given
from bot.playground.workspace.blocks import complaints
from bot.playground.workspace.delivery import Delivery
from bot.playground.workspace.limits import Limits
from bot.playground.workspace.messages import Messages
from bot.playground.workspace.model import BOT_USER, Message, SlackError
from bot.playground.workspace.sockets import Sockets, opened
from bot.slack.manifest import SCOPES

RESPONSE_URL_USES, RESPONSE_URL_SECONDS = 5, 1800.0
FAULTY = ("chat.", "conversations.")
_TROUBLE: Answer = {"ok": False, "error": "internal_error"}
LATE = 12.0
"""Seconds of an answer that comes too late for its client."""


@dataclass
class Faults:
    """The share of posts, edits and readings, 0 to 1, that each fault befalls."""

    dropped_before: float = 0.0
    """The connection ends, and nothing was done."""
    dropped_after: float = 0.0
    """It was done, and the connection ends."""
    error_before: float = 0.0
    """Answered with status 500, and nothing was done."""
    error_after: float = 0.0
    """It was done, and answered with status 500."""
    trouble_before: float = 0.0
    """Answered with status 200 and `internal_error`, as Slack does, and nothing was done."""
    trouble_after: float = 0.0
    """It was done, and answered so."""
    late: float = 0.0
    """It was done, and the answer takes longer than its client waits."""
    limited: float = 0.0
    """Answered with status 429."""


@dataclass
class _ResponseUrl:
    channel: str
    user: str
    until: float
    left: int = RESPONSE_URL_USES


class Workspace:
    """A fake Slack; a context manager."""

    bot_token, app_token, signing_secret = "xoxb-demo", "xapp-demo", "demo-signing-secret"

    def __init__(self, seed: int = 0, scopes: tuple[str, ...] = SCOPES) -> None:
        """The bot is a member of "C0GENERAL"; "C0SECRET" exists without it."""
        self.calls: Counter[str] = Counter()
        self.faults = Faults()
        self.limits = Limits()
        self.clock_ahead = 0.0
        """Seconds by which the Date of an answer is ahead of this machine's."""
        self.tells_scopes = True
        self._chance = random.Random(seed)  # noqa: S311 - faults, not secrets
        self.store = Messages(self._chance)
        self.sockets = Sockets(self._chance)
        self.delivery = Delivery(self.sockets, self.signing_secret)
        self.lock = threading.Condition()
        self._api = Api(self.store, scopes)
        self._ids = itertools.count(1)
        self._response_urls: dict[str, _ResponseUrl] = {}
        self._host = ""
        self._ready, self._stop = threading.Event(), asyncio.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)

    @property
    def messages(self) -> list[Message]:
        """Everything that was said, oldest first."""
        return self.store.all

    @property
    def refused(self) -> set[str]:
        """Types of blocks that it does not take; none at first."""
        return self._api.refused

    @property
    def api_url(self) -> str:
        """What SLACK_API_URL is set to."""
        return f"http://{self._host}/api/"

    def __enter__(self) -> Self:
        """Begin to serve."""
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop."""
        if self.sockets.loop:
            self.sockets.loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    def new_id(self, prefix: str) -> str:
        """One that never comes twice."""
        return f"{prefix}{next(self._ids):06d}"

    def response_url(self, channel: str, user: str) -> str:
        """Where up to five answers may be sent within half an hour."""
        id_ = self.new_id("response")
        until = time.monotonic() + RESPONSE_URL_SECONDS
        self._response_urls[id_] = _ResponseUrl(channel, user, until)
        return f"http://{self._host}/response/{id_}"

    def public(self, channel: str | None = None) -> list[Message]:
        """What the bot said for everybody to see."""
        said = (m for m in self.messages if m.user == BOT_USER and not m.seen_by)
        return [m for m in said if channel in {None, m.channel}]

    def waits_for(
        self, matches: Callable[[Message], object], timeout: float = 10.0
    ) -> list[Message]:
        """The messages for which `matches` holds, as soon as there is one."""
        ends_at = time.monotonic() + timeout
        with self.lock:
            while True:
                found = [message for message in self.messages if matches(message)]
                if found:
                    return found
                if not self.lock.wait(ends_at - time.monotonic()):
                    told = "\n".join(f"{m.channel} {m.thread_ts}: {m.text}" for m in self.messages)
                    raise TimeoutError(f"nothing of the kind was posted; there is:\n{told}")

    async def _serve(self) -> None:
        app = web.Application(client_max_size=1 << 20)
        app.router.add_route("*", "/api/{method}", self._called)
        app.router.add_post("/response/{id}", self._responded)
        app.router.add_get("/link/", self.sockets.accept)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self._host = f"127.0.0.1:{runner.addresses[0][1]}"
        self.sockets.loop = asyncio.get_running_loop()
        self._ready.set()
        await self._stop.wait()
        self.sockets.cut()
        await runner.cleanup()

    async def _called(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        self.calls[method] += 1
        given, token = await _given(request)
        fault = self._befallen() if method.startswith(FAULTY) else None
        if fault == "dropped_before":
            return _hung_up(request)
        if fault == "error_before":
            return web.Response(status=500)
        if fault == "limited":
            return _answered({"ok": False, "error": "ratelimited", "retry_after": 1})
        if fault == "trouble_before":
            return _answered(_TROUBLE)
        answer = self._answer(method, given, token)
        if fault == "dropped_after":
            return _hung_up(request)
        if fault == "error_after":
            return web.Response(status=500)
        if fault == "trouble_after":
            return _answered(_TROUBLE)
        if fault == "late":
            await asyncio.sleep(LATE)
        return _answered(answer, self._headers())

    def _headers(self) -> dict[str, str]:
        """What Slack tells beside each answer."""
        told = {"Date": formatdate(time.time() + self.clock_ahead, usegmt=True)}
        if self.tells_scopes:
            told["X-OAuth-Scopes"] = ",".join(sorted(self._api.scopes))
        return told

    def _answer(self, method: str, given: Given, token: str) -> Answer:
        try:
            with self.lock:
                self._must_be_known(method, token)
                self.limits.take(method, str(given.get("channel", "")))
                if method == "apps.connections.open":
                    return {"ok": True, **opened(self.sockets, self._host)}
                answer = {"ok": True, **self._api.answer(method, given)}
                self.lock.notify_all()
                return answer
        except SlackError as error:
            return {"ok": False, "error": str(error), **error.more}

    def _must_be_known(self, method: str, token: str) -> None:
        wanted = self.app_token if method == "apps.connections.open" else self.bot_token
        if not token:
            raise SlackError("not_authed")
        if token not in {self.app_token, self.bot_token}:
            raise SlackError("invalid_auth")
        if token != wanted:
            raise SlackError("not_allowed_token_type")

    def _befallen(self) -> str | None:
        """At most one fault."""
        at = self._chance.random()
        for name, share in vars(self.faults).items():
            if at < share:
                return name
            at -= share
        return None

    async def _responded(self, request: web.Request) -> web.StreamResponse:
        url = self._response_urls.get(request.match_info["id"])
        if url is None or url.left <= 0 or time.monotonic() > url.until:
            return web.Response(status=404, text="used_url")
        given = json.loads(await request.text())
        url.left -= 1
        return web.Response(text="ok" if self.answers(given, url.channel, url.user) else "no_text")

    def answers(self, given: Given, channel: str, user: str) -> bool:
        """An answer to a command, by its acknowledgement or its response URL."""
        blocks = given.get("blocks") or []
        if not (given.get("text") or blocks) or complaints(blocks):
            return False
        alone = given.get("response_type", "ephemeral") == "ephemeral"
        with self.lock:
            self.store.keep(
                channel,
                BOT_USER,
                text=str(given.get("text") or ""),
                blocks=blocks,
                thread_ts=given.get("thread_ts"),
                seen_by=user if alone else None,
            )
            self.lock.notify_all()
        return True


async def _given(request: web.Request) -> tuple[Given, str]:
    """The call's arguments, from JSON, form or address, and its token."""
    given: Given = dict(request.query)
    if request.content_type == "application/json":
        given |= json.loads(await request.text() or "{}")
    else:
        given |= dict(await request.post())
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return given, token if scheme == "Bearer" else str(given.get("token", ""))


def _answered(answer: Answer, headers: dict[str, str] | None = None) -> web.Response:
    """Slack's status is 200, except where it has had enough."""
    if answer.get("error") == "ratelimited":
        after = str(answer.pop("retry_after"))
        return web.json_response(answer, status=429, headers={"Retry-After": after})
    return web.json_response(answer, headers=headers)


def _hung_up(request: web.Request) -> web.Response:
    if request.transport:
        request.transport.close()
    return web.Response()
