"""A broker with workers, and ways to wait for what they do."""

from __future__ import annotations

import os
import signal

import pytest

from bot.jobs.actors import Job, declare_actors
from bot.jobs.broker import Broker, start_workers
from bot.store.connection import connect, now, to_ms
from bot.store.due import Due
from bot.store.embedded import Embedded
from bot.store.quarantine import Quarantine


@pytest.fixture
def make_due(redis):
    def make_due(kind, id_):
        redis.zadd("slsdiag:due", {f"{kind}:{id_}": to_ms(now(redis))})

    return make_due


@pytest.fixture
def own_store(tmp_path):
    """A store that may be killed."""
    store = Embedded(tmp_path)
    with store:
        yield store


@pytest.fixture
def kill(until):
    """Kill a store's server, and see it gone."""

    def kill(store):
        with connect(store.url) as redis:
            os.kill(redis.info("server")["process_id"], signal.SIGKILL)
        until(lambda: not store.answers())

    return kill


@pytest.fixture
def start():
    """Start a broker and workers with these handlers on the store at `url`."""
    running = []

    def start(url, handlers, give_up=print, may_work=lambda: True):
        redis, broker = connect(url), Broker(url)
        jobs = {kind: Job(handle, give_up) for kind, handle in handlers.items()}
        declare_actors(broker, Due(redis), Quarantine(redis, jobs), jobs, may_work)
        workers = start_workers(broker, check_threads=2, post_threads=1)
        running.append((workers, broker, redis))
        return broker

    yield start
    for workers, broker, redis in running:
        workers.stop()
        broker.close()
        redis.close()


@pytest.fixture
def due(redis):
    return Due(redis)
