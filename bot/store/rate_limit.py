"""
What the store knows about one act before it goes on, in one round trip.

Whether the same signed request was here before, whether somebody acts too often, and whose the
record is that a button names. All replicas share it; every key expires by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from redis import Redis

from bot.conversation import Owner
from bot.store import keys
from bot.store.coding import Unreadable, decode
from bot.store.due import member
from bot.store.scripts import Script


class Owned(Protocol):
    """A record that a button may name."""

    @property
    def owner(self) -> Owner | None: ...


@dataclass(frozen=True, slots=True)
class Passed:
    """The act may go on, as far as the store knows."""

    owner: Owner | None


@dataclass(frozen=True, slots=True)
class Replayed:
    """The same signed request was here before."""


@dataclass(frozen=True, slots=True)
class Limited:
    """Too many in the last minute; nothing was counted."""

    wait: timedelta
    notify: bool
    """Whether the person has had no notice of it for a while."""


class RateLimit:
    """At most so many acts in any sixty seconds, of each kind of subject that is limited."""

    def __init__(
        self, redis: Redis, limits: Mapping[str, int], records: Mapping[str, type[Owned]]
    ) -> None:
        """
        `limits`: user, channel, workspace → acts a minute; what is absent is not limited.

        `records`: the types that a button may name, by kind.
        """
        self._limits, self._records = limits, records
        self._enter = Script(redis, "rate_limit_enter")

    def enter(
        self,
        subjects: Mapping[str, str],
        *,
        once: str | None = None,
        record: tuple[str, str] | None = None,
    ) -> Passed | Replayed | Limited:
        """
        Count one act of `subjects` (user, channel, workspace → Slack's id).

        `once` names the signed request; `record` is (kind, id) of what the act is about.
        """
        limits = self._limits_of(subjects)
        if not (limits or once or record):
            return Passed(None)
        named, user = member(*record) if record else None, subjects.get("user")
        match self._enter(signature=once, record=named, user=user, limits=limits):
            case ["again"]:
                return Replayed()
            case ["wait", wait, notify]:
                return Limited(timedelta(milliseconds=int(wait)), bool(notify))
            case [field, text] if record:
                return Passed(self._owner(record[0], field, text))
        return Passed(None)

    def _limits_of(self, subjects: Mapping[str, str]) -> list[str | int]:
        return [
            word
            for kind, limit in self._limits.items()
            if subjects.get(kind)
            for word in (keys.LIMIT(kind, subjects[kind]), limit)
        ]

    def _owner(self, kind: str, field: str, text: str | None) -> Owner | None:
        """
        Whose the record is; None for one that cannot be read here.

        It is refused, or opened, by who loads it. The release before wrote no owner beside the
        document.
        """
        if not text:
            return None
        try:
            if field == "owner":
                return decode(Owner, text)
            return decode(self._records[kind], text).owner
        except Unreadable:
            return None
