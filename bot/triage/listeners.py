"""What people click in a triage, and the window for text that is no button."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from slack_bolt import Ack, App

from bot.conversation import Conversation
from bot.diagnosis.messages import card_key
from bot.diagnosis.service import DiagnosisService
from bot.slack.actions import ActionId, pattern
from bot.slack.blocks import words
from bot.slack.interactions import STALE, Payload, Replies, conversation_of, id_of
from bot.triage import windows
from bot.triage.lookup import UNDER_WAY
from bot.triage.model import EventKind, Triage
from bot.triage.service import TriageService

KINDS = {
    ActionId.RETRY: EventKind.RETRIED,
    ActionId.SKIP: EventKind.SKIPPED,
    ActionId.PROLONG: EventKind.PROLONGED,
    ActionId.STOP_TRIAGE: EventKind.STOPPED,
}
Ends = Callable[[Triage, Conversation], str | None]
"""Ends a triage for somebody, or says why not."""


@dataclass(frozen=True)
class _Clicks:
    """What all listeners need."""

    team: str
    triages: TriageService
    replies: Replies

    def take(self, kind: EventKind, body: Payload, value: str, once: str | None = None) -> None:
        """Have the service take what was clicked, or say that it is stale."""
        conversation = conversation_of(body, self.team)
        id_, turn, text = _parts(value)
        if not self.triages.take(id_, turn, kind, conversation.user, text, once=once):
            self.refuse(conversation, STALE, body)

    def refuse(self, conversation: Conversation, why: str, body: Payload) -> None:
        """For who clicked alone."""
        self.replies(conversation, words(why), id_of(body))


def listen(
    app: App,
    team: str,
    diagnoses: DiagnosisService,
    triages: TriageService,
    ends: Ends,
    replies: Replies,
) -> None:
    """Put the listeners on the app."""
    clicks = _Clicks(team, triages, replies)
    _listen_to_cards(app, diagnoses, clicks, ends)
    _listen_to_moves(app, clicks)
    _listen_to_reminders(app, clicks)
    _listen_to_windows(app, clicks)


def _listen_to_cards(app: App, diagnoses: DiagnosisService, clicks: _Clicks, ends: Ends) -> None:
    triages = clicks.triages

    @app.action(ActionId.GUIDE)
    def guide(ack: Ack, body: Payload, action: Payload) -> None:
        ack()
        conversation = conversation_of(body, clicks.team)
        id_, round_, _ = _parts(action["value"])
        diagnosis = diagnoses.shown(id_, round_)
        if diagnosis is None:
            clicks.refuse(conversation, STALE, body)
        elif not triages.open(diagnosis, card_key(diagnosis)):
            other = triages.lookup.open_of(diagnosis)
            clicks.refuse(conversation, UNDER_WAY if other else STALE, body)

    @app.action(ActionId.STOP_WAIT)
    def stop_wait(ack: Ack, body: Payload, action: Payload) -> None:
        """Ends the wait that its report, or one before of the function, armed."""
        ack()
        conversation = conversation_of(body, clicks.team)
        id_, round_, drawn = _parts(action["value"])
        diagnosis = diagnoses.shown(id_, None if drawn else round_)
        armed = triages.lookup.open_of(diagnosis) if diagnosis else None
        if refused := ends(armed, conversation) if armed else STALE:
            clicks.refuse(conversation, refused, body)


def _listen_to_moves(app: App, clicks: _Clicks) -> None:
    @app.action(pattern(*KINDS))
    def moved(ack: Ack, body: Payload, action: Payload) -> None:
        ack()
        clicks.take(KINDS[action["action_id"]], body, action["value"])

    @app.action(pattern(ActionId.ANSWER))
    def answered(ack: Ack, body: Payload, action: Payload) -> None:
        ack()
        clicks.take(EventKind.ANSWERED, body, action["value"])

    @app.view(windows.WINDOW)
    def pasted(ack: Ack, body: Payload, view: Payload) -> None:
        ack()
        value, channel, thread = view["private_metadata"].split("|")
        there = body | {"channel": {"id": channel}, "container": {"thread_ts": thread or None}}
        text = windows.typed(view)
        clicks.take(EventKind.ANSWERED, there, f"{value}:{text}", once=view["id"])


def _listen_to_reminders(app: App, clicks: _Clicks) -> None:
    @app.action(ActionId.REMIND)
    def remind(ack: Ack, body: Payload, action: Payload) -> None:
        ack()
        conversation = conversation_of(body, clicks.team)
        id_, turn, _ = _parts(action["value"])
        waits = clicks.triages.remind(id_, turn, conversation.user)
        text = "I will tell you alone, by direct message." if waits else STALE
        clicks.replies(conversation, words(text), id_of(body))


def _listen_to_windows(app: App, clicks: _Clicks) -> None:
    @app.action(ActionId.SOMETHING_ELSE)
    def something_else(ack: Ack, body: Payload, action: Payload) -> None:
        ack()
        conversation = conversation_of(body, clicks.team)
        where = f"{action['value']}|{conversation.channel}|{conversation.thread_ts or ''}"
        clicks.replies.window(body, conversation, windows.window(where))

    @app.action(ActionId.SUPPORT_TEXT)
    def support(ack: Ack, body: Payload, action: Payload) -> None:
        ack()
        conversation = conversation_of(body, clicks.team)
        triage = clicks.triages.triages.load(_parts(action["value"])[0])
        if triage and triage.report and not clicks.triages.lookup.hidden(triage):
            view = windows.for_support(triage, triage.report)
            clicks.replies.window(body, conversation, view)
        else:
            clicks.refuse(conversation, STALE, body)


def _parts(value: str) -> tuple[str, int, str | None]:
    """A button's value: id, turn, and the answer where it is one."""
    id_, _, rest = value.partition(":")
    turn, _, text = rest.partition(":")
    return id_, int(turn) if turn.isdigit() else -1, text or None
