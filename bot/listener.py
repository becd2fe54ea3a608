"""A WSGI server in threads of this process that can be stopped from another one."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from waitress import wasyncore  # type: ignore[import-untyped]
from waitress.channel import HTTPChannel  # type: ignore[import-untyped]
from waitress.parser import HTTPRequestParser  # type: ignore[import-untyped]
from waitress.server import create_server  # type: ignore[import-untyped]
from waitress.utilities import BadRequest, ServerNotImplemented  # type: ignore[import-untyped]

TICK = 0.2
"""Seconds until a stop is noticed."""
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


class Listener:
    """waitress, with a loop of our own: its `close` races with its own loop."""

    def __init__(self, application: Callable[..., Any], host: str, port: int, threads: int) -> None:
        """Binds the port; serves from `start` on."""
        self._sockets: dict[int, Any] = {}
        self._server = create_server(
            application,
            map=self._sockets,
            host=host,
            port=port,
            threads=threads,
            max_request_header_size=LONGEST_HEADERS,
            max_request_body_size=LONGEST_BODY,
        )
        self._server.channel_class = _Channel
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"http-{port}", daemon=True)

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
