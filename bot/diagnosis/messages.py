"""The messages of an ask: its card, its steps, or what the asker alone is told. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.diagnosis.model import Diagnosis
from bot.render import card
from bot.render.blocks import Body, words
from bot.store.messages import Entry, Kind

ANSWERS = 5
"""What a response URL of Slack's takes."""
TOO_LONG = "The other steps do not fit here: type /invite @slsdiag to get all of them."


def token(ask: Diagnosis) -> str:
    """What buttons carry, so that one of an earlier look is told apart."""
    return f"{ask.id}:{ask.round}"


def answers(ask: Diagnosis, offer: card.Offer | None = None) -> tuple[Entry, ...]:
    """What is to be sent for the stage that `ask` is at."""
    if ask.private:
        return _private(ask)
    if ask.misnamed:
        gone = replace(edit(ask, "misnamed", card.misnamed(ask.target)), deletes=True)
        return (gone, _question(ask))
    if ask.complaint:
        failed = edit(ask, "complaint", card.complaint(ask.target, ask.complaint, token(ask)))
        return (failed, _question(ask)) if ask.candidates else (failed,)
    if ask.report is None:
        return ()
    if ask.only:
        told = card.step(ask.report, ask.only, token(ask), ask.asked_at)
        return (edit(ask, "report", told),)
    replies = (_reply(ask, number, told) for number, told in enumerate(card.steps(ask.report), 1))
    return (edit(ask, "report", card.card(ask.report, token(ask), offer)), *replies)


def _private(ask: Diagnosis) -> tuple[Entry, ...]:
    if not ask.place.response_url:
        return ()
    told: list[Body] = []
    if ask.report and ask.only:
        told = [card.step(ask.report, ask.only, token(ask), ask.asked_at)]
    elif ask.report:
        told = [card.private(ask.report), *card.steps(ask.report)]
        if len(told) > ANSWERS:
            told = [*told[: ANSWERS - 1], words(TOO_LONG)]
    elif ask.complaint:
        told = [_complaint(ask)]
    url = ask.place.response_url
    return tuple(
        _entry(ask, f"private-{number}", Kind.RESPOND, each, response_url=url)
        for number, each in enumerate(told, 1)
    )


def _question(ask: Diagnosis) -> Entry:
    """For the asker alone."""
    where = {"thread_ts": ask.place.thread_ts} if ask.place.thread_ts else {}
    return _entry(ask, "question", Kind.EPHEMERAL, _complaint(ask), **where)


def _complaint(ask: Diagnosis) -> Body:
    """What is wrong, and what may have been meant."""
    said = f"{ask.target}: {ask.complaint}"
    return card.question(said, ask.candidates) if ask.candidates else words(said)


def _entry(ask: Diagnosis, part: str, kind: Kind, told: Body, **more: Any) -> Entry:
    key = f"{ask.id}:{ask.round}:{part}"
    return Entry(key, kind, ask.place.channel, told, ask.id, user=ask.place.user, **more)


def card_key(ask: Diagnosis) -> str:
    """Key of the outbox entry that posts the card."""
    return f"{ask.id}:1:card"


def first_card(ask: Diagnosis) -> Entry:
    """At once."""
    told = card.looking(ask.target)
    return _entry(ask, "card", Kind.POST, told, thread_ts=ask.place.thread_ts)


def edit(ask: Diagnosis, part: str, told: Body) -> Entry:
    """Of the card."""
    return _entry(ask, part, Kind.UPDATE, told, of=card_key(ask))


def _reply(ask: Diagnosis, number: int, told: Body) -> Entry:
    thread = ask.place.thread_ts
    where = {"thread_ts": thread} if thread else {"thread_of": card_key(ask)}
    return _entry(ask, f"steps-{number}", Kind.POST, told, **where)
