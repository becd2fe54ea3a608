"""
Records of features, each saved together with when it is due next and what is to be sent.

`open` and `save` are one script each: all of it is stored, or nothing. A record's document is
for its feature alone; whose it is stands beside it, so that access is decided without reading it.
A channel's index names its newest ones; beside it stand those that are the only one about their
subject.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Generic, Protocol, TypedDict, TypeVar, cast

from redis import Redis

from bot.conversation import Owner
from bot.store import keys
from bot.store.coding import Unreadable, decode, encode, right_type
from bot.store.connection import to_ms
from bot.store.due import Claim, member
from bot.store.messages import Entry
from bot.store.outbox_order import arguments
from bot.store.scripts import Script

T = TypeVar("T")


class Listed(list[T]):
    """Those of some records that this release can read."""

    unreadable: tuple[str, ...] = ()
    """Ids of the others."""

    def only(self, wanted: Callable[[T], bool]) -> Listed[T]:
        """The wanted ones; any of the others might be wanted, too."""
        some = Listed(record for record in self if wanted(record))
        some.unreadable = self.unreadable
        return some


def listed(ids: Iterable[str], load: Callable[[str], T | None]) -> Listed[T]:
    """What `load` gives: one record that cannot be read never hides the others."""
    records, unreadable = Listed[T](), []
    for id_ in ids:
        try:
            record = load(id_)
        except Unreadable:
            unreadable.append(id_)
        else:
            if record is not None:
                records.append(record)
    records.unreadable = tuple(unreadable)
    return records


def saved_lately(redis: Redis, once: str) -> bool:
    """Whether what `once` names was saved lately."""
    return bool(redis.exists(keys.ONCE(once)))


def load(redis: Redis, kind: str, type_: type[T], id_: str) -> T | None:
    """A record as last saved, or Unreadable; None when there is none, or it is too old."""
    with right_type(kind):
        fields = redis.hmget(keys.RECORD(kind, id_), "version", "doc")
    version, doc = cast(list[str | None], fields)
    if version is not None and doc is None:
        raise Unreadable(kind, None, "has no document.")
    return decode(type_, doc) if doc is not None else None


class Record(Protocol):
    """What can be stored: a frozen dataclass with an id, a version and an owner."""

    @property
    def id(self) -> str: ...
    @property
    def version(self) -> int: ...
    @property
    def channel(self) -> str: ...
    @property
    def owner(self) -> Owner | None: ...


R = TypeVar("R", bound=Record)


class Stored(TypedDict):
    """A record as the scripts take it."""

    id: str
    version: int
    doc: str
    owner: str | None
    viewer: str
    """Whose App Home lists it."""


def stored(record: Record) -> Stored:
    """The document, and whose it is beside it."""
    owner = record.owner
    return Stored(
        id=record.id,
        version=record.version,
        doc=encode(record),
        owner=encode(owner) if owner else None,
        viewer=owner.user if owner else "",
    )


class Records(Generic[R]):
    """Those of one kind, of the last seven days."""

    def __init__(
        self, redis: Redis, kind: str, type_: type[R], subject: Callable[[R], str] = lambda _: ""
    ) -> None:
        """
        `kind` is the due set's word for them. Costs no round trip.

        `subject`: what no other one of its channel may be about; empty once any may.
        """
        self._redis, self._kind, self._type, self._subject = redis, kind, type_, subject
        self._open = Script(redis, "record_open")
        self._save = Script(redis, "record_save")
        self._with_subject = Script(redis, "record_with_subject")

    def open(
        self,
        record: R,
        entries: tuple[Entry, ...],
        *,
        once: str | None,
        wakes: Sequence[tuple[str, str]] = (),
    ) -> bool:
        """
        Store a new one, due now, and its first messages; the kinds and ids in `wakes` are due too.

        False when it was here before, or when another one has its subject.
        """
        return bool(self._open(**self._arguments(record, once, entries, wakes)))

    def with_subject(self, channel: str) -> Listed[R]:
        """The channel's that have a subject now, in no order, as far as this release reads them."""
        ids = cast(list[str], self._with_subject(kind=self._kind, channel=channel))
        return listed(ids, self.load)

    def done(self, once: str) -> bool:
        """Whether what `once` names was saved lately."""
        return saved_lately(self._redis, once)

    def load(self, id_: str) -> R | None:
        """As last saved, or Unreadable; None when there is none, or it is too old."""
        return load(self._redis, self._kind, self._type, id_)

    def newest(self, channel: str, most: int) -> Listed[R]:
        """The channel's, newest first, as far as this release reads them."""
        index = keys.INDEX(self._kind, channel)
        ids = cast(list[str], self._redis.zrevrange(index, 0, most - 1))
        return listed(ids, self.load)

    def save(
        self,
        record: R,
        *,
        claim: Claim | None,
        due_at: datetime | None,
        keep: bool = False,
        entries: tuple[Entry, ...] = (),
        once: str | None = None,
        wakes: Sequence[tuple[str, str]] = (),
    ) -> bool:
        """
        Store `record` with the next version, if nothing moved since it was loaded.

        With a claim, no `due_at` means that nothing more is to be done, any other releases it,
        and `keep` keeps it. Without a claim, no `due_at` leaves the due time alone. The kinds and
        ids in `wakes` are due as well, unless they are already.
        """
        following = replace(cast(Any, record), version=record.version + 1)
        given = self._arguments(following, once, entries, wakes)
        at, fence = to_ms(due_at) if due_at else None, claim.fence if claim else None
        return bool(
            self._save(**given, loaded=record.version, fence=fence, keep_claim=keep, due_at=at)
        )

    def _arguments(
        self,
        record: R,
        once: str | None,
        entries: tuple[Entry, ...],
        wakes: Sequence[tuple[str, str]],
    ) -> _Arguments:
        return _Arguments(
            **stored(record),
            kind=self._kind,
            once=once,
            channel=record.channel,
            subject=self._subject(record),
            wakes=[member(*wake) for wake in wakes],
            entries=arguments(entries),
        )


class _Arguments(Stored):
    kind: str
    once: str | None
    channel: str
    subject: str
    wakes: list[str]
    entries: list[str]
