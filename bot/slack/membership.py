"""
Whether somebody is in a channel, by the scopes that the app has.

Reading a channel's members takes scopes that the manifest does not ask for. But Slack refuses a
message that only one person would see where that person is not in the channel (chat.postEphemeral,
user_not_in_channel), so such a message, which says what it is for, proves that they are.
"""

from __future__ import annotations

import threading
from enum import StrEnum

import structlog
from cachetools import TTLCache
from slack_sdk.errors import SlackApiError

from bot.slack.observed import Client

PROVED_FOR = 600.0
"""Seconds."""
MOST = 10_000
PATIENCE = 1
"""Seconds that Slack may take: somebody waits for an acknowledgement."""
PROOF = "You chose this channel in the Diagnose window, so its functions are offered to you there."

log = structlog.get_logger(__name__)


class Proof(StrEnum):
    """Whether a person is in a channel."""

    MEMBER = "member"
    STRANGER = "stranger"
    UNKNOWN = "unknown"
    """The bot is not in the channel itself, or Slack did not answer."""


class Membership:
    """Of the people of one workspace."""

    def __init__(self, token: str | None, api_url: str) -> None:
        """Asks nothing yet."""
        self._client = Client(token, api_url, timeout=PATIENCE, retry_handlers=[])
        self._lock = threading.Lock()
        self._proved: TTLCache[tuple[str, str], bool] = TTLCache(MOST, PROVED_FOR)

    def __call__(self, user: str, channel: str) -> Proof:
        """Only what was proved is remembered: who is not a member may join."""
        with self._lock:
            if (user, channel) in self._proved:
                return Proof.MEMBER
        try:
            self._client.chat_postEphemeral(channel=channel, user=user, text=PROOF)
        except SlackApiError as error:
            word = str(error.response.get("error"))
            log.info("membership_not_proved", error=word)
            return Proof.STRANGER if word == "user_not_in_channel" else Proof.UNKNOWN
        except OSError as error:
            log.warning("membership_not_proved", error=type(error).__name__)
            return Proof.UNKNOWN
        with self._lock:
            self._proved[user, channel] = True
        return Proof.MEMBER
