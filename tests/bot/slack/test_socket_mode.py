"""Sockets that come and go: nobody waits longer than a second, and none stays away."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.playground.workspace import Person

pytestmark = pytest.mark.slow


@pytest.fixture
def mode() -> str:
    return "socket"


def test_refresh_under_load_costs_no_slow_answer(ada, slack):
    def ask(number: int) -> float:
        time.sleep(number * 0.02)
        response = Person(slack, f"U{number}").types("/slsdiag help")
        assert response.status == 200, number
        return response.seconds

    with ThreadPoolExecutor(32) as pool:
        asked = pool.map(ask, range(100))
        for _ in range(3):
            time.sleep(0.5)
            slack.sockets.refresh(late=0.5)
        slowest = max(asked)

    assert slack.sockets.opened == 4
    assert slowest < 1


def test_socket_that_was_cut_is_replaced(ada, slack):
    slack.sockets.cut()

    assert slack.sockets.wait() < 15
    assert ada.types("/slsdiag help").status == 200


def test_slack_that_refuses_for_a_while_is_tried_again(ada, slack, monkeypatch):
    monkeypatch.setattr(type(slack), "app_token", "xapp-other")
    slack.sockets.cut()
    time.sleep(3)
    assert slack.sockets.open == []
    monkeypatch.undo()

    assert slack.sockets.wait() < 15


@pytest.fixture
def quiet(monkeypatch) -> float:
    """So soon a socket that brings nothing is replaced, in the tests that want it."""
    monkeypatch.setattr("bot.slack.socket.QUIET_FOR", 2.0)
    return 2.0


def test_socket_that_brings_nothing_is_replaced(quiet, ada, slack, until):
    slack.sockets.deafen()
    assert ada.types("/slsdiag help").status == 0

    until(lambda: slack.sockets.opened > 1, quiet + 3)
    until(lambda: ada.types("/slsdiag help").status == 200, 15)


def test_socket_that_brings_something_is_kept(quiet, ada, slack):
    for _ in range(8):
        assert ada.types("/slsdiag help").status == 200
        time.sleep(quiet / 4)

    assert slack.sockets.opened == 1


def test_event_that_nobody_took_comes_again(ada, slack):
    slack.delivery.retries = (1.0, 5.0)
    slack.sockets.cut()
    assert ada.mentions("orders").status == 0

    slack.sockets.wait()
    assert slack.waits_for(lambda m: "orders is not reporting" in m.text, timeout=15)
    assert len([m for m in slack.public() if m.thread_ts is None]) == 1


def test_readiness_tells_of_the_socket(bot, slack):
    """The minute without a socket is not waited for: the part is named all the same."""
    from http.client import HTTPConnection

    def asked(path: str) -> tuple[int, str]:
        connection = HTTPConnection("127.0.0.1", bot.admin_port, timeout=5)
        connection.request("GET", path)
        answer = connection.getresponse()
        response = answer.status, answer.read().decode()
        connection.close()
        return response

    status, content = asked("/readyz")
    assert status == 200
    assert json.loads(content) == dict.fromkeys(("store", "clock", "slack", "slack_posts"), "ok")
    assert asked("/livez") == (200, '{"clock": "ok"}')
    status, content = asked("/metrics")
    assert status == 200
    assert "process_" in content
    assert asked("/else")[0] == 404
