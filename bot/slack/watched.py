"""Bolt's app and slack_sdk's client, with what they do told to whoever watches."""

from __future__ import annotations

from typing import Any

from slack_bolt import App, BoltContext, BoltRequest, BoltResponse
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from bot.tracing import Kind, acknowledging, acting

LIMITED = 429


class Client(WebClient):
    """Each call is an act, by its method's name."""

    def api_call(self, api_method: str, **given: Any) -> SlackResponse:
        """As slack_sdk's."""
        with acting(Kind.SLACK, api_method) as act:
            try:
                return super().api_call(api_method, **given)
            except SlackApiError as error:
                act.code = word(error)
                raise


class WatchedApp(App):
    """Each request is an act under an id of its own; listeners get the app's own client."""

    def __init__(self, **given: Any) -> None:
        """As Bolt's."""
        super().__init__(**given)
        self.use(self._with_our_client)

    def dispatch(self, req: BoltRequest) -> BoltResponse:
        """As Bolt's."""
        with acknowledging(_kind(req.body)) as act:
            answer = super().dispatch(req)
            act.code = "ok" if answer.status < 400 else str(answer.status)  # noqa: PLR2004 - HTTP's errors
            return answer

    def _with_our_client(self, context: BoltContext, next: Any) -> None:  # noqa: A002 - Bolt's name
        context["client"] = self.client
        next()


def word(error: SlackApiError) -> str:
    """Slack's own word for what went wrong."""
    response: Any = error.response
    if response.status_code == LIMITED:
        return "ratelimited"
    told = response.get("error") if isinstance(response.data, dict) else None
    return str(told or response.status_code)


def _kind(body: dict[str, Any]) -> str:
    """Of our own words, whatever the request says."""
    if "command" in body:
        return "command"
    told = body.get("type")
    known = {"event_callback", "block_actions", "message_action", "view_submission", "shortcut"}
    return str(told) if told in known else "other"
