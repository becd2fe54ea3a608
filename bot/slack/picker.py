"""The window behind *Diagnose*: searched by letters, filled in, submitted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from slack_bolt import Ack, App
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.diagnosis.model import Place
from bot.errors import SlsdiagError
from bot.finding.finder import Finder
from bot.finding.model import Answer
from bot.finding.named import sure
from bot.render import picker
from bot.render.home import DIAGNOSE
from bot.slack.app import Desks
from bot.slack.presses import Payload, pressed_at
from bot.slack.words import Check, wanted
from bot.store.connection import StoreError
from bot.target import parse

AWAY = "I could not save that: my store is away. Please try again in a minute."
READING = "That list is still being read. Search once more, or type the whole name."
NO_NAME = "That cannot be looked for. Choose a name from the list."
HIDDEN = "That function's account is hidden from that channel. Choose another channel."
NO_CHANNEL = "I could not open a direct message with you. Choose a channel."


@dataclass(frozen=True)
class Picker:
    """All it needs is handed in."""

    team: str
    desks: Desks
    publish: Callable[[WebClient, str, str | None], None]
    """Shows somebody's App Home anew, with a line on what happened."""

    def listen(self, app: App) -> None:
        """Put the listeners on the app; whoever acts is authorised each time."""
        team = self.team

        @app.action(DIAGNOSE)
        def begin(ack: Ack, body: Payload, client: WebClient) -> None:
            ack()
            if pressed_at(body, team).team:
                client.views_open(trigger_id=body["trigger_id"], view=self._window(""))

        @app.options(picker.FUNCTION)
        def search(ack: Ack, body: Payload) -> None:
            user = pressed_at(body, team)
            ack(options=self._options(body, user.user) if user.team else [])

        @app.action(picker.CHANNEL)
        def channel(ack: Ack, body: Payload, client: WebClient, action: Payload) -> None:
            ack()
            if pressed_at(body, team).team:
                view = self._window(action.get("selected_conversation") or "")
                id_, hash_ = body["view"]["id"], body["view"]["hash"]
                client.views_update(view_id=id_, hash=hash_, view=view)

        @app.view(picker.WINDOW)
        def submit(ack: Ack, body: Payload, client: WebClient) -> None:
            place = pressed_at(body, team)
            wrong = self._begun(body, place, client) if place.team else {}
            if wrong:
                ack(response_action="errors", errors=wrong)
            else:
                ack()

    @property
    def _finder(self) -> Finder:
        return self.desks.finder

    def _window(self, channel: str) -> dict[str, object]:
        inventory = self._finder.inventory
        restricted = any(each.channels for each in inventory.reach.settings.accounts.values())
        try:
            shelves = inventory.shelves(channel)
        except (StoreError, OSError):
            shelves = []
        return picker.window(channel, shelves, tells=restricted)

    def _options(self, body: Payload, user: str) -> list[dict[str, object]]:
        """Within Slack's three seconds: from what is kept, whatever AWS does."""
        typed, channel = body["value"].strip(), body["view"]["private_metadata"]
        finder = self._finder
        try:
            pasted = next(iter(sure(typed)), None)
            name = pasted.name if pasted else typed
            answer = finder.search(name, user, channel, within=pasted)
            now = finder.inventory.now()
        except (StoreError, OSError):
            answer, now = Answer((), ()), None
        return picker.options(answer, _name(typed), now)

    def _begun(self, body: Payload, place: Place, client: WebClient) -> dict[str, str]:
        """What is wrong, by field; nothing when it is under way."""
        command, deed, channel = picker.chosen(body["view"])
        if command == picker.STILL_READING:
            return {picker.FUNCTION: READING}
        asked = wanted(f"{deed} {command}" if deed == picker.GUIDE else command)
        if not isinstance(asked, Check):
            return {picker.FUNCTION: NO_NAME}
        try:
            if asked.target.account in self._finder.inventory.hidden(channel or ""):
                return {picker.CHANNEL: HIDDEN}
            urls = {u["channel_id"]: u["response_url"] for u in body.get("response_urls") or []}
            where = channel or client.conversations_open(users=place.user)["channel"]["id"]
            told = Place(place.team, where, place.user, response_url=urls.get(where))
            once = str(body["view"]["id"])
            self.desks.asks.open(asked.target, told, once, guide=asked.guide)
        except SlackApiError:
            return {picker.CHANNEL: NO_CHANNEL}
        except (StoreError, OSError):
            return {picker.FUNCTION: AWAY}
        answered = "in that channel" if channel else "to you alone, under Messages"
        said = f"Looking at {asked.target.spelled}. The answer comes {answered}."
        self.publish(client, place.user, said)
        return {}


def _name(typed: str) -> str | None:
    """What was typed, where it may be a function's name as it stands."""
    try:
        return parse(typed).spelled
    except SlsdiagError:
        return None
