"""
What any test may want: a fake AWS, with credentials that open nothing else, and a store.

The store is the embedded one, really running: one a session, emptied for each test.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path

import pytest
from botocore.loaders import JSONFileLoader
from hypothesis import settings
from redis import Redis

from bot.playground.account import FakeAws
from bot.playground.clocks import SteppedClock, library
from bot.playground.stores import Forwarder, Server
from bot.store.connection import connect
from bot.store.embedded import Embedded

# how long one example takes says how busy the machine is
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(scope="session", autouse=True)
def models_of_aws_are_parsed_once() -> Iterator[None]:
    """botocore parses its files again for each session: a fifth of a second, which no test is about."""
    read = cache(partial(JSONFileLoader.load_file, JSONFileLoader()))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(JSONFileLoader, "load_file", lambda _, path: read(path))
        yield


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


@pytest.fixture
def pair(tmp_path: Path, until: Callable[..., float]) -> Iterator[tuple[Server, Server, Forwarder]]:
    """A primary, its replica, and an address that leads to the primary."""
    with Server(tmp_path / "primary") as primary, Server(tmp_path / "replica") as replica:
        replica.follow(primary)
        until(replica.synced, 20)
        address = Forwarder(primary.port)
        yield primary, replica, address
        address.close()


@pytest.fixture
def stepped_clock(tmp_path: Path) -> SteppedClock:
    """A wall clock to step; processes that are started with its environment go by it."""
    if library() is None:
        if os.environ.get("SLSDIAG_FAKETIME") == "required":
            pytest.fail("there is no faketime: apt-get install faketime")
        # a developer may have none; CI says "required", and then it fails
        pytest.skip("there is no faketime: apt-get install faketime")
    return SteppedClock(tmp_path)
