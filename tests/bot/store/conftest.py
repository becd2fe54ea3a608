"""The parts of the store, on the embedded server."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from redis import Redis

from bot.conversation import Conversation
from bot.diagnosis.model import Diagnosis
from bot.store.connection import now
from bot.store.due import Due
from bot.store.messages import Entry
from bot.store.outbox import Outbox
from bot.store.records import Records
from bot.store.sharing import SharedValues, SingleFlight


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
def evidence(redis: Redis) -> SharedValues:
    return SharedValues(redis)


@pytest.fixture
def flight(redis: Redis) -> SingleFlight:
    return SingleFlight(redis)


@pytest.fixture
def ask(redis: Redis, diagnoses: Records[Diagnosis]) -> Callable[..., None]:
    """Open one, with these messages."""

    def ask(*entries: Entry) -> None:
        new = Diagnosis("d1", "checkout", Conversation("T", "C", "U"), now(redis))
        assert diagnoses.open(new, entries, once=None)

    return ask
