"""The page from its first line to its last: a port, everything behind it, and a clean end."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from aiohttp import web

from bot.errors import UsageError
from bot.playground.demo import Demo, running
from bot.playground.page.server import Page
from bot.termination import Termination

HOST = "127.0.0.1"


def serve(port: int, ready: Callable[[str], None]) -> None:
    """
    Serve until SIGINT or SIGTERM; `ready` is called with the address. UsageError for a taken port.

    A signal that comes while things are being started takes effect when they are; later ones
    change nothing, so that no process is left.
    """
    with bound(port) as listening:
        termination = Termination()
        with running(watching=True) as demo:
            asyncio.run(_served(demo, listening, termination, ready))
            demo.aws.latency = 0.0  # checks that still run end soon


async def _served(
    demo: Demo, listening: socket.socket, termination: Termination, ready: Callable[[str], None]
) -> None:
    async with served(demo, listening) as address:
        ready(address)
        await termination.awaited()


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
