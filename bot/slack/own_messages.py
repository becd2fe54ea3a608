"""
Our own messages: one outbox entry → one call of Slack's, and finding again what landed.

Where Slack does not take an entry's content, a simpler form is sent. Slack takes no idempotency key:
whether a post landed shows by a marker in the message's metadata. It is signed for its channel and
thread and believed only on a message of this bot, so that another app can neither forge nor copy
one (docs/facts/slack.md). A message that was not seen counts as not there only once all of the time
in which it can have landed was read.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from hashlib import sha256
from typing import Any

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from bot.slack.files import Contents, Files
from bot.slack.refusals import PAUSE, Means, Refused, refusal
from bot.slack.response_url import respond
from bot.store.messages import Entry, EntryKind
from bot.store.outbox import Outbox

log = structlog.get_logger(__name__)

LONGEST_PLAIN = 3_000
"""Characters; far below any limit of Slack's."""
EVENT_TYPE = "slsdiag"
CLOCKS_DIFFER_BY = timedelta(seconds=60)
PAGE, PAGES = 200, 5
"""Messages asked for at once, and pages a search; some apps get 15 messages, and once a minute."""


def permalink(client: WebClient, channel: str, ts: str) -> str | None:
    """Where people find a message; None where Slack does not say."""
    try:
        return str(client.chat_getPermalink(channel=channel, message_ts=ts)["permalink"])
    except (SlackApiError, OSError) as error:
        log.info("no_permalink", error=type(error).__name__)
        return None


@dataclass(frozen=True)
class Spot:
    """Where a message is or was to be."""

    channel: str
    thread_ts: str | None
    key: str
    file: str | None = None
    """The id of the file that it shows; Slack lets such a message have no marker."""


@dataclass(frozen=True, slots=True)
class Search:
    """What one search found."""

    stamps: list[str]
    """`ts` of each message with the marker, oldest first."""
    cursor: str | None = None
    """Where the next search goes on; None when all was read."""
    pause: timedelta = PAUSE
    """Until the next search, at least."""


