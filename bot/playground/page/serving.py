"""The page from its first line to its last: a port, everything behind it, and a clean end."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from aiohttp import web

from bot.errors import UsageError
from bot.playground.demo import Demo, running
from bot.playground.page.server import Page

HOST = "127.0.0.1"
SIGNALS = (signal.SIGINT, signal.SIGTERM)


def serve(port: int, ready: Callable[[str], None]) -> None:
    """Serve until SIGINT or SIGTERM; `ready` is called with the address. UsageError for a taken port."""
    with bound(port) as listening:
        end = _End()
        with running() as demo:
            asyncio.run(_served(demo, listening, end, ready))
            demo.aws.latency = 0.0  # checks that still run end soon


class _End:
    """
    The first signal ends the demo, later ones change nothing: so that no process is left.

    One that comes while things are being started takes effect when they are.
    """

    def __init__(self) -> None:
        """Handle the signals from now on."""
        self._asked = False
        self._wake: Callable[[], object] = lambda: None
        for number in SIGNALS:
            signal.signal(number, lambda *_: self._on_signal())

    async def awaited(self) -> None:
        """Until there was a signal."""
        over, loop = asyncio.Event(), asyncio.get_running_loop()
        self._wake = lambda: loop.call_soon_threadsafe(over.set)
        if not self._asked:
            await over.wait()
        self._wake = lambda: None

    def _on_signal(self) -> None:
        self._asked = True
        self._wake()


async def _served(
    demo: Demo, listening: socket.socket, end: _End, ready: Callable[[str], None]
) -> None:
    async with served(demo, listening) as address:
        ready(address)
        await end.awaited()


@asynccontextmanager
async def served(demo: Demo, listening: socket.socket) -> AsyncIterator[str]:
    """The page of `demo` on the socket; its address."""
    page = Page(demo)
    runner = web.AppRunner(page.application(), access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.SockSite(runner, listening).start()
        yield f"http://{HOST}:{listening.getsockname()[1]}"
    finally:
        page.news.stop()
        await runner.cleanup()


def bound(port: int) -> socket.socket:
    """A socket that listens on the loopback address; UsageError for a taken port."""
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOST, port))
        listening.listen()
    except OSError:
        listening.close()
        raise UsageError(f"Port {port} is taken; choose another one with --port.") from None
    return listening
