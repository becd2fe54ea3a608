"""
Slack over Socket Mode: one connection at work, replaced before it is missed.

slack_sdk's client replaces a socket by closing the old one first, answers requests of the
old one on the new one, and retries a used-up address for ever. So each client here is
one connection: when Slack asks it to go, it only says that it is spent; a fresh one is opened beside it,
and the old one answers its own requests before it is closed.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial

import aiohttp
import structlog
from slack_bolt import App
from slack_bolt.adapter.socket_mode.async_internals import send_async_response
from slack_bolt.adapter.socket_mode.internals import run_bolt_app
from slack_sdk.errors import SlackClientError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

from bot.observability.tracing import ActKind, acting, arrived
from bot.proxy import proxy_for

PING = 3.0
"""Seconds; a dead connection is noticed within about twice that."""
OPENED_WITHIN, API_TIMEOUT = 5.0, 4
LONGEST_PAUSE = 4.0
LINGER, DRAINED_WITHIN = 2.0, 5.0
"""Seconds that an old socket still listens, and that it may take to answer."""
SHORT_LIFE = 5.0
QUIET_FOR = 900.0
"""Seconds after which one that brought nothing is replaced: it may answer pings, yet be deaf."""
DEAF_AFTER = 60.0
"""Seconds without a socket after which the bot counts as deaf."""
THREADS = 16

log = structlog.get_logger(__name__)
_quiet = logging.getLogger("slsdiag.socket")
_quiet.setLevel(logging.CRITICAL)  # the client logs addresses and whole messages


class Socket(SocketModeClient):
    """One connection. It never replaces itself: it is `spent`."""

    def __init__(self, app_token: str, api_url: str) -> None:
        """Within a running loop."""
        web = AsyncWebClient(
            base_url=api_url, timeout=API_TIMEOUT, retry_handlers=[], logger=_quiet
        )
        web.proxy = proxy_for(api_url)
        super().__init__(app_token, logger=_quiet, web_client=web, ping_interval=PING)
        self.spent = asyncio.Event()
        self.idle = asyncio.Event()
        self.idle.set()
        self.last_used_at = time.monotonic()
        self._answering = 0

    @contextmanager
    def answering(self) -> Iterator[None]:
        """While an answer is being made, the socket is not idle."""
        self.last_used_at = time.monotonic()
        self._answering += 1
        self.idle.clear()
        try:
            yield
        finally:
            self._answering -= 1
            if not self._answering:
                self.idle.set()

    async def connect_to_new_endpoint(self, force: bool = False) -> None:  # noqa: FBT001 - slack_sdk's signature
        """Where slack_sdk would replace the connection."""
        del force
        self.spent.set()


class SocketMode:
    """Drives the app from a loop in a thread of its own."""

    def __init__(self, app: App, app_token: str, api_url: str) -> None:
        """Connects from `start` on."""
        self._app, self._app_token, self._api_url = app, app_token, api_url
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="slack")
        self._loop = asyncio.new_event_loop()
        self._stopping = asyncio.Event()
        self._current: Socket | None = None
        self._old: set[asyncio.Task[None]] = set()
        self._connected_at = time.monotonic()
        self._thread = threading.Thread(target=self._run, name="socket-mode", daemon=True)

    def start(self) -> None:
        """Connect, in the background."""
        self._connected_at = time.monotonic()
        self._thread.start()

    def stop(self) -> None:
        """Answer what has arrived, then close."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stopping.set)
            self._thread.join()
        self._pool.shutdown(cancel_futures=True)

    def hears(self) -> bool:
        """Whether there was a socket within the last minute."""
        socket = self._current
        if socket and not socket.spent.is_set():
            self._connected_at = time.monotonic()
        return time.monotonic() - self._connected_at < DEAF_AFTER

    def connected(self) -> bool:
        """Whether there is a socket now."""
        socket = self._current
        return socket is not None and not socket.spent.is_set()

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._keep_one())

    async def _keep_one(self) -> None:
        pause = 0.0
        while not self._stopping.is_set():
            await self._wait(self._stopping, pause)
            try:
                fresh = await self._opened()
            except (TimeoutError, SlackClientError, aiohttp.ClientError, OSError) as error:
                pause = min(pause * 2 or 0.5, LONGEST_PAUSE)
                log.warning("socket_not_opened", error=_named(error))
                continue
            self._replace(fresh)
            born = time.monotonic()
            await self._worn_out(fresh)
            lived = time.monotonic() - born
            pause = 0.0 if lived > SHORT_LIFE else min(pause * 2 or 0.1, LONGEST_PAUSE)
        if self._current:
            self._retire(self._current)
        await asyncio.gather(*self._old)

    async def _opened(self) -> Socket:
        socket = Socket(self._app_token, self._api_url)
        socket.socket_mode_request_listeners.append(self._answer)
        try:
            with acting(ActKind.SLACK, "apps.connections.open"):
                socket.wss_uri = await socket.issue_new_wss_url()
            socket.proxy = proxy_for(socket.wss_uri)
            connecting = socket.connect()  # type: ignore[no-untyped-call]
            await asyncio.wait_for(connecting, OPENED_WITHIN)
        except BaseException:
            await socket.close()  # type: ignore[no-untyped-call]
            raise
        return socket

    def _replace(self, fresh: Socket) -> None:
        old, self._current = self._current, fresh
        self._connected_at = time.monotonic()
        if old:
            self._retire(old)

    def _retire(self, socket: Socket) -> None:
        task = asyncio.ensure_future(self._drained(socket))
        self._old.add(task)
        task.add_done_callback(self._old.discard)

    async def _drained(self, socket: Socket) -> None:
        """Slack may have sent something just before it asked the socket to go."""
        await self._wait(self._stopping, LINGER)
        await self._wait(socket.idle, DRAINED_WITHIN)
        await socket.close()  # type: ignore[no-untyped-call]

    async def _answer(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        """On the socket that brought the request; on the newest where that one is gone."""
        assert isinstance(client, Socket)  # noqa: S101 - narrows: only ours have this listener
        began = time.time()
        with client.answering():
            try:
                run = arrived(time.monotonic(), partial(run_bolt_app, self._app, request))
                answer = await self._loop.run_in_executor(self._pool, run)
            except Exception:  # slack_sdk would hide it
                log.exception("listener_failed", kind=request.type)
                return
            for socket in dict.fromkeys((client, self._current or client)):
                try:
                    await send_async_response(socket, request, answer, began)
                except (ConnectionError, RuntimeError) as error:
                    log.warning("not_acknowledged", kind=request.type, error=_named(error))
                else:
                    return

    async def _wait(self, event: asyncio.Event, seconds: float) -> None:
        try:
            await asyncio.wait_for(event.wait(), seconds)
        except TimeoutError:
            return

    async def _worn_out(self, socket: Socket) -> None:
        """Until it is spent, or quiet for so long that it may be deaf, or we stop."""
        ends = [asyncio.ensure_future(event.wait()) for event in (socket.spent, self._stopping)]
        left = QUIET_FOR
        while left > 0 and not any(event.done() for event in ends):
            await asyncio.wait(ends, timeout=left, return_when=asyncio.FIRST_COMPLETED)
            left = socket.last_used_at + QUIET_FOR - time.monotonic()
        for event in ends:
            event.cancel()


def _named(error: BaseException) -> str:
    """Slack's own word for it, or the error's kind; never its text, which may hold a ticket."""
    response = getattr(error, "response", None)
    word = response.get("error") if response is not None else None
    return str(word or type(error).__name__)
