"""Times in sentences, for a reader in another zone."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.diagnosis.sentences import localized

NEAR = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "sentence", "local"),
    [
        ("UTC", "Logged 23 Nov 11:55:03, twice.", "Logged 23 Nov 11:55:03 UTC, twice."),
        ("Europe/Berlin", "Until 23 Nov 12:04 UTC.", "Until 23 Nov 13:04 +01:00."),
        ("Europe/Berlin", "Since 01 Jul 23:30 UTC.", "Since 02 Jul 01:30 +02:00."),
        ("America/New_York", "At 01 Dec 03:00:00 it ran.", "At 30 Nov 22:00:00 -05:00 it ran."),
        ("Asia/Kolkata", "No time in 12 of 24 checks.", "No time in 12 of 24 checks."),
    ],
)
def test_times_are_in_the_readers_zone(zone, sentence, local):
    assert localized(sentence, NEAR, ZoneInfo(zone)) == local
