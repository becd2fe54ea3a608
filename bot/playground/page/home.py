"""App Home, where the fake Slack has one: until it does, this is the one place that knows."""

from __future__ import annotations

from typing import Any

from bot.playground.workspace import Person


def published(person: Person) -> dict[str, Any] | None:
    """The view that the bot published for them, if any."""
    homes: dict[str, dict[str, Any]] = getattr(person.slack.store, "homes", {})
    return homes.get(person.user)


def opens(person: Person) -> None:
    """They look at it."""
    look = getattr(person, "opens_home", None)
    if look:
        look()
