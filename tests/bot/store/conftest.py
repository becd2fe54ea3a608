"""The parts of the store, on the embedded server."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from redis import Redis

from bot.diagnosis.model import Diagnosis, Place
from bot.store.connection import now
from bot.store.due import Due
from bot.store.evidence import Evidence, Gathering
from bot.store.messages import Entry
from bot.store.outbox import Outbox
from bot.store.records import Records


@pytest.fixture
def due(redis: Redis) -> Due:
    return Due(redis)


@pytest.fixture
def diagnoses(redis: Redis) -> Records[Diagnosis]:
    return Records(redis, "diagnosis", Diagnosis)


@pytest.fixture
def outbox(redis: Redis) -> Outbox:
    return Outbox(redis)


@pytest.fixture
def evidence(redis: Redis) -> Evidence:
    return Evidence(redis)


@pytest.fixture
def gathering(redis: Redis) -> Gathering:
    return Gathering(redis)


@pytest.fixture
def ask(redis: Redis, diagnoses: Records[Diagnosis]) -> Callable[..., None]:
    """Open one, with these messages."""

    def ask(*entries: Entry) -> None:
        new = Diagnosis("d1", "checkout", Place("T", "C", "U"), now(redis))
        assert diagnoses.open(new, entries, once=None)

    return ask
