from __future__ import annotations

import threading
import time
from datetime import timedelta

import pytest
import structlog
from redis.exceptions import RedisError

from bot.jobs import actors
from bot.jobs.actors import Job, declare_actors
from bot.jobs.broker import Broker, start_workers
from bot.store import scripts
from bot.store.due import TRIES, Due
from bot.store.quarantine import Quarantine

LAPSED = timedelta(0)


def test_a_nudge_calls_the_handler_of_its_kind(redis_url, redis, start, until):
    looked, posted = [], []
    broker = start(redis_url, {"diagnosis": looked.append, "entry": posted.append})
    broker.nudge("diagnosis", "d1")
    broker.nudge("entry", "d1:1:card")
    assert until(lambda: looked and posted) < 1
    assert (looked, posted) == (["d1"], ["d1:1:card"])


def test_posts_do_not_wait_for_looks(redis_url, redis, start, until):
    posted, hold = [], threading.Event()
    broker = start(redis_url, {"diagnosis": lambda _: hold.wait(9), "entry": posted.append})
    for n in range(6):
        broker.nudge("diagnosis", f"d{n}")
    broker.nudge("entry", "e")
    assert until(lambda: posted) < 1
    hold.set()


def test_nudges_that_come_late_or_doubled_do_the_work_once(
    redis_url, redis, due, start, until, make_due
):
    done, calls = [], []

    def handler(id_):
        if claim := due.claim("diagnosis", id_, timedelta(seconds=60)):
            done.append(id_)
            due.finish(claim)
        calls.append(id_)

    broker = start(redis_url, {"diagnosis": handler})
    make_due("diagnosis", "d1")
    for _ in range(5):
        broker.nudge("diagnosis", "d1")
    until(lambda: len(calls) == 5)
    assert done == ["d1"]


def test_an_error_is_logged_and_hurts_no_other(redis_url, redis, start, until):
    done = []

    def handler(id_):
        if id_ == "bad":
            raise ValueError
        done.append(id_)

    with structlog.testing.capture_logs() as logs:
        broker = start(redis_url, {"diagnosis": handler})
        for id_ in ("bad", "bad", "bad", "good"):
            broker.nudge("diagnosis", id_)
        until(lambda: done and len(logs) == 3)
    assert {(it["event"], it["kind"], it["id"]) for it in logs} == {
        ("work_failed", "diagnosis", "bad")
    }


def test_what_a_release_does_not_know_is_put_aside_until_one_does(
    redis_url, redis, due, start, until, make_due
):
    make_due("forecast", "x")
    with structlog.testing.capture_logs() as logs:
        start(redis_url, {}).nudge("forecast", "x")
        until(lambda: logs)
    assert logs[0]["event"] == "kind_unknown"
    assert due.sweep(9) == {}
    older, newer = Quarantine(redis, ["diagnosis"]), Quarantine(redis, ["diagnosis", "forecast"])
    assert older.unreadable() == [("forecast:x", None)]
    older.take_back()
    older.try_again()
    assert due.parked() == [("forecast", "x")]
    newer.take_back()
    assert list(due.sweep(9)) == [("forecast", "x")]
    assert due.parked() == newer.unreadable() == []


def test_what_a_newer_release_works_on_is_left_to_it(redis_url, redis, due, start, until, make_due):
    make_due("forecast", "x")
    claim = due.claim("forecast", "x", timedelta(seconds=20))
    with structlog.testing.capture_logs() as logs:
        start(redis_url, {}).nudge("forecast", "x")
        until(lambda: logs)
    assert due.parked() == []
    assert due.finish(claim)


def test_what_never_succeeds_is_given_up_once_and_parked(
    redis_url, redis, due, start, until, make_due
):
    calls, given_up = [], []

    def handler(id_):
        calls.append(due.claim("diagnosis", id_, LAPSED))
        raise ValueError

    with structlog.testing.capture_logs():
        broker = start(redis_url, {"diagnosis": handler}, given_up.append)
        make_due("diagnosis", "bad")
        for _ in range(TRIES + 3):
            broker.nudge("diagnosis", "bad")
        until(due.parked)
        until(lambda: broker.waiting() == 0)
    assert TRIES <= len([claim for claim in calls if claim]) <= TRIES + 1
    assert [claim.id for claim in given_up] == ["bad"]
    assert due.sweep(9) == {}


def test_a_failed_giving_up_is_logged_and_not_tried_for_ever(
    redis_url, redis, due, start, until, make_due
):
    make_due("diagnosis", "bad")
    for _ in range(TRIES):
        due.claim("diagnosis", "bad", LAPSED)

    def give_up(claim):
        assert due.parked() == [("diagnosis", "bad")]  # first: it may kill us
        raise ValueError

    with structlog.testing.capture_logs() as logs:
        start(redis_url, {"diagnosis": print}, give_up).nudge("diagnosis", "bad")
        until(lambda: any(it["event"] == "give_up_failed" for it in logs))
        until(lambda: not redis.exists("slsdiag:claims"))
    assert [it["exc_info"] for it in logs if it["event"] == "give_up_failed"] == [True]
    assert due.parked() == [("diagnosis", "bad")]
    assert due.sweep(9) == {}


