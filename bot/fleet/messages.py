"""The messages of an ask for a scan: its card, how far it is, the answer. Pure."""

from __future__ import annotations

from typing import Any

from bot.fleet.model import Scan
from bot.fleet.run import Inquiry, Run, Stage
from bot.render import fleet
from bot.store.messages import Entry, Kind


def first_card(ask: Inquiry) -> Entry:
    """At once."""
    told = fleet.looking(ask.prefix, _token(ask))
    return _entry(ask, "1:card", Kind.POST, told, thread_ts=ask.place.thread_ts)


def edit(
    ask: Inquiry, run: Run | None, seen: int = 0, exact: int = 0, *, joined: bool = False
) -> Entry:
    """How far it is."""
    told = fleet.looking(
        ask.prefix,
        _token(ask),
        seen=seen,
        exact=exact,
        suspicious=run.suspicious if run else None,
        joined=joined,
    )
    return _entry(ask, f"{ask.round}:progress-{ask.version}", Kind.UPDATE, told, of=_card(ask))


def answered(
    ask: Inquiry, run: Run | None, scan: Scan | None, complaint: str | None = None
) -> tuple[Entry, ...]:
    """The result, or why there is none; what is behind it goes into the thread."""
    if scan is None or run is None:
        why = complaint or "It was stopped before anything was seen."
        told = fleet.failed(ask.prefix, why, _token(ask))
        return (_last(ask, told),)
    stopped = run.stage is not Stage.DONE
    told = fleet.summary(scan, ask.prefix, _token(ask), stopped=stopped)
    plain = fleet.summary(scan, ask.prefix, _token(ask), stopped=stopped, table=False)
    replies = () if ask.private else _replies(ask, scan)
    return (_last(ask, told, plain), *replies)


def _replies(ask: Inquiry, scan: Scan) -> tuple[Entry, ...]:
    where: dict[str, Any] = {"thread_of": _card(ask)}
    if ask.place.thread_ts:
        where = {"thread_ts": ask.place.thread_ts}
    return tuple(
        _entry(ask, f"{ask.round}:functions-{number}", Kind.POST, told, **where)
        for number, told in enumerate(fleet.functions(scan), 1)
    )


def _last(ask: Inquiry, told: dict[str, Any], plain: dict[str, Any] | None = None) -> Entry:
    """On the card, or for the asker alone where there is none."""
    part = f"{ask.round}:answer"
    if not ask.private:
        return _entry(ask, part, Kind.UPDATE, told, of=_card(ask), plain=plain)
    url = ask.place.response_url
    return _entry(ask, f"{part}-private", Kind.RESPOND, plain or told, response_url=url)


def _token(ask: Inquiry) -> str:
    return f"{ask.id}:{ask.round}"


def _card(ask: Inquiry) -> str:
    return f"{ask.id}:1:card"


def _entry(ask: Inquiry, part: str, kind: Kind, told: dict[str, Any], **more: Any) -> Entry:
    key = f"{ask.id}:{part}"
    return Entry(key, kind, ask.place.channel, told, ask.id, user=ask.place.user, **more)
