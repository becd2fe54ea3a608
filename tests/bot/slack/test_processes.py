"""`slsdiag serve` and `worker` as processes: how they start, stop, and what they log."""

from __future__ import annotations

import ctypes
import signal
import socket
import time
from pathlib import Path

import pytest

from bot.playground.account.demo_functions import CANARIES
from bot.playground.workspace import Person

pytestmark = pytest.mark.slow


@pytest.fixture
def start(start_process):
    return start_process


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_serve_ends_when_told(start, slack, number):
    process, log = start("serve")
    slack.sockets.wait()
    process.send_signal(number)

    assert process.wait(timeout=20) == 0
    said, *rest = log.read_text().splitlines()
    assert said.startswith("slsdiag serves Slack by Socket Mode")
    assert rest == []


def test_serve_ends_whichever_thread_the_system_gives_the_signal_to(start, slack):
    """That thread is interrupted, and not the one that waits for the end."""
    process, _ = start("serve")
    slack.sockets.wait()
    threads = {int(task.name) for task in Path(f"/proc/{process.pid}/task").iterdir()}
    for thread in threads - {process.pid}:
        ctypes.CDLL(None).tgkill(process.pid, thread, signal.SIGTERM)

    assert process.wait(timeout=20) == 0


SLOW = ("chat.postEphemeral", "chat.postMessage", "users.info", "views.publish", "views.open")
STOPS_WITHIN = 20.0
"""Seconds; Kubernetes gives thirty."""


def test_serve_ends_in_time_while_slack_is_slow_and_the_next_one_answers(start, slack, redis_url):
    process, _ = start("serve", REDIS_URL=redis_url)
    slack.sockets.wait()
    people = [Person(slack, f"U0P{n:02}", name=f"p{n}") for n in range(60)]
    people[0].mentions("help")
    slack.waits_for(lambda m: m.seen_by == "U0P00")
    slack.latencies = dict.fromkeys(SLOW, 9.0)
    for each in people:
        assert each.opens_home().status == 200
    for each in people[:40]:
        assert each.mentions("runbook").status == 200
    process.send_signal(signal.SIGTERM)
    began = time.monotonic()

    assert process.wait(timeout=60) == 0
    took = time.monotonic() - began
    assert took < STOPS_WITHIN
    slack.latencies = {}
    start("serve", REDIS_URL=redis_url)
    slack.waits_for(
        lambda _: (
            {m.seen_by for m in slack.messages if "wrapper" in m.text}
            >= {p.user for p in people[:40]}
        ),
        60,
    )


@pytest.mark.parametrize(
    ("more", "named"),
    [
        ({"SLACK_BOT_TOKEN": ""}, "SLACK_BOT_TOKEN"),
        ({"SLACK_BOT_TOKEN": "xoxb-x-secret"}, "SLACK_BOT_TOKEN"),
        ({"SLACK_APP_TOKEN": "xapp-x-secret"}, "SLACK_APP_TOKEN"),
        ({"SLACK_API_URL": "http://127.0.0.1:9/api/"}, "SLACK_API_URL"),
        ({"REDIS_URL": "redis://127.0.0.1:9"}, "REDIS_URL"),
        ({"REDIS_URL": "redis://127.0.0.1:9/0?x-secret=1"}, "REDIS_URL"),
        ({"REDIS_URL": "redis://127.0.0.1:9/0?socket_timeout=x-secret"}, "REDIS_URL"),
        ({"AWS_REGION": "mars-1"}, "AWS_REGION"),
        ({"SLSDIAG_ACCOUNTS": "{x-secret"}, "SLSDIAG_ACCOUNTS"),
    ],
)
def test_bad_setting_ends_the_start_in_one_line(start, stores_in, more, named):
    process, log = start("serve", **more)

    assert process.wait(timeout=10) in {2, 4}
    assert stores_in(log.parent) == []
    logged = log.read_text()
    assert logged.count("\n") == 1
    assert named in logged
    assert "x-secret" not in logged


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signal_during_the_start_ends_the_store_too(start, stores_in, number):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/api/"
        process, log = start("serve", SLACK_API_URL=url)
        silent.settimeout(20)
        with silent.accept()[0]:  # the store is up, and Slack is asked who we are
            assert stores_in(log.parent) != []
            process.send_signal(number)
            assert process.wait(timeout=20) == 130
    assert stores_in(log.parent) == []


@pytest.mark.parametrize("setting", ["SLSDIAG_ADMIN_PORT", "SLSDIAG_PORT"])
def test_port_that_is_taken_ends_the_start_in_one_line(start, setting):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        more = {"SLACK_SIGNING_SECRET": "s", setting: port}
        process, log = start("serve", SLSDIAG_MODE="http", **more)
        assert process.wait(timeout=15) == 2

    assert (
        log.read_text()
        == f"slsdiag: {setting}: port {port} cannot be used (Address already in use).\n"
    )


def test_worker_needs_a_shared_store(start):
    process, log = start("worker")

    assert process.wait(timeout=10) == 2
    assert "REDIS_URL" in log.read_text()


def test_worker_does_what_a_bot_without_workers_saved(start, slack, redis_url):
    start("serve", REDIS_URL=redis_url, SLSDIAG_WORKERS="0")
    slack.sockets.wait()
    ada = Person(slack)
    assert ada.types("/slsdiag orders").text == "Checking orders. The card appears in this channel."
    worker, _ = start("worker", REDIS_URL=redis_url)

    assert slack.waits_for(lambda m: "orders is not reporting" in m.text, timeout=20)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(timeout=20) == 0


def test_log_at_debug_holds_no_secret_and_no_words(start, slack):
    """Neither what AWS answered, nor tokens, nor what a person typed."""
    process, log = start("serve", SLSDIAG_LOG_LEVEL="DEBUG")
    slack.sockets.wait()
    ada = Person(slack)
    ada.types("/slsdiag orders my-private-words")
    ada.types("/slsdiag orders")
    ada.types("/other command-of-another-app")
    slack.waits_for(lambda m: "orders is not reporting" in m.text, timeout=20)
    slack.sockets.refresh()
    slack.sockets.wait()
    process.send_signal(signal.SIGTERM)
    process.wait(timeout=20)

    logged = log.read_text()
    for planted in (*CANARIES, slack.bot_token, slack.app_token, "private-words", "another-app"):
        assert planted not in logged
    assert "ticket-" not in logged
