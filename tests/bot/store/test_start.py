"""What the store that REDIS_URL names must be like for a bot to start, and to be ready."""

from __future__ import annotations

import threading
import time

import pytest
import structlog

from bot.errors import SlsdiagError
from bot.playground.stores import Server
from bot.store import start
from bot.store.connection import connect
from bot.store.readiness import Readiness
from bot.store.start import usable

KEEPS = {"appendonly": "yes", "maxmemory_policy": "noeviction"}
POLICIES = ["allkeys-lru", "allkeys-random", "volatile-lru", "volatile-lfu", "volatile-ttl"]


def refused(url):
    with pytest.raises(SlsdiagError) as raised:
        usable(url)
    said = str(raised.value)
    assert "REDIS_URL" in said
    assert "\n" not in said
    return said


def risks(url):
    with structlog.testing.capture_logs() as logs:
        usable(url)
    return [it["saw"] for it in logs if it["event"] == "store_at_risk"]


def test_a_store_that_keeps_all_is_used_without_a_word(tmp_path):
    with Server(tmp_path, **KEEPS) as server:
        assert risks(server.url) == []


@pytest.mark.parametrize("policy", POLICIES)
def test_a_store_that_evicts_is_refused(tmp_path, policy):
    with Server(tmp_path, **KEEPS | {"maxmemory_policy": policy}) as server:
        assert f"maxmemory-policy is {policy}" in refused(server.url)


def test_a_store_that_evicts_is_refused_where_config_is_not_allowed(tmp_path):
    with Server(tmp_path, **KEEPS | {"maxmemory_policy": "volatile-lru"}) as server:
        with server.client() as redis:
            redis.execute_command(
                "ACL", "SETUSER", "hosted", "on", ">pass", "~*", "+@all", "-config"
            )
        url = server.url.replace("redis://", "redis://hosted:pass@")
        assert "maxmemory-policy is volatile-lru" in refused(url)


def test_a_cluster_is_refused_in_a_sentence(tmp_path):
    with Server(tmp_path, cluster_enabled="yes") as server:
        assert "cluster mode, which slsdiag does not support" in refused(server.url)


def test_a_replica_is_refused_when_it_stays_one(tmp_path, pair, monkeypatch):
    monkeypatch.setattr(start, "PATIENCE", 0.5)
    assert "It is a replica" in refused(pair[1].url)


def test_a_failover_during_the_start_is_waited_for(pair):
    _, replica, _ = pair
    threading.Timer(0.5, replica.follow, [None]).start()
    usable(replica.url)


@pytest.mark.parametrize("options", [{"appendonly": "no"}, KEEPS | {"appendfsync": "no"}])
def test_a_store_that_may_forget_is_told_once(tmp_path, options):
    with Server(tmp_path, **options) as server:
        assert len(risks(server.url)) == 1


def test_store_that_does_not_say_whether_it_persists_its_data_is_logged(tmp_path):
    with Server(tmp_path, **KEEPS) as server:
        with server.client() as redis:
            redis.execute_command(
                "ACL", "SETUSER", "hosted", "on", ">pass", "~*", "+@all", "-config", "-info"
            )
        assert "does not say" in risks(server.url.replace("redis://", "redis://hosted:pass@"))[0]


@pytest.fixture
def full(tmp_path):
    """A server without room for anything new."""
    with Server(tmp_path / "full", **KEEPS, maxmemory="100kb") as server:
        yield server


def test_a_full_store_is_used_for_what_was_begun_and_told(full):
    assert "It is full" in risks(full.url)[0]


def test_readiness_is_a_write(tmp_path, pair, full):
    primary, replica, _ = pair
    with primary.client() as good, replica.client() as bad, full.client() as no_room:
        assert [Readiness(each)() for each in (good, bad, no_room)] == [True, False, False]
        assert all(each.ping() for each in (good, bad, no_room))
        assert [*good.scan_iter("*")] == ["slsdiag:ready"]
        assert 0 < good.pttl("slsdiag:ready") <= 60_000


def test_readiness_is_asked_once_a_second(redis):
    def writes():
        return redis.info("commandstats").get("cmdstat_set", {}).get("calls", 0)

    ready, before = Readiness(redis), writes()
    began = time.monotonic()
    while time.monotonic() - began < 0.5:
        assert ready()
    assert writes() - before == 1


def test_readiness_never_raises():
    with connect("redis://127.0.0.1:9") as redis:
        assert Readiness(redis)() is False
