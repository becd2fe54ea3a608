"""The bot as people and probes meet it while its store is full, or fails over."""

from __future__ import annotations

import signal
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from bot.doctor.store import judged
from bot.playground.stores import Server, fail_over
from bot.playground.workspace import Person
from bot.store.condition import condition

GOES_ON = 10
"""Seconds; docs/promises.md."""
pytestmark = [pytest.mark.slow, pytest.mark.parametrize("mode", ["http"])]


def status(bot, path):
    try:
        with urlopen(f"http://127.0.0.1:{bot.admin_port}{path}") as answer:
            return answer.status
    except HTTPError as error:
        return error.code


@pytest.fixture
def store(tmp_path):
    """One whose memory can be filled."""
    with Server(tmp_path / "store", appendonly="yes", maxmemory_policy="noeviction") as server:
        yield server


def room(store, size):
    with store.client() as redis:
        redis.config_set("maxmemory", size)


def test_a_full_store_takes_nothing_new_and_finishes_what_was_begun(store, start_bot, slack, until):
    bot = start_bot(REDIS_URL=store.url, SLSDIAG_WORKERS="0", SLSDIAG_LIMITS="user=100")
    ada = Person(slack)
    assert ada.types("/slsdiag orders").text == "Checking orders. The card appears in this channel."
    assert status(bot, "/readyz") == 200
    room(store, "100kb")

    assert "could not save" in ada.types("/slsdiag checkout").text
    until(lambda: status(bot, "/readyz") == 503, 2)
    assert status(bot, "/livez") == 200
    start_bot(REDIS_URL=store.url)
    assert slack.waits_for(lambda m: "orders is not reporting" in m.text, timeout=20)

    room(store, "0")
    until(lambda: status(bot, "/readyz") == 200, GOES_ON)
    assert (
        ada.types("/slsdiag checkout").text
        == "Checking checkout. The card appears in this channel."
    )
    assert slack.waits_for(lambda m: "checkout is healthy" in m.text, timeout=20)


def test_the_bot_answers_again_after_a_failover(pair, start_bot, slack, until):
    bot = start_bot(REDIS_URL=pair[2].url)
    ada = Person(slack)
    ada.types("/slsdiag checkout")
    assert slack.waits_for(lambda m: "checkout is healthy" in m.text, timeout=20)
    fail_over(*pair)

    until(
        lambda: (
            ada.types("/slsdiag orders").text
            == "Checking orders. The card appears in this channel."
        ),
        GOES_ON,
    )
    assert slack.waits_for(lambda m: "orders is not reporting" in m.text, timeout=GOES_ON)
    until(lambda: status(bot, "/readyz") == 200, GOES_ON)
    assert status(bot, "/livez") == 200


def test_a_bot_whose_primary_became_a_replica_is_not_ready(pair, start_bot, slack, until):
    primary, replica, address = pair
    bot = start_bot(REDIS_URL=address.url)
    assert status(bot, "/readyz") == 200
    primary.follow(replica)  # and the address still leads there
    until(lambda: status(bot, "/readyz") == 503, 5)
    assert status(bot, "/livez") == 200


def test_what_was_acknowledged_outlives_the_primary(pair, start_bot, slack, until):
    """A replica that lags is not taken for one that has it."""
    primary, replica, address = pair
    start_bot(REDIS_URL=address.url, SLSDIAG_WORKERS="0")
    ada = Person(slack)
    acknowledged = [n for n in range(3) if asked(ada, n)]
    assert len(acknowledged) == 3
    replica.signal(signal.SIGSTOP)
    response = ada.types("/slsdiag f9")
    assert "could not save that safely" in response.text
    assert response.seconds < 3
    acknowledged += [n for n in range(10, 13) if asked(ada, n)]
    primary.kill()
    replica.signal(signal.SIGCONT)
    until(lambda: replica.client().ping())
    replica.follow(None)
    address.target = replica.port
    with replica.client() as redis:
        kept = "".join(redis.hget(key, "doc") for key in redis.scan_iter("slsdiag:diagnosis:*"))
    assert [n for n in acknowledged if f'"f{n}"' not in kept] == []

    until(lambda: asked(ada, 20), GOES_ON)


def asked(person, number):
    """Whether it was acknowledged."""
    return (
        person.types(f"/slsdiag f{number}").text
        == f"Checking f{number}. The card appears in this channel."
    )


def test_a_store_that_forgot_everything_is_told_to_those_it_forgot(store, start_bot, slack, until):
    bots = [start_bot(REDIS_URL=store.url) for _ in range(2)]
    ada = Person(slack)
    for name in ("checkout", "orders"):
        ada.types(f"/slsdiag {name}")
    assert slack.waits_for(lambda m: "checkout is healthy" in m.text, timeout=20)
    assert slack.waits_for(lambda m: "orders is not reporting" in m.text, timeout=20)
    with store.client() as redis:
        redis.flushall()
    assert slack.waits_for(lambda m: "My store has lost its data" in m.text, timeout=GOES_ON)
    assert ada.types("/slsdiag orders").text == "Checking orders. The card appears in this channel."
    assert slack.waits_for(lambda m: "orders is not reporting" in m.text, timeout=20)
    notices = [m for m in slack.messages if "My store has lost its data" in m.text]
    assert len(notices) == 1
    metrics = [
        urlopen(f"http://127.0.0.1:{bot.admin_port}/metrics").read().decode() for bot in bots
    ]
    assert any("slsdiag_store_forgot_total" in each for each in metrics)


def test_a_request_that_was_lost_before_its_answer_is_told_too(store, start_bot, slack):
    start_bot(REDIS_URL=store.url, SLSDIAG_WORKERS="0")
    Person(slack).types("/slsdiag checkout")
    with store.client() as redis:
        redis.flushall()
    assert slack.waits_for(lambda m: "My store has lost its data" in m.text, timeout=GOES_ON)
    assert "found empty on" in "\n".join(map(str, judged(condition(store.url))))


def test_a_bot_of_another_workspace_does_not_start(store, start_process, start_bot, slack):
    start_bot(REDIS_URL=store.url)
    with store.client() as redis:
        redis.hset("slsdiag:home", "team", "T0ANOTHER")
    for verb in ("serve", "worker"):
        process, log = start_process(verb, REDIS_URL=store.url)
        assert process.wait(timeout=20) == 2
        said = log.read_text()
        assert "REDIS_URL names a store that belongs to another workspace's bot" in said
        assert said.count("\n") == 1
