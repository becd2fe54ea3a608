"""
What it means when Slack refuses: by rule, so that a word nobody has seen yet has a meaning, too.

Slack's published words for each method are in tests/fixtures/slack/error_words.json. A word that
is in none of the tables below is `NOT_HERE`: the message cannot be delivered this way, and its
reader hears of it another way (store/fallback.py).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError

from slack_sdk.errors import SlackApiError

TOO_MANY, SERVER_ERROR = 429, 500
PAUSE = timedelta(seconds=1)
LONGEST_PAUSE = timedelta(hours=1)
UNHEARD = (OSError, HTTPException)
"""The connection ended before, or within, the answer."""


class Means(StrEnum):
    """What is to be done about it."""

    LIMITED = "limited"
    """Nothing was done: again when Slack says."""
    WAIT = "wait"
    """Nothing was done, and nothing will be until somebody changes the app or the workspace."""
    UNCLEAR = "unclear"
    """It may have been done."""
    OUR_FAULT = "our_fault"
    """Nothing was done: Slack does not take this content, but may take plain text."""
    NOT_HERE = "not_here"
    """Nothing was done, and nothing will be: another way must be found."""


_LIMITED = frozenset({"ratelimited", "rate_limited"})
_TROUBLE = frozenset(
    {"internal_error", "fatal_error", "request_timeout", "service_unavailable", "team_added_to_org"}
)
"""Slack's own, answered with status 200; some of it may have been done (its common errors)."""
_WAIT = frozenset(
    {
        "accesslimited",
        "account_inactive",
        "enterprise_is_restricted",
        "forbidden_team",
        "insecure_request",
        "invalid_auth",
        "message_limit_exceeded",
        "missing_scope",
        "not_allowed_token_type",
        "not_authed",
        "org_login_required",
        "team_access_not_granted",
    }
)
_WAIT_STARTS = ("token_", "two_factor_", "ekm_")
_OUR_FAULT = frozenset(
    {
        "attachment_payload_limit_exceeded",
        "block_mismatch",
        "json_not_object",
        "markdown_text_conflict",
        "missing_post_type",
        "msg_blocks_too_long",
        "msg_too_long",
        "no_text",
        "too_many_attachments",
        "too_many_contact_cards",
        "view_too_large",
    }
)
_OUR_FAULT_STARTS = ("invalid_", "metadata_")
_WORD = re.compile("[a-z][a-z0-9_]{0,99}")


class Refused(Exception):
    """Slack refused outside of its Web API; `word` is its own, or the status."""

    def __init__(self, word: str) -> None:
        """`word` as `word` below gives it."""
        super().__init__(word)
        self.word = word


@dataclass(frozen=True, slots=True)
class Refusal:
    """One answer of Slack's that is no."""

    means: Means
    word: str
    """Slack's own for what went wrong; the status, or the error's kind, where it gave none."""
    pause: timedelta = PAUSE
    """For LIMITED: how long Slack wants to be left alone."""


def refusal(error: Exception) -> Refusal:
    """Of what slack_sdk, urllib or response_url.py raised."""
    if isinstance(error, SlackApiError):
        return _refusal(word(error), error.response.status_code, error.response.headers)
    if isinstance(error, HTTPError):
        return _refusal(str(error.code), error.code, error.headers)
    if isinstance(error, Refused):
        return _refusal(error.word, 200, {})
    return Refusal(Means.UNCLEAR, type(error).__name__)


def means(word: str) -> Means:
    """Of a word of Slack's, answered with status 200."""
    if word in _LIMITED:
        return Means.LIMITED
    if word in _WAIT or word.startswith(_WAIT_STARTS):
        return Means.WAIT
    if word in _TROUBLE or not _WORD.fullmatch(word):  # no JSON, or none of Slack's
        return Means.UNCLEAR
    if word in _OUR_FAULT or word.startswith(_OUR_FAULT_STARTS):
        return Means.OUR_FAULT
    return Means.NOT_HERE


def word(error: SlackApiError) -> str:
    """Slack's own for what went wrong; the status where it gave none."""
    response: Any = error.response
    if response.status_code == TOO_MANY:
        return "ratelimited"
    error_word = response.get("error") if isinstance(response.data, dict) else None
    return str(error_word or response.status_code)


def _refusal(word: str, status: int, headers: Any) -> Refusal:
    if status == TOO_MANY:
        return Refusal(Means.LIMITED, "ratelimited", _pause(headers))
    if status >= SERVER_ERROR:
        return Refusal(Means.UNCLEAR, word)
    meaning = means(word)
    return Refusal(meaning, word, _pause(headers) if meaning is Means.LIMITED else PAUSE)


def _pause(headers: Any) -> timedelta:
    seconds = str((headers or {}).get("Retry-After", ""))
    return min(timedelta(seconds=int(seconds)), LONGEST_PAUSE) if seconds.isdecimal() else PAUSE
