"""
Messages on their way to Slack: pending, sending (stored before the call), sent or dead.

A sender claims an entry, calls `sending`, calls Slack, and then says how it went: `sent`,
`dead` (Slack refused it for good) or `postpone`. What `sent` and `dead` return became due
by it and may be nudged. An edit that a newer one replaced shows as sent, without a `ts`.
How entries wait for each other is in lua/outbox.lua.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from secrets import token_hex
from typing import cast

from redis import Redis

from bot.store import keys
from bot.store.coding import Unreadable, decode, right_type
from bot.store.connection import from_ms, milliseconds, to_ms
from bot.store.due import Claim
from bot.store.messages import Entry, State
from bot.store.outbox_order import arguments
from bot.store.scripts import Script

COPIES_AFTER = 60_000
"""Milliseconds; until then Slack's history shows both copies, if there are two."""

SHUT_OUT_TTL = 150_000
"""Milliseconds; longer than until the next try of what waits (slack/sender.py)."""


class Outbox:
    """The messages on their way."""

    def __init__(self, redis: Redis) -> None:
        """Costs no round trip."""
        self._redis = redis
        self._sending = Script(redis, "outbox_sending")
        self._sent = Script(redis, "outbox_sent")
        self._doubt = Script(redis, "outbox_doubt")
        self._secret = Script(redis, "outbox_secret")
        self._add = Script(redis, "outbox_add")
        self._dead = Script(redis, "outbox_dead")
        self._postpone = Script(redis, "outbox_postpone")

    def add(self, *entries: Entry) -> None:
        """Those that belong to no record, all or none; twice is once."""
        self._add(entries=arguments(entries))

    def load(self, key: str) -> Entry | None:
        """The entry and how far it is, or Unreadable."""
        with right_type("entry"):
            stored = cast(dict[str, str], self._redis.hgetall(keys.ENTRY(key)))
        if not stored:
            return None
        try:
            first, last = stored.get("first_try_at"), stored.get("last_try_at")
            entry = decode(Entry, stored["doc"])
            return replace(
                entry,
                answer=entry.answer or "answers" in stored,
                state=State(stored["state"]),
                tries=int(stored.get("tries", 0)),
                first_try_at=from_ms(first) if first else None,
                last_try_at=from_ms(last) if last else None,
                ts=stored.get("ts"),
                cursor=stored.get("cursor"),
                replaced_by=stored.get("replaced_by"),
                error=stored.get("error"),
            )
        except (KeyError, ValueError):
            raise Unreadable("entry", None, "is in no state that this release knows.") from None

    def ts(self, key: str) -> str | None:
        """Where an entry landed, whether all of it can be read or not."""
        with right_type("entry"):
            return cast(str | None, self._redis.hget(keys.ENTRY(key), "ts"))

    def landed(self, key: str) -> bool | None:
        """Whether it was sent; None while it is on its way. What is no longer stored was."""
        state = self._redis.hget(keys.ENTRY(key), "state")
        if state in {None, State.SENT}:
            return True
        return False if state == State.DEAD else None

    def sending(self, entry: Entry, claim: Claim, lease: timedelta) -> Entry | None:
        """
        To be called right before Slack; None forbids the call.

        Then the claim was lost, or Slack wants no such call now and the entry comes back later.
        A new lease begins, so that the call has all of it.
        """
        try_now = self._sending(
            key=entry.key, fence=claim.fence, lease=milliseconds(lease), call=_call(entry)
        )
        if not try_now:
            return None
        tries, first, last = int(try_now[0]), from_ms(try_now[1]), from_ms(try_now[2])
        return replace(
            entry, state=State.SENDING, tries=tries, first_try_at=first, last_try_at=last
        )

    def sent(self, entry: Entry, ts: str, claim: Claim) -> tuple[str, ...] | None:
        """
        It landed, at `ts`; gives the keys of what waited for it.

        None: the claim was lost meanwhile, and somebody else may have posted it too. What took
        more than one try is due once more, by `COPIES`. Where it replaces another message, later
        edits and replies of that one go to it.
        """
        released = self._sent(
            key=entry.key,
            fence=claim.fence,
            ts=ts,
            copies_after=COPIES_AFTER,
            replaced=entry.replaces,
        )
        return None if released is None else tuple(released)

    def doubt(self, key: str, cursor: str | None = None) -> None:
        """There may be two of it: due by `COPIES`; `cursor` is how far was searched."""
        self._doubt(key=key, copies_after=COPIES_AFTER, cursor=cursor)

    def secret(self) -> str:
        """What markers are signed with; made once for each store, and never leaves the bot."""
        return str(self._secret(drawn=token_hex(32)))

    def shut_out(self, word: str) -> None:
        """Slack lets the app do nothing, and says why; forgotten unless it is said again."""
        self._redis.set(keys.SHUT_OUT, word, px=SHUT_OUT_TTL)

    def shut_out_by(self) -> str | None:
        """Slack's word for it; None while it takes messages."""
        return cast("str | None", self._redis.get(keys.SHUT_OUT))

    def dead(
        self, entry: Entry, error: str, claim: Claim, other: Entry | None = None
    ) -> tuple[str, ...]:
        """
        It never will land, nor will what waits for it; gives what comes after it.

        `other` is stored with it, to be sent in its place.
        """
        released = self._dead(
            key=entry.key,
            fence=claim.fence,
            why=error,
            replaced=other.replaces if other else entry.replaces,
            others=arguments((other,) if other else ()),
        )
        return tuple(released or ())

    def postpone(
        self,
        entry: Entry,
        until: datetime,
        claim: Claim,
        *,
        unclear: bool = False,
        cursor: str | None = None,
    ) -> bool:
        """
        Not before `until`; `unclear` when it may have landed, so that it stays sending.

        `cursor` is how far the channel was searched for it.
        """
        state = State.SENDING if unclear else State.PENDING
        return self._postponed(entry, until, claim, state=state.value, cursor=cursor, call=None)

    def limited(self, entry: Entry, until: datetime, claim: Claim) -> bool:
        """Slack wants no such call in that channel before `until`: by this one, or any other."""
        pending = State.PENDING.value
        return self._postponed(entry, until, claim, state=pending, cursor=None, call=_call(entry))

    def _postponed(self, entry: Entry, until: datetime, claim: Claim, **how: str | None) -> bool:
        return bool(self._postpone(key=entry.key, fence=claim.fence, at=to_ms(until), **how))


def _call(entry: Entry) -> str:
    return f"{entry.kind.value}:{entry.channel}"
