"""
What a digest forgets once its channel may not see an account any more. Pure.

It is no news: neither "gone" nor "no longer blind" is said of what the channel may not see.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from bot.digest.model import FUNCTION, Digest, FunctionState, Snooze
from checks.function_ref import FunctionRef

Hidden = Callable[[str], bool]
"""Whether the channel may not see the account of that number."""


def visible_to(memory: Iterable[FunctionState], hidden: Hidden) -> list[FunctionState]:
    """What the channel may still see of what was reported."""
    accounts: dict[str, bool] = {}
    return [
        function
        for function in memory
        if not accounts.setdefault(function.account, hidden(function.account))
    ]


def snoozes_of(digest: Digest, hidden: Hidden) -> tuple[Snooze, ...]:
    """Those of causes, and of functions that the channel may still see."""
    return tuple(
        snooze
        for snooze in digest.snoozes
        if not snooze.what.startswith(FUNCTION) or not hidden(_account(snooze))
    )


def forgetting(digest: Digest, hidden: Hidden, *, less: bool) -> Digest:
    """
    Without the snoozes and unread places of hidden accounts.

    `less`: functions were forgotten, so that earlier counts are of another fleet.
    """
    return replace(
        digest,
        snoozes=snoozes_of(digest, hidden),
        unread=tuple(place for place in digest.unread if not hidden(place[0])),
        trend=() if less else digest.trend,
        shares=() if less else digest.shares,
    )


def _account(snooze: Snooze) -> str:
    return FunctionRef.of_key(snooze.what.removeprefix(FUNCTION)).account or ""