def test_what_giving_up_saves_counts_and_takes_it_out_of_the_parked(
    redis_url, redis, due, start, until, make_due
):
    """As a digest that goes on at its next slot."""
    make_due("diagnosis", "bad")
    for _ in range(TRIES):
        due.claim("diagnosis", "bad", LAPSED)
    schedule = redis.register_script(
        scripts.read("due").text
        + "if not held(ARGV[1], ARGV[2]) then return 0 end schedule(ARGV[1], now) return 1"
    )
    saved = []

    def give_up(claim):
        saved.append(schedule(args=[claim.member, claim.fence]))

    with structlog.testing.capture_logs():
        start(redis_url, {"diagnosis": print}, give_up).nudge("diagnosis", "bad")
        until(lambda: saved)
    assert saved == [1]
    assert due.parked() == []
    assert list(due.sweep(9)) == [("diagnosis", "bad")]


def test_what_fails_before_it_is_claimed_steps_aside_and_is_given_up(
    redis_url, redis, due, start, until, make_due, monkeypatch
):
    """Else it would be due for ever, in front of all that came later."""
    make_due("diagnosis", "bad")
    given_up = []

    def handler(id_):
        raise ValueError

    with structlog.testing.capture_logs():
        broker = start(redis_url, {"diagnosis": handler}, given_up.append)
        broker.nudge("diagnosis", "bad")
        until(lambda: due.tries("diagnosis", "bad") == 1)
        assert due.sweep(9) == {}
        monkeypatch.setattr(actors, "UNCLAIMED_LEASE", LAPSED)
        make_due("diagnosis", "bad")
        until(lambda: broker.nudge("diagnosis", "bad") or given_up)
    assert due.parked() == [("diagnosis", "bad")]


def test_workers_outlive_a_store_that_goes_away(own_store, kill, start, until):
    done = []
    broker = start(own_store.url, {"diagnosis": done.append, "entry": done.append})
    broker.nudge("diagnosis", "before")
    until(lambda: done == ["before"])
    kill(own_store)
    with structlog.testing.capture_logs() as logs:
        broker.nudge("diagnosis", "meanwhile")
    assert logs[0]["event"] == "nudge_failed"
    time.sleep(0.5)
    own_store.ensure()
    broker.nudge("diagnosis", "after")
    broker.nudge("entry", "after too")
    until(lambda: len(done) == 3, limit=8)


def test_a_stop_lets_the_work_at_hand_end(redis_url, redis):
    done, began = [], threading.Event()

    def handler(id_):
        began.set()
        time.sleep(0.5)
        done.append(id_)

    broker = Broker(redis_url)
    declare_actors(
        broker, Due(redis), Quarantine(redis), {"diagnosis": Job(handler, print)}, lambda: True
    )
    workers = start_workers(broker, check_threads=1, post_threads=1)
    for n in range(3):
        broker.nudge("diagnosis", f"d{n}")
    began.wait(5)
    start = time.monotonic()
    workers.stop()
    assert time.monotonic() - start < 5
    assert done == ["d0"]
    assert broker.waiting() == 2
    broker.close()


def test_nudges_of_a_worker_that_was_killed_are_taken_over(redis_url, redis, start, until):
    lost = Broker(redis_url)
    lost.nudge("diagnosis", "d1")
    assert lost.check.do_fetch("look", 1)
    redis.zadd("slsdiag:__heartbeats__", {lost.check.broker_id: 1})
    done = []
    start(redis_url, {"diagnosis": done.append})
    until(lambda: done == ["d1"])
    lost.close()


def test_a_nudge_without_a_store_raises_nothing(tmp_path):
    broker = Broker(f"unix://{tmp_path}/none.sock")
    with structlog.testing.capture_logs() as logs:
        broker.nudge("diagnosis", "d1")
    assert logs[0]["event"] == "nudge_failed"
    with pytest.raises(RedisError):
        broker.waiting()


def test_nothing_is_done_while_the_store_is_another_workspaces(redis_url, start, until):
    asked, done, ours = [], [], [False]

    def may_work():
        asked.append(1)
        return ours[0]

    broker = start(redis_url, {"diagnosis": done.append}, may_work=may_work)
    broker.nudge("diagnosis", "of others")
    until(lambda: asked)
    ours[0] = True
    broker.nudge("diagnosis", "d1")
    until(lambda: done == ["d1"])
