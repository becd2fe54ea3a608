"""How the countdown of --wait is spelled."""

from __future__ import annotations

import pytest

from bot.cli.waiting import spelled


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.2, "0:00"),
        (7, "0:07"),
        (59.6, "1:00"),
        (599, "9:59"),
        (3600, "1:00:00"),
        (3671, "1:01:11"),
    ],
)
def test_time_left(seconds, words):
    assert spelled(seconds) == words
