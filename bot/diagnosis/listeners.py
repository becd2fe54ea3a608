"""What people click on a card."""

from __future__ import annotations

from collections.abc import Callable

from slack_bolt import Ack, App

from bot.diagnosis import all_checks
from bot.diagnosis.model import Diagnosis
from bot.diagnosis.service import DiagnosisService
from bot.slack.actions import ActionId
from bot.slack.blocks import words
from bot.slack.interactions import STALE, Payload, Replies, conversation_of, id_of
from checks.report import Report

Latest = Callable[[Diagnosis], Report | None]
"""The newest report of a request, a triage's of it included."""


def listen(
    app: App, team: str, diagnoses: DiagnosisService, latest: Latest, replies: Replies
) -> None:
    """Put the listeners on the app."""

    @app.action(ActionId.CHECK_AGAIN)
    def again(ack: Ack, body: Payload, action: Payload) -> None:
        ack()
        id_, round_, drawn = parts(action["value"])
        again = diagnoses.anew(id_, action["value"]) if drawn else diagnoses.again(id_, round_)
        if not again:
            replies(conversation_of(body, team), words(STALE), id_of(body))

    @app.action(ActionId.JOIN)
    def joined(ack: Ack) -> None:
        ack()  # Slack opens the address; it only wants an acknowledgement

    _listen_to_all_checks(app, team, diagnoses, latest, replies)


def _listen_to_all_checks(
    app: App, team: str, diagnoses: DiagnosisService, latest: Latest, replies: Replies
) -> None:
    @app.action(ActionId.ALL_CHECKS)
    def every(ack: Ack, body: Payload, action: Payload) -> None:
        ack()
        place = conversation_of(body, team)
        id_, round_, drawn = parts(action["value"])
        diagnosis = diagnoses.shown(id_, None if drawn else round_)
        report = latest(diagnosis) if diagnosis else None
        if report:
            replies.window(body, place, all_checks.window(report))
        else:
            replies(place, words(STALE), id_of(body))


def parts(value: str) -> tuple[str, int, bool]:
    """A button's value: id, round (-1 for no number), and whether a triage drew the card."""
    id_, _, rest = value.partition(":")
    round_, _, turn = rest.partition(":")
    return id_, int(round_) if round_.isdigit() else -1, bool(turn)
