"""Bolt's app and slack_sdk's client, which report what they do to the watchers of tracing.py."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.request import ProxyHandler, build_opener, install_opener

from slack_bolt import App, BoltRequest, BoltResponse
from slack_bolt.middleware import Middleware
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from bot.observability.tracing import ActKind, acknowledging, acting
from bot.proxy import proxy_for
from bot.slack.refusals import refusal

# slack_sdk without a proxy takes this opener, which would otherwise have a rule of its own.
install_opener(build_opener(ProxyHandler({})))


class Client(WebClient):
    """Each call is an act, by its method's name."""

    def __init__(self, *given: Any, **named: Any) -> None:
        """As slack_sdk's, but NO_PROXY is respected."""
        super().__init__(*given, **named)
        self.proxy = proxy_for(self.base_url)

    def api_call(self, api_method: str, **given: Any) -> SlackResponse:
        """As slack_sdk's."""
        with acting(ActKind.SLACK, api_method) as act:
            try:
                return super().api_call(api_method, **given)
            except SlackApiError as error:
                why = refusal(error)
                act.code, act.labels["refusal"] = why.word, why.means.value
                raise


class ObservedApp(App):
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
    """In the place of the one that Bolt makes for each request, which reports nothing."""

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
    kind = body.get("type")
    kinds = {"event_callback", "block_actions", "message_action", "view_submission", "shortcut"}
    return str(kind) if kind in kinds else "other"
