"""
Each threat to the bot, and the test that shows its defence (numbered as the project's threat list).

What another place tests is named here and must exist; the rest is tested below.
"""

from __future__ import annotations

import ast
import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from bot.errors import UsageError
from bot.serving_settings import store_settings
from bot.slack.response_url import respond
from bot.slack.schema import DEEPEST, well_formed

ROOT = Path(__file__).parents[3]
HERE = "tests/bot/slack/test_threats.py"
GATE, HTTP = "tests/bot/slack/test_authorization.py", "tests/bot/slack/test_http.py"
TALK = "tests/bot/slack/test_conversation.py"
THREATS = {
    "T1 forged request": f"{HTTP}::test_forged_request_is_refused",
    "T2 malformed headers": f"{HTTP}::test_forged_request_is_refused",
    "T3 replay": f"{GATE}::test_same_signed_request_has_one_effect_on_two_replicas",
    "T4 unauthenticated log injection": f"{HTTP}::test_nothing_of_a_forged_request_is_logged",
    "T5 stranger clicks": f"{GATE}::test_click_without_our_team_is_a_strangers",
    "T6 who may": "tests/bot/slack/test_roles.py::test_table",
    "T7 button of another record": f"{GATE}::test_button_is_of_its_channel",
    "T8 stale or repeated button": f"{TALK}::test_check_again_is_one_effect_for_many_clicks",
    "T10 mrkdwn injection": f"{TALK}::test_refusals_are_private_and_call_nothing",
    "T11 invisible characters": f"{HERE}::test_t11_nothing_invisible_is_shown",
    "T12 secrets of the environment": f"{TALK}::test_every_message_passes_slacks_own_models_and_holds_no_secret",
    "T12 secrets that people paste": f"{HERE}::test_t12_pasted_secret_is_removed",
    "T13 secrets in log lines": f"{HERE}::test_t13_no_words_of_a_log_line_are_kept",
    "T15 debug logging": "tests/bot/slack/test_processes.py::test_log_at_debug_holds_no_secret_and_no_words",
    "T16 decompression bomb": f"{HERE}::test_t16_bomb_is_not_inflated",
    "T17 hostile protobuf": f"{HERE}::test_t17_deep_protobuf_is_undecodable",
    "T18 slow patterns": f"{HERE}::test_t18_patterns_are_linear",
    "T19 pickle": f"{HERE}::test_t19_nothing_unpickles",
    "T20 open store": f"{HERE}::test_t20_open_or_sniffed_store_is_refused",
    "T21 response address": f"{HERE}::test_t21_only_slacks_own_response_addresses",
    "T21 redirect": f"{HERE}::test_t21_redirect_is_not_followed",
    "T21 region": "tests/bot/test_settings.py::test_bad_value_is_named_and_not_repeated",
    "T22 confused deputy": "tests/bot/test_settings.py::test_role_needs_an_external_id",
    "T5 Slack Connect channel": "tests/bot/slack/test_external.py::test_every_command_is_refused_there",
    "T22 shared result": "tests/bot/slack/test_channel_access.py::test_same_name_asked_for_at_once_is_read_for_each_channel",
    "T22 other channel's account": f"{GATE}::test_button_is_refused_once_the_channel_may_not_see_the_account",
    "T23 role too wide": "tests/bot/aws/test_operations.py::test_policy_allows_exactly_the_table",
    "T26 command flood": f"{GATE}::test_too_many_are_told_when_to_try_again",
    "T26 button flood": f"{GATE}::test_buttons_count_too",
    "T29 log injection": f"{HERE}::test_t29_one_record_is_one_line",
    "T31 secret typed": f"{TALK}::test_refusals_are_private_and_call_nothing",
    "T32 shown to the wrong people": f"{TALK}::test_where_the_bot_is_no_member_the_asker_alone_is_told",
    "T33 forged metadata": f"{HERE}::test_t33_marker_of_another_app_or_place_is_not_believed",
    "T36 scopes": f"{HERE}::test_t36_scopes_are_those_that_are_documented",
}
NOT_OURS = {
    "T9 approver deceived": "nothing is approved: the bot changes nothing",
    "T14 two redactors": "there is one search, bot/text/redaction/search.py",
    "T24 environment wiped": "the bot changes nothing",
    "T25 invoked twice": "the bot invokes nothing",
    "T27 scan as a weapon": "the fleet's own tests",
    "T28 cost": "the AWS door's own tests and benchmarks/check.py",
    "T30 audit gap": "the bot changes nothing",
    "T34 supply chain": "the image's own tests",
    "T35 container": "the chart's own tests",
}


