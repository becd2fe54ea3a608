"""Answers by a response URL: seen by the asker alone, where the bot is no member, too."""

from __future__ import annotations

import json
from http.client import HTTPMessage
from typing import IO, Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

import structlog

from bot.slack.refusals import SERVER_ERROR, TOO_MANY
from bot.tracing import Kind, acting

HOOKS = "https://hooks.slack.com"
TIMEOUT = 10

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


_STRAIGHT = build_opener(_Stays)


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
        with acting(Kind.SLACK, "response_url"):
            _STRAIGHT.open(request, timeout=TIMEOUT).close()
    except HTTPError as error:
        if error.code >= SERVER_ERROR or error.code == TOO_MANY:
            raise
        log.warning("response_url_used_up", status=error.code)
