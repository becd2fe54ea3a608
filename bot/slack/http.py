"""
Slack over HTTP: a guard in front of Bolt.

It lets only signed, fresh and well-formed requests in. Stock verification answers 500 to a
malformed header and logs the body of whoever knocks; this one answers 4xx and logs nothing
of it. Replays of what was let in are known by their signature further on (bot/app/authorization.py), where all
replicas share what they saw.
"""

from __future__ import annotations

import hmac
import re
import time
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

from slack_bolt import App, BoltRequest, BoltResponse

from bot.slack.schema import well_formed

PATH = "/slack/events"
LONGEST = 1_048_576
MOST_FIELDS = 100
FRESH = 300
"""Seconds that a signature is taken for, as Slack advises."""
_TIMESTAMP = re.compile(r"[0-9]{1,11}", re.ASCII)
_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}", re.ASCII)
_FIELD = re.compile(r"([a-z_]{1,40})=")
"""Slack's names need no quoting; one that has some is nobody's that we know."""
_LENGTH = re.compile(r"[0-9]{1,9}", re.ASCII)
_CARRIED = ("X_SLACK_SIGNATURE", "X_SLACK_RETRY_NUM", "X_SLACK_RETRY_REASON")

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Wsgi = Callable[[Environ, StartResponse], Iterable[bytes]]


def guarded(app: App, secret: str, now: Callable[[], float] = time.time) -> Wsgi:
    """The WSGI application that Slack calls."""

    def serve(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        refused, body = examined(environ, secret, now())
        request = None if refused else understood(environ, body)
        answer = app.dispatch(request) if request else BoltResponse(status=refused or 400)
        status = HTTPStatus(answer.status)
        headers = [(name, value) for name, values in answer.headers.items() for value in values]
        start_response(f"{status.value} {status.phrase}", headers)
        return [(answer.body or "").encode()]

    return serve


def examined(environ: Environ, secret: str, now: float) -> tuple[int | None, bytes]:
    """The status to refuse with, or None and the signed body."""
    if environ.get("PATH_INFO") != PATH:
        return HTTPStatus.NOT_FOUND, b""
    if environ.get("REQUEST_METHOD") != "POST":
        return HTTPStatus.METHOD_NOT_ALLOWED, b""
    length = environ.get("CONTENT_LENGTH") or "0"
    if not _LENGTH.fullmatch(length) or int(length) > LONGEST:
        return HTTPStatus.REQUEST_ENTITY_TOO_LARGE, b""
    body: bytes = environ["wsgi.input"].read(int(length))
    return (None, body) if _signed(environ, body, secret, now) else (HTTPStatus.UNAUTHORIZED, b"")


def _signed(environ: Environ, body: bytes, secret: str, now: float) -> bool:
    """Whether Slack signed it, a short while ago."""
    stamp = environ.get("HTTP_X_SLACK_REQUEST_TIMESTAMP", "")
    signature = environ.get("HTTP_X_SLACK_SIGNATURE", "")
    if not (_TIMESTAMP.fullmatch(stamp) and _SIGNATURE.fullmatch(signature)):
        return False
    signed = b"v0:" + stamp.encode() + b":" + body
    expected = "v0=" + hmac.digest(secret.encode(), signed, "sha256").hex()
    return abs(now - int(stamp)) <= FRESH and hmac.compare_digest(expected, signature)


def understood(environ: Environ, body: bytes) -> BoltRequest | None:
    """As Bolt reads it, so that no second reading can differ; None when it is malformed."""
    kind = environ.get("CONTENT_TYPE", "")
    carried = {
        name.lower().replace("_", "-"): environ[f"HTTP_{name}"]
        for name in _CARRIED
        if f"HTTP_{name}" in environ
    }
    try:
        text = body.decode()
        if not (kind.startswith("application/json") or text.startswith("{")):
            _single(text)
        request = BoltRequest(body=text, headers={"content-type": kind, **carried})
    except (ValueError, TypeError, AttributeError, LookupError, RecursionError):
        return None
    return request if well_formed(request.body) else None


def _single(form: str) -> None:
    """Each field once, or ValueError: of two, another reader might take the other."""
    parts = form.split("&", MOST_FIELDS)
    names = {match[1] for part in parts if (match := _FIELD.match(part))}
    if len(names) != len(parts) or len(parts) > MOST_FIELDS:
        raise ValueError
