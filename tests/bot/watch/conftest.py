"""An account that is watched."""

from __future__ import annotations

import pytest

from tests.bot.watch.watched import Watched


@pytest.fixture
def watched(aws, redis) -> Watched:
    return Watched(aws, redis)
