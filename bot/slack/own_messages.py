"""
Finding our own messages again.

Slack takes no idempotency key: whether a post landed is told by a marker in the message's
metadata. It is signed for its channel and thread and believed only on a message of this bot,
so that another app can neither forge nor copy one (facts/reliability.md, T33).
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from hashlib import sha256
from itertools import islice
from typing import Any

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

log = structlog.get_logger(__name__)

EVENT_TYPE = "slsdiag"
CLOCKS_DIFFER_BY = timedelta(seconds=60)
PAGE, PAGES = 200, 5


def permalink(client: WebClient, channel: str, ts: str) -> str | None:
    """Where people find a message; None where Slack does not tell."""
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


class OwnMessages:
    """Those of this bot, by the outbox's keys."""

    def __init__(self, client: WebClient, secret: Callable[[], str]) -> None:
        """`secret` is the same in every process of the bot."""
        self._client, self._secret = client, secret

    def marker(self, spot: Spot) -> dict[str, Any]:
        """The metadata of a message that is to be found again."""
        return {
            "event_type": EVENT_TYPE,
            "event_payload": {"key": spot.key, "sign": self._sign(spot)},
        }

    def find(self, spot: Spot, since: datetime | None) -> list[str]:
        """`ts` of each message there with that marker, oldest first; raises slack_sdk's errors."""
        asked: dict[str, Any] = {
            "channel": self._readable(spot.channel),
            "include_all_metadata": True,
            "limit": PAGE,
        }
        if since:
            asked["oldest"] = str((since - CLOCKS_DIFFER_BY).timestamp())
        if spot.thread_ts:
            pages = self._client.conversations_replies(ts=spot.thread_ts, **asked)
        else:
            pages = self._client.conversations_history(**asked)
        return sorted(
            str(message["ts"])
            for page in islice(pages, PAGES)
            for message in page["messages"]
            if self._is(message, spot)
        )

    def delete(self, spot: Spot, ts: str) -> None:
        """Take a message back; that it is gone already is as good."""
        try:
            self._client.chat_delete(channel=self._readable(spot.channel), ts=ts)
        except SlackApiError as error:
            if error.response["error"] != "message_not_found":
                raise

    @cached_property
    def _bot(self) -> str:
        return str(self._client.auth_test()["bot_id"])

    @cached_property
    def _key(self) -> bytes:
        return self._secret().encode()

    def _sign(self, spot: Spot) -> str:
        said = "\n".join((spot.channel, spot.thread_ts or "", spot.key))
        return hmac.new(self._key, said.encode(), sha256).hexdigest()

    def _is(self, message: dict[str, Any], spot: Spot) -> bool:
        metadata = message.get("metadata") or {}
        payload = metadata.get("event_payload") or {}
        return (
            metadata.get("event_type") == EVENT_TYPE
            and message.get("bot_id") == self._bot
            and payload.get("key") == spot.key
            and hmac.compare_digest(str(payload.get("sign")), self._sign(spot))
        )

    def _readable(self, channel: str) -> str:
        """Slack posts to a person by their id, but tells and deletes by the channel's."""
        if channel[:1] not in {"U", "W"}:
            return channel
        return str(self._client.conversations_open(users=channel)["channel"]["id"])
