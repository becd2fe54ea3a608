"""The window behind *Diagnose*: searched by letters, filled in, submitted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import structlog
from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.app.parser import Check, wanted
from bot.app.services import Services
from bot.conversation import Conversation
from bot.errors import SlsdiagError
from bot.search import picker
from bot.search.model import Answer
from bot.search.service import SearchService
from bot.slack.actions import ActionId
from bot.slack.interactions import Payload, conversation_of
from bot.slack.membership import Proof
from bot.store.connection import StoreError
from bot.target import parse, sure

AWAY = "I could not save that: my store is away. Please try again in a minute."
READING = "That list is still being read. Search once more, or type the whole name."
NO_NAME = "That cannot be looked for. Choose a name from the list."
HIDDEN = "That function's account is hidden from that channel. Choose another channel."
UNPROVED = {
    Proof.STRANGER: "You are not in that channel, which may see accounts that others may not. "
    "Join it, or choose another channel.",
    Proof.UNKNOWN: "That channel may see accounts that others may not, and I cannot tell whether "
    "you are in it. Type /invite @slsdiag there, or choose another channel.",
}
NO_CHANNEL = "I could not open a direct message with you. Choose a channel."
NO_WINDOW = "Slack did not let me open that window. Please click the button again."

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Picker:
    """Its dependencies are passed in."""

    team: str
    services: Services
    publish: Callable[[WebClient, str, str | None], None]
    """Shows somebody's App Home again, with a line on what happened."""

    def listen(self, app: App) -> None:
        """Put the listeners on the app; whoever acts is authorized each time."""
        self._listen_to_clicks(app)

        @app.options(ActionId.PICK_FUNCTION)
        def search(ack: Ack, body: Payload) -> None:
            person = conversation_of(body, self.team)
            ack(options=self._options(body, person.user) if person.team else [])

        @app.view(picker.WINDOW)
        def submit(ack: Ack, body: Payload, client: WebClient) -> None:
            person = conversation_of(body, self.team)
            errors = self._submitted(body, person, client) if person.team else {}
            if errors:
                ack(response_action="errors", errors=errors)
            else:
                ack()

    def _listen_to_clicks(self, app: App) -> None:
        replies = self.services.replies

        @app.action(ActionId.HOME_DIAGNOSE)
        def begin(ack: Ack, body: Payload, client: WebClient) -> None:
            ack()
            person = conversation_of(body, self.team)
            if person.team:
                failed = partial(self.publish, client, person.user, NO_WINDOW)
                replies.window(body, person, self._window("", person.user), failed)

        @app.action(ActionId.PICK_CHANNEL)
        def channel(ack: Ack, body: Payload, action: Payload) -> None:
            ack()
            person = conversation_of(body, self.team)
            if person.team:
                view = self._window(action.get("selected_conversation") or "", person.user)
                replies.another_window(body, view)

    @property
    def _search(self) -> SearchService:
        return self.services.search

    def _hidden(self, account: str | None, channel: str) -> bool:
        return account is not None and self.services.accounts.hidden(account, channel)

    def _unproved(self, user: str, channel: str) -> str | None:
        """Why `user` may not be shown what `channel` may see; None where they may."""
        accounts = self.services.accounts
        if not channel or accounts.scope(channel) == accounts.scope(""):
            return None
        return UNPROVED.get(self.services.membership(user, channel))

    def _window(self, channel: str, user: str) -> dict[str, object]:
        """The names are those that `channel` may see, once `user` proved to be in it."""
        inventory = self._search.inventory
        unproved = self._unproved(user, channel)
        channel = "" if unproved else channel
        restricted = any(account.channels for account in inventory.accounts.configured.values())
        try:
            entries = inventory.entries(channel)
        except (StoreError, OSError):
            entries = []
        return picker.window(channel, entries, dispatch=restricted, unproved=unproved)

    def _options(self, body: Payload, user: str) -> list[dict[str, object]]:
        """Within Slack's three seconds: from what is stored, whatever AWS does."""
        typed, channel = body["value"].strip(), body["view"]["private_metadata"]
        search = self._search
        try:
            pasted = next(iter(sure(typed)), None)
            name = pasted.spelled if pasted else typed
            answer = search.search(name, user, channel, within=pasted)
            now = search.inventory.now()
        except (StoreError, OSError):
            answer, now = Answer((), ()), None
        return picker.options(answer, _name(typed), now)

    def _submitted(self, body: Payload, person: Conversation, client: WebClient) -> dict[str, str]:
        """What is wrong, by field; nothing when it has begun."""
        command, task, channel = picker.chosen(body["view"])
        if command == picker.STILL_READING:
            return {picker.FUNCTION: READING}
        check = wanted(f"{task} {command}" if task == picker.GUIDE else command)
        if not isinstance(check, Check):
            return {picker.FUNCTION: NO_NAME}
        try:
            if error := self._begin(body, check, person, channel or ""):
                return {picker.CHANNEL: error}
        except (StoreError, OSError):
            return {picker.FUNCTION: AWAY}
        where = "in that channel" if channel else "to you alone, under Messages"
        text = f"Checking {check.target.spelled}. The answer comes {where}."
        self.publish(client, person.user, text)
        return {}

    def _begin(self, body: Payload, check: Check, person: Conversation, channel: str) -> str | None:
        """Save the check; why not in that channel, otherwise."""
        if refusal := self.services.accounts.refused(channel):
            return refusal
        if unproved := self._unproved(person.user, channel):
            return unproved
        if self._hidden(check.target.account, channel):
            return HIDDEN
        where = channel or self.services.access.people.direct(person.user)
        if where is None:
            return NO_CHANNEL
        urls = {u["channel_id"]: u["response_url"] for u in body.get("response_urls") or []}
        conversation = Conversation(person.team, where, person.user, response_url=urls.get(where))
        once = str(body["view"]["id"])
        self.services.diagnosis.open(check.target, conversation, once, guide=check.guide)
        return None


def _name(typed: str) -> str | None:
    """What was typed, where it may be a function's name as it stands."""
    try:
        return parse(typed).spelled
    except SlsdiagError:
        return None
