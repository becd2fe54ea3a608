"""Acknowledgements wait until a replica has what they acknowledge, where there is one."""

from __future__ import annotations

import signal

import pytest

from bot.store.replicas import NotReplicated, connect_acknowledging


def test_without_replicas_nothing_is_waited_for(redis, redis_url):
    with connect_acknowledging(redis_url, 1) as other:
        other.look_for_replicas()
        other.register_script("return redis.call('SET', 'a', 1)")()
    assert "cmdstat_wait" not in redis.info("commandstats")


def test_with_a_replica_each_script_is_confirmed_by_it(pair):
    primary, replica, _ = pair
    with connect_acknowledging(primary.url, 1) as redis, replica.client() as other:
        redis.look_for_replicas()
        write = redis.register_script("return redis.call('INCR', 'a')")
        for expected in range(1, 50):
            assert write() == expected
            assert other.get("a") == str(expected)
        replica.signal(signal.SIGSTOP)
        with pytest.raises(NotReplicated):
            write()
        replica.signal(signal.SIGCONT)
        assert write() == 51


def test_a_server_that_may_not_be_asked_for_replicas_counts_as_alone(redis, redis_url):
    redis.execute_command("ACL", "SETUSER", "hosted", "on", ">pass", "~*", "+@all", "-info")
    try:
        with connect_acknowledging(redis_url.replace("unix://", "unix://hosted:pass@"), 1) as other:
            other.look_for_replicas()
            assert not other.has_replicas
    finally:
        redis.execute_command("ACL", "DELUSER", "hosted")
