"""The messages of a request: its card, the summary, or what only the requester is told. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.diagnosis import card, notices
from bot.diagnosis.model import Diagnosis
from bot.diagnosis.naming import held_back
from bot.diagnosis.summary import changed, changes_since, summary
from bot.slack.blocks import Body, words
from bot.store.fallback import directly
from bot.store.messages import Entry, EntryKind
from checks.report import Report


def token(diagnosis: Diagnosis) -> str:
    """What buttons carry, so that a stale one is told apart."""
    return f"{diagnosis.id}:{diagnosis.round}"


def answers(diagnosis: Diagnosis, course: card.Course | None = None) -> tuple[Entry, ...]:
    """What is to be sent for the stage that `diagnosis` is at."""
    if diagnosis.private:
        return () if held_back(diagnosis) else _private(diagnosis)
    if diagnosis.complaint:
        return _failed(diagnosis, diagnosis.complaint)
    if diagnosis.report is None:
        return ()
    if diagnosis.only:
        message = card.step(diagnosis.report, diagnosis.only, token(diagnosis), diagnosis.asked_at)
        return (edit(diagnosis, "report", message, answer=True),)
    message = card.card(diagnosis.report, token(diagnosis), course)
    shown = edit(diagnosis, "report", message, answer=True)
    return (
        shown,
        _summary(diagnosis, diagnosis.report),
        *_changes(diagnosis, diagnosis.report, course),
    )


def redrawn(diagnosis: Diagnosis, report: Report, course: card.Course | None) -> tuple[Entry, ...]:
    """Card and summary, where another card's check or a triage has changed what they show."""
    message = card.card(report, token(diagnosis), course, begins=False)
    shown = edit(diagnosis, f"card-{diagnosis.version}", message)
    if not diagnosis.summarized:
        return (shown,)
    part, of = f"summary-{diagnosis.version}", _summary_key(diagnosis)
    return (shown, _entry(diagnosis, part, EntryKind.UPDATE, summary(report), of=of))


def _summary(diagnosis: Diagnosis, report: Report) -> Entry:
    """Posted once; later rounds edit it."""
    message = summary(report)
    if not diagnosis.summarized:
        return _reply(diagnosis, _summary_key(diagnosis), message)
    return _entry(
        diagnosis, "summary", EntryKind.UPDATE, message, of=_summary_key(diagnosis), answer=True
    )


def _changes(diagnosis: Diagnosis, report: Report, course: card.Course | None) -> tuple[Entry, ...]:
    """A message of its own where something changed; an open triage reports it itself."""
    changes = (
        changes_since(diagnosis.before, report) if diagnosis.summarized and not course else None
    )
    return (
        (_reply(diagnosis, f"{diagnosis.id}:{diagnosis.round}:news", changed(report, changes)),)
        if changes
        else ()
    )


def _summary_key(diagnosis: Diagnosis) -> str:
    return f"{diagnosis.id}:summary"


def _failed(diagnosis: Diagnosis, why: str) -> tuple[Entry, ...]:
    """On the card, where there is one; a name that no read has confirmed is for the requester only."""
    if not diagnosis.confirmed:
        return (_question(diagnosis),)
    message = notices.complaint(diagnosis.target, why, token(diagnosis))
    failed = edit(diagnosis, "complaint", message, answer=True)
    return (failed, _question(diagnosis)) if diagnosis.candidates else (failed,)


def _private(diagnosis: Diagnosis) -> tuple[Entry, ...]:
    """By the response URL, or by direct messages to who mentioned the bot."""
    if diagnosis.report and diagnosis.only:
        message = card.step(diagnosis.report, diagnosis.only, token(diagnosis), diagnosis.asked_at)
    elif diagnosis.report:
        message = card.private(diagnosis.report, token(diagnosis))
    elif diagnosis.complaint:
        message = _complaint(diagnosis)
    else:
        return ()
    url = diagnosis.place.response_url
    entry = _entry(diagnosis, "private-1", EntryKind.RESPOND, message, response_url=url)
    sent = entry if url else directly(entry)
    return (sent,) if sent else ()


def _question(diagnosis: Diagnosis) -> Entry:
    """For the requester only."""
    where = {"thread_ts": diagnosis.place.thread_ts, "response_url": diagnosis.place.response_url}
    return _entry(diagnosis, "question", EntryKind.EPHEMERAL, _complaint(diagnosis), **where)


def _complaint(diagnosis: Diagnosis) -> Body:
    """What is wrong, and what may have been meant, or another try."""
    what = f"{diagnosis.target}: {diagnosis.complaint}"
    if diagnosis.candidates:
        return notices.question(what, diagnosis.candidates)
    return words(what) if diagnosis.misnamed else notices.try_again(what, token(diagnosis))


def _entry(diagnosis: Diagnosis, part: str, kind: EntryKind, message: Body, **more: Any) -> Entry:
    key = f"{diagnosis.id}:{diagnosis.round}:{part}"
    return Entry(
        key, kind, diagnosis.place.channel, message, diagnosis.id, user=diagnosis.place.user, **more
    )


def card_key(diagnosis: Diagnosis) -> str:
    """Key of the outbox entry that posts the card."""
    return f"{diagnosis.id}:1:card"


def first_card(diagnosis: Diagnosis, left: Sequence[str] = ()) -> Entry:
    """As soon as a read has confirmed the name; its key is the same in every round."""
    message, key = notices.in_progress(diagnosis.target, left), card_key(diagnosis)
    place = diagnosis.place
    return Entry(
        key,
        EntryKind.POST,
        place.channel,
        message,
        diagnosis.id,
        user=place.user,
        thread_ts=place.thread_ts,
    )


def still_reading(diagnosis: Diagnosis) -> Entry:
    """For the requester only, while there is no card."""
    message = words(f"{diagnosis.target}: {notices.NOT_CONFIRMED_YET}")
    return _entry(
        diagnosis, "waiting", EntryKind.EPHEMERAL, message, thread_ts=diagnosis.place.thread_ts
    )


def edit(diagnosis: Diagnosis, part: str, message: Body, *, answer: bool = False) -> Entry:
    """Of the card; `answer` where somebody waits for it."""
    return _entry(diagnosis, part, EntryKind.UPDATE, message, of=card_key(diagnosis), answer=answer)


def _reply(diagnosis: Diagnosis, key: str, message: Body) -> Entry:
    thread, place = diagnosis.place.thread_ts, diagnosis.place
    where: dict[str, Any] = {"thread_ts": thread} if thread else {"thread_of": card_key(diagnosis)}
    return Entry(
        key, EntryKind.POST, place.channel, message, diagnosis.id, user=place.user, **where
    )
