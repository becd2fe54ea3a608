"""Slack's end of Socket Mode: sockets, envelopes, acknowledgements, refreshes."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import random
import time
from concurrent.futures import Future
from concurrent.futures import TimeoutError as LateError
from typing import Any

from aiohttp import WSMsgType, web

from bot.playground.workspace.model import APP, SlackError

MOST = 10
"""Sockets an app may have (docs.slack.dev, Socket Mode)."""
ACK_WITHIN = 3.0
Envelope = dict[str, Any]


class Sockets:
    """The open ones. Each envelope goes to any one of them."""

    def __init__(self, chance: random.Random) -> None:
        """None is open."""
        self.open: list[web.WebSocketResponse] = []
        self._leaving: list[web.WebSocketResponse] = []
        self._deaf: list[web.WebSocketResponse] = []
        self.opened = 0
        self.strict = True
        """Whether an acknowledgement counts only on the socket that brought the envelope."""
        self._chance = chance
        self._tickets: set[str] = set()
        self._ids = itertools.count(1)
        self._waiting: dict[str, tuple[web.WebSocketResponse, Future[Envelope]]] = {}
        self.loop: asyncio.AbstractEventLoop | None = None

    def ticket(self) -> str:
        """For one connection."""
        ticket = f"ticket-{next(self._ids)}"
        self._tickets.add(ticket)
        return ticket

    async def accept(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one socket until it closes."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            raise web.HTTPForbidden
        self._tickets.remove(ticket)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        if len(self.open) >= MOST:
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await socket.close()
            return socket
        # Slack says hello before it sends anything else.
        await socket.send_json(_hello(len(self.open) + 1))
        self.open.append(socket)
        self.opened += 1
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._acknowledged(socket, json.loads(message.data))
        finally:
            self._forget(socket)
        return socket

    def send(self, kind: str, payload: Envelope, **more: Any) -> Envelope | None:
        """The acknowledgement's payload ({} for a bare one); None when there was none in time."""
        candidates = [*self.open, *self._leaving]
        if not candidates or self.loop is None:
            return None
        socket = self._chance.choice(candidates)
        id_ = f"envelope-{next(self._ids)}"
        answered: Future[Envelope] = Future()
        self._waiting[id_] = (socket, answered)
        envelope = {
            "envelope_id": id_,
            "type": kind,
            "payload": payload,
            "accepts_response_payload": kind != "events_api",
            **more,
        }
        if socket not in self._deaf:
            asyncio.run_coroutine_threadsafe(_send(socket, envelope), self.loop)
        try:
            return answered.result(ACK_WITHIN)
        except LateError:
            return None
        finally:
            self._waiting.pop(id_, None)

    def refresh(self, *, late: float = 1.0, close_after: float = 10.0) -> None:
        """
        Ask every socket to go and come again.

        For `late` seconds envelopes may still come on it; after `close_after` it is closed.
        """
        for socket in list(self.open):
            self.open.remove(socket)
            self._leaving.append(socket)
            self._run(self._retire(socket, late, close_after))

    def cut(self) -> None:
        """End every connection without a word, as a broken network does."""
        for socket in [*self.open, *self._leaving]:
            self._forget(socket)
            self._run(_cut(socket))

    def deafen(self) -> None:
        """From now on the open ones answer pings, and bring nothing."""
        self._deaf += self.open

    def wait(self, count: int = 1, most: float = 15.0) -> float:
        """Seconds until there are so many sockets."""
        began = time.monotonic()
        while len(self.open) < count:
            if time.monotonic() - began > most:
                raise TimeoutError(f"{len(self.open)} of {count} sockets came within {most} s")
            time.sleep(0.01)
        return time.monotonic() - began

    def _run(self, work: Any) -> None:
        if self.loop is not None:
            asyncio.run_coroutine_threadsafe(work, self.loop)

    def _acknowledged(self, socket: web.WebSocketResponse, envelope: Envelope) -> None:
        sent_on, answered = self._waiting.get(envelope.get("envelope_id", ""), (None, None))
        if answered is None or (self.strict and sent_on is not socket) or answered.done():
            return
        answered.set_result(envelope.get("payload") or {})

    async def _retire(self, socket: web.WebSocketResponse, late: float, close_after: float) -> None:
        await _send(socket, {"type": "disconnect", "reason": "refresh_requested"})
        await asyncio.sleep(late)
        self._forget(socket)
        await asyncio.sleep(max(0.0, close_after - late))
        await socket.close()

    def _forget(self, socket: web.WebSocketResponse) -> None:
        for sockets in (self.open, self._leaving, self._deaf):
            with contextlib.suppress(ValueError):
                sockets.remove(socket)


def _hello(connections: int) -> Envelope:
    return {
        "type": "hello",
        "num_connections": connections,
        "connection_info": {"app_id": APP},
        "debug_info": {"host": "fake", "approximate_connection_time": 18_060},
    }


async def _send(socket: web.WebSocketResponse, envelope: Envelope) -> None:
    with contextlib.suppress(ConnectionError, RuntimeError):
        await socket.send_json(envelope)


async def _cut(socket: web.WebSocketResponse) -> None:
    transport = socket._req.transport if socket._req else None  # noqa: SLF001 - aiohttp hides it
    if transport:
        transport.abort()


def opened(sockets: Sockets, host: str, *, secure: bool = False) -> dict[str, Any]:
    """The answer of apps.connections.open."""
    if not host:
        raise SlackError("internal_error")
    scheme = "wss" if secure else "ws"
    return {"url": f"{scheme}://{host}/link/?ticket={sockets.ticket()}&app_id={APP}"}
