"""Which part of a record is its message, and when it was."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.logs.record import event_of, event_of_row, time_of

AT = datetime(2026, 10, 14, 15, 54, 40, 3000, UTC)


@pytest.mark.parametrize(
    "spelled",
    [
        1791993280003,
        "1791993280003",
        1791993280.003,
        "2026-10-14T15:54:40.003Z",
        "2026-10-14 15:54:40.003",
        "2026-10-14T15:54:40.003000+00:00",
        "2026-10-14T17:54:40.003+02:00",
        "2026-10-14T17:54:40.003+0200",
        "2026-10-14 15:54:40,003",
        "2026/10/14 15:54:40.003",
        "2026-10-14 15:54:40.003 UTC",
        "2026-10-14 15:54:40.003 (+00:00)",
        "2026-10-14T15:54:40.003000000Z",
    ],
)
def test_times(spelled):
    assert time_of(spelled) == AT


@pytest.mark.parametrize(
    "spelled",
    [None, True, 0, 7, -1, 10**10, 10**11, 10**13, 1e300, 10**15, "", "soon", "9" * 5000,
     "2026-02-30T00:00:00Z", "0001-01-01T00:00:00+23:59", [], {}],
)  # fmt: skip
def test_what_is_no_time(spelled):
    assert time_of(spelled) is None


def test_the_named_message_counts_and_the_stream():
    found = event_of(
        {"@timestamp": "2026-10-14 15:54:40.003", "@message": "hi", "@logStream": "s", "@ptr": "p"}
    )

    assert (found.message, found.at, found.stream) == ("hi", AT, "s")


def test_a_message_that_was_taken_apart_is_put_together():
    assert event_of({"message": {"type": "platform.start"}}).message == '{"type": "platform.start"}'


def test_names_of_ones_own():
    assert event_of({"t": 1791993280003, "m": "hi"}).message == "hi"
    assert event_of({"when": "2026-10-14T15:54:40.003Z", "m": "hi"}).message == "hi"
    assert event_of({"t": 1791993280003}) is None
    assert event_of({"a": "x", "b": "y"}) is None


def test_rows():
    assert event_of_row([1791993280003, "hi"]).at == AT
    assert (
        event_of_row(["x", "2026-10-14T15:54:40.003Z", None, "the longest"]).message
        == "the longest"
    )
    assert event_of_row([1, 2]) is None