@pytest.mark.parametrize("test", THREATS.values(), ids=THREATS)
def test_each_threat_has_its_test(test):
    path, _, name = test.partition("::")
    tree = ast.parse((ROOT / path).read_text())

    assert not name or name in {n.name for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)}


def test_every_threat_is_answered():
    numbers = {int(re.match(r"T(\d+)", each)[1]) for each in THREATS | NOT_OURS}

    assert numbers == set(range(1, 37))


def test_t3_deep_nesting_is_no_payload():
    deep: object = "x"
    for _ in range(DEEPEST + 1):
        deep = [deep]
    body = {
        "type": "message_action", "callback_id": "diagnose", "user": {"id": "U1"},
        "message": {"text": "x"},
    }  # fmt: skip

    assert well_formed(body)
    assert not well_formed(body | {"message": {"text": deep}})


def test_t11_nothing_invisible_is_shown():
    import unicodedata

    from bot.slack.blocks import words

    hostile = "".join(map(chr, range(0x3000))) + "\u202e\ufeff\U000e0041\ud800"
    shown = words(hostile)["text"].replace("\n", "")

    assert not {unicodedata.category(each) for each in shown} & {"Cc", "Cf", "Cs", "Zl", "Zp"}


def test_t13_no_words_of_a_log_line_are_kept():
    """What is kept of a log is a rung and counts: its records have no field for a line."""
    from dataclasses import fields

    from checks.log.telemetry import Payload

    assert {each.name for each in fields(Payload)} == {
        "org_id", "service", "sdk_name", "sdk_version", "sdk_runtime", "request_id", "outcome",
        "is_coldstart", "sampled_out", "truncated", "spans", "events", "version",
    }  # fmt: skip


@pytest.mark.parametrize("kind", ["zeros", "nested", "members", "cut off"])
def test_t16_bomb_is_not_inflated(kind):
    import base64
    import gzip
    import tracemalloc

    from checks.log.protobuf import Undecodable
    from checks.log.telemetry import PAYLOAD_LIMIT, decode

    zeros = gzip.compress(bytes(200_000_000), 9)
    bomb = {
        "zeros": zeros,
        "nested": gzip.compress(zeros),
        "members": gzip.compress(b"x") * 1000,
        "cut off": zeros[:-100],
    }[kind]
    line = f"SERVERLESS_TELEMETRY.TZ.{base64.b64encode(bomb).decode()}"
    tracemalloc.start()
    try:
        with pytest.raises(Undecodable):
            decode(line)
        assert tracemalloc.get_traced_memory()[1] < 4 * PAYLOAD_LIMIT
    finally:
        tracemalloc.stop()


def test_t17_deep_protobuf_is_undecodable():
    import base64

    from checks.log.protobuf import Undecodable
    from checks.log.telemetry import decode

    message = b""
    for _ in range(5_000):
        size, length = len(message), b""
        while size > 127:
            length += bytes([size & 127 | 128])
            size >>= 7
        message = b"\x0a" + length + bytes([size]) + message
    with pytest.raises(Undecodable):
        decode(f"SERVERLESS_TELEMETRY.T.{base64.b64encode(message).decode()}")


@pytest.mark.parametrize("text", ["a" * 100_000, "A1b" * 33_000, "/" * 100_000, "%25" * 33_000])
def test_t18_patterns_are_linear(text):
    """Ten times the text costs no more than some thirty times the steps: measured by work done."""
    import time

    from bot.target import parse
    from bot.text.redaction import redacted

    def cost(size):
        began = time.process_time()
        for _ in range(3):
            redacted(text[:size])
            with pytest.raises(UsageError):
                parse(text[:size])
        return time.process_time() - began

    assert cost(100_000) < 100 * max(cost(10_000), 0.005)


