"""
What any test may want: a fake AWS, with credentials that open nothing else, and a store.

The store is the embedded one, really running: one a session, emptied for each test.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from redis import Redis

from bot.playground.account import FakeAws
from bot.store.connection import connect
from bot.store.embedded import Embedded


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeAws]:
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "demo")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "demo")
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nonexistent")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent")
    with FakeAws() as fake:
        monkeypatch.setenv("AWS_ENDPOINT_URL", fake.url)
        yield fake


@pytest.fixture
def until() -> Callable[..., float]:
    """Wait for `true()`, and fail when it takes too long; gives the seconds it took."""

    def until(true: Callable[[], object], limit: float = 5.0) -> float:
        start = time.monotonic()
        while not true():
            assert time.monotonic() - start < limit, "it did not happen in time"
            time.sleep(0.01)
        return time.monotonic() - start

    return until


@pytest.fixture
def stores_in() -> Callable[[Path], list[str]]:
    """Processes of the embedded store whose data is below a folder."""

    def found(folder: Path) -> list[str]:
        running = []
        for pid in filter(str.isdigit, os.listdir("/proc")):  # noqa: PTH208 - names only
            try:
                if str(folder).encode() in Path(f"/proc/{pid}/cmdline").read_bytes():
                    running.append(pid)
            except OSError:
                continue
        return running

    return found


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with Embedded(tmp_path_factory.mktemp("state")) as url:
        yield url


@pytest.fixture
def redis(redis_url: str) -> Iterator[Redis]:
    with connect(redis_url) as client:
        client.flushall()
        yield client
