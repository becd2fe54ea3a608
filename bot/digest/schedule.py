"""
When a digest comes: words and a zone → slots. Pure; `now` is passed in.

A daily or weekly slot is named by its local date, so that there is one a date whatever the
clocks do; where its time does not exist, it is the first that does. `every` counts elapsed time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cronsim import CronSim

from bot.digest.model import Plan, Slot

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
_EVERY = re.compile(r"every (\d{1,5})([mhd])")
_AT = re.compile(r"(?:daily|weekly ([a-z]{3})) (\d\d):(\d\d)")
_BEFORE = timedelta(hours=50)
"""A slot may be moved to the end of quiet hours, which are less than a day; clocks change too."""
PREVIEWED = 3


def zone_known(name: str) -> bool:
    """Whether this machine can tell the time there: another one may have a newer tzdata."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def every(words: str) -> timedelta | None:
    """The pause of "every 30m"; None of other schedules."""
    match = _EVERY.fullmatch(words)
    return int(match[1]) * _UNITS[match[2]] if match else None


def slots(plan: Plan, after: datetime, anchor: datetime) -> Iterator[Slot]:
    """Those after `after`, in order; `every` counts from `anchor`."""
    last = ""
    for slot in _all(plan, after, anchor):
        if slot.at > after and slot.name > last:
            yield slot
            last = slot.name


def following(plan: Plan, after: datetime, anchor: datetime, but: str = "") -> Slot:
    """The first after `after` that comes after the one named `but`."""
    return next(slot for slot in slots(plan, after, anchor) if slot.name > but)


def preview(plan: Plan, now: datetime) -> list[datetime]:
    """The next times, in the plan's zone."""
    zone, coming = ZoneInfo(plan.zone), slots(plan, now, now)
    return [next(coming).at.astimezone(zone) for _ in range(PREVIEWED)]


def slots_at(plan: Plan, slot: Slot, now: datetime, anchor: datetime) -> tuple[Slot | None, Slot]:
    """
    The slot to run now, if there is one, and the one to wait for.

    Of slots that were missed the last one runs, late, if it is still its day; of `every`, one.
    """
    if now < slot.at:
        return None, slot
    if every(plan.words):
        return slot, following(plan, now, anchor, slot.name)
    latest = slot
    while (later := following(plan, latest.at, anchor, latest.name)).at <= now:
        latest = later
    return (latest if same_day(plan, latest.at, now) else None), later


def same_day(plan: Plan, one: datetime, other: datetime) -> bool:
    """In the plan's zone."""
    zone = ZoneInfo(plan.zone)
    return one.astimezone(zone).date() == other.astimezone(zone).date()


def days_between(plan: Plan, earlier: datetime, later: datetime) -> int:
    """Local dates from one to the other."""
    zone = ZoneInfo(plan.zone)
    return (later.astimezone(zone).date() - earlier.astimezone(zone).date()).days


def quiet_hours(text: str) -> tuple[time, time]:
    """Begin and end of "22:00-07:00"."""
    begin, _, end = text.partition("-")
    return time.fromisoformat(begin), time.fromisoformat(end)


def _all(plan: Plan, after: datetime, anchor: datetime) -> Iterator[Slot]:
    pause = every(plan.words)
    if pause:
        number = max(1, (after - anchor) // pause)
        while True:
            at = _moved(anchor + number * pause, plan)
            yield Slot(at, f"{at:%Y%m%dT%H%M%SZ}")
            number += 1
    zone = ZoneInfo(plan.zone)
    for local in CronSim(_cron(plan.words), (after - _BEFORE).astimezone(zone)):
        yield Slot(_moved(local.astimezone(UTC), plan), f"{local:%Y-%m-%d}")


def _cron(words: str) -> str:
    match = _AT.fullmatch(words)
    if match is None:
        raise ValueError(words)
    day, hour, minute = match.groups()
    return f"{int(minute)} {int(hour)} * * {DAYS.index(day) + 1 if day else '*'}"


def _moved(at: datetime, plan: Plan) -> datetime:
    """Out of the quiet hours."""
    if not plan.quiet:
        return at
    begin, end = quiet_hours(plan.quiet)
    local = at.astimezone(ZoneInfo(plan.zone))
    clock = local.time().replace(tzinfo=None)
    quiet = begin <= clock < end if begin < end else clock >= begin or clock < end
    if not quiet:
        return at
    ends = (moment.astimezone(UTC) for moment in CronSim(f"{end.minute} {end.hour} * * *", local))
    return next(moment for moment in ends if moment > at)