class OwnMessages:
    """Those of this bot, by the outbox's keys."""

    def __init__(self, outbox: Outbox, client: WebClient, api_url: str, contents: Contents) -> None:
        """Calls nothing yet."""
        self._outbox, self._client, self._api_url = outbox, client, api_url
        self._files = Files(client, api_url, contents)

    def send(self, entry: Entry) -> str:
        """The `ts` where it landed, if it has one; raises what the call raised."""
        bodies = [entry.body, *_simpler(entry)]
        for body in bodies[:-1]:
            try:
                return self._call(replace(entry, body=body))
            except (SlackApiError, Refused) as error:
                why = refusal(error)
                if why.means is not Means.OUR_FAULT:
                    raise
                log.warning("content_refused", key=entry.key, error=why.word)
        return self._call(replace(entry, body=bodies[-1]))

    def spot(self, entry: Entry) -> Spot:
        """Where a message is or was to be."""
        thread = entry.thread_ts or (self._ts(entry.thread_of) if entry.thread_of else None)
        file = self._ts(entry.of) if entry.kind is EntryKind.SHARE else None
        return Spot(entry.channel, thread, entry.key, file)

    def marker(self, spot: Spot) -> dict[str, Any]:
        """The metadata of a message that is to be found again."""
        return {
            "event_type": EVENT_TYPE,
            "event_payload": {"key": spot.key, "sign": self._sign(spot)},
        }

    def find(
        self,
        spot: Spot,
        since: datetime | None,
        until: datetime | None = None,
        cursor: str | None = None,
    ) -> Search:
        """What landed there between `since` and `until`; raises slack_sdk's errors."""
        arguments = {"channel": self._readable(spot.channel), **_between(since, until)}
        stamps: list[str] = []
        for number in range(PAGES):
            try:
                page = self._page(spot, arguments, cursor)
            except SlackApiError as error:
                why = refusal(error)
                if number and why.means is Means.LIMITED:
                    return Search(sorted(stamps), cursor, why.pause)
                raise
            stamps += [
                str(message["ts"]) for message in page["messages"] if self._is(message, spot)
            ]
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or None
            if cursor is None:
                break
        return Search(sorted(stamps), cursor)

    def delete(self, spot: Spot, ts: str) -> None:
        """Take a message back; that it is gone already is as good."""
        try:
            self._client.chat_delete(channel=self._readable(spot.channel), ts=ts)
        except SlackApiError as error:
            if error.response["error"] != "message_not_found":
                raise

    def _call(self, entry: Entry) -> str:
        match entry.kind:
            case EntryKind.POST:
                return str(self._client.chat_postMessage(**self._post(entry))["ts"])
            case EntryKind.UPDATE:
                ts = self._ts(entry.of)
                self._client.chat_update(channel=entry.channel, ts=ts, **entry.body)
                return ts
            case EntryKind.EPHEMERAL:
                self._client.chat_postEphemeral(
                    channel=entry.channel,
                    user=entry.user or "",
                    thread_ts=entry.thread_ts,
                    **entry.body,
                )
                return ""
            case EntryKind.UPLOAD:
                return self._files.upload(entry)
            case EntryKind.SHARE:
                self._files.share(entry, self._ts(entry.of))
                return ""
            case EntryKind.RESPOND:
                if why := respond(entry.response_url or "", entry.body, self._api_url):
                    raise Refused(why)
                return ""

    def _post(self, entry: Entry) -> dict[str, Any]:
        spot = self.spot(entry)
        return {
            "channel": spot.channel,
            "thread_ts": spot.thread_ts,
            "metadata": self.marker(spot),
            "unfurl_links": False,
            "unfurl_media": False,
            **entry.body,
        }

    def _ts(self, key: str | None) -> str:
        return (self._outbox.ts(key) or "") if key else ""

    def _page(self, spot: Spot, arguments: dict[str, Any], cursor: str | None) -> SlackResponse:
        more: dict[str, Any] = {"cursor": cursor} if cursor else {}
        if spot.thread_ts:
            return self._client.conversations_replies(ts=spot.thread_ts, **arguments, **more)
        return self._client.conversations_history(**arguments, **more)

    @cached_property
    def _bot(self) -> str:
        return str(self._client.auth_test()["bot_id"])

    @cached_property
    def _key(self) -> bytes:
        return self._outbox.secret().encode()

    def _sign(self, spot: Spot) -> str:
        text = "\n".join((spot.channel, spot.thread_ts or "", spot.key))
        return hmac.new(self._key, text.encode(), sha256).hexdigest()

    def _is(self, message: dict[str, Any], spot: Spot) -> bool:
        if spot.file:
            files = message.get("files") or ()
            ours = message.get("bot_id") == self._bot
            return ours and any(file.get("id") == spot.file for file in files)
        metadata = message.get("metadata") or {}
        payload = metadata.get("event_payload") or {}
        return (
            metadata.get("event_type") == EVENT_TYPE
            and message.get("bot_id") == self._bot
            and payload.get("key") == spot.key
            and hmac.compare_digest(str(payload.get("sign")), self._sign(spot))
        )

    def _readable(self, channel: str) -> str:
        """Slack posts to a person by their id, but lists and deletes by the channel's."""
        if channel[:1] not in {"U", "W"}:
            return channel
        return str(self._client.conversations_open(users=channel)["channel"]["id"])


def _simpler(entry: Entry) -> Iterator[dict[str, Any]]:
    """A form without what not every Slack takes, then the bare text."""
    if entry.plain:
        yield entry.plain
    text = str(entry.body.get("text") or "")
    if text:
        yield {"text": text[:LONGEST_PLAIN]}


def _between(since: datetime | None, until: datetime | None) -> dict[str, Any]:
    arguments: dict[str, Any] = {"include_all_metadata": True, "limit": PAGE}
    if since:
        arguments["oldest"] = str((since - CLOCKS_DIFFER_BY).timestamp())
    if until:
        arguments["latest"] = str((until + CLOCKS_DIFFER_BY).timestamp())
    return arguments
