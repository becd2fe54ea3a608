"""What Slack's Web API means when it refuses: for good, for a while, or not clear at all."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from slack_sdk.errors import SlackApiError

TOO_MANY, SERVER_ERROR = 429, 500
PAUSE = timedelta(seconds=1)
NOT_ALLOWED = frozenset({"not_in_channel", "channel_not_found", "is_archived", "restricted_action"})
BLOCKS_REFUSED = frozenset({"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long"})
TROUBLE = frozenset(
    {"internal_error", "fatal_error", "request_timeout", "service_unavailable", "team_added_to_org"}
)
"""Slack's own, answered with status 200; some of it may have been done (its common errors)."""
SHUT_OUT = frozenset(
    {"invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive"}
)
"""Until somebody installs the app anew; nothing was done."""


def word(error: SlackApiError) -> str:
    """Slack's own for what went wrong; the status where it told none."""
    response: Any = error.response
    if response.status_code == TOO_MANY:
        return "ratelimited"
    told = response.get("error") if isinstance(response.data, dict) else None
    return str(told or response.status_code)


def passes(error: SlackApiError) -> bool:
    """Slack's own trouble, or that we ask too often or no more: another time it may go."""
    response: Any = error.response
    told = word(error)
    return bool(
        response.status_code >= SERVER_ERROR
        or limited(error)
        or told in TROUBLE | SHUT_OUT
        or not re.fullmatch("[a-z][a-z0-9_]*", told)  # no JSON, or none of Slack's
    )


def limited(error: SlackApiError) -> bool:
    """We ask too often."""
    return word(error) in {"ratelimited", "rate_limited"}


def pause(error: SlackApiError) -> timedelta:
    """How long Slack wants to be left alone then."""
    response: Any = error.response
    told = str(response.headers.get("Retry-After", ""))
    return timedelta(seconds=int(told)) if told.isdecimal() else PAUSE
