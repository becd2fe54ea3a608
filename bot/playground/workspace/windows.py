"""A person before App Home or an open window: opens, searches, chooses, clicks, submits."""

from __future__ import annotations

from typing import Any

from bot.playground.workspace.answers import shown, stamp
from bot.playground.workspace.blocks import view_complaints
from bot.playground.workspace.controls import Chosen, controls, one, value
from bot.playground.workspace.delivery import OK, Response
from bot.playground.workspace.elements import options
from bot.playground.workspace.member import Member
from bot.playground.workspace.model import Message
from bot.playground.workspace.views import View

FEWEST_LETTERS = 3
"""Typed before Slack asks the bot, where the menu does not say."""


class AtWindows(Member):
    """What a view asks of people."""

    def opens_home(self) -> Response:
        """They open App Home; what is published for them is `slack.store.homes[user]`."""
        store = self.slack.store
        earlier = {"view": store.homes[self.user]} if self.user in store.homes else {}
        at = stamp()
        return self.slack.delivery.event(
            self._event(
                at,
                type="app_home_opened",
                user=self.user,
                channel=store.direct(self.user).id,
                tab="home",
                event_ts=at,
                **earlier,
            )
        )

    def clicks_in(self, view: View, label: str) -> Response:
        """A button, or an option of a menu, of a window or of App Home."""
        buttons = [control for control in controls(view["blocks"]) if control.label == label]
        if not buttons:
            raise LookupError(f"there is no {label!r} in that view")
        return self._acts(view, buttons[0].clicked())

    def picks(self, action_id: str, chosen: Chosen) -> Response | None:
        """Fill in a field of the open window; the bot hears of it where the block says so."""
        view = self.slack.store.views[self.user]
        block, element = one(view["blocks"], action_id)
        filled = self._value(element, chosen)
        view["state"]["values"].setdefault(block["block_id"], {})[action_id] = filled
        if not block.get("dispatch_action"):
            return None
        ids = {"action_id": action_id, "block_id": block["block_id"]}
        return self._acts(view, filled | ids)

    def searches(self, where: View | Message, action_id: str, text: str) -> list[dict[str, Any]]:
        """
        The options that the bot answered to what was typed into an `external_select`.

        Slack does not say what was chosen in other fields (bolt-js issue 1146).
        """
        blocks = where.blocks if isinstance(where, Message) else where["blocks"]
        block, element = one(blocks, action_id)
        if len(text) < element.get("min_query_length", FEWEST_LETTERS):
            return []
        query = {"action_id": action_id, "block_id": block.get("block_id", ""), "value": text}
        response = self.slack.delivery.interaction(
            self._payload("block_suggestion", **query, **self._container(where))
        )
        offered: list[dict[str, Any]] = response.payload.get("options", [])
        wrong = list(options("/options", offered, 100, least=0))
        if response.status != OK or wrong or "options" not in response.payload:
            raise LookupError(f"no options came: {response.status} {response.text} {wrong}")
        with self.slack.lock:
            self.slack.store.offered[self.user, action_id] = offered
        return offered

    def submits(self, **typed: Chosen) -> Response:
        """
        The window that is open, with what was picked before and is given here, by action id.

        It stays open where the bot answers with errors, or with another content.
        """
        store = self.slack.store
        view = store.views[self.user]
        for block in view["blocks"]:
            if block["type"] == "input":
                self._fill(view, block, typed)
        response = self.slack.delivery.interaction(
            self._payload(
                "view_submission",
                view=view,
                trigger_id=self._trigger(),
                response_urls=self._response_urls(view),
            )
        )
        self._answered(view, response)
        return response

    def _fill(self, view: View, block: dict[str, Any], typed: dict[str, Chosen]) -> None:
        element = block["element"]
        id_, values = (
            element["action_id"],
            view["state"]["values"].setdefault(block["block_id"], {}),
        )
        if id_ in typed or id_ not in values:
            values[id_] = self._value(element, typed.get(id_))
        if not block.get("optional") and not any(v for k, v in values[id_].items() if k != "type"):
            raise LookupError(f"{id_!r} must be filled in")

    def _value(self, element: dict[str, Any], chosen: Chosen | None) -> dict[str, Any]:
        offered = self.slack.store.offered.get((self.user, element["action_id"]), [])
        return value(element, chosen, offered)

    def _answered(self, view: View, response: Response) -> None:
        views = self.slack.store.views
        with self.slack.lock:
            match response.payload.get("response_action"):
                case None | "clear" if response.status == OK and views.get(self.user) is view:
                    del views[self.user]
                case "update":
                    wrong = view_complaints(response.payload["view"])
                    if wrong:
                        raise LookupError(f"no such view may be shown: {wrong}")
                    self.slack.store.opens(self.user, response.payload["view"])
            self.slack.lock.notify_all()

    def _response_urls(self, view: View) -> list[dict[str, str]]:
        """One for each channel that was chosen in a menu that asks for it."""
        inputs = [one for one in view["blocks"] if one["type"] == "input"]
        asks = [one for one in inputs if one["element"].get("response_url_enabled")]
        urls = []
        for block in asks:
            id_ = block["element"]["action_id"]
            channel = view["state"]["values"][block["block_id"]][id_]["selected_conversation"]
            if channel:
                url = self.slack.response_url(channel, self.user)
                ids = {"block_id": block["block_id"], "action_id": id_}
                urls.append({"response_url": url, "channel_id": channel, **ids})
        return urls

    def _acts(self, view: View, action: dict[str, Any]) -> Response:
        return self.slack.delivery.interaction(
            self._payload(
                "block_actions",
                trigger_id=self._trigger(),
                actions=[action | {"action_ts": stamp()}],
                **self._container(view),
            )
        )

    def _container(self, where: View | Message) -> dict[str, Any]:
        if isinstance(where, Message):
            channel = {"id": where.channel, "name": self._name(where.channel)}
            container = {"type": "message", "message_ts": where.ts, "channel_id": where.channel}
            return {"container": container, "channel": channel, "message": shown(where)}
        return {"container": {"type": "view", "view_id": where["id"]}, "view": where}
