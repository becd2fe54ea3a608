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
from collections.abc import Callable
from email.utils import formatdate
from ssl import SSLContext
from types import TracebackType
from typing import Self

from aiohttp import web

from bot.playground.workspace.answers import Answer, Given
from bot.playground.workspace.api import Api
from bot.playground.workspace.blocks import complaints
from bot.playground.workspace.delivery import Delivery
from bot.playground.workspace.faults import Behavior
from bot.playground.workspace.http import answered, arguments_of, failed, subjects
from bot.playground.workspace.messages import Messages
from bot.playground.workspace.model import BOT_USER, Message, SlackError
from bot.playground.workspace.response_urls import ResponseUrls
from bot.playground.workspace.sockets import Sockets, opened
from bot.slack.manifest import SCOPES

FAULTY = ("chat.", "conversations.", "files.")
LATE = 12.0
"""Seconds of an answer that comes too late for its client."""
RESPONSE_URL, UPLOAD_URL = "response_url", "upload_url"
"""Stand for names of methods in `Workspace.refuses`."""


class Workspace(Behavior):
    """A fake Slack; a context manager."""

    bot_token, app_token, signing_secret = "xoxb-demo", "xapp-demo", "demo-signing-secret"

    def __init__(
        self,
        seed: int = 0,
        scopes: tuple[str, ...] = SCOPES,
        name: str = "127.0.0.1",
        tls: SSLContext | None = None,
    ) -> None:
        """
        The bot is a member of "C0GENERAL"; "C0SECRET" exists without it.

        Its addresses hold `name`, which with `tls` is that of a certificate.
        """
        super().__init__()
        self._chance = random.Random(seed)  # noqa: S311 - faults, not secrets
        self.store = Messages(self._chance)
        self.sockets = Sockets(self._chance)
        self.delivery = Delivery(self.sockets, self.signing_secret)
        self.lock = threading.Condition()
        self._api = Api(self.store, scopes)
        self._ids = itertools.count(1)
        self._response_urls = ResponseUrls()
        self._name, self._tls, self._host = name, tls, ""
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
    def _scheme(self) -> str:
        return "https" if self._tls else "http"

    @property
    def api_url(self) -> str:
        """What SLACK_API_URL is set to."""
        return f"{self._scheme}://{self._host}/api/"

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
        self._response_urls.add(id_, channel, user)
        return f"{self._scheme}://{self._host}/response/{id_}"

    def public(self, channel: str | None = None) -> list[Message]:
        """What the bot said for everybody to see."""
        messages = (m for m in self.messages if m.user == BOT_USER and not m.seen_by)
        return [m for m in messages if channel in {None, m.channel}]

    def waits_for(
        self, matches: Callable[[Message], object], timeout: float = 10.0
    ) -> list[Message]:
        """The messages for which `matches` holds, as soon as there is one."""
        ends_at = time.monotonic() + timeout
        with self.lock:
            while True:
                matching = [message for message in self.messages if matches(message)]
                if matching:
                    return matching
                if not self.lock.wait(ends_at - time.monotonic()):
                    lines = (f"{m.channel} {m.thread_ts}: {m.text}" for m in self.messages)
                    posted = "\n".join(lines)
                    raise TimeoutError(f"nothing of the kind was posted; there is:\n{posted}")

    async def _serve(self) -> None:
        app = web.Application(client_max_size=1 << 20)
        app.router.add_route("*", "/api/{method}", self._called)
        app.router.add_post("/response/{id}", self._responded)
        app.router.add_post("/upload/v1/{token}", self._uploaded)
        app.router.add_get("/link/", self.sockets.accept)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=self._tls)
        await site.start()
        self._host = f"{self._name}:{runner.addresses[0][1]}"
        self.store.files.origin = f"{self._scheme}://{self._host}"
        self.sockets.loop = asyncio.get_running_loop()
        self._ready.set()
        await self._stop.wait()
        self.sockets.cut()
        await runner.cleanup()

    async def _called(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        self.calls[method] += 1
        given, token = await arguments_of(request)
        await asyncio.sleep(self.latencies.get(method, 0.0))
        fault = self._fault(method, given)
        if fault == "limited":
            return answered({"ok": False, "error": "ratelimited", "retry_after": 1})
        if fault and fault.endswith("_before"):
            return failed(request, fault)
        answer = self._answer(method, given, token)
        if fault == "late":
            await asyncio.sleep(LATE)
        elif fault:
            return failed(request, fault)
        return answered(answer, self._headers())

    def _fault(self, method: str, given: Given) -> str | None:
        if any((method, subject) in self.hangs_up for subject in subjects(given)):
            return "dropped_after"
        return self.faults.pick(self._chance) if method.startswith(FAULTY) else None

    def _headers(self) -> dict[str, str]:
        """What Slack sends beside each answer."""
        headers = {"Date": formatdate(time.time() + self.clock_ahead, usegmt=True)}
        if self.reports_scopes:
            headers["X-OAuth-Scopes"] = ",".join(sorted(self._api.scopes))
        return headers

    def _answer(self, method: str, given: Given, token: str) -> Answer:
        try:
            with self.lock:
                self._must_be_known(method, token)
                self._must_not_refuse(method, given)
                self.limits.take(method, str(given.get("channel", "")))
                if method == "apps.connections.open":
                    return {"ok": True, **opened(self.sockets, self._host, secure=bool(self._tls))}
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

    def _must_not_refuse(self, method: str, given: Given) -> None:
        words = (self.refuses.get((method, subject)) for subject in (*subjects(given), "*"))
        if word := next(filter(None, words), None):
            raise SlackError(word, **({"retry_after": 1} if word == "ratelimited" else {}))

    async def _responded(self, request: web.Request) -> web.StreamResponse:
        url = self._response_urls.get(request.match_info["id"])
        if url is None:
            return web.Response(status=404, text="used_url")
        given = json.loads(await request.text())
        if word := self.refuses.get((RESPONSE_URL, url.channel)):
            return web.Response(status=400, text=word)
        url.left -= 1
        return web.Response(text="ok" if self.answers(given, url.channel, url.user) else "no_text")

    async def _uploaded(self, request: web.Request) -> web.StreamResponse:
        """A file's content, as raw bytes."""
        self.calls[UPLOAD_URL] += 1
        content = await request.read()
        if word := self.refuses.get((UPLOAD_URL, "*")):
            return web.Response(status=500, text=word)
        with self.lock:
            status = self.store.files.take(request.match_info["token"], content)
        return web.Response(status=status, text=f"OK - {len(content)}")

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
