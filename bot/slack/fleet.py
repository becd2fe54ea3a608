"""What people press on the card of a scan."""

from __future__ import annotations

from collections.abc import Callable

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.fleet.desk import FleetDesk
from bot.render.blocks import words
from bot.render.fleet import SCAN_AGAIN, STOP_SCAN
from bot.slack.presses import STALE, STRANGER, Payload, pressed_at, tell


def listen(app: App, home: str, desk: FleetDesk) -> None:
    """Put the listeners on the app."""

    def press(
        act: Callable[[str, int], bool], body: Payload, value: str, client: WebClient
    ) -> None:
        place = pressed_at(body, home)
        id_, _, round_ = value.partition(":")
        if place.team and round_.isdigit() and act(id_, int(round_)):
            return
        tell(client, place, words(STALE if place.team else STRANGER))

    @app.action(STOP_SCAN[0])
    def stop(ack: Ack, body: Payload, client: WebClient, action: Payload) -> None:
        ack()
        press(desk.stop, body, action["value"], client)

    @app.action(SCAN_AGAIN[0])
    def again(ack: Ack, body: Payload, client: WebClient, action: Payload) -> None:
        ack()
        press(desk.again, body, action["value"], client)
