"""Answers by a response URL: seen by the requester only, where the bot is no member, too."""

from __future__ import annotations

import json
import re
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit

import structlog

from bot.observability.tracing import ActKind, acting
from bot.slack.addresses import post, trusted
from bot.slack.refusals import SERVER_ERROR, TOO_MANY

HOOKS = "https://hooks.slack.com"
LONGEST = 10_000
"""Bytes of an answer that are read."""
_WORD = re.compile("[a-z][a-z_]{0,99}")

log = structlog.get_logger(__name__)


def respond(url: str, body: dict[str, Any], api_url: str) -> str | None:
    """
    Answer by a response URL of Slack's, or of the API's own origin.

    None once Slack took it; else Slack's word for why it will not (used up, too old, content).
    Raises OSError, HTTPError among them, where another time it may.
    """
    if not trusted(url, HOOKS, api_url):
        log.warning("response_url_refused", host=urlsplit(url).hostname)
        return "untrusted_url"
    document = json.dumps({"response_type": "ephemeral", "replace_original": False, **body})
    try:
        with acting(ActKind.SLACK, "response_url"):
            post(url, document.encode(), "application/json")
    except HTTPError as error:
        if error.code >= SERVER_ERROR or error.code == TOO_MANY:
            raise
        word = _word(error)
        log.warning("response_url_refused", status=error.code, error=word)
        return word
    return None


def _word(error: HTTPError) -> str:
    """Slack answers with JSON, or with the bare word."""
    try:
        text = error.read(LONGEST).decode()
        word = json.loads(text).get("error") if text.startswith("{") else text.strip()
    except (OSError, HTTPException, ValueError):
        word = None
    return str(word) if word and _WORD.fullmatch(str(word)) else "used_url"
