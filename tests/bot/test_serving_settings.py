"""The bot's settings are understood, or refused in one sentence that repeats no value."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.errors import UsageError
from bot.serving_settings import Mode, Role, serving_settings

SOCKET = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}
HTTP = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s", "SLSDIAG_MODE": "http"}


def test_defaults():
    settings = serving_settings(SOCKET)

    assert settings.mode is Mode.SOCKET
    assert settings.api_url == "https://slack.com/api/"
    assert (settings.port, settings.admin_port, settings.workers) == (3000, 8080, 16)
    assert settings.evidence_ttl == timedelta(minutes=5)
    assert settings.store.redis_url is None
    assert settings.store.server is None
    assert serving_settings(HTTP).mode is Mode.HTTP


def test_secrets_are_not_shown():
    shown = repr(serving_settings(SOCKET | {"SLACK_SIGNING_SECRET": "s"}))

    assert "xoxb-1" not in shown
    assert "xapp-1" not in shown


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SLACK_BOT_TOKEN", ""),
        ("SLACK_BOT_TOKEN", "x-secret"),
        ("SLACK_APP_TOKEN", ""),
        ("SLACK_APP_TOKEN", "xoxb-x-secret"),
        ("SLACK_API_URL", "https://x-secret"),
        ("SLACK_API_URL", "x-secret/api/"),
        ("REDIS_URL", "x-secret"),
        ("SLSDIAG_MODE", "x-secret"),
        ("SLSDIAG_PORT", "65536"),
        ("SLSDIAG_PORT", "x-secret"),
        ("SLSDIAG_ADMIN_PORT", "-1"),
        ("SLSDIAG_WORKERS", "-1"),
        ("SLSDIAG_WORKERS", "99999999999"),
        ("SLSDIAG_EVIDENCE_TTL", "99999999999999"),
        ("SLSDIAG_EVIDENCE_TTL", "1.5"),
        ("SLSDIAG_LOG_LEVEL", "x-secret"),
        ("SLSDIAG_ROLES", "[]"),
        ("SLSDIAG_ROLES", "{x-secret"),
        ("SLSDIAG_ROLES", '{"owner": ["U1"]}'),
        ("SLSDIAG_ROLES", '{"admin": "U123"}'),
        ("SLSDIAG_ROLES", '{"admin": ["x-secret"]}'),
        ("SLSDIAG_ROLES", ""),
        ("SLSDIAG_ROLES", " "),
        ("SLSDIAG_SHARED_CHANNELS", "C1,x-secret"),
        ("SLSDIAG_LIMITS", "10"),
        ("SLSDIAG_LIMITS", "user=0"),
        ("SLSDIAG_LIMITS", "user=x-secret"),
        ("SLSDIAG_LIMITS", "person=1"),
        ("SLSDIAG_LIMITS", "user=1,user=2"),
    ],
)
def test_bad_value_is_named_and_not_repeated(name, value):
    with pytest.raises(UsageError) as refused:
        serving_settings(SOCKET | {name: value})
    assert name in str(refused.value)
    assert "x-secret" not in str(refused.value)


def test_roles_and_limits_are_off_unless_set():
    assert serving_settings(SOCKET).roles is None
    assert serving_settings(SOCKET | {"SLSDIAG_LIMITS": " "}).limits == {}


def test_roles_and_limits_are_read():
    settings = serving_settings(
        SOCKET
        | {
            "SLSDIAG_ROLES": '{"admin": ["U1AB"], "runner": ["S1AB", "*"], "viewer": ["C1AB"]}',
            "SLSDIAG_LIMITS": "user=10, channel=30,workspace=120",
        }
    )

    assert settings.roles == {
        Role.ADMIN: {"U1AB"},
        Role.RUNNER: {"S1AB", "*"},
        Role.VIEWER: {"C1AB"},
    }
    assert settings.limits == {"user": 10, "channel": 30, "workspace": 120}


def test_http_mode_needs_the_signing_secret():
    with pytest.raises(UsageError, match="SLACK_SIGNING_SECRET"):
        serving_settings(HTTP | {"SLACK_SIGNING_SECRET": ""})


def test_store_server_is_a_whole_path():
    named = serving_settings(SOCKET | {"SLSDIAG_STORE_SERVER": "/usr/bin/valkey-server"})
    assert str(named.store.server) == "/usr/bin/valkey-server"

    with pytest.raises(UsageError, match="SLSDIAG_STORE_SERVER must be"):
        serving_settings(SOCKET | {"SLSDIAG_STORE_SERVER": "valkey-server"})


def test_no_shared_channel_is_listed_unless_it_is_named():
    assert serving_settings(SOCKET).shared_channels == ()
    assert serving_settings(SOCKET | {"SLSDIAG_SHARED_CHANNELS": ""}).shared_channels == ()
    listed = serving_settings(SOCKET | {"SLSDIAG_SHARED_CHANNELS": "C1, C2"}).shared_channels
    assert listed == ("C1", "C2")
