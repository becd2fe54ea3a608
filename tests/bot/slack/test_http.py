"""Slack over HTTP: who is let in."""

from __future__ import annotations

import json
import socket
from http.client import HTTPConnection
from urllib.parse import urlencode

import pytest

from bot.playground.workspace.delivery import FORM, JSON
from bot.store import keys


@pytest.fixture
def mode() -> str:
    return "http"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"X-Slack-Signature": "v0=" + "0" * 64}, 401),
        ({"X-Slack-Signature": "v0=\u00e9"}, 401),
        ({"X-Slack-Signature": ""}, 401),
        ({"X-Slack-Request-Timestamp": "abc"}, 401),
        ({"X-Slack-Request-Timestamp": "1"}, 401),
        ({"X-Slack-Request-Timestamp": "9" * 5000}, 401),
    ],
)
def test_forged_request_is_refused(ada, slack, aws, headers, status):
    body = b"command=%2Fslsdiag&text=checkout"
    headers = {k: v.encode("latin-1") for k, v in headers.items()}

    assert slack.delivery.sends(body, "application/x-www-form-urlencoded", headers).status == status
    assert aws.calls == []


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"{nope", "application/json"),
        (b"[]", "application/json"),
        (b"payload={nope", "application/x-www-form-urlencoded"),
        (b"\xff\xfe", "application/x-www-form-urlencoded"),
        (b"", "application/x-www-form-urlencoded"),
    ],
)
def test_malformed_signed_request_is_refused(ada, slack, body, kind):
    assert 400 <= slack.delivery.sends(body, kind).status < 500


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/slack/events", 405), ("POST", "/slack/other", 404), ("GET", "/", 404)],
)
def test_other_methods_and_paths_are_refused(ada, bot, method, path, status):
    connection = HTTPConnection("127.0.0.1", bot.port, timeout=5)
    connection.request(method, path)
    assert connection.getresponse().status == status
    connection.close()


@pytest.mark.parametrize(
    "sent",
    [
        b"POST /slack/events HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n",
        b"POST http://[bad/ HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n",
        b"POST /slack/events\r\n\r\n",
        b"\x00\xff\r\n\r\n",
    ],
)
def test_what_is_no_request_is_refused(ada, bot, sent):
    with socket.create_connection(("127.0.0.1", bot.port), timeout=5) as wire:
        wire.sendall(sent)
        status = wire.recv(65_536).split()[1]

    assert 400 <= int(status) < 500


DEEP = "[" * 100_000
HALF = {"type": "block_actions", "user": {"id": "U0ADA", "team_id": "T0DEMO"}}


def form(**fields):
    return urlencode(fields).encode()


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b'{"type": "event_callback", "event": ' + DEEP.encode(), JSON),
        (form(payload='{"x": ' + DEEP), FORM),
        (json.dumps({"type": "event_callback", "event_id": "E", "event": {}}).encode(), JSON),
        (b"{x=1&command=%2Fslsdiag", FORM),
        (b"payload={}&payload=%7Bnope", FORM),
        (b"&".join([b"a=1"] * 1000), FORM),
        (form(command="/slsdiag", text="orders", user_id="U0ADA", team_id="T0DEMO"), FORM),
        (form(command="/slsdiag", channel_id="C0GENERAL", user_id="<@U>", trigger_id="1"), FORM),
        (form(payload=json.dumps(HALF)), FORM),
        (form(payload=json.dumps(HALF | {"actions": []})), FORM),
        (form(payload=json.dumps(HALF | {"actions": [{"action_id": "check_again"}]})), FORM),
        (form(payload=json.dumps(HALF | {"actions": [{"action_id": 7, "value": "x"}]})), FORM),
        (
            form(payload=json.dumps({"type": "block_actions", "actions": [{"action_id": "x"}]})),
            FORM,
        ),
        (form(payload=json.dumps(HALF | {"type": "view_submission", "view": "x"})), FORM),
        (form(payload=json.dumps({"type": "never_heard_of"})), FORM),
        (form(payload="9" * 10_000), FORM),
    ],
    ids=lambda value: value[:40] if isinstance(value, bytes) else "",
)
def test_signed_half_of_a_request_is_refused(ada, slack, aws, redis, body, kind):
    def kept():
        always = {keys.CLOCK, keys.READY}  # the bot writes them every half second
        every = set(redis.scan_iter()) - always
        return {key for key in every if not key.startswith("slsdiag:__")}

    before = kept()

    assert 400 <= slack.delivery.sends(body, kind).status < 500
    assert aws.calls == []
    assert kept() == before


def test_body_that_is_too_long_is_refused(ada, slack):
    assert slack.delivery.sends(b"x" * 1_200_000, FORM).status == 413


def test_nothing_of_a_forged_request_is_logged(ada, slack, capfd):
    """Neither the body, nor the header, nor a line of their own (T4)."""
    planted = b'x-planted\r\n{"level": "info", "event": "forged"}'
    for headers in (
        {"X-Slack-Signature": "v0=" + "0" * 64},
        {"X-Slack-Request-Timestamp": "x-planted"},
        {"X-Slack-Signature": "x-planted"},
    ):
        slack.delivery.sends(planted, FORM, headers)
    slack.delivery.sends(planted, FORM)

    out, err = capfd.readouterr()
    assert "planted" not in out + err
    assert "forged" not in out + err
