"""
Deployments, what was proved of functions, and which channels watch.

A deployment is saved together with the states of its functions, its next due time and its
messages: one script, which refuses if any of them moved since it was read. So a function that
two deployments changed is news for one of them, on any number of replicas.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import cast

from redis import Redis

from bot.store import keys
from bot.store.coding import Unreadable, decode, encode
from bot.store.connection import to_ms
from bot.store.due import DEPLOY, Claim, member
from bot.store.messages import Entry
from bot.store.outbox_order import arguments
from bot.store.records import Listed, listed, load
from bot.store.scripts import Script
from bot.watch.grouping import next_due
from bot.watch.model import Deploy, State, Watch

IN_CHANNEL, IN_WORKSPACE = 10, 500
"""Watches at most."""


@dataclass(frozen=True, slots=True)
class Moved:
    """What is saved with a deployment, all or nothing."""

    states: Mapping[str, tuple[str, State]] = field(default_factory=dict)
    """By function: the state as it was stored, and the state now."""
    entries: tuple[Entry, ...] = ()
    wakes: frozenset[str] = frozenset()
    """Ids of other deployments that must learn of it."""

    @property
    def triples(self) -> list[str]:
        """As the script takes them."""
        return [
            word
            for name, (before, after) in self.states.items()
            for word in (name, before, encode(after))
        ]


class Deploys:
    """Of the last seven days."""

    def __init__(self, redis: Redis) -> None:
        """Costs no round trip."""
        self._redis = redis
        self._open = Script(redis, "deploy_open")
        self._save = Script(redis, "deploy_save")

    def load(self, id_: str) -> Deploy | None:
        """As last saved, or Unreadable; None where it is gone."""
        return load(self._redis, DEPLOY, Deploy, id_)

    def open_in(self, place: str) -> tuple[list[str], Listed[Deploy]]:
        """The ids of the place's open deployments, oldest first, and those that can be read."""
        ids = cast(list[str], self._redis.zrange(keys.DEPLOYS_OPEN(place), 0, -1))
        return ids, listed(ids, self.load)

    def add(self, deploy: Deploy, known: Sequence[str]) -> bool:
        """A new one; False where the open ones of its place are not `known` any more."""
        due = next_due(deploy)
        return bool(
            self._open(
                id=deploy.id,
                version=deploy.version,
                doc=encode(deploy),
                place=deploy.place,
                expected=known,
                due_at=to_ms(due) if due else None,
            )
        )

    def save(self, deploy: Deploy, *, claim: Claim | None, moved: Moved | None = None) -> bool:
        """The next version, due when its rows say, if nothing moved since it was loaded."""
        following, due = replace(deploy, version=deploy.version + 1), next_due(deploy)
        moved = moved or Moved()
        saved = self._save(
            id=deploy.id,
            loaded=deploy.version,
            version=following.version,
            doc=encode(following),
            place=deploy.place,
            fence=claim.fence if claim else None,
            due_at=to_ms(due) if due else None,
            open=deploy.open,
            states=moved.triples,
            wakes=[member(DEPLOY, id_) for id_ in moved.wakes],
            entries=arguments(moved.entries),
        )
        return bool(saved)


class States:
    """The last that was proved of each function of a place."""

    def __init__(self, redis: Redis) -> None:
        """Costs no round trip."""
        self._redis = redis

    def stored(self, place: str, names: Sequence[str]) -> Mapping[str, str]:
        """As they are stored, by name; empty where nothing was proved."""
        if not names:
            return {}
        found = cast(list[str | None], self._redis.hmget(keys.WATCH_STATES(place), *names))
        return dict(zip(names, (text or "" for text in found), strict=True))

    def begin(self, place: str, states: Mapping[str, State]) -> None:
        """What a scan saw, of functions of which nothing was proved before."""
        with self._redis.pipeline(transaction=False) as pipe:
            for name, state in states.items():
                pipe.hsetnx(keys.WATCH_STATES(place), name, encode(state))
            pipe.execute()


def state_in(text: str) -> State | None:
    """The stored state; None where there is none, or this release cannot read it."""
    try:
        return decode(State, text) if text else None
    except Unreadable:
        return None


class Watches:
    """Which channels watch what."""

    def __init__(self, redis: Redis) -> None:
        """Costs no round trip."""
        self._redis = redis

    def add(self, watch: Watch) -> bool:
        """False where the channel watches that prefix already."""
        return bool(
            self._redis.hsetnx(keys.WATCHES, _field(watch.channel, watch.prefix), encode(watch))
        )

    def remove(self, channel: str, prefix: str) -> bool:
        """False where there was none."""
        return bool(self._redis.hdel(keys.WATCHES, _field(channel, prefix)))

    def all(self) -> Listed[Watch]:
        """The workspace's, as far as this release reads them; the oldest first."""
        stored = cast(dict[str, str], self._redis.hgetall(keys.WATCHES))
        watches = listed(stored, lambda field: decode(Watch, stored[field]))
        watches.sort(key=lambda watch: (watch.since, watch.channel, watch.prefix))
        return watches

    def of(self, channel: str) -> list[Watch]:
        """The channel's."""
        return [watch for watch in self.all() if watch.channel == channel]


def _field(channel: str, prefix: str) -> str:
    return f"{channel}:{prefix}"
