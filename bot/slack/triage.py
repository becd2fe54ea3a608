"""What people press in a triage, and the window for text that is no button."""

from __future__ import annotations

import re
from collections.abc import Callable

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.diagnosis.desk import Desk
from bot.diagnosis.messages import card_key
from bot.diagnosis.model import Diagnosis, Place, Stage
from bot.render import triage_card
from bot.render.blocks import words
from bot.render.card import GUIDE, STOP_WAIT
from bot.slack.presses import STALE, Payload, pressed_at, tell
from bot.triage.desk import TriageDesk
from bot.triage.model import Kind, Triage

KINDS = {
    triage_card.RETRY: Kind.RETRIED,
    triage_card.SKIP: Kind.SKIPPED,
    triage_card.PROLONG: Kind.PROLONGED,
    triage_card.STOP: Kind.STOPPED,
}
UNDER_WAY = "A guided triage of it is under way in this channel: join it in its thread."
Ends = Callable[[Triage, Place], str | None]
"""Ends a triage for somebody, or says why not."""
_ANSWER = re.compile(rf"{triage_card.ANSWER}\d+")


def listen(app: App, home: str, asks: Desk, triages: TriageDesk, ends: Ends) -> None:
    """Put the listeners on the app."""

    def press(kind: Kind, body: Payload, value: str, client: WebClient) -> None:
        place = pressed_at(body, home)
        id_, turn, text = _parts(value)
        if not triages.press(id_, turn, kind, place.user, text):
            tell(client, place, words(STALE))

    def shown(id_: str, round_: int) -> Diagnosis | None:
        """The ask whose report the card shows now."""
        ask = asks.diagnoses.load(id_)
        return ask if ask and ask.round == round_ and ask.stage is Stage.REPORTED else None

    @app.action(GUIDE[0])
    def guide(ack: Ack, body: Payload, client: WebClient, action: Payload) -> None:
        ack()
        place = pressed_at(body, home)
        id_, round_, _ = _parts(action["value"])
        ask = shown(id_, round_)
        if ask is None:
            tell(client, place, words(STALE))
        elif not triages.open(ask, card_key(ask)):
            tell(client, place, words(UNDER_WAY if triages.open_of(ask) else STALE))

    @app.action(STOP_WAIT[0])
    def stop_wait(ack: Ack, body: Payload, client: WebClient, action: Payload) -> None:
        """On the card: ends the wait that its report, or one before of the function, armed."""
        ack()
        place = pressed_at(body, home)
        id_, round_, _ = _parts(action["value"])
        ask = shown(id_, round_)
        armed = triages.open_of(ask) if ask else None
        if refused := ends(armed, place) if armed else STALE:
            tell(client, place, words(refused))

    @app.action(re.compile(rf"(?:{'|'.join(KINDS)})$"))
    def moved(ack: Ack, body: Payload, client: WebClient, action: Payload) -> None:
        ack()
        press(KINDS[action["action_id"]], body, action["value"], client)

    @app.action(_ANSWER)
    def answered(ack: Ack, body: Payload, client: WebClient, action: Payload) -> None:
        ack()
        press(Kind.ANSWERED, body, action["value"], client)

    @app.action(triage_card.REMIND)
    def remind(ack: Ack, body: Payload, client: WebClient, action: Payload) -> None:
        ack()
        place = pressed_at(body, home)
        id_, turn, _ = _parts(action["value"])
        known = triages.remind(id_, turn, place.user)
        tell(client, place, words("I will tell you alone, by direct message." if known else STALE))

    @app.action(triage_card.ELSE)
    def something_else(ack: Ack, body: Payload, client: WebClient, action: Payload) -> None:
        ack()
        place = pressed_at(body, home)
        where = f"{action['value']}|{place.channel}|{place.thread_ts or ''}"
        client.views_open(trigger_id=body["trigger_id"], view=triage_card.window(where))

    @app.view(triage_card.WINDOW)
    def pasted(ack: Ack, body: Payload, view: Payload, client: WebClient) -> None:
        ack()
        value, channel, thread = view["private_metadata"].split("|")
        text = triage_card.typed(view)
        told = body | {"channel": {"id": channel}, "container": {"thread_ts": thread or None}}
        press(Kind.ANSWERED, told, f"{value}:{text}", client)


def _parts(value: str) -> tuple[str, int, str | None]:
    """A button's value: id, turn, and the answer where it is one."""
    id_, _, rest = value.partition(":")
    turn, _, text = rest.partition(":")
    return id_, int(turn) if turn.isdigit() else -1, text or None
