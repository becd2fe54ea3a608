"""Which proxy a connection goes through, and what may be shown of it."""

from __future__ import annotations

import os

import pytest

from bot.errors import UsageError
from bot.proxy import proxy_for, without_credentials

PROXY = "http://proxy.test:3128"
SLACK = "https://slack.com/api/"
SOCKET = "wss://wss-primary.slack.com/link/"


@pytest.fixture(autouse=True)
def bare(monkeypatch):
    for name in [each for each in os.environ if each.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy"])
@pytest.mark.parametrize("url", [SLACK, SOCKET, "https://hooks.slack.com/commands/1"])
def test_https_proxy_is_for_what_is_secure(monkeypatch, name, url):
    monkeypatch.setenv(name, PROXY)

    assert proxy_for(url) == PROXY
    assert proxy_for("http://slack.test/api/") is None


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy"])
def test_http_proxy_is_for_what_is_plain(monkeypatch, name):
    monkeypatch.setenv(name, PROXY)

    assert proxy_for("http://slack.test/api/") == PROXY
    assert proxy_for("ws://slack.test/link/") == PROXY
    assert proxy_for(SLACK) is None


@pytest.mark.parametrize("name", ["NO_PROXY", "no_proxy"])
@pytest.mark.parametrize(
    ("no_proxy", "url", "direct"),
    [
        ("slack.com", SLACK, True),
        ("slack.com", SOCKET, True),
        (".slack.com", SOCKET, True),
        ("other.test, Slack.COM ,more.test", SLACK, True),
        ("notslack.com", SLACK, False),
        ("lack.com", SLACK, False),
        ("wss-primary.slack.com", SLACK, False),
        ("*", SLACK, True),
        ("slack.com:443", SLACK, True),
        ("slack.com:444", SLACK, False),
        ("10.0.0.0/8", "https://10.1.2.3/api/", True),
        ("10.0.0.0/8", "https://11.1.2.3/api/", False),
        ("10.0.0.0/8", SLACK, False),
        ("10.1.2.3", "https://10.1.2.3:8443/api/", True),
        ("fd00::/8", "https://[fd00::1]:8443/api/", True),
        ("", SLACK, False),
    ],
)
def test_no_proxy_names_hosts_suffixes_networks_and_ports(monkeypatch, name, no_proxy, url, direct):
    monkeypatch.setenv("HTTPS_PROXY", PROXY)
    monkeypatch.setenv(name, no_proxy)

    assert proxy_for(url) == (None if direct else PROXY)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "localhost", "[::1]"])
@pytest.mark.parametrize("scheme", ["http", "https", "ws", "wss"])
def test_this_machine_is_reached_directly(monkeypatch, scheme, host):
    monkeypatch.setenv("HTTP_PROXY", PROXY)
    monkeypatch.setenv("HTTPS_PROXY", PROXY)

    assert proxy_for(f"{scheme}://{host}:8080/api/") is None


def test_empty_is_not_set(monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "")

    assert proxy_for(SLACK) is None


def test_address_without_a_scheme_is_completed(monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "proxy.test:3128")

    assert proxy_for(SLACK) == PROXY


@pytest.mark.parametrize(
    "address",
    [
        "socks5://x-secret@proxy.test:1080",
        "https://user:x-secret@proxy.test:3128",
        "http://user:x-secret@proxy.test:port",
        "http://user:x-secret@",
        "http://user:x-secret/more@proxy.test:3128",
        "http://x-secret:31#28@proxy.test:3128",
        "http://[x-secret",
    ],
)
def test_unusable_address_is_refused_without_being_repeated(monkeypatch, address):
    monkeypatch.setenv("HTTPS_PROXY", address)

    with pytest.raises(UsageError, match="HTTPS_PROXY must be") as refused:
        proxy_for(SLACK)

    assert "x-secret" not in str(refused.value)
    assert "x-secret" not in without_credentials(address)


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("http://user:x-secret@proxy.test:3128", PROXY),
        ("user:x-secret@proxy.test:3128", PROXY),
        ("http://user:p%40x-secret@proxy.test", "http://proxy.test:80"),
        ("https://user:x-secret@proxy.test:3128", "https://proxy.test:3128"),
    ],
)
def test_credentials_are_not_shown(address, shown):
    assert without_credentials(address) == shown
