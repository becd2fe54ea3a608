"""
App Home and what may be chosen in windows, where the fake Slack has them.

Until it has, this is the one place that knows: without `_can` each of these is one call.
"""

from __future__ import annotations

from typing import Any

from bot.playground.workspace import Person

View = dict[str, Any]


def home(person: Person) -> View | None:
    """The view that the bot published for them, if any."""
    homes: dict[str, View] = getattr(person.slack.store, "homes", {})
    return homes.get(person.user)


def opens_home(person: Person) -> None:
    """They look at App Home."""
    _can(person, "opens_home")()


def presses_in(person: Person, view: View, label: str) -> Any:
    """A button of App Home or of the window, or an option of a menu there."""
    return _can(person, "presses_in")(view, label)


def picks(person: Person, action_id: str, chosen: str) -> Any:
    """A field of the window whose change the bot hears of."""
    return _can(person, "picks")(action_id, chosen)


def searches(person: Person, view: View, action_id: str, text: str) -> list[dict[str, Any]]:
    """The options for what was typed into a menu whose options the bot has."""
    found: list[dict[str, Any]] = _can(person, "searches")(view, action_id, text) or []
    return found


def _can(person: Person, what: str) -> Any:
    return getattr(person, what, lambda *_: None)
