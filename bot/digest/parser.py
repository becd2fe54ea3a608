"""The grammar of `/slsdiag digest …`: words → what is wanted, or one sentence. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NoReturn

from bot.digest.clock import clock_beginning, quiet_ending
from bot.digest.schedule import DAYS
from bot.digest.zones import offset, zone_named, zone_word, zones, zones_meant
from bot.errors import Refused, UsageError
from bot.target import checked_prefix, closest, shown
from bot.text.visible import either

EXAMPLE = "as in /slsdiag digest daily 09:00 Europe/Berlin"
FORMS = (
    f"A digest is daily HH:MM ZONE, weekly DAY HH:MM ZONE or every N(m|h|d), {EXAMPLE}; "
    "there are digest list, digest now and digest stop ID, too."
)
_EVERY = re.compile(r"(\d{1,5})\s*([mhd])")
_LONG_PAUSE = re.compile(
    r"(?P<number>\d{0,5})\s*(?P<unit>m|h|d|w)(?:in(?:ute)?|ou?r|ay|eek|r)?s?", re.IGNORECASE
)
_MOST = {"m": 44_640, "h": 744, "d": 31}
_ID = re.compile(r"[0-9a-f]{6}")
_LONG_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_HEADS = ("daily", "weekly", "every", "list", "now", "stop")
_WORKDAYS = frozenset({"weekdays", "weekday", "workdays", "workday", "mon-fri"})
_ENDS = frozenset({"off", "end", "delete", "remove", "cancel", "disable", "rm"})
_SHORT_WORD = 3
_ZONE_WORDS = 3
"""A zone is written in so many words at the most: New York City."""


@dataclass(frozen=True, slots=True)
class Create:
    """A new digest."""

    words: str
    zone: str | None
    """None: the zone that the requester has in Slack."""
    prefix: str = ""
    quiet: str = ""


@dataclass(frozen=True, slots=True)
class List:
    """Those of the channel."""


@dataclass(frozen=True, slots=True)
class Now:
    """Post one now: the one of that id, or the only one."""

    id: str | None = None


@dataclass(frozen=True, slots=True)
class End:
    """Stop the one of that id."""

    id: str


DigestWanted = Create | List | Now | End


def parse(words: list[str]) -> DigestWanted:
    """What is wanted; raises Refused in words."""
    match [words[0].lower() if words else "", *_without_fillers(words[1:])]:
        case ["list"]:
            return List()
        case ["now"]:
            return Now()
        case ["now", id_]:
            return Now(_id(id_, "now"))
        case ["stop", id_]:
            return End(_id(id_, "stop"))
        case ["stop"]:
            raise Refused("Say which one: /slsdiag digest list shows their IDs.")
        case ["daily", _, *_] as all_:
            return _create("daily", all_[1:])
        case ["weekly", day, _, *_] as all_:
            return _create(f"weekly {_day(day)}", all_[2:])
        case ["every", pause, *rest]:
            return _every(pause, rest)
    raise _refused(words)


def _without_fillers(words: list[str]) -> list[str]:
    """Without the words that people put before a day and a time."""
    return [word for word in words if word.lower() not in {"at", "on", "@"}]


def _refused(words: list[str]) -> Refused:
    """What is neither a schedule nor a command of the digest, with what may have been meant."""
    first, rest = (words[0].lower(), words[1:]) if words else ("", [])
    if first in _ENDS:
        ids = [word.lower() for word in rest if _ID.fullmatch(word.lower())]
        meant = f"digest stop {ids[0]}" if ids else "digest list"
        return Refused(
            "To end a digest: /slsdiag digest stop ID; digest list shows the IDs.", (meant,)
        )
    if rest and rest[0].lower() in {"daily", "weekly"}:
        return Refused(FORMS, (" ".join(("digest", rest[0].lower(), first, *rest[1:])),))
    if not first or first in _HEADS:
        return Refused(FORMS)
    if (day := first.removesuffix("s")) in _LONG_DAYS:
        why = f"{shown(words[0])} is not a schedule: a day of the week is weekly."
        return Refused(why, (" ".join(("digest weekly", day[:3], *_with_a_time(rest))),))
    if first in _WORKDAYS:
        why = f"A digest cannot leave out the weekend: it is daily, weekly or every N(m|h|d), {EXAMPLE}"
        return Refused(why, (" ".join(("digest daily", *_with_a_time(rest))),))
    if first == "hourly":
        return Refused(f"{shown(words[0])} is not a schedule. {FORMS}", ("digest every 1h",))
    heads = closest(first, _HEADS, 1)
    commands = tuple(" ".join(("digest", head, *rest)) for head in heads)
    return Refused(f"{shown(words[0])} is not a schedule. {FORMS}", commands)


def _with_a_time(words: list[str]) -> list[str]:
    begins = clock_beginning(_without_fillers(words))
    return [*begins.meant[:1], *words[begins.length :]] if begins.meant else words


def _create(how: str, behind: list[str]) -> Create:
    """`behind` begins with the time of day."""
    begins = clock_beginning(behind)
    if begins.exact is None:
        rest = " ".join(behind[begins.length :])
        commands = tuple(f"digest {how} {moment} {rest}".strip() for moment in begins.meant)
        asks = f" Did you mean {begins.meant[0]}?" if begins.meant else ""
        raise Refused(
            f"{shown(begins.words)} is not a time of day: write 09:00 or 17:30, {EXAMPLE}.{asks}",
            commands,
        )
    return _scheduled(f"{how} {begins.exact}", behind[begins.length :])


def _every(pause: str, rest: list[str]) -> Create:
    if pause.lower() in _LONG_DAYS:
        time = " ".join(rest) or "09:00"
        why = f"{shown(pause)} is not an interval: a day of the week is weekly."
        raise Refused(why, (f"digest weekly {pause.lower()[:3]} {time}",))
    if pause.lower() == "day" and rest and clock_beginning(rest).exact:
        raise Refused("A digest of each day is daily.", (" ".join(("digest daily", *rest)),))
    if pause.isdigit() and rest and (long := _LONG_PAUSE.fullmatch(f"{pause}{rest[0]}")):
        _pause_in_words(f"{pause} {rest[0]}", long)
    return _scheduled(f"every {_pause(pause)}", rest)


def _scheduled(schedule: str, rest: list[str]) -> Create:
    rest, quiet = quiet_ending(rest)
    ending = f" quiet {quiet}" if quiet else ""
    for length in range(min(_ZONE_WORDS, len(rest)), 0, -1):
        words, behind = " ".join(rest[:length]), rest[length:]
        zone = zone_named(words)
        if zone is None and (meant := zones_meant(words)):
            behind_zone = f" {' '.join(behind)}" if behind else ""
            raise _which(words, schedule, meant, f"{behind_zone}{ending}")
        if zone:
            return Create(schedule, zone, _only_prefix(behind), quiet)
    if len(rest) == 2 and (zone := zone_named(rest[1])):  # noqa: PLR2004 - a prefix and a zone
        command = f"digest {schedule} {zone} {rest[0]}{ending}"
        raise Refused("The zone comes before the prefix of names.", (command,))
    if rest and (zone_word(rest[0]) or len(rest) > 1):
        raise _unknown_zone(rest[0], schedule, "".join(f" {word}" for word in rest[1:]) + ending)
    return Create(schedule, None, _only_prefix(rest), quiet)


def _only_prefix(rest: list[str]) -> str:
    if not rest:
        return ""
    if len(rest) > 1:
        raise Refused(
            f"{shown(' '.join(rest[1:]))} is too much: after the time come a zone and a prefix of "
            f"names, {EXAMPLE} shop-"
        )
    if zone_named(rest[0]) or (zone_word(rest[0]) and zones_meant(rest[0])):
        raise Refused(
            f"Two time zones were given, {shown(rest[0])} besides the first: leave one out."
        )
    try:
        return checked_prefix(rest[0])
    except UsageError as error:
        raise Refused(str(error)) from None


def _which(words: str, schedule: str, meant: tuple[str, ...], ending: str) -> Refused:
    """A question: which zone is meant by a word, a town or an offset."""
    why = "is an offset, which has no summer time" if offset(words) else "is not a time zone I know"
    asks = f"Did you mean {either(meant)}?"
    return Refused(
        f"{shown(words)} {why}. {asks}",
        tuple(f"digest {schedule} {zone}{ending}" for zone in meant),
    )


def _unknown_zone(word: str, schedule: str, ending: str) -> Refused:
    meant = closest(word, zones()) if len(word) > _SHORT_WORD else ()
    asks = f" Did you mean {either(meant)}?" if meant else f" Write one {EXAMPLE}."
    commands = tuple(f"digest {schedule} {zone}{ending}" for zone in meant)
    return Refused(f"{shown(word)} is not a time zone I know.{asks}", commands)


def _day(word: str) -> str:
    days = [day for day in _LONG_DAYS if len(word) > 2 and day.startswith(word.lower())]  # noqa: PLR2004 - mon
    if not days:
        close = closest(word, _LONG_DAYS, 1)
        asks = f" Did you mean {close[0]}?" if close else ""
        raise Refused(
            f"{shown(word)} is not a day: use one of {', '.join(DAYS)}, as in "
            f"/slsdiag digest weekly mon 09:00 Europe/Berlin.{asks}"
        )
    return days[0][:3]


def _pause(word: str) -> str:
    match = _EVERY.fullmatch(word.lower())
    if match is None:
        long = _LONG_PAUSE.fullmatch(word)
        if long:
            _pause_in_words(word, long)
        raise Refused(
            f"{shown(word)} is not an interval: write 30m, 6h or 2d, as in digest every 6h"
        )
    number, unit = int(match[1]), match[2]
    if not 1 <= number <= _MOST[unit]:
        raise Refused("A digest comes every minute at the most, and every 31 days at the least.")
    return f"{number}{unit}"


def _pause_in_words(words: str, long: re.Match[str]) -> NoReturn:
    """Refuse 4 hours, hour, week in words that show the right ones."""
    number, unit = int(long["number"] or 1), long["unit"].lower()
    right = f"{number * 7}d" if unit == "w" else f"{number}{unit}"
    why = f"{shown(words)} is not an interval: write {right}, as in digest every {right}"
    raise Refused(why, (f"digest every {right}",))


def _id(word: str, verb: str) -> str:
    if not _ID.fullmatch(word.lower()):
        raise Refused(
            f"{shown(word)} is not the ID of a digest: /slsdiag digest list shows them, as in "
            f"digest {verb} 3fa91c"
        )
    return word.lower()
