"""
How a message reaches its reader where Slack refuses the first way. Pure.

    an edit           -> a new message in its place
    a post            -> the response URL -> a direct message -> an ephemeral message in the channel
    an ephemeral one  -> the response URL -> a direct message
    a response URL    -> a direct message -> an ephemeral message in the channel

Each way is tried once. Only this module knows the order; the sender asks it after each refusal
that stands (bot/slack/refusals.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bot.store.messages import Entry, EntryKind

DIRECT = "direct"
AGAIN = "anew"
"""As stored keys of the release before have it."""


def instead(entry: Entry) -> Entry | None:
    """The next way to deliver what `entry` could not; None where none is left."""
    way = _way(entry)
    root = entry.key.removesuffix(f":{way}") if entry.tried else entry.key
    tried = (*entry.tried, way)
    for name, make in _WAYS.items():
        if name not in tried and (other := make(entry)):
            return replace(other, key=f"{root}:{name}", tried=tried)
    return None


def as_new_post(edit: Entry, edited: Entry) -> Entry | None:
    """A new message for an edit that somebody waits for, where `edited` cannot be edited."""
    if not edit.answer:
        return None
    where = {"thread_of": edited.thread_of, "thread_ts": edited.thread_ts}
    return _as(edit, EntryKind.POST, key=f"{edit.key}:{AGAIN}", replaces=edited.key, **where)


def directly(entry: Entry) -> Entry | None:
    """As a direct message to its reader; None where nobody is named."""
    if not entry.user:
        return None
    return _as(entry, EntryKind.POST, channel=entry.user, origin=entry.origin or entry.channel)


def _responding(entry: Entry) -> Entry | None:
    return _as(entry, EntryKind.RESPOND) if entry.response_url else None


def _ephemeral(entry: Entry) -> Entry | None:
    """Shown only while its reader has the channel open; better than nothing."""
    if not (entry.user and entry.origin):
        return None
    return _as(entry, EntryKind.EPHEMERAL, channel=entry.origin, origin=None, response_url=None)


def _as(entry: Entry, kind: EntryKind, **more: Any) -> Entry:
    """Outside of any thread: the thread may be what Slack refused."""
    blank: dict[str, Any] = {"of": None, "thread_of": None, "thread_ts": None}
    return replace(entry, kind=kind, **blank | more)


def _way(entry: Entry) -> str:
    return DIRECT if entry.direct else entry.kind.value


_WAYS: dict[str, Callable[[Entry], Entry | None]] = {
    EntryKind.RESPOND.value: _responding,
    DIRECT: directly,
    EntryKind.EPHEMERAL.value: _ephemeral,
}
