"""How messages wait for each other, as the scripts take it; lua/outbox.lua says how."""

from __future__ import annotations

from dataclasses import replace

from bot.observability.tracing import current
from bot.store.coding import encode
from bot.store.messages import Entry


def arguments(entries: tuple[Entry, ...]) -> list[str]:
    """What `create` in lua/outbox.lua takes, five words an entry."""
    return [word for entry in entries for word in _arguments(entry)]


def _arguments(entry: Entry) -> tuple[str, str, str, str, str]:
    parent = entry.of or entry.thread_of or ""
    folds = "1" if entry.of else ""
    traced = replace(entry, trace=entry.trace or current())
    return entry.key, encode(traced), _sequence(entry), parent, folds


def _sequence(entry: Entry) -> str:
    """The name of the sequence that it stands in; empty for one that waits for no other."""
    if entry.of:
        return f"update:{entry.of}"
    if entry.thread_of:
        return f"thread:{entry.thread_of}"
    if entry.thread_ts:
        return f"in:{entry.about}:{entry.thread_ts}"
    if entry.origin:
        return f"direct:{entry.about}"
    if entry.response_url:
        return f"respond:{entry.about}"
    return ""
