"""
Forged and malformed requests over real HTTP: what comes of them.

    python benchmarks/forged.py [REQUESTS]

Half are whole and carry a bad signature or bad headers, half are signed and not whole. Every one
must be answered 4xx; the fake AWS must not be called, no key or value of the store change because
of them, and nothing of a body or header be in the bot's log, at DEBUG.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import random
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from typing import Any
from urllib.parse import quote, urlencode

from stage import Stage

from bot.store import keys

WRITTEN_ALWAYS = {keys.CLOCK, keys.READY}
"""Whether the clock has jumped, and whether the store takes writes."""
PLANTED = "x-planted-3141"
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
STAMPS = ("", "abc", "-1", "1", "9" * 5000, "1e9", "१२३", "0x10", " ", "+5", "12 34")
SIGNATURES = (
    "",
    "v0=",
    "v0=é",
    "v0=" + "0" * 64,
    "v1=" + "a" * 64,
    "v0=" + "G" * 64,
    "v0=" + "a" * 63,
)
Request = tuple[str, bytes, dict[str, bytes]]


def acts(number: int) -> tuple[dict[str, str], dict[str, Any], dict[str, Any]]:
    """A command, a click and a mention, as Slack sends them."""
    whole = {
        "command": "/slsdiag", "text": f"f0 --account {PLANTED}", "team_id": "T0DEMO",
        "channel_id": "C0GENERAL", "user_id": "U0ADA", "trigger_id": f"{number}.1",
    }  # fmt: skip
    click = {
        "type": "block_actions", "user": {"id": "U0ADA", "team_id": "T0DEMO"},
        "channel": {"id": "C0GENERAL"},
        "actions": [{"action_id": "check_again", "value": f"{PLANTED}:1"}],
    }  # fmt: skip
    event = {
        "type": "event_callback", "event_id": f"Ev{number}", "team_id": "T0DEMO",
        "event": {
            "type": "app_mention", "channel": "C0GENERAL", "user": "U0ADA", "team": "T0DEMO",
            "text": f"<@U0SLSDIAG> f0 --account {PLANTED}", "ts": "1.1",
        },
    }  # fmt: skip
    return whole, click, event


def forged(chance: random.Random, number: int) -> tuple[bytes, str]:
    """One that would have an effect, were it Slack's, and its type."""
    whole, click, event = acts(number)
    return chance.choice(
        [
            (urlencode(whole).encode(), FORM),
            (urlencode({"payload": json.dumps(click)}).encode(), FORM),
            (json.dumps(event).encode(), JSON),
        ]
    )


def malformed(chance: random.Random, number: int) -> tuple[bytes, str]:
    """One that is not whole, and its type."""
    whole, click, event = acts(number)
    wrong: Any = chance.choice(
        [None, 7, [], {}, "", True, [[]], {"id": 7}, "\u202e" * 70, "9" * 9000]
    )
    match chance.randrange(9):
        case 0:
            left = chance.choice(["command", "channel_id", "user_id", "trigger_id"])
            return urlencode({k: v for k, v in whole.items() if k != left}).encode(), FORM
        case 1:
            return urlencode(whole | {"channel_id": f"<{PLANTED}>"}).encode(), FORM
        case 2:
            broken = click | {chance.choice(["type", "user", "actions"]): wrong}
            return urlencode({"payload": json.dumps(broken)}).encode(), FORM
        case 3:
            broken = event | {chance.choice(["type", "event", "event_id"]): wrong}
            if broken == event | {"event_id": "9" * 9000} or broken["event_id"] == "\u202e" * 70:
                broken["event"] = wrong
            return json.dumps(broken).encode(), JSON
        case 4:
            depth = chance.randrange(60, 100_000)
            return (b'{"type": "event_callback", "x": ' + b"[" * depth + b"]" * depth + b"}"), JSON
        case 5:
            at = chance.randrange(1, 60)
            return json.dumps(event).encode()[:-at], JSON
        case 6:
            size = chance.randrange(1, 4000)
            return PLANTED.encode() + chance.randbytes(size), chance.choice(
                [FORM, JSON, "text/x", ""]
            )
        case 7:
            twice = urlencode({"payload": json.dumps(click)}) + "&payload=" + quote(PLANTED)
            return twice.encode(), FORM
        case _:
            record = '\r\n{"level": "info", "event": "' + PLANTED + '"}\r\n'
            return record.encode(), chance.choice([FORM, JSON])


def request(number: int, secret: str) -> Request:
    """The request of that number: the same in every run."""
    chance = random.Random(number)  # noqa: S311 - requests, not secrets
    body, kind = (forged if number % 2 else malformed)(chance, number)
    stamp = str(int(time.time()))
    mac = hmac.new(secret.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256)
    headers = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={mac.hexdigest()}"}
    method = "POST"
    if number % 2:
        match chance.randrange(5):
            case 0:
                headers["X-Slack-Request-Timestamp"] = chance.choice(STAMPS)
            case 1:
                headers["X-Slack-Signature"] = chance.choice(SIGNATURES)
            case 2:
                headers["X-Slack-Request-Timestamp"] = str(int(stamp) + chance.choice([-301, 999]))
            case 3:
                del headers[chance.choice(list(headers))]
            case _:
                method = chance.choice(["GET", "PUT", "DELETE", "OPTIONS", "PATCH"])
    encoded = {name: value.encode("utf-8") for name, value in headers.items()}
    return method, body, encoded | {"Content-Type": kind.encode()}


def main() -> None:
    """Send them; the exit status says whether all of it held."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with Stage(seed=1, accounts=1, functions=1) as stage:
        secret = stage.slack.signing_secret
        bot = stage.replica(
            SLSDIAG_MODE="http", SLSDIAG_PORT="0", SLACK_SIGNING_SECRET=secret,
            SLSDIAG_LOG_LEVEL="DEBUG",
        )  # fmt: skip
        bot.start()
        bot.ready()
        port = int(bot.log.read_text().partition("on port ")[2].partition(";")[0])
        before, calls = kept(stage), len(stage.aws.calls)

        def send(number: int) -> int:
            method, body, headers = request(number, secret)
            connection = HTTPConnection("127.0.0.1", port, timeout=10)
            try:
                connection.request(method, "/slack/events", body, headers)
                return connection.getresponse().status
            finally:
                connection.close()

        with ThreadPoolExecutor(8) as pool:
            statuses = Counter(pool.map(send, range(count)))
        written = sorted(dict(kept(stage).items() ^ before.items()))
        called = len(stage.aws.calls) - calls
        logged = bot.log.read_text(errors="replace").count(PLANTED)
        lines = bot.log.read_text(errors="replace").splitlines()
        logged_lines = [line for line in lines if not line.startswith("slsdiag serves ")]
        unparsed = sum(not is_json(line) for line in logged_lines)
    print(
        f"{count} requests: {dict(sorted(statuses.items()))}; AWS calls {called}, store writes "
        f"{written}, planted text in the log {logged}, lines that are no JSON {unparsed}"
    )
    good = all(400 <= status < 500 for status in statuses)  # noqa: PLR2004 - HTTP's
    sys.exit(not (good and not (called or written or logged or unparsed)))


def kept(stage: Stage) -> dict[str, str]:
    """The store's keys and values; not those that the bot writes at all times."""
    mine = (
        key
        for key in stage.redis.scan_iter()
        if key not in WRITTEN_ALWAYS and not key.startswith("slsdiag:__")  # of the queue
    )
    return {key: str(stage.value(key)) for key in mine}


def is_json(line: str) -> bool:
    """Whether the line is one document."""
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False


if __name__ == "__main__":
    main()
