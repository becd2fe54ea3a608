"""Where in Slack somebody speaks with the bot."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Conversation:
    """A channel or a thread in it, and who speaks there. Slack's ids."""

    team: str
    channel: str
    user: str
    thread_ts: str | None = None
    """Set when the ask came from inside a thread: the card is posted there."""
    response_url: str | None = None


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose a record is, and what it may show: enough to decide who may open it."""

    channel: str
    user: str
    account: str | None = None
    """As it was named."""
    reminded: tuple[str, ...] = ()
    """Who else is reminded by direct message."""
    function_account: str | None = None
    """The number of the account that its function was found in."""
