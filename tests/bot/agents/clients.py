"""The official client, on a server in this process or in one of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import anyio
from mcp.client.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp.client.streamable_http import streamable_http_client

from bot.agents.calls import Budgets
from bot.agents.server import Handlers, server

RUN = "import sys; from bot.cli import main; sys.exit(main())"
TOKEN = "a-token-of-the-tests"


def asked(*calls, mode="auto", budgets=None, within=60):
    """The results of these calls (name, arguments) to a server in this process."""

    async def ask():
        with anyio.fail_after(within):
            async with Client(server(Handlers(budgets or Budgets())), mode=mode) as client:
                return [await client.call_tool(name, given) for name, given in calls]

    return anyio.run(ask)


def stdio():
    """The transport of a server that the client starts."""
    environment = dict(os.environ)
    return stdio_client(
        StdioServerParameters(command=sys.executable, args=["-c", RUN, "mcp"], env=environment)
    )


@contextmanager
def http() -> Iterator[str]:
    """The address of a server that listens."""
    process = subprocess.Popen(
        [sys.executable, "-c", RUN, "mcp", "--http", "0"],
        env=os.environ | {"SLSDIAG_MCP_TOKEN": TOKEN},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process.stderr.readline().split()[-1]
    finally:
        process.terminate()
        process.wait(60)
        process.stderr.close()


def over_http(address, client):
    """The transport to it."""
    return streamable_http_client(address, http_client=client)
