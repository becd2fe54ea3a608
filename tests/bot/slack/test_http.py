"""Slack over HTTP: who is let in."""

from __future__ import annotations

from http.client import HTTPConnection

import pytest


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
