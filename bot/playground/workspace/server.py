"""The Web API of the fake Slack: messages, threads, membership, response URLs, faults."""

from __future__ import annotations

import itertools
import json
import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs

Answer = dict[str, Any]
TEAM, BOT_USER, BOT = "T0DEMO", "U0SLSDIAG", "B0SLSDIAG"


@dataclass
class Message:
    """A message as the channel holds it. `seen_by` is one person for an ephemeral one."""

    ts: str
    channel: str
    user: str
    text: str
    blocks: list[dict[str, Any]] = field(default_factory=list)
    thread_ts: str | None = None
    metadata: dict[str, Any] | None = None
    seen_by: str | None = None
    edits: int = 0

    def buttons(self) -> dict[str, dict[str, Any]]:
        """Its buttons by their label."""
        elements = (e for b in self.blocks if b["type"] == "actions" for e in b["elements"])
        return {element["text"]["text"]: element for element in elements}


class SlackError(Exception):
    """An error word of Slack's."""


class Workspace:
    """A fake Slack on the loopback address; a context manager."""

    bot_token, signing_secret, app_id = "xoxb-demo", "demo-signing-secret", "A0SLSDIAG"

    def __init__(self, seed: int = 0) -> None:
        """The bot is a member of "C0GENERAL"; "C0SECRET" exists without it."""
        self.messages: list[Message] = []
        self.members = {"C0GENERAL"}
        self.calls: Counter[str] = Counter()
        self.drop_after_commit = 0.0
        self.fail_before_commit = 0.0
        self._lock = threading.Condition()
        self._random = random.Random(seed)  # noqa: S311 - faults, not secrets
        self._ids = itertools.count(1)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True
        )

    @property
    def api_url(self) -> str:
        """What SLACK_API_URL is set to."""
        return f"http://127.0.0.1:{self._server.server_port}/api/"

    def __enter__(self) -> Self:
        """Begin to serve."""
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop."""
        self._server.shutdown()
        self._server.server_close()

    def new_id(self, prefix: str) -> str:
        """One that never comes twice."""
        return f"{prefix}{next(self._ids):06d}"

    def response_url(self, channel: str, user: str) -> str:
        """Where an answer for `user` alone may be sent."""
        return f"{self.api_url.removesuffix('api/')}response/{channel}/{user}"

    def waits_for(self, matches: Any, timeout: float = 10.0) -> list[Message]:
        """The messages for which `matches` holds, as soon as there is one."""
        ends_at = time.monotonic() + timeout
        with self._lock:
            while True:
                found = [message for message in self.messages if matches(message)]
                if found:
                    return found
                if not self._lock.wait(ends_at - time.monotonic()):
                    told = "\n".join(f"{m.channel} {m.thread_ts}: {m.text}" for m in self.messages)
                    raise TimeoutError(f"nothing of the kind was posted; there is:\n{told}")

    def respond(self, method: str, given: Answer) -> Answer:
        """Answer one call of the Web API."""
        self.calls[method] += 1
        known = getattr(self, f"_{method.replace('.', '_')}", None)
        if known is None:
            return {"ok": False, "error": "unknown_method"}
        if method == "chat.postMessage" and self._random.random() < self.fail_before_commit:
            raise ConnectionAbortedError
        try:
            with self._lock:
                answer: Answer = {"ok": True, **known(given)}
                self._lock.notify_all()
        except SlackError as error:
            return {"ok": False, "error": str(error)}
        if method == "chat.postMessage" and self._random.random() < self.drop_after_commit:
            raise ConnectionAbortedError
        return answer

    def said_privately(self, channel: str, user: str, given: Answer) -> None:
        """An answer by response URL."""
        with self._lock:
            self._keep(channel, given, seen_by=user)
            self._lock.notify_all()

    def _auth_test(self, _: Answer) -> Answer:
        return {"team_id": TEAM, "user_id": BOT_USER, "bot_id": BOT, "team": "Demo"}

    def _chat_postMessage(self, given: Answer) -> Answer:  # noqa: N802 - Slack's spelling
        if given["channel"] not in self.members:
            raise SlackError("not_in_channel")
        message = self._keep(given["channel"], given)
        return {"ts": message.ts, "channel": message.channel}

    def _chat_postEphemeral(self, given: Answer) -> Answer:  # noqa: N802 - likewise
        message = self._keep(given["channel"], given, seen_by=given["user"])
        return {"message_ts": message.ts}

    def _chat_update(self, given: Answer) -> Answer:
        found = self._found(given["channel"], given["ts"])
        found.text, found.blocks = given.get("text", ""), _listed(given.get("blocks"))
        found.edits += 1
        return {"ts": found.ts, "channel": found.channel}

    def _conversations_replies(self, given: Answer) -> Answer:
        root = given["ts"]
        return {"messages": [_shown(m) for m in self.messages if root in {m.ts, m.thread_ts}]}

    def _conversations_history(self, given: Answer) -> Answer:
        channel = given["channel"]
        public = [m for m in self.messages if m.channel == channel and not m.seen_by]
        return {"messages": [_shown(m) for m in public if not m.thread_ts]}

    def _keep(self, channel: str, given: Answer, *, seen_by: str | None = None) -> Message:
        blocks = _listed(given.get("blocks"))
        if len(blocks) > 50:  # noqa: PLR2004 - Slack's limit
            raise SlackError("invalid_blocks")
        if not given.get("text") and not blocks:
            raise SlackError("no_text")
        metadata = given.get("metadata")
        message = Message(
            ts=f"{time.time():.0f}.{next(self._ids):06d}",
            channel=channel,
            user=BOT_USER,
            text=given.get("text", ""),
            blocks=blocks,
            thread_ts=given.get("thread_ts") or None,
            metadata=json.loads(metadata) if isinstance(metadata, str) else metadata,
            seen_by=seen_by,
        )
        self.messages.append(message)
        return message

    def _found(self, channel: str, ts: str) -> Message:
        for message in self.messages:
            if (message.channel, message.ts) == (channel, ts) and not message.seen_by:
                return message
        raise SlackError("message_not_found")


def _listed(blocks: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(blocks) if isinstance(blocks, str) else blocks or []
    return found


def _shown(message: Message) -> Answer:
    return {
        "ts": message.ts,
        "text": message.text,
        "bot_id": BOT,
        "user": message.user,
        "metadata": message.metadata or {},
    }


def _handler(slack: Workspace) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            if self.headers.get("Content-Type", "").startswith("application/json"):
                given = json.loads(body or "{}")
            else:
                given = {name: values[0] for name, values in parse_qs(body).items()}
            parts = self.path.strip("/").split("/")
            if parts[0] == "response":
                slack.said_privately(parts[1], parts[2], given)
                self._send({"ok": True})
                return
            try:
                self._send(slack.respond(parts[-1], given))
            except ConnectionAbortedError:
                self.close_connection = True
                self.connection.close()

        def _send(self, answer: Answer) -> None:
            document = json.dumps(answer).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(document)))
            self.end_headers()
            self.wfile.write(document)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Handler
