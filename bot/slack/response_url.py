"""Answers by a response URL: seen by the requester only, where the bot is no member, too."""

from __future__ import annotations

import json
import re
from http.client import HTTPException, HTTPMessage
from typing import IO, Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

import structlog

from bot.observability.tracing import ActKind, acting
from bot.proxy import proxy_for
from bot.slack.refusals import SERVER_ERROR, TOO_MANY

HOOKS = "https://hooks.slack.com"
TIMEOUT = 10
LONGEST = 10_000
"""Bytes of an answer that are read."""
_WORD = re.compile("[a-z][a-z_]{0,99}")

log = structlog.get_logger(__name__)


class _Stays(HTTPRedirectHandler):
    """What answers at a trusted address does not send us to another."""

    def redirect_request(
        self,
        req: Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> None:
        """Never."""


def respond(url: str, body: dict[str, Any], api_url: str) -> str | None:
    """
    Answer by a response URL of Slack's, or of the API's own origin.

    None once Slack took it; else Slack's word for why it will not (used up, too old, content).
    Raises OSError, HTTPError among them, where another time it may.
    """
    if not _trusted(url, api_url):
        log.warning("response_url_refused", host=urlsplit(url).hostname)
        return "untrusted_url"
    document = json.dumps({"response_type": "ephemeral", "replace_original": False, **body})
    try:
        with acting(ActKind.SLACK, "response_url"):
            _post(url, document.encode())
    except HTTPError as error:
        if error.code >= SERVER_ERROR or error.code == TOO_MANY:
            raise
        word = _word(error)
        log.warning("response_url_refused", status=error.code, error=word)
        return word
    return None


def _trusted(url: str, api_url: str) -> bool:
    parts, api = urlsplit(url), urlsplit(api_url)
    own_origin = (parts.scheme, parts.netloc) == (api.scheme, api.netloc)
    return own_origin or url.startswith(f"{HOOKS}/")


def _post(url: str, document: bytes) -> None:
    """Through the proxy that is set for it, and no redirect is followed."""
    headers = {"Content-Type": "application/json"}
    request = Request(url, document, headers)  # noqa: S310 - only trusted addresses come here
    proxy = proxy_for(url)
    opener = build_opener(_Stays, ProxyHandler({urlsplit(url).scheme: proxy} if proxy else {}))
    opener.open(request, timeout=TIMEOUT).close()


def _word(error: HTTPError) -> str:
    """Slack answers with JSON, or with the bare word."""
    try:
        text = error.read(LONGEST).decode()
        word = json.loads(text).get("error") if text.startswith("{") else text.strip()
    except (OSError, HTTPException, ValueError):
        word = None
    return str(word) if word and _WORD.fullmatch(str(word)) else "used_url"
