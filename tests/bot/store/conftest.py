"""The parts of the store, on the embedded server."""

from __future__ import annotations

import pytest
from redis import Redis

from bot.diagnosis.model import Diagnosis
from bot.store.due import Due
from bot.store.evidence import Evidence, Gathering
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
