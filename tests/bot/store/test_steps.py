"""The clock of the store's server is stepped while things wait to be due."""

from __future__ import annotations

import threading
import time
from datetime import timedelta

import pytest
import structlog

from bot.jobs.actors import Job, declare_actors
from bot.jobs.broker import Broker, start_workers
from bot.jobs.clock import Clock
from bot.playground.stores import Server
from bot.store.clock_steps import ClockSteps, Reading, moved
from bot.store.connection import connect, now, server_time, to_ms
from bot.store.due import Due, Leases
from bot.store.quarantine import Quarantine

pytestmark = pytest.mark.slow

HOUR, DAY = 3600, 86_400
WAIT, LATE = 4.0, 2.0
STEPS = [HOUR, -HOUR, DAY, -DAY]


@pytest.fixture
def server(tmp_path, stepped_clock):
    with Server(tmp_path / "store", stepped_clock.environment) as server:
        yield server


@pytest.fixture
def step_now(server, stepped_clock, until):
    """Step the server's clock, and see that it goes by it: it may be within a turn of its loop."""

    def step_now(seconds):
        with server.client() as redis:
            before, began = server_time(redis), time.monotonic()
            stepped_clock.step(seconds)

            def seen():
                passed = (server_time(redis) - before).total_seconds()
                return abs(passed - (time.monotonic() - began)) > abs(seconds) / 2

            until(seen)

    return step_now


@pytest.fixture
def processes(server):
    """Starts what two processes of a bot have: clock, workers, leases."""
    running = []

    def begin(work):
        redis, broker = connect(server.url), Broker(server.url)
        due = Due(redis)
        leases = Leases(due)
        jobs = {"triage": Job(lambda id_: work(leases, due, id_), print)}
        declare_actors(broker, due, Quarantine(redis, jobs), jobs, lambda: True)
        workers = start_workers(broker, check_threads=2, post_threads=1)
        clock = Clock(due, broker, every=(ClockSteps(redis).tick, leases.renew))
        clock.start()
        running.append((clock, workers, broker, redis))
        return redis

    yield begin
    for clock, *_ in running:
        clock.stop()
    for _, workers, broker, redis in running:
        workers.stop()
        broker.close()
        redis.close()


def begin_wait(redis, id_):
    """When it began; the step is not corrected between its two round trips (see clock_steps.py)."""
    while True:
        steps, began = redis.hget("slsdiag:clock", "steps"), time.monotonic()
        redis.zadd("slsdiag:due", {f"triage:{id_}": to_ms(now(redis) + timedelta(seconds=WAIT))})
        if redis.hget("slsdiag:clock", "steps") == steps:
            return began


@pytest.mark.parametrize("step", STEPS)
def test_a_wait_ends_neither_early_nor_late(processes, stepped_clock, until, step):
    ended = {}

    def work(leases, due, id_):
        with leases.claimed("triage", id_) as claim:
            if claim:
                ended.setdefault(id_, []).append(time.monotonic())
                due.finish(claim)

    with structlog.testing.capture_logs() as logs:
        redis = processes(work)
        processes(work)
        until(lambda: redis.hget("slsdiag:clock", "confirmed"))
        began = begin_wait(redis, "before")
        time.sleep(1)
        stepped_clock.step(step)
        # what is saved right after the step, before anybody has noticed it
        saved = begin_wait(redis, "after")
        until(lambda: len(ended) == 2, WAIT + LATE + 1)
    assert 0 <= ended["before"][0] - began - WAIT < LATE
    assert 0 <= ended["after"][0] - saved - WAIT < LATE
    assert {len(times) for times in ended.values()} == {1}
    assert len([it for it in logs if it["event"] == "store_clock_stepped"]) in {1, 2}
    assert redis.hget("slsdiag:clock", "steps") == "1"


