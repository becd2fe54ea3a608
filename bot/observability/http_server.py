"""
A WSGI server in threads of this process that can be stopped from another one.

Anybody may open connections and send nothing, or a byte now and then. waitress stops accepting at
its limit, counts each byte as activity, and goes by the wall clock. So a connection has `IDLE`
seconds to send a whole request, from when it was opened or last answered; and when there are too
many, those give way that never sent one, oldest first.
"""

from __future__ import annotations

import resource
import threading
import time
from collections.abc import Callable
from typing import Any

from waitress import wasyncore  # type: ignore[import-untyped]
from waitress.channel import HTTPChannel  # type: ignore[import-untyped]
from waitress.parser import HTTPRequestParser  # type: ignore[import-untyped]
from waitress.server import create_server  # type: ignore[import-untyped]
from waitress.utilities import BadRequest, ServerNotImplemented  # type: ignore[import-untyped]

TICK = 0.2
"""Seconds until a stop is noticed."""
IDLE = 10.0
"""Seconds that a connection may take to send a request."""
CONNECTIONS = 1_000
"""At once; less where the process may not open so many files."""
ACCEPTED_A_TURN = 100
FILES = 4_096
"""That the process wants to be able to open: the connections, Redis, AWS and Slack."""
LONGEST_HEADERS, LONGEST_BODY = 65_536, 2_097_152
"""Bytes; more is refused before it is read. Slack sends a tenth of that at most."""


class _Parser(HTTPRequestParser):  # type: ignore[misc]
    """What cannot be understood is the sender's fault: 400, where waitress has 501 or hangs up."""

    def received(self, data: bytes) -> int:
        try:
            consumed = int(super().received(data))
        except ValueError:  # an address that urllib cannot take apart
            consumed, self.completed = len(data), True
            self.error = BadRequest("The request line is malformed.")
        if isinstance(self.error, ServerNotImplemented):
            self.error = BadRequest(self.error.body)
        return consumed


class _Channel(HTTPChannel):  # type: ignore[misc]
    parser_class = _Parser

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.answered, self.since = False, time.monotonic()

    @property
    def rank(self) -> tuple[bool, float]:
        """Who gives way first."""
        return self.answered, self.since

    def service(self) -> None:
        self.since = time.monotonic()  # the answer must not find the connection closed
        super().service()
        self.answered, self.since = True, time.monotonic()


class Listener:
    """waitress, with a loop of our own: its `close` races with its own loop."""

    def __init__(
        self,
        application: Callable[..., Any],
        host: str,
        port: int,
        threads: int,
        connections: int = CONNECTIONS,
    ) -> None:
        """Binds the port; serves from `start` on."""
        self._sockets: dict[int, Any] = {}
        self._most, self._swept_at = min(connections, _files() // 2), 0.0
        self._server = create_server(
            application,
            map=self._sockets,
            host=host,
            port=port,
            threads=threads,
            # ours comes first, and waitress counts its own sockets, too
            connection_limit=self._most + 2 * ACCEPTED_A_TURN,
            max_request_header_size=LONGEST_HEADERS,
            max_request_body_size=LONGEST_BODY,
        )
        self._server.channel_class = _Channel
        self._stopping, name = threading.Event(), f"http-{port}"
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    @property
    def port(self) -> int:
        """The port that was bound."""
        return int(self._server.effective_port)

    def start(self) -> None:
        """Serve."""
        self._thread.start()

    def stop(self) -> None:
        """Answer what has arrived, then close."""
        self._stopping.set()
        self._thread.join()
        self._server.task_dispatcher.shutdown()
        wasyncore.close_all(self._sockets)

    def _run(self) -> None:
        while not self._stopping.is_set():
            wasyncore.loop(timeout=TICK, use_poll=True, map=self._sockets, count=1)
            self._accept()
            self._sweep()

    def _accept(self) -> None:
        """More than the one a turn that waitress takes: a turn visits every connection."""
        channels = self._server.active_channels
        for _ in range(ACCEPTED_A_TURN):
            before = len(channels)
            self._server.handle_accept()
            if len(channels) == before:
                return

    def _sweep(self) -> None:
        """Close what has been silent for too long, and what is too many."""
        now = time.monotonic()
        channels: dict[int, _Channel] = self._server.active_channels
        excess = len(channels) - self._most
        if excess <= 0 and now - self._swept_at < TICK:
            return
        self._swept_at = now
        waiting = sorted(
            (channel for channel in channels.values() if not channel.requests),
            key=lambda channel: channel.rank,
        )
        for rank, channel in enumerate(waiting):
            if rank < excess or now - channel.since > IDLE:
                channel.handle_close()


def _files() -> int:
    """How many files the process may open, after asking for as many as it wants."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        return wanted
    return FILES if soft == resource.RLIM_INFINITY else soft
