"""`slsdiag check --wait`: until then, with a countdown where somebody watches."""

from __future__ import annotations

import sys
import time
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from rich.status import Status

SLEEPS = 30.0
"""Seconds at most, so that a machine that slept wakes to a wait that is over."""


def wait(until: datetime, reason: str) -> None:
    """Return a second after `until`; standard error says why, and on a terminal how long still."""
    typer.echo(f"{reason} Waiting; Ctrl-C stops.", err=True)
    with _countdown() as countdown:
        while (left := (until - datetime.now(UTC)).total_seconds() + 1) > 0:
            if countdown:
                countdown.update(f"Checks again in {spelled(left)}")
            time.sleep(min(left, 1.0 if countdown else SLEEPS))


def _countdown() -> AbstractContextManager[Status | None]:
    if not sys.stderr.isatty():
        return nullcontext()
    from rich.console import Console  # noqa: PLC0415 - only a terminal needs it

    return Console(stderr=True).status("")


def spelled(seconds: float) -> str:
    """0:07, 9:59, 1:00:00"""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
