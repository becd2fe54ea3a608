"""Bolt's app and slack_sdk's client, with what they do told to whoever watches."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from slack_bolt import App, BoltRequest, BoltResponse
from slack_bolt.middleware import Middleware
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from bot.slack.refusals import word
from bot.tracing import Kind, acknowledging, acting


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
        self.use(OurClient(self.client))

    def dispatch(self, req: BoltRequest) -> BoltResponse:
        """As Bolt's."""
        with acknowledging(_kind(req.body)) as act:
            answer = super().dispatch(req)
            act.code = "ok" if answer.status < 400 else str(answer.status)  # noqa: PLR2004 - HTTP's errors
            return answer


class OurClient(Middleware):
    """In the place of the one that Bolt makes for each request, which nobody watches."""

    def __init__(self, client: WebClient) -> None:
        """`client` is for all requests."""
        self._client = client

    def process(
        self,
        *,
        req: BoltRequest,
        resp: BoltResponse,  # noqa: ARG002 - Bolt's signature
        next: Callable[[], Any],  # noqa: A002 - likewise
    ) -> BoltResponse | None:
        """Let it go on."""
        req.context["client"] = self._client
        next()
        return None


def _kind(body: dict[str, Any]) -> str:
    """Of our own words, whatever the request says."""
    if "command" in body:
        return "command"
    told = body.get("type")
    known = {"event_callback", "block_actions", "message_action", "view_submission", "shortcut"}
    return str(told) if told in known else "other"
