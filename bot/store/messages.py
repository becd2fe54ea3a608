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


class EntryKind(StrEnum):
    """Which call of Slack's carries the entry."""

    POST = "post"
    UPDATE = "update"
    """Edits the message that the entry `of` sent; pending updates of one message fold into
    the newest."""
    RESPOND = "respond"
    """To a response URL; only the person who asked sees it."""
    EPHEMERAL = "ephemeral"
    UPLOAD = "upload"
    """Brings a file to Slack, where nobody sees it yet; its `ts` is the file's id."""
    SHARE = "share"
    """Shows the file that the entry `of` brought to everybody in the channel."""


FILES = frozenset({EntryKind.UPLOAD, EntryKind.SHARE})


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
    kind: EntryKind
    channel: str
    """Slack's id; a person's for a direct message."""
    body: dict[str, Any]
    about: str
    """Id of the diagnosis that it belongs to."""
    user: str | None = None
    """Who alone sees it, for EPHEMERAL; else who gets it where it cannot be delivered."""
    thread_of: str | None = None
    """Key of the entry whose message is the thread's root; sent only after that one."""
    thread_ts: str | None = None
    """A thread that already exists, instead of `thread_of`."""
    of: str | None = None
    """For UPDATE: key of the entry whose message is edited."""
    answer: bool = False
    """For UPDATE: somebody waits for it, so it is posted as a new message where that one cannot be edited."""
    replaces: str | None = None
    """For POST: key of the entry whose message cannot be edited; later edits go to this one."""
    response_url: str | None = None
    """For RESPOND; for others another way, where Slack does not take them in the channel."""
    plain: dict[str, Any] | None = None
    """Sent in place of `body` where Slack refuses its blocks: not every Slack takes new ones."""
    tried: tuple[str, ...] = ()
    """Ways by which it could not be delivered before (see fallback.py)."""
    origin: str | None = None
    """The channel that it was for, where it goes to a person directly."""
    trace: str = ""
    """Of the request that it answers (bot/observability/tracing.py); set when it is stored."""
    state: State = State.PENDING
    tries: int = 0
    first_try_at: datetime | None = None
    last_try_at: datetime | None = None
    cursor: str | None = None
    """How far the channel was searched for it."""
    ts: str | None = None
    replaced_by: str | None = None
    """Key of the entry that is posted in place of its message."""
    error: str | None = None
    """Slack's error word, once dead."""

    @property
    def direct(self) -> bool:
        """Whether it is posted to a person, and not in a channel."""
        return self.kind is EntryKind.POST and self.channel[:1] in {"U", "W"}