DANGEROUS = {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "marshal", "shelve"}
HARMLESS_YAML = {"parse", "BaseLoader", "YAMLError", "dump", "SafeDumper", "Node"}
"""Events of text only, and what writes text: nothing that builds objects."""


def test_t19_nothing_unpickles():
    found = []
    for path in [*(ROOT / "bot").rglob("*.py"), *(ROOT / "checks").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text())):
            names = []
            if isinstance(node, ast.Import):
                names = [each.name for each in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                names = [node.func.id] if node.func.id in {"eval", "exec"} else []
            elif isinstance(node, ast.Attribute) and ast.unparse(node.value) == "yaml":
                found += [] if node.attr in HARMLESS_YAML else [f"{path}: yaml.{node.attr}"]
            found += [
                f"{path}: {n}" for n in names if n.split(".")[0] in DANGEROUS | {"eval", "exec"}
            ]

    assert found == []


def test_t19_queue_messages_are_json():
    """Dramatiq's own default, which nothing here changes."""
    import dramatiq

    assert type(dramatiq.get_encoder()).__name__ == "JSONEncoder"


@pytest.mark.parametrize(
    ("url", "because"),
    [
        ("redis://10.0.0.5:6379", "without TLS"),
        ("redis://:x-secret@redis.example.com", "without TLS"),
        ("rediss://redis.example.com", "no password"),
        ("rediss://:x-secret@redis.example.com?ssl_cert_reqs=none", "without checking"),
        ("rediss://:x-secret@redis.example.com?ssl_check_hostname=False", "without checking"),
        ("redis://127.0.0.1.evil.example/0", "without TLS"),
        ("http://x-secret", "redis://"),
        ("redis://[x-secret", "redis://"),
    ],
)
def test_t20_open_or_sniffed_store_is_refused(url, because):
    with pytest.raises(UsageError, match="REDIS_URL") as refused:
        store_settings({"REDIS_URL": url})
    assert because in str(refused.value)
    assert "x-secret" not in str(refused.value)


@pytest.mark.parametrize(
    "url",
    [
        "redis://127.0.0.1:6379",
        "redis://localhost",
        "redis://[::1]:6379/1",
        "unix:///run/valkey.sock",
        "rediss://:p@redis.example.com:6380/0",
        "rediss://bot:p@redis.example.com",
    ],
)
def test_t20_safe_store_is_taken(url):
    assert store_settings({"REDIS_URL": url}).redis_url == url


HOSTILE = [
    "http://hooks.slack.com/x",
    "https://hooks.slack.com.evil.example/x",
    "https://hooks.slack.com@169.254.169.254/x",
    "https://hooks.slack.com:443@evil.example/x",
    "http://169.254.169.254/latest/meta-data",
    "https://evil.example/https://hooks.slack.com/",
    "file:///etc/passwd",
    "gopher://127.0.0.1:6379/_x",
    "//hooks.slack.com/x",
    "",
]


@pytest.mark.parametrize("url", HOSTILE)
def test_t21_only_slacks_own_response_addresses(url, monkeypatch):
    """No socket is opened, whatever the address."""
    import socket

    opened = []
    monkeypatch.setattr(socket.socket, "connect", lambda _, to: opened.append(to))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **_: opened.append(a))
    assert respond(url, {"text": "x"}, "https://slack.com/api/") == "untrusted_url"

    assert opened == []


def test_t29_one_record_is_one_line():
    """As the bot's own log is set up, in a process of its own."""
    import subprocess
    import sys

    hostile = 'name\r\n{"level": "forged"}\u2028\x1b[2J\x00'
    program = (
        "import sys, structlog; from bot.observability.logging import configure; configure('INFO');"
        "structlog.get_logger('x').info('seen', name=sys.stdin.read())"
    )
    logged = subprocess.run(
        [sys.executable, "-c", program], input=hostile, capture_output=True, text=True, check=True
    ).stderr

    assert logged.count("\n") == 1
    assert len(logged.splitlines()) == 1
    assert json.loads(logged)["event"] == "seen"


