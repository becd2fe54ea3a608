"""The messages between two states of a triage: only what is news. Pure."""

from __future__ import annotations

from typing import Any

from bot.render import triage_card
from bot.store.messages import Entry, Kind
from bot.triage.model import Event, Phase, Triage


def news(before: Triage, after: Triage) -> tuple[Entry, ...]:
    """What to send so that the thread shows `after`, and tells each piece of news once."""
    if after.finished:
        return (*_closed(before, after), *_summary(after))
    if after.message != before.message:
        told = (*_closed(before, after), _prompt(after))
    elif after != before:
        told = (_edit(after, triage_card.prompt(after)),)
    else:
        told = ()
    return (*told, *_reminder(before, after))


def acknowledged(triage: Triage, event: Event) -> tuple[Entry, ...]:
    """At once, when somebody pressed: the buttons make room for who chose what."""
    return (_edit(triage, triage_card.chosen(triage, event), part=f"heard-{triage.turn}"),)


def _closed(before: Triage, after: Triage) -> tuple[Entry, ...]:
    """The old prompt, without buttons."""
    if not before.message or before.prompt is None:
        return ()
    return (_edit(before, triage_card.closed(before, after), part=f"closed-{before.turn}"),)


def _prompt(triage: Triage) -> Entry:
    return _entry(triage, _message(triage), Kind.POST, triage_card.prompt(triage), **_in(triage))


def _edit(triage: Triage, told: dict[str, Any], part: str | None = None) -> Entry:
    key = f"{part or f'prompt-{triage.turn}-{triage.version}'}"
    return _entry(triage, key, Kind.UPDATE, told, of=f"{triage.id}:{_message(triage)}")


def _summary(triage: Triage) -> tuple[Entry, ...]:
    told = {"summary": triage_card.summary(triage)}
    if triage.report:
        told["support"] = triage_card.for_support(triage, triage.report)
    return tuple(
        _entry(triage, part, Kind.POST, each, **_in(triage)) for part, each in told.items()
    )


def _reminder(before: Triage, after: Triage) -> tuple[Entry, ...]:
    """*Remind only me*: by direct message, when the wait is over."""
    over = before.phase is Phase.WAITING and after.phase is not Phase.WAITING
    told = triage_card.reminder(after)
    return tuple(_direct(after, user, "reminder", told) for user in before.reminded if over)


def _direct(triage: Triage, user: str, part: str, told: dict[str, Any]) -> Entry:
    key = f"{triage.id}:{part}-{triage.turn}-{user}"
    return Entry(key, Kind.POST, user, told, triage.id)


def elsewhere(before: Triage, after: Triage) -> tuple[Entry, ...]:
    """The end, to who began it and who wanted to be told, where the channel takes no messages."""
    told = triage_card.summary(after)
    users = dict.fromkeys((after.place.user, *before.reminded))
    return tuple(_direct(after, user, "summary", told) for user in users)


def _message(triage: Triage) -> str:
    return f"message-{triage.message}"


def _in(triage: Triage) -> dict[str, str]:
    """The thread: the card's, or the one that the ask came from."""
    if triage.place.thread_ts:
        return {"thread_ts": triage.place.thread_ts}
    return {"thread_of": triage.card}


def _entry(triage: Triage, part: str, kind: Kind, told: dict[str, Any], **more: Any) -> Entry:
    return Entry(f"{triage.id}:{part}", kind, triage.channel, told, triage.id, **more)
