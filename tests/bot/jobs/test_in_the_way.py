"""Work that cannot be done never keeps other work waiting."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
import structlog

from bot.jobs import clock as module
from bot.jobs.broker import Broker
from bot.jobs.clock import LONGEST_QUEUE, ORDER, PROMISED, RESERVED, Clock
from bot.store import due as due_module
from bot.store.connection import now, to_ms
from bot.store.quarantine import Quarantine

pytestmark = pytest.mark.slow

LEASE = timedelta(seconds=60)
MANY = 300
"""More than a queue takes."""


@pytest.fixture
def broker(redis_url, redis):
    """Nobody works on it."""
    broker = Broker(redis_url)
    yield broker
    broker.close()


@pytest.fixture
def tick(redis, due, broker):
    """One sweep after another by one clock; gives what waits in the queues, by kind."""
    clock = Clock(due, broker)

    def tick(times=1):
        for _ in range(times):
            clock._sweep()  # noqa: SLF001 - the thread behind it is tested in test_clock.py
        return Counter(kind for queue in broker.queues for kind, _ in nudges(queue))

    return tick


def nudges(queue):
    """Kind and id of each, in order."""
    ids = queue.client.lrange(f"{queue.namespace}:{queue.name}", 0, -1)
    stored = f"{queue.namespace}:{queue.name}.msgs"
    found = queue.client.hmget(stored, ids) if ids else []
    return [tuple(queue_message(data).args) for data in found]


def queue_message(data):
    from dramatiq import Message

    return Message.decode(data)


def put(redis, kind, count, age=0.0):
    at = to_ms(now(redis)) - round(age * 1000)
    for start in range(0, count, 1000):
        names = range(start, min(start + 1000, count))
        redis.zadd("slsdiag:due", {f"{kind}:{n}": at for n in names})


@pytest.mark.parametrize("count", [200, 2_000])
def test_kinds_that_nobody_knows_delay_nothing_and_wait_for_who_knows_them(
    redis_url, redis, due, start, until, count
):
    put(redis, "forecast", count, age=60)
    done = []

    def handler(id_):
        if claim := due.claim("entry", id_, LEASE):
            done.append(id_)
            due.finish(claim)

    with structlog.testing.capture_logs():
        clock = Clock(due, start(redis_url, {"entry": handler}))
        clock.start()
        try:
            put(redis, "entry", 1)
            assert until(lambda: done) < 2
            until(lambda: len(due.parked()) == count, 120)  # no promise says how fast
        finally:
            clock.stop()
    assert due.sweep(10) == {}
    newer = Quarantine(redis, ["entry", "forecast"])
    until(lambda: newer.take_back() or not due.parked())
    assert len(due.sweep(count + 1)) == count
    assert newer.unreadable() == []


@pytest.mark.parametrize("stuck", ORDER)
def test_a_queue_that_nobody_works_on_holds_up_no_other(redis, broker, tick, stuck):
    """What holds nothing up but itself: each kind in turn, many of it, and one of each other."""
    put(redis, stuck, MANY, age=60)
    assert tick(3)[stuck] >= LONGEST_QUEUE
    for kind in ORDER:
        if broker.queue_of(kind) is not broker.queue_of(stuck):
            put(redis, kind, 1)
    waiting = tick()
    for kind in ORDER:
        if broker.queue_of(kind) is not broker.queue_of(stuck):
            assert waiting[kind] == 1, kind


@pytest.mark.parametrize("stuck", [kind for kind in ORDER if kind not in PROMISED])
def test_what_was_promised_for_a_time_still_finds_room(redis, tick, stuck):
    put(redis, stuck, MANY, age=60)
    assert tick(3)[stuck] == LONGEST_QUEUE
    for kind in PROMISED:
        put(redis, kind, 1)
    assert {kind: count for kind, count in tick().items() if kind in PROMISED} == dict.fromkeys(
        PROMISED, 1
    )


def test_even_that_has_an_end(redis, tick):
    put(redis, "triage", 2 * MANY)
    assert tick(3)["triage"] == LONGEST_QUEUE + RESERVED


def test_of_one_queue_people_come_first(redis, broker, tick):
    for age, kind in enumerate(ORDER):  # the least urgent one is the longest due
        put(redis, kind, 2, age=age)
    put(redis, "forecast", 2, age=99)
    tick()
    kinds = list(dict.fromkeys(kind for kind, _ in nudges(broker.check)))
    of_checks = [kind for kind in ORDER if broker.queue_of(kind) is broker.check]
    assert kinds == [*of_checks, "forecast"]


def test_what_was_nudged_in_vain_does_not_stand_before_what_was_not(
    redis, broker, tick, monkeypatch
):
    monkeypatch.setattr(module, "AGAIN_AFTER", 0)
    monkeypatch.setattr(module, "LONGEST_QUEUE", 3)
    put(redis, "diagnosis", 9, age=60)
    nudged = set()
    for _ in range(4):
        tick()
        nudged |= set(nudges(broker.check))
        broker.check.flush_all()
    assert len(nudged) == 9


def test_more_than_one_sweep_reads_is_read_in_turns(redis, due, tick, monkeypatch):
    monkeypatch.setattr(due_module, "AT_ONCE", 1_000)
    put(redis, "diagnosis", 2_500, age=60)
    put(redis, "entry", 1)
    assert tick(3)["entry"] == 1