@pytest.mark.parametrize("step", STEPS)
def test_a_lease_is_renewed_and_work_goes_on_once(processes, stepped_clock, until, step):
    taken, done, hold = [], [], threading.Event()

    def work(leases, due, id_):
        with leases.claimed("triage", id_) as claim:
            if claim:
                taken.append(claim)
                hold.wait(20)
                done.append(due.finish(claim))

    redis = processes(work)
    processes(work)
    until(lambda: redis.hget("slsdiag:clock", "confirmed"))
    redis.zadd("slsdiag:due", {"triage:held": 0})
    until(lambda: taken)
    with structlog.testing.capture_logs():
        stepped_clock.step(step)
        until(lambda: redis.hget("slsdiag:clock", "steps"))
        time.sleep(2)
    lease = redis.zscore("slsdiag:due", "triage:held") - to_ms(now(redis))
    assert 10_000 < lease <= 20_000
    hold.set()
    until(lambda: done)
    assert (len(taken), done) == (1, [True])


def test_digests_stay_at_their_slots_and_entries_wait_as_long(server, step_now):
    with server.client() as redis, structlog.testing.capture_logs():
        steps, at = ClockSteps(redis), to_ms(now(redis)) + 60_000
        steps.tick()
        redis.zadd("slsdiag:due", {"digest:slot": at, "digest:claimed": at, "entry:e": at})
        redis.hset("slsdiag:claims", "digest:claimed", 1)
        redis.zadd("slsdiag:outbox", {"e": 1, "f": 1})
        redis.hset("slsdiag:entry:e", "after", at)
        step_now(HOUR)
        steps.tick()
        due = dict(redis.zrange("slsdiag:due", 0, -1, withscores=True))
        assert due["digest:slot"] == at
        for moved_at in (
            due["digest:claimed"],
            due["entry:e"],
            int(redis.hget("slsdiag:entry:e", "after")),
        ):
            assert moved_at - at == pytest.approx(HOUR * 1000, abs=LATE * 1000)
        assert not redis.exists("slsdiag:entry:f")


def test_the_time_stands_still_from_a_step_until_it_was_seen(server, step_now):
    with server.client() as redis, structlog.testing.capture_logs():
        steps = ClockSteps(redis)
        for _ in range(2):
            steps.tick()
        before = now(redis)
        step_now(HOUR)
        assert server_time(redis) - before > timedelta(minutes=59)
        assert abs(now(redis) - before) < timedelta(seconds=2)
        redis.zadd("slsdiag:due", {"triage:t": to_ms(before + timedelta(minutes=10))})
        assert Due(redis).claim("triage", "t", timedelta(seconds=1)) is None
        steps.tick()
        assert now(redis) - before > timedelta(minutes=59)
        assert Due(redis).claim("triage", "t", timedelta(seconds=1)) is None


def test_a_process_that_has_just_begun_confirms_nothing(server, step_now):
    with server.client() as redis, structlog.testing.capture_logs():
        old = ClockSteps(redis)
        for _ in range(2):
            old.tick()
        step_now(DAY)
        ClockSteps(redis).tick()
        assert server_time(redis) - now(redis) > timedelta(hours=23)
        old.tick()
        assert abs(server_time(redis) - now(redis)) < timedelta(seconds=5)


@pytest.mark.parametrize(
    ("later", "by"),
    [
        (Reading(500, 10.5, 10.5, 0), 0),
        (Reading(3_600_500, 10.5, 10.5, 0), 3_600_000),
        (Reading(-3_599_500, 10.5, 10.5, 0), -3_600_000),
        # an answer that took two seconds may have been read at any time of them
        (Reading(2_500, 10.5, 12.5, 0), 0),
        (Reading(2_500, 10.5, 10.6, 0), 1_950),
        # this process was frozen for a minute, or the store was
        (Reading(60_500, 70.5, 70.5, 0), 0),
        (Reading(500, 70.5, 70.5, 0), -60_000),
    ],
)
def test_only_what_is_proved_is_a_step(later, by):
    assert moved(Reading(0, 10.0, 10.0, 0), later) == by
