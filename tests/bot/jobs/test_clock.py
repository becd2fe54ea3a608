from __future__ import annotations

from datetime import timedelta

import pytest
import structlog

from bot.jobs import clock as module
from bot.jobs.broker import Broker
from bot.jobs.clock import Clock
from bot.store.connection import connect, now, to_ms
from bot.store.due import Due


@pytest.fixture
def broker(redis_url, redis):
    broker = Broker(redis_url)
    yield broker
    broker.close()


@pytest.fixture
def ticking():
    """Start a clock, and stop it in the end."""
    clocks = []

    def ticking(*args, **named):
        clocks.append(Clock(*args, **named))
        clocks[-1].start()
        return clocks[-1]

    yield ticking
    for clock in clocks:
        clock.stop()


def test_what_is_due_is_nudged_within_two_seconds(
    redis_url, redis, due, start, until, make_due, ticking
):
    done = []

    def handler(id_):
        if claim := due.claim("diagnosis", id_, timedelta(seconds=60)):
            done.append(id_)
            due.finish(claim)

    ticking(due, start(redis_url, {"diagnosis": handler}))
    make_due("diagnosis", "d1")
    assert until(lambda: done) < 2
    # and again soon, when it is due again: what was nudged once is not held back
    make_due("diagnosis", "d1")
    assert until(lambda: done == ["d1", "d1"]) < 2.5


def test_nothing_is_nudged_before_its_time(redis, due, broker, until, ticking):
    redis.zadd("slsdiag:due", {"diagnosis:d1": to_ms(now(redis) + timedelta(seconds=1.5))})
    ticking(due, broker)
    assert until(broker.waiting) > 1


def test_what_no_worker_takes_does_not_flood_the_queue(due, broker, make_due, until, ticking):
    for n in range(5):
        make_due("diagnosis", f"d{n}")
    beats = []
    ticking(due, broker, every=(lambda: beats.append(1),))
    until(lambda: len(beats) == 2)
    assert broker.waiting() == 5


@pytest.mark.parametrize(("waiting", "then"), [(1, 3), (5, 5)], ids=["nearly", "over"])
def test_a_long_queue_is_not_made_longer(
    waiting, then, due, broker, make_due, until, ticking, monkeypatch
):
    monkeypatch.setattr(module, "LONGEST_QUEUE", 3)
    for _ in range(waiting):
        broker.nudge("diagnosis", "x")
    for n in range(9):
        make_due("diagnosis", f"d{n}")
    beats = []
    ticking(due, broker, every=(lambda: beats.append(1),))
    until(lambda: len(beats) == 2)
    assert broker.waiting() == then


def test_it_goes_on_when_the_store_was_away(own_store, kill, until, ticking):
    with connect(own_store.url) as redis, structlog.testing.capture_logs() as logs:
        broker = Broker(own_store.url)
        clock = ticking(Due(redis), broker)
        kill(own_store)
        until(lambda: any(it["event"] == "tick_failed" for it in logs))
        assert clock.alive()
        own_store.ensure()
        redis.zadd("slsdiag:due", {"diagnosis:d1": 0})
        until(broker.waiting)
        broker.close()


def test_it_keeps_the_store_up(own_store, kill, until, ticking):
    with connect(own_store.url) as redis, structlog.testing.capture_logs():
        broker = Broker(own_store.url)
        ticking(Due(redis), broker, every=(own_store.ensure,))
        kill(own_store)
        until(own_store.answers)
        broker.close()


def test_it_is_not_alive_before_it_beats(due, broker):
    assert not Clock(due, broker).alive()
