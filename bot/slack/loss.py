"""
Informs people when the store has lost everything: nothing in it says any more who waits.

So each process remembers in which conversations it took a request or answered one lately, and which
have digests. One try each; anybody else clicks buttons that answer that they are too old.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

REMEMBERED = 100
"""Conversations."""
NOTICE = (
    "My store has lost its data. Triages, waits, scans and digests of this conversation are gone: "
    "please start them again."
)

log = structlog.get_logger(__name__)


class Loss:
    """The conversations that this process still knows."""

    def __init__(self, client: WebClient, first: Callable[[str], bool]) -> None:
        """`first`: whether no other process has informed the conversation."""
        self._client, self._first = client, first
        self._seen: OrderedDict[str, None] = OrderedDict()

    def remember(self, conversation: str) -> None:
        """A channel's id, or a person's."""
        self._seen.pop(conversation, None)
        self._seen[conversation] = None
        if len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)

    def tell(self) -> None:
        """Inform all that are remembered."""
        for conversation in list(self._seen):
            if self._first(conversation):
                try:
                    self._client.chat_postMessage(channel=conversation, text=NOTICE)
                except (SlackApiError, OSError) as error:
                    log.warning(
                        "loss_not_reported", channel=conversation, error=type(error).__name__
                    )
