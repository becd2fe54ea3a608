"""
Which channels are shared with another organization (Slack Connect), whose people read along.

Slack says so in three places: in the events that it sends, by the workspace of somebody who acts,
and by conversations.info, for which the app needs channels:read and groups:read; the manifest does
not ask for them. A channel about which none of the three says anything counts as not shared.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection
from typing import Any

import structlog
from cachetools import TTLCache
from slack_bolt import BoltRequest, BoltResponse
from slack_bolt.middleware import Middleware
from slack_sdk.errors import SlackApiError

from bot.slack.interactions import Payload
from bot.slack.observed import Client
from bot.store.connection import StoreError
from bot.store.sharing import ExternalChannels

ANSWER_KEPT_FOR, LEARNED_FOR = 600.0, 60.0
"""Seconds for which an answer of Slack's is kept, and what other replicas may have learned."""
MOST = 10_000
PATIENCE = 1
"""Seconds that Slack may take to answer: somebody may wait for an acknowledgement."""

log = structlog.get_logger(__name__)


class External(Middleware):
    """Learns from all that Slack sends; called with a channel, says whether results must not go there."""

    def __init__(
        self, token: str | None, api_url: str, memory: ExternalChannels, listed: Collection[str]
    ) -> None:
        """Asks nothing yet. `listed` channels get results all the same."""
        self._client = Client(token, api_url, timeout=PATIENCE, retry_handlers=[])
        self._memory, self._listed = memory, frozenset(listed)
        self._lock = threading.Lock()
        self._answers: TTLCache[str, bool | None] = TTLCache(MOST, ANSWER_KEPT_FOR)
        self._learned: TTLCache[str, bool] = TTLCache(MOST, LEARNED_FOR)

    def process(
        self,
        *,
        req: BoltRequest,
        resp: BoltResponse,  # noqa: ARG002 - Bolt's signature
        next: Callable[[], Any],  # noqa: A002 - likewise
    ) -> BoltResponse | None:
        """Learn from the request, and pass it on."""
        channel, external = origin(req.body)
        if channel and external is not None:
            self._learn(channel, external=external)
        next()
        return None

    def __call__(self, channel: str) -> bool:
        """Whether another organization reads `channel`, which the settings do not list."""
        if channel[:1] in {"", "D"} or channel in self._listed:
            return False
        with self._lock:
            external = self._learned.get(channel)
        if external is not None:
            return external
        external = self._ask_slack(channel)
        if external is None:
            external = self._remembered(channel)
        with self._lock:
            self._learned[channel] = external
        return external

    def _ask_slack(self, channel: str) -> bool | None:
        """What Slack says; None where it does not."""
        with self._lock:
            if channel in self._answers:
                return self._answers[channel]
        try:
            channel_info = self._client.conversations_info(channel=channel).get("channel")
            shared = (
                bool(channel_info.get("is_ext_shared")) if isinstance(channel_info, dict) else None
            )
        except SlackApiError as error:
            if error.response.get("error") != "missing_scope":
                return None
            shared = None
        except OSError:
            return None
        with self._lock:
            self._answers[channel] = shared
        return shared

    def _remembered(self, channel: str) -> bool:
        try:
            return bool(self._memory.get(channel))
        except (StoreError, OSError):
            return False

    def _learn(self, channel: str, *, external: bool) -> None:
        with self._lock:
            changed = self._learned.get(channel) != external
            self._learned[channel] = external
        if not changed:
            return
        try:
            self._memory.put(channel, external=external)
        except (StoreError, OSError) as error:
            log.warning("external_not_saved", error=type(error).__name__)


def origin(body: Payload) -> tuple[str, bool | None]:
    """
    The channel that Slack's payload comes from, and whether it is shared outside; None: not said.

    People of another workspace of the same Enterprise Grid are no strangers: they
    prove nothing.
    """
    event = body.get("event")
    if isinstance(event, dict):
        shared = body.get("is_ext_shared_channel")
        channel = event.get("channel")
        if isinstance(channel, str) and isinstance(shared, bool):
            return channel, shared
        return "", None
    user, team, channel = (body.get(name) or {} for name in ("user", "team", "channel"))
    if body.get("enterprise") or not all(isinstance(x, dict) for x in (user, team, channel)):
        return "", None
    theirs, ours = user.get("team_id"), team.get("id")
    stranger = bool(theirs and ours) and theirs != ours
    return str(channel.get("id") or ""), True if stranger else None
