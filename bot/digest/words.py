"""The grammar of `/slsdiag digest …`: words → what is wanted, or one sentence. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time
from functools import cache
from zoneinfo import available_timezones

from bot.digest.schedule import DAYS
from bot.errors import UsageError
from bot.target import checked_prefix, near, shown

EXAMPLE = "as in /slsdiag digest daily 09:00 Europe/Berlin"
_EVERY = re.compile(r"(\d{1,5})\s*([mhd])")
_MOST = {"m": 44_640, "h": 744, "d": 31}
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
_ID = re.compile(r"[0-9a-f]{6}")
_LONG_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NO_ZONES = frozenset({"localtime", "Factory"})


class Refused(UsageError):
    """The words were wrong; `commands` may have been meant."""

    def __init__(self, message: str, commands: tuple[str, ...] = ()) -> None:
        """`commands` are whole, without /slsdiag."""
        super().__init__(message)
        self.commands = commands


@dataclass(frozen=True, slots=True)
class Create:
    """A new digest."""

    words: str
    zone: str | None
    """None: the zone that the asker has in Slack."""
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
    match [words[0].lower() if words else "", *words[1:]]:
        case ["list"]:
            return List()
        case ["now"]:
            return Now()
        case ["now", id_]:
            return Now(_id(id_, "now"))
        case ["stop", id_]:
            return End(_id(id_, "stop"))
        case ["stop"]:
            raise Refused("Say which one: /slsdiag digest list shows their ids.")
        case ["daily", at, *rest]:
            return _create("daily", _clock(at), rest)
        case ["weekly", day, at, *rest]:
            return _create(f"weekly {_day(day)}", _clock(at), rest)
        case ["every", pause, *rest]:
            return _create("every", _pause(pause), rest)
    raise Refused(
        f"A digest is daily HH:MM ZONE, weekly DAY HH:MM ZONE or every N(m|h|d), {EXAMPLE}; "
        "there are digest list, digest now and digest stop ID, too."
    )


def _create(how: str, when: str, rest: list[str]) -> Create:
    said = f"{how} {when}"
    rest, quiet = _quiet(rest)
    ending = f" quiet {quiet}" if quiet else ""
    match rest:
        case []:
            return Create(said, None, "", quiet)
        case [zone, prefix]:
            return Create(said, _zone(zone, said, f" {prefix}{ending}"), _prefix(prefix), quiet)
        case [word] if _named(word) or "/" in word or _cities(word):
            return Create(said, _zone(word, said, ending), "", quiet)
        case [prefix]:
            return Create(said, None, _prefix(prefix), quiet)
    raise Refused(
        f"{shown(' '.join(rest[2:]))} is too much: after the time come a zone and a beginning of "
        f"names, {EXAMPLE} shop-"
    )


def _quiet(rest: list[str]) -> tuple[list[str], str]:
    """The optional ending: quiet 22:00-07:00."""
    places = [number for number, word in enumerate(rest) if word.lower() == "quiet"]
    if not places:
        return rest, ""
    at = places[-1]
    hours = re.split("[-–]", "".join(rest[at + 1 :]))
    if len(hours) != 2:  # noqa: PLR2004 - begin and end
        raise Refused("Quiet hours have a begin and an end, as in quiet 22:00-07:00")
    begin, end = map(_clock, hours)
    if begin == end:
        raise Refused("Quiet hours cannot be the whole day: quiet 22:00-07:00 is an example.")
    return rest[:at], f"{begin}-{end}"


def _clock(word: str) -> str:
    found = _CLOCK.fullmatch(word)
    if found is None:
        raise Refused(f"{shown(word)} is no time of day: write 09:00 or 17:30, {EXAMPLE}")
    return f"{time(int(found[1]), int(found[2])):%H:%M}"


def _day(word: str) -> str:
    known = [each for each in _LONG_DAYS if len(word) > 2 and each.startswith(word.lower())]  # noqa: PLR2004 - mon
    if not known:
        raise Refused(
            f"{shown(word)} is no day: write one of {', '.join(DAYS)}, as in "
            "/slsdiag digest weekly mon 09:00 Europe/Berlin"
        )
    return known[0][:3]


def _pause(word: str) -> str:
    found = _EVERY.fullmatch(word.lower())
    if found is None:
        raise Refused(f"{shown(word)} is no pause: write 30m, 6h or 2d, as in digest every 6h")
    number, unit = int(found[1]), found[2]
    if not 1 <= number <= _MOST[unit]:
        raise Refused("A digest comes every minute at the most, and every 31 days at the least.")
    return f"{number}{unit}"


def _id(word: str, verb: str) -> str:
    if not _ID.fullmatch(word.lower()):
        raise Refused(
            f"{shown(word)} is no digest's id: /slsdiag digest list shows them, as in "
            f"digest {verb} 3fa91c"
        )
    return word.lower()


def _prefix(word: str) -> str:
    try:
        return checked_prefix(word)
    except UsageError as error:
        raise Refused(str(error)) from None


def _zone(word: str, said: str, ending: str) -> str:
    if known := _named(word):
        return known
    meant = _cities(word) or near(word, zones())
    ask = f" Did you mean {' or '.join(meant)}?" if meant else f" Write one {EXAMPLE}."
    commands = tuple(f"digest {said} {each}{ending}" for each in meant)
    raise Refused(f"{shown(word)} is no time zone that I know.{ask}", commands)


def _named(word: str) -> str | None:
    return _by_lower().get(word.lower())


def _cities(word: str) -> tuple[str, ...]:
    """Zones whose last part is the word: Berlin."""
    city = f"/{word.lower()}"
    return tuple(zone for zone in zones() if zone.lower().endswith(city))[:5]


@cache
def zones() -> tuple[str, ...]:
    """All IANA names that this machine knows."""
    return tuple(sorted(available_timezones() - _NO_ZONES))


@cache
def _by_lower() -> dict[str, str]:
    return {zone.lower(): zone for zone in zones()}
