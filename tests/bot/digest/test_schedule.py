"""Slots: one for each local date whatever the clocks do, moved out of quiet hours, never twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest

from bot.digest.model import Plan, Slot
from bot.digest.schedule import following, preview, slots, slots_at

BERLIN, NEW_YORK, SYDNEY, HAVANA = (
    "Europe/Berlin",
    "America/New_York",
    "Australia/Sydney",
    "America/Havana",
)
CHANGES = [
    # zone, a time in the hour that the spring skips, its date, what comes instead, autumn's date
    (BERLIN, "02:30", "2026-03-29", "03:00", "2026-10-25"),
    (NEW_YORK, "02:30", "2026-03-08", "03:00", "2026-11-01"),
    (SYDNEY, "02:30", "2026-10-04", "03:00", "2026-04-05"),
    (HAVANA, "00:30", "2026-03-08", "01:00", "2026-11-01"),
]
IN = pytest.mark.parametrize(("zone", "at", "spring", "instead", "autumn"), CHANGES)


def utc(text, zone="UTC"):
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def local(slot, zone):
    return f"{slot.at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"


def taken(plan, after, count):
    return list(islice(slots(plan, after, after), count))


@IN
def test_skipped_hour_is_made_up_for_once(zone, at, spring, instead, autumn):
    before = utc(f"{spring} 00:00", zone) - timedelta(hours=20)
    found = taken(Plan(f"daily {at}", zone), before, 4)

    dates = [each.name for each in found]
    assert len(set(dates)) == 4
    assert spring in dates
    assert local(found[dates.index(spring)], zone) == f"{spring} {instead}"
    assert all(local(each, zone).endswith(at) for each in found if each.name != spring)


@IN
@pytest.mark.parametrize("step", [7, 30])
def test_one_for_each_date_whenever_it_is_asked_for(zone, at, spring, instead, autumn, step):
    """From any moment around both changes the next slot is a later one, and no date comes twice."""
    for date in (spring, autumn):
        plan = Plan(f"daily {'01:30' if date == autumn and zone == NEW_YORK else at}", zone)
        now, ran = utc(f"{date} 00:00", zone) - timedelta(days=1), []
        slot = following(plan, now, now)
        while now < utc(f"{date} 00:00", zone) + timedelta(days=2):
            now += timedelta(minutes=step)
            runs, slot = slots_at(plan, slot, now, now)
            assert slot.at > now
            ran += [runs.name] if runs else []
        assert ran == sorted(set(ran))
        days = [f"{utc(date) + timedelta(days=n):%Y-%m-%d}" for n in (-1, 0, 1)]
        assert [each for each in ran if each in days] == days


@IN
def test_weekly_on_the_days_of_the_changes(zone, at, spring, instead, autumn):
    for date in (spring, autumn):
        day = f"{utc(date):%a}".lower()
        found = taken(Plan(f"weekly {day} {at}", zone), utc(date, zone) - timedelta(days=3), 2)
        week = f"{utc(date) + timedelta(days=7):%Y-%m-%d}"
        assert [each.name for each in found] == [date, week]


def test_hour_that_comes_twice_is_told_apart_by_every_and_counts_elapsed_time():
    after = utc("2026-10-25 00:10")
    found = taken(Plan("every 30m", BERLIN), after, 4)

    assert [each.at - after for each in found] == [timedelta(minutes=30 * n) for n in (1, 2, 3, 4)]
    assert len({each.name for each in found}) == 4


@pytest.mark.parametrize(
    ("words", "quiet", "expected"),
    [
        ("daily 23:30", "22:00-07:00", ["2026-11-27 07:00", "2026-11-28 07:00"]),
        ("daily 06:59", "22:00-07:00", ["2026-11-27 07:00", "2026-11-28 07:00"]),
        ("daily 07:00", "22:00-07:00", ["2026-11-27 07:00", "2026-11-28 07:00"]),
        ("daily 12:30", "12:00-13:00", ["2026-11-27 13:00", "2026-11-28 13:00"]),
        ("weekly sat 03:00", "22:00-07:00", ["2026-11-28 07:00", "2026-12-05 07:00"]),
        ("every 12h", "22:00-07:00", ["2026-11-27 12:00", "2026-11-28 07:00"]),
    ],
)
def test_quiet_hours_move_a_slot_to_their_end(words, quiet, expected):
    found = taken(Plan(words, BERLIN, quiet=quiet), utc("2026-11-27 00:00", BERLIN), 2)

    assert [local(each, BERLIN) for each in found] == expected


def test_many_slots_of_one_night_are_one():
    plan = Plan("every 30m", BERLIN, quiet="22:00-07:00")
    anchor = utc("2026-11-27 21:00", BERLIN)
    found = taken(plan, anchor, 4)

    assert [local(each, BERLIN)[-5:] for each in found] == ["21:30", "07:00", "07:30", "08:00"]
    night = utc("2026-11-28 03:10", BERLIN)
    assert local(following(plan, night, anchor), BERLIN) == "2026-11-28 07:00"


def test_date_that_a_zone_left_out_is_not_made_up_for_twice():
    """Samoa had no 30 December 2011: its slot came as the 31st began, which then has no other."""
    plan, now = Plan("daily 23:30", "Pacific/Apia"), utc("2011-12-29 12:00", "Pacific/Apia")
    slot, ran = following(plan, now, now), []
    for _ in range(5 * 48):
        now += timedelta(minutes=30)
        runs, slot = slots_at(plan, slot, now, now)
        ran += [runs.name] if runs else []

    assert ran[:3] == ["2011-12-29", "2011-12-31", "2012-01-01"]


def test_preview_is_the_next_three_times_in_the_persons_zone():
    times = preview(Plan("weekly mon 09:00", NEW_YORK), utc("2026-10-28 12:00"))

    assert [each.isoformat() for each in times] == [
        "2026-11-02T09:00:00-05:00",
        "2026-11-09T09:00:00-05:00",
        "2026-11-16T09:00:00-05:00",
    ]


DAILY, ANCHOR = Plan("daily 09:00", BERLIN), utc("2026-11-20 12:00")


@pytest.mark.parametrize(
    ("now", "runs", "then"),
    [
        pytest.param("2026-11-24 08:59", None, "2026-11-24", id="not yet"),
        pytest.param("2026-11-24 09:00", "2026-11-24", "2026-11-25", id="on time"),
        pytest.param("2026-11-24 23:59", "2026-11-24", "2026-11-25", id="late, on its day"),
        pytest.param("2026-11-25 00:01", None, "2026-11-25", id="its day is over"),
        pytest.param("2026-11-27 10:00", "2026-11-27", "2026-11-28", id="the last of several"),
        pytest.param("2026-11-27 08:00", None, "2026-11-27", id="all of them are over"),
    ],
)
def test_missed_slot_runs_late_on_its_day_only(now, runs, then):
    slot = Slot(utc("2026-11-24 09:00", BERLIN), "2026-11-24")
    found, following_ = slots_at(DAILY, slot, utc(now, BERLIN), ANCHOR)

    assert (found.name if found else None, following_.name) == (runs, then)


def test_missed_slots_of_every_run_once():
    plan, slot = Plan("every 30m", BERLIN), Slot(ANCHOR + timedelta(minutes=30), "20261120T123000Z")
    found, later = slots_at(plan, slot, ANCHOR + timedelta(days=40, minutes=1), ANCHOR)

    assert found is slot
    assert later.at == ANCHOR + timedelta(days=40, minutes=30)