@pytest.mark.parametrize("mode", ["http"], indirect=True)
def test_t33_marker_of_another_app_or_place_is_not_believed(ada, slack, bot):
    from copy import deepcopy
    from datetime import UTC, datetime, timedelta

    from bot.slack.own_messages import OwnMessages, Spot

    parts = bot._parts  # noqa: SLF001 - with the bot's token and secret
    own = OwnMessages(parts.sent, parts.client, "", lambda _: b"")
    spot = Spot("C0GENERAL", None, "key")
    since = datetime.now(UTC) - timedelta(minutes=1)
    slack.store.keep("C0GENERAL", "U0EVE", text="x", blocks=[], metadata=own.marker(spot))
    elsewhere = own.marker(Spot("C0SECRET", None, "key"))
    slack.store.keep("C0GENERAL", "U0SLSDIAG", text="x", blocks=[], metadata=elsewhere)
    forged = deepcopy(own.marker(spot))
    forged["event_payload"] |= {name: "0" * 64 for name in forged["event_payload"] if name != "key"}
    slack.store.keep("C0GENERAL", "U0SLSDIAG", text="x", blocks=[], metadata=forged)

    assert own.find(spot, since).stamps == []
    ours = slack.store.keep(
        "C0GENERAL", "U0SLSDIAG", text="x", blocks=[], metadata=own.marker(spot)
    )
    assert own.find(spot, since).stamps == [ours.ts]


def test_t36_scopes_are_those_that_are_documented():
    from bot.serving_settings import Mode
    from bot.slack.manifest import document

    assert set(document(Mode.SOCKET)["oauth_config"]["scopes"]["bot"]) == {
        "commands", "chat:write", "app_mentions:read", "im:write", "users:read",
        "channels:history", "groups:history", "im:history", "files:write",
    }  # fmt: skip


def test_t21_redirect_is_not_followed():
    asked = []

    class Redirecting(BaseHTTPRequestHandler):
        def do_POST(self):
            asked.append(self.path)
            self.send_response(302)
            self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_GET = do_POST  # noqa: N815 - http.server's name

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Redirecting) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        here = f"http://127.0.0.1:{server.server_port}"
        assert respond(f"{here}/response/1", {"text": "x"}, f"{here}/api/")
        server.shutdown()

    assert asked == ["/response/1"]


@pytest.mark.parametrize(
    "text",
    [
        "postgres://app:{}@db.internal/x",
        "https://{}@example.org/",
        "password={}",
        "DB_PASSWORD: '{}'",
        '{{"apiKey":"{}"}}',
        "Authorization: Bearer {}",
        "bearer {}",
        "client-secret => {}",
        '{{\\"password\\":\\"{}\\"}}',
        "Authorization: token {}",
        "password := {}",
        "--password {}",
        "DB_PW={}",
    ],
)
@pytest.mark.parametrize("secret", ["Zk3", "correcthorse", "p&ss,w0rd", "hunter2aB3dE5+=&x"])
def test_t12_pasted_secret_is_removed(text, secret):
    """Where it stands tells it, though it looks like any word."""
    from bot.text.redaction import REMOVED, redacted

    said = redacted(f"It says {text.format(secret)} and fails")

    assert secret not in said
    assert REMOVED in said
    assert said.endswith("and fails")


@pytest.mark.parametrize(
    "text",
    [
        "Layer arn:aws:lambda:us-east-1:177335420605:layer:sls-sdk-node-v0-15-3:1 is missing",
        "LimitExceededException: Resource limit exceeded. (Service: CloudWatchLogs, Code: 400)",
        "The security token included in the request is invalid",
        "https://console.aws.amazon.com/lambda/home?region=eu-west-1#/functions/orders?tab=code",
        "Unzipped size must be smaller than 262144000 bytes",
        "compass: north, upward: 2, passing: 3",
        "https://registry.example/@scope/package?mail=bob@example.com",
    ],
)
def test_t12_what_is_no_secret_stays(text):
    from bot.text.redaction import redacted

    assert redacted(text) == text
