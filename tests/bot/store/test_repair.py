"""The embedded store's data after a power cut, or a bad disk."""

from __future__ import annotations

import pytest
import structlog

from bot.store.connection import connect
from bot.store.embedded import Embedded
from bot.store.valkey import StoreFailed

COMMAND = b"*3\r\n$3\r\nSET\r\n$1\r\nz\r\n$1\r\n1\r\n"
HALF = b"*3\r\n$3\r\nSET\r\n$1\r\nz\r\n$9\r\nhal"


@pytest.fixture
def written(tmp_path):
    """The file that a store with three keys left."""
    with Embedded(tmp_path) as url, connect(url) as redis:
        for key in "abc":
            redis.set(key, 1)
    return tmp_path / "store/appendonlydir/appendonly.aof.1.incr.aof"


def started(tmp_path):
    with structlog.testing.capture_logs() as logs, Embedded(tmp_path) as url, connect(url) as redis:
        assert sorted(redis.keys()) == ["a", "b", "c"]
        redis.set("d", 1)
    with Embedded(tmp_path) as url, connect(url) as redis:
        assert redis.get("d") == "1"
    return [it for it in logs if it["event"] == "store_end_damaged"]


@pytest.mark.parametrize(
    "end",
    [bytes(4096), b"\xff" * 512, HALF + bytes(4096), b"*3\r\n$3\r\nSE", b"not a command\r\n" * 9],
    ids=["zeros", "ones", "half and zeros", "half", "text"],
)
def test_a_damaged_end_is_moved_aside_and_said(tmp_path, written, end):
    good = written.read_bytes()
    written.write_bytes(good + end)
    events = started(tmp_path)
    if end.startswith(b"*3\r\n$3\r\nSE") and not end.endswith(b"\0"):
        assert events == []  # cut off: the server starts over that by itself
        return
    assert [it["bytes"] for it in events] == [len(end)]
    kept = tmp_path / "store" / f"{written.name}.{len(good)}.damaged"
    assert (events[0]["moved_to"], kept.read_bytes()) == (str(kept), end)
    assert not list(tmp_path.glob("store/*.good"))


def test_damage_that_good_data_follows_is_left_to_a_person(tmp_path, written):
    before = written.read_bytes() + bytes(64) + b"\r\n" + COMMAND
    written.write_bytes(before)
    good = len(before) - 64 - 2 - len(COMMAND)
    with pytest.raises(StoreFailed, match=rf"damaged at byte {good} .*truncate -s {good} "):
        Embedded(tmp_path).start()
    assert written.read_bytes() == before
