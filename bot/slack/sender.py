"""
Outbox → Slack's Web API.

Slack takes no idempotency key. After an unclear outcome (a time-out, a reset, a 5xx) the
sender looks first whether the message is there, by its key in the metadata, and posts again
only if it is not; never at once, because Slack's history lags.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.store.due import ENTRY, Claim, Due
from bot.store.messages import Entry, Kind, State
from bot.store.outbox import Outbox

LEASE = timedelta(seconds=30)
SETTLES_IN = timedelta(seconds=15)
"""After an unclear post: longer than the request's timeout and Slack's lag."""
TIMEOUT = 10
EVENT_TYPE = "slsdiag"
HOOKS = "https://hooks.slack.com"
NOT_ALLOWED = frozenset({"not_in_channel", "channel_not_found", "is_archived", "restricted_action"})

log = structlog.get_logger(__name__)


def web_client(token: str, api_url: str) -> WebClient:
    """A client that never posts twice by itself."""
    return WebClient(token=token, base_url=api_url, timeout=TIMEOUT, retry_handlers=[])


@dataclass(frozen=True)
class Sender:
    """Sends one entry at a time."""

    outbox: Outbox
    due: Due
    client: WebClient
    api_url: str
    now: Callable[[], datetime]
    nudge: Callable[[str, str], None]
    not_allowed: Callable[[Entry], None]
    """Told of a card that the bot may not post."""

    def send(self, key: str) -> None:
        """Send the entry, if it is due and nobody else has it."""
        claim = self.due.claim(ENTRY, key, LEASE)
        entry = self.outbox.load(key) if claim else None
        if claim is None:
            return
        if entry is None or entry.state in {State.SENT, State.DEAD}:
            self.due.finish(claim)
            return
        if entry.state is State.SENDING and entry.kind is Kind.POST:
            try:
                found = self._look(entry)
            except (SlackApiError, OSError):
                self.outbox.postpone(entry, self.now() + SETTLES_IN, claim, unclear=True)
                return
            if found:
                self._done(self.outbox.sent(entry, found, claim))
                return
        sending = self.outbox.sending(entry, claim)
        if sending:
            self._try(sending, claim)

    def _try(self, entry: Entry, claim: Claim) -> None:
        try:
            ts = self._call(entry)
        except SlackApiError as error:
            self._refused(entry, error, claim)
        except (OSError, URLError):
            self.outbox.postpone(entry, self.now() + SETTLES_IN, claim, unclear=True)
        else:
            self._done(self.outbox.sent(entry, ts, claim))

    def _refused(self, entry: Entry, error: SlackApiError, claim: Claim) -> None:
        response: Any = error.response
        status, word = response.status_code, str(response.get("error", "unknown"))
        if status == 429:  # noqa: PLR2004 - HTTP's own
            pause = timedelta(seconds=float(response.headers.get("Retry-After", 1)))
            self.outbox.postpone(entry, self.now() + pause, claim)
        elif status >= 500:  # noqa: PLR2004 - HTTP's server errors
            self.outbox.postpone(entry, self.now() + SETTLES_IN, claim, unclear=True)
        else:
            log.warning("slack_refused", key=entry.key, error=word)
            if word in NOT_ALLOWED and entry.kind is Kind.POST:
                self.not_allowed(entry)
            self._done(self.outbox.dead(entry, word, claim))

    def _done(self, released: tuple[str, ...]) -> None:
        for key in released:
            self.nudge(ENTRY, key)

    def _call(self, entry: Entry) -> str:
        match entry.kind:
            case Kind.POST:
                return str(self.client.chat_postMessage(**self._post(entry))["ts"])
            case Kind.UPDATE:
                ts = self._ts(entry.of)
                self.client.chat_update(channel=entry.channel, ts=ts, **entry.body)
                return ts
            case Kind.EPHEMERAL:
                self.client.chat_postEphemeral(
                    channel=entry.channel, user=entry.user or "", **entry.body
                )
                return ""
            case Kind.RESPOND:
                respond(entry.response_url or "", entry.body, self.api_url)
                return ""

    def _post(self, entry: Entry) -> dict[str, Any]:
        thread = entry.thread_ts or (self._ts(entry.thread_of) if entry.thread_of else None)
        return {
            "channel": entry.channel,
            "thread_ts": thread,
            "metadata": {"event_type": EVENT_TYPE, "event_payload": {"key": entry.key}},
            "unfurl_links": False,
            "unfurl_media": False,
            **entry.body,
        }

    def _ts(self, key: str | None) -> str:
        found = self.outbox.load(key) if key else None
        return (found.ts or "") if found else ""

    def _look(self, entry: Entry) -> str | None:
        """The `ts` of our own message with that key, None where it is not there."""
        thread = entry.thread_ts or (self._ts(entry.thread_of) if entry.thread_of else None)
        arguments: dict[str, Any] = {"channel": entry.channel, "include_all_metadata": True}
        if entry.first_try_at:
            arguments["oldest"] = str(entry.first_try_at.timestamp() - 60)
        if thread:
            answer = self.client.conversations_replies(ts=thread, limit=200, **arguments)
        else:
            answer = self.client.conversations_history(limit=200, **arguments)
        messages: list[dict[str, Any]] = answer["messages"]
        for message in messages:
            metadata = message.get("metadata") or {}
            payload = metadata.get("event_payload") or {}
            ours = metadata.get("event_type") == EVENT_TYPE and message.get("bot_id")
            if ours and payload.get("key") == entry.key:
                return str(message["ts"])
        return None


def respond(url: str, told: dict[str, Any], api_url: str) -> None:
    """Answer by a response URL of Slack's, or of the API's own origin."""
    parts, api = urlsplit(url), urlsplit(api_url)
    trusted = url.startswith(f"{HOOKS}/") or (parts.scheme, parts.netloc) == (
        api.scheme,
        api.netloc,
    )
    if not trusted:
        log.warning("response_url_refused", host=parts.hostname)
        return
    document = json.dumps({"response_type": "ephemeral", "replace_original": False, **told})
    request = Request(  # noqa: S310 - the scheme was checked above
        url, document.encode(), {"Content-Type": "application/json"}
    )
    try:
        urlopen(request, timeout=TIMEOUT).close()  # noqa: S310 - likewise
    except HTTPError as error:
        if error.code >= 500:  # noqa: PLR2004 - HTTP's server errors
            raise
        log.warning("response_url_used_up", status=error.code)
