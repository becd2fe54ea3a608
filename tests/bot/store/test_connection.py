from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest
from redis.exceptions import ConnectionError as NotConnected

from bot.store.connection import connect, from_ms, now, to_ms


def test_an_absent_store_is_noticed_at_once(tmp_path):
    start = time.perf_counter()
    with pytest.raises(NotConnected):
        connect(f"unix://{tmp_path}/none.sock").ping()
    assert time.perf_counter() - start < 0.5


def test_a_command_without_an_answer_is_not_repeated(redis, redis_url):
    with connect(redis_url) as other:
        other.connection_pool.connection_kwargs["socket_timeout"] = 0.2
        redis.client_pause(500, all=False)
        with pytest.raises(Exception, match="Timeout"):
            other.incr("counter")
    time.sleep(0.6)
    assert redis.get("counter") in (None, "1")


def test_now_is_the_stores_time(redis):
    assert abs(now(redis) - datetime.now(UTC)) < timedelta(seconds=5)


@pytest.mark.parametrize("ms", [0, 1, 1764000000123, 1764000000999, 4102444799999])
def test_milliseconds_come_back_exactly(ms):
    assert to_ms(from_ms(ms)) == ms
