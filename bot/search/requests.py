"""
What a person, and a channel, requested: their reports, and the functions that come up often.

A function's score grows with each request and halves in a day. It is stored as a logarithm, so that
old scores need no upkeep: score = log2(sum of 2^(days since 1970 of each request)).
"""

from __future__ import annotations

from typing import cast

from redis import Redis

from bot.diagnosis.model import Diagnosis
from bot.store import keys
from bot.store.scripts import Script
from bot.target import command


class RequestHistory:
    """Ids are Slack's; a function is written as the caller likes."""

    def __init__(self, redis: Redis) -> None:
        """Costs no round trip."""
        self._redis = redis
        self._note = Script(redis, "request_note")

    def noted(self, diagnosis: Diagnosis) -> None:
        """A report came: what it is about comes first from now on."""
        about = diagnosis.report.function if diagnosis.report else None
        if about:
            id_ = f"{diagnosis.id}:{diagnosis.round}"
            self.note(diagnosis.place.user, diagnosis.channel, id_, command(about))

    def note(self, user: str, channel: str, report: str, function: str) -> None:
        """`user` got the report of that id about `function`; twice is once."""
        self._note(user=user, channel=channel, id=report, called=function)

    def reports(self, user: str, most: int) -> list[str]:
        """Ids of the person's reports, newest first."""
        ids = self._redis.zrevrange(keys.REPORTS(user), 0, most - 1)
        return cast(list[str], ids)

    def often(self, who: str) -> dict[str, float]:
        """The functions that a person or a channel requests, each with its score."""
        scores = self._redis.zrevrange(keys.REQUESTED(who), 0, -1, withscores=True)
        return dict(cast(list[tuple[str, float]], scores))
