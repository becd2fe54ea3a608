"""How clients reach the server: by its standard streams, or over HTTP with a token."""

from __future__ import annotations

import hmac
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING

import anyio
from mcp.server.stdio import stdio_server

from bot.agents.calls import Budgets
from bot.agents.server import Handlers, server
from bot.errors import Failed

if TYPE_CHECKING:
    from starlette.applications import Starlette

PATH = "/mcp"
_ENDS_WITHIN = 3
"""Seconds that open streams get when the process is to end."""


def over_stdio(budgets: Budgets) -> None:
    """Until the client closes standard input."""

    async def serve() -> None:
        serving = server(Handlers(budgets))
        async with stdio_server() as (read, write):
            await serving.run(read, write, serving.create_initialization_options())

    anyio.run(serve)


def over_http(
    budgets: Budgets, host: str, port: int, token: str, ready: Callable[[str], None]
) -> None:
    """Until the process is told to end; `ready` is called with the address once it listens."""
    listening = _bound(host, port)
    import uvicorn  # noqa: PLC0415 - stdio needs none

    number = listening.getsockname()[1]
    address = f"http://{f'[{host}]' if ':' in host else host}:{number}{PATH}"

    class Serving(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            ready(address)  # not before it is ready to be told to end

    config = uvicorn.Config(
        _app(budgets, host, token),
        log_level="warning",
        timeout_graceful_shutdown=_ENDS_WITHIN,
        server_header=False,
    )
    Serving(config).run(sockets=[listening])


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except (OSError, OverflowError) as error:
        said = getattr(error, "strerror", None) or "there is no such address"
        why = said.partition(" (")[0]  # Python adds the address
        raise Failed(f"Port {port} of {host} cannot be used: {why}.") from error


def _app(budgets: Budgets, host: str, token: str) -> Starlette:
    """Requests without the token are refused before anything of them is read."""
    from mcp.server.auth.provider import AccessToken, TokenVerifier  # noqa: PLC0415
    from mcp.server.auth.settings import AuthSettings  # noqa: PLC0415
    from pydantic import AnyHttpUrl  # noqa: PLC0415

    class OneToken(TokenVerifier):
        async def verify_token(self, token_given: str) -> AccessToken | None:
            same = hmac.compare_digest(token_given.encode(), token.encode())
            return AccessToken(token=token_given, client_id="slsdiag", scopes=[]) if same else None

    nobody = AnyHttpUrl(
        "http://127.0.0.1"
    )  # issues tokens: there is one, and who starts the server has it
    return server(Handlers(budgets)).streamable_http_app(
        streamable_http_path=PATH,
        host=host,
        auth=AuthSettings(issuer_url=nobody, resource_server_url=None),
        token_verifier=OneToken(),
    )
