"""
A message on its way to Slack.

An entry has a deterministic key (`diagnosis-id:round:part`), so that creating it twice is
creating it once. States: pending, sending (stored before the call), sent (its `ts`), dead.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """Which call of Slack's carries the entry."""

    POST = "post"
    UPDATE = "update"
    """Edits the message that the entry `of` sent; pending updates of one message fold into
    the newest."""
    RESPOND = "respond"
    """To a response URL, seen by the asker alone."""
    EPHEMERAL = "ephemeral"


class State(StrEnum):
    """How far an entry is."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Entry:
    """One message. `body` holds `text` and `blocks`, as Slack's Web API takes them."""

    key: str
    kind: Kind
    channel: str
    body: dict[str, Any]
    about: str
    """Id of the diagnosis that it belongs to."""
    user: str | None = None
    """For EPHEMERAL."""
    thread_of: str | None = None
    """Key of the entry whose message is the thread's root; sent only after that one."""
    thread_ts: str | None = None
    """A thread that already exists, instead of `thread_of`."""
    of: str | None = None
    """For UPDATE: key of the entry whose message is edited."""
    deletes: bool = False
    """For UPDATE: the message is to be gone; `body` stands where Slack lets nothing be deleted."""
    response_url: str | None = None
    plain: dict[str, Any] | None = None
    """Sent in place of `body` where Slack refuses its blocks: not every Slack takes new ones."""
    trace: str = ""
    """Of the request that it answers (bot/tracing.py); set when it is stored."""
    state: State = State.PENDING
    tries: int = 0
    first_try_at: datetime | None = None
    ts: str | None = None
    error: str | None = None
    """Slack's error word, once dead."""
