"""
The bot, killed by itself at a named point: CRASH_AT=sending:after:3 kills -9 after the third
`sending`. The points are the calls between a claim and the mark that its effect is stored.

    CRASH_AT=post:after:1 python benchmarks/crash.py
"""

from __future__ import annotations

import itertools
import os
import signal
import sys
from collections.abc import Callable
from typing import Any

from slack_sdk import WebClient

from bot.cli import main
from bot.store.due import Due
from bot.store.outbox import Outbox
from bot.store.records import Records

CALLS: dict[str, tuple[type[Any], str]] = {
    "claim": (Due, "claim"),
    "save": (Records, "save"),
    "open": (Records, "open"),
    "sending": (Outbox, "sending"),
    "post": (WebClient, "chat_postMessage"),
    "edit": (WebClient, "chat_update"),
    "sent": (Outbox, "sent"),
}
POINTS = [f"{name}:{when}" for name in CALLS for when in ("before", "after")]


def crash_at(point: str, hit: int) -> None:
    """Let the process end itself at that point's so manieth hit."""
    name, when = point.split(":")
    owner, method = CALLS[name]
    inner: Callable[..., Any] = getattr(owner, method)
    hits = itertools.count(1)

    def call(*args: Any, **kwargs: Any) -> Any:
        last = next(hits) == hit
        if last and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        result = inner(*args, **kwargs)
        if last:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(owner, method, call)


if __name__ == "__main__":
    name, when, hit = os.environ["CRASH_AT"].split(":")
    crash_at(f"{name}:{when}", int(hit))
    sys.exit(main(["serve"]))
