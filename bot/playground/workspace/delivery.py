"""
Slack → bot: signed HTTP where an address is set, else Socket Mode.

Events that are not acknowledged come again, at once, after a minute and after five; commands
and clicks never do.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
import time
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse
from typing import Any
from urllib.parse import urlencode, urlsplit

from bot.playground.workspace.sockets import ACK_WITHIN, Sockets
from bot.slack.manifest import EVENTS

OK = 200
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
Payload = dict[str, Any]


@dataclass(frozen=True)
class Response:
    """What Slack got back; status 0 when there was no answer in time."""

    status: int
    text: str
    seconds: float
    payload: Payload = field(default_factory=dict)
    """The answer's document; {"text": …} for a bare text."""


@dataclass
class Delivery:
    """The way to the bot. `retries` are the pauses before an event comes again, in seconds."""

    sockets: Sockets
    signing_secret: str
    http_url: str | None = None
    retries: tuple[float, ...] = (0.0, 60.0, 300.0)

    def command(self, form: Payload) -> Response:
        """A slash command."""
        if self.http_url:
            return self.sends(urlencode(form).encode(), FORM)
        return self._by_socket("slash_commands", form)

    def interaction(self, payload: Payload) -> Response:
        """A click."""
        if self.http_url:
            return self.sends(urlencode({"payload": json.dumps(payload)}).encode(), FORM)
        return self._by_socket("interactive", payload)

    def event(self, body: Payload) -> Response:
        """An event; retries come in the background. Events without a subscription never come."""
        if body["event"]["type"] not in EVENTS:
            raise LookupError(f"the manifest subscribes to {EVENTS} only")
        response = self._event(body, {})
        if response.status != OK:
            threading.Thread(target=self._again, args=(body,), daemon=True).start()
        return response

    def _again(self, body: Payload) -> None:
        for attempt, pause in enumerate(self.retries, 1):
            time.sleep(pause)
            more = {"retry_attempt": attempt, "retry_reason": "timeout"}
            if self._event(body, more).status == OK:
                return

    def _event(self, body: Payload, more: Payload) -> Response:
        if not self.http_url:
            return self._by_socket("events_api", body, **more)
        headers = {}
        if more:
            headers = {
                "X-Slack-Retry-Num": str(more["retry_attempt"]),
                "X-Slack-Retry-Reason": "http_timeout",
            }
        return self.sends(json.dumps(body).encode(), JSON, headers)

    def _by_socket(self, kind: str, payload: Payload, **more: Any) -> Response:
        began = time.perf_counter()
        answer = self.sockets.send(kind, payload, **more)
        seconds = time.perf_counter() - began
        if answer is None:
            return Response(0, "", seconds)
        return Response(OK, str(answer.get("text", "")), seconds, answer)

    def sends(self, body: bytes, kind: str, headers: dict[str, Any] | None = None) -> Response:
        """A signed request; `headers` replace those that Slack would send."""
        stamp = str(int(time.time()))
        signed = b"v0:" + stamp.encode() + b":" + body
        signature = hmac.new(self.signing_secret.encode(), signed, hashlib.sha256).hexdigest()
        sent = {
            "Content-Type": kind,
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": f"v0={signature}",
        } | (headers or {})
        began = time.perf_counter()
        try:
            answer, text = self._posted(body, sent)
        except (OSError, HTTPException):
            return Response(0, "", time.perf_counter() - began)
        seconds = time.perf_counter() - began
        if (answer.getheader("Content-Type") or "").startswith(JSON) and text:
            document = json.loads(text)
            return Response(answer.status, str(document.get("text", "")), seconds, document)
        return Response(answer.status, text, seconds, {"text": text} if text else {})

    def _posted(self, body: bytes, headers: dict[str, Any]) -> tuple[HTTPResponse, str]:
        url = urlsplit(self.http_url or "")
        connection = HTTPConnection(url.hostname or "", url.port, timeout=ACK_WITHIN)
        try:
            connection.request("POST", url.path, body, headers)
            answer = connection.getresponse()
            return answer, answer.read().decode()
        finally:
            connection.close()
