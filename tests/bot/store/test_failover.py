"""A Redis behind an address that leads to another server after a failover."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
import structlog

from bot.jobs.actors import Job, declare_actors
from bot.jobs.broker import Broker, start_workers
from bot.jobs.clock import Clock
from bot.playground.stores import fail_over
from bot.store.connection import NotWritable, StoreError, connect
from bot.store.due import Due
from bot.store.quarantine import Quarantine

pytestmark = pytest.mark.slow

ALL_GOES_ON = 10
"""Seconds after a failover; docs/promises.md."""


SCRIPT = "redis.call('SET', 'a', 1)"


@pytest.mark.parametrize(
    "write",
    [
        lambda redis: redis.set("a", 1),
        lambda redis: redis.register_script(SCRIPT)(),
        lambda redis: redis.lpush("list", 1),
    ],
    ids=["command", "script", "list"],
)
def test_the_first_write_that_is_refused_leads_to_the_new_primary(pair, write):
    with connect(pair[2].url) as redis:
        idle = [redis.connection_pool.get_connection() for _ in range(3)]
        for each in idle:
            redis.connection_pool.release(each)
        write(redis)
        fail_over(*pair)
        assert redis.ping()  # a replica answers that
        with pytest.raises(NotWritable):
            write(redis)
        for _ in range(4):
            write(redis)


@pytest.mark.parametrize(
    ("said", "leaves"),
    [
        ("READONLY You can't write against a read only replica.", True),
        (
            "READONLY You can't write against a read only replica. script: 3f, on @user_script:5.",
            True,
        ),
        # as Redis 6.2 passes on what a script met
        (
            "ERR Error running script (call to f_3f): @user_script: 5: -READONLY You can't write",
            True,
        ),
        ("MISCONF Valkey is configured to save, but is unable to persist to disk.", True),
        ("LOADING Redis is loading the dataset in memory", True),
        ("MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.", True),
        ("NOREPLICAS Not enough good replicas to write.", True),
        ("UNBLOCKED force unblock from blocking operation, instance state changed", True),
        ("OOM command not allowed when used memory > 'maxmemory'.", False),
        ("ERR unknown command 'LOADING'", False),
        ("WRONGTYPE Operation against a key holding the wrong kind of value", False),
    ],
)
def test_whatever_says_that_nothing_can_be_written_closes_the_connections(
    redis, redis_url, said, leaves
):
    with connect(redis_url) as other:
        before = other.client_id()
        with pytest.raises(StoreError) as raised:
            other.eval(f"return redis.error_reply([[{said}]])", 0)
        assert isinstance(raised.value, NotWritable) is leaves
        assert (other.client_id() != before) is leaves


def test_work_goes_on_after_a_failover(pair, until):
    """Clock, queues, workers and leases, over connections that stay open to the old primary."""
    done, lock = [], threading.Lock()
    redis = connect(pair[2].url)
    due, broker = Due(redis), Broker(pair[2].url)

    def handler(id_):
        if claim := due.claim("diagnosis", id_, timedelta(seconds=60)):
            due.finish(claim)
            with lock:
                done.append(id_)

    jobs = {"diagnosis": Job(handler, print)}
    declare_actors(broker, due, Quarantine(redis, jobs), jobs, lambda: True)
    workers, clock = start_workers(broker, check_threads=2, post_threads=1), Clock(due, broker)
    clock.start()
    redis.zadd("slsdiag:due", {"diagnosis:before": 0})
    until(lambda: done == ["before"])
    fail_over(*pair)
    with structlog.testing.capture_logs(), pair[1].client() as new:
        new.zadd("slsdiag:due", {f"diagnosis:{n}": 0 for n in range(20)})
        until(lambda: len(done) == 21, ALL_GOES_ON)
        new.zadd("slsdiag:due", {"diagnosis:last": 0})
        until(lambda: done[-1] == "last", 2)
        assert new.zcard("slsdiag:due") == 0
        clock.stop()
        workers.stop()
    broker.close()
    redis.close()
