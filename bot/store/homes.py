"""Who has App Home open, so that it is updated when something of theirs moves (lua/homes.lua)."""

from __future__ import annotations

from typing import cast

from redis import Redis

from bot.store import keys
from bot.store.scripts import Script

NOTICE_TTL = 60_000
"""Milliseconds for which Home repeats what a click there led to."""


class Homes:
    """Of all people, for a day after they opened it."""

    def __init__(self, redis: Redis) -> None:
        """Costs no round trip."""
        self._redis = redis
        self._opened = Script(redis, "home_opened")

    def opened(self, user: str, notice: str | None = None) -> None:
        """It is due now; `notice` stands at its top for a minute."""
        self._opened(user=user, notice=notice, notice_ttl=NOTICE_TTL)

    def notice(self, user: str) -> str | None:
        """What stands at its top now."""
        return cast("str | None", self._redis.get(keys.HOME_NOTICE(user)))
