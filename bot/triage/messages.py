"""The messages between two states of a triage: only what is news. Pure."""

from __future__ import annotations

from typing import Any

from bot.diagnosis import card as diagnosis_card
from bot.slack.blocks import words
from bot.store.messages import Entry, EntryKind
from bot.triage import card as triage_card
from bot.triage.model import Event, Phase, Triage

WITHDRAWN = "This triage has ended: the channel may no longer see the account that it was about."


def updates(before: Triage, after: Triage, thread: str | None = None) -> tuple[Entry, ...]:
    """
    What to send so that thread and card show `after`, and report each piece of news once.

    `thread` is its address, for who asked to be reminded.
    """
    return (*_in_thread(before, after, thread), *_card(before, after))


def _in_thread(before: Triage, after: Triage, thread: str | None) -> tuple[Entry, ...]:
    if after.finished:
        over = _reminder(before, after, thread)
        return (*_closed(before, after), _summary(after), *over)
    if after.message != before.message:
        entries = (*_closed(before, after), _prompt(after))
    elif after != before:
        entries = (_edit(after, triage_card.prompt(after)),)
    else:
        entries = ()
    return (*entries, *_reminder(before, after, thread))


def _card(before: Triage, after: Triage) -> tuple[Entry, ...]:
    """The card in the channel, where what it shows has changed."""
    if after.report is None or on_card(before) == on_card(after):
        return ()
    id_, _, round_ = after.id.rpartition("-")
    token = f"{id_}:{round_}:{after.turn}"
    message = diagnosis_card.card(after.report, token, triage_card.course(after))
    part = f"card-{after.turn}-{after.version}"
    return (_entry(after, part, EntryKind.UPDATE, message, of=after.card),)


def on_card(triage: Triage) -> tuple[object, ...]:
    """What of a triage its card shows."""
    report, until = triage.report, triage.prompt.until if triage.prompt else None
    seen = (report.verdict, report.headline) if report else None
    return triage.phase, seen, until, triage.watched_since


def acknowledged(triage: Triage, event: Event) -> tuple[Entry, ...]:
    """At once, when somebody clicked: who chose what replaces the buttons."""
    return (_edit(triage, triage_card.chosen(triage, event), part=f"heard-{triage.turn}"),)


def withdrawn(triage: Triage) -> tuple[Entry, ...]:
    """Instead of all news, once the channel may not see the account: nothing is named."""
    if not triage.finished:
        return ()
    message = words(WITHDRAWN)
    closed = (_edit(triage, message, part=f"closed-{triage.turn}"),) if triage.message else ()
    return (*closed, _entry(triage, "summary", EntryKind.POST, message, **_in(triage)))


def _closed(before: Triage, after: Triage) -> tuple[Entry, ...]:
    """The old prompt, without buttons."""
    if not before.message or before.prompt is None:
        return ()
    return (_edit(before, triage_card.closed(before, after), part=f"closed-{before.turn}"),)


def _prompt(triage: Triage) -> Entry:
    return _entry(
        triage, _message(triage), EntryKind.POST, triage_card.prompt(triage), **_in(triage)
    )


def _edit(triage: Triage, message: dict[str, Any], part: str | None = None) -> Entry:
    """Of the newest message; where it shows a prompt, somebody waits for it."""
    key = f"{part or f'prompt-{triage.turn}-{triage.version}'}"
    of = f"{triage.id}:{_message(triage)}"
    return _entry(triage, key, EntryKind.UPDATE, message, of=of, answer=part is None)


def _summary(triage: Triage) -> Entry:
    message = triage_card.summary(triage)
    return _entry(triage, "summary", EntryKind.POST, message, **_in(triage))


def _reminder(before: Triage, after: Triage, thread: str | None) -> tuple[Entry, ...]:
    """*Remind only me*: by direct message, when the wait is over."""
    over = before.phase is Phase.WAITING and after.phase is not Phase.WAITING
    message = triage_card.reminder(after, thread)
    return tuple(_direct(after, user, "reminder", message) for user in before.reminded if over)


def _direct(triage: Triage, user: str, part: str, message: dict[str, Any]) -> Entry:
    key = f"{triage.id}:{part}-{triage.turn}-{user}"
    return Entry(key, EntryKind.POST, user, message, triage.id)


def elsewhere(before: Triage, after: Triage) -> tuple[Entry, ...]:
    """The end, for whoever began it or asked for a reminder, where the channel takes no messages."""
    message = triage_card.summary(after)
    users = dict.fromkeys((after.place.user, *before.reminded))
    return tuple(_direct(after, user, "summary", message) for user in users)


def _message(triage: Triage) -> str:
    return f"message-{triage.message}"


def _in(triage: Triage) -> dict[str, str]:
    """The thread: the card's, or the one that the ask came from."""
    if triage.place.thread_ts:
        return {"thread_ts": triage.place.thread_ts}
    return {"thread_of": triage.card}


def _entry(
    triage: Triage, part: str, kind: EntryKind, message: dict[str, Any], **more: Any
) -> Entry:
    key, user = f"{triage.id}:{part}", triage.place.user
    return Entry(key, kind, triage.channel, message, triage.id, user=user, **more)
