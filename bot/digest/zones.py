"""
Time zones as people write them: PST, UTC+2, New York, Mumbai. Pure, but for the zone database.

Only a name of the IANA database is taken as it stands. What else is meant as a zone is asked about:
a zone word names several places (CST), or an offset that knows no summer time (UTC+2).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from bot.text.redaction.views import latin

MOST = 5
_NO_ZONES = frozenset({"localtime", "Factory"})
_ABBREVIATED = frozenset({"CET", "EET", "EST", "HST", "MET", "MST", "WET"})
"""Names of the database that people do not mean as it does: its EST has no summer time."""
_OFFSET = re.compile(r"(?:UTC|GMT|Z)?\s*([+\u2212-])\s*(\d{1,2})(?::?([0-5]\d))?", re.IGNORECASE)
_WRITTEN = re.compile(r"[A-Z]{2,5}")
_SEEN_IN = (datetime(2026, 1, 15), datetime(2026, 7, 15))  # noqa: DTZ001 - in whatever zone it is asked for
_FIRST = [
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
    "Europe/London",
    "Europe/Berlin",
    "Europe/Paris",
    "Europe/Madrid",
    "Asia/Kolkata",
    "Asia/Tokyo",
    "Asia/Shanghai",
    "Asia/Singapore",
    "Australia/Sydney",
    "Europe/Lisbon",
    "Europe/Rome",
    "Europe/Amsterdam",
    "Europe/Zurich",
    "Europe/Stockholm",
    "Europe/Warsaw",
    "Europe/Athens",
    "Europe/Helsinki",
    "Europe/Kyiv",
    "Europe/Bucharest",
    "Europe/Istanbul",
    "Europe/Moscow",
    "Europe/Dublin",
    "America/Toronto",
    "America/Vancouver",
    "America/Phoenix",
    "America/Halifax",
    "America/St_Johns",
    "America/Anchorage",
    "Pacific/Honolulu",
    "America/Mexico_City",
    "America/Bogota",
    "America/Lima",
    "America/Santiago",
    "America/Sao_Paulo",
    "America/Argentina/Buenos_Aires",
    "America/Havana",
    "Africa/Cairo",
    "Africa/Johannesburg",
    "Africa/Lagos",
    "Africa/Nairobi",
    "Asia/Jerusalem",
    "Asia/Dubai",
    "Asia/Riyadh",
    "Asia/Tehran",
    "Asia/Karachi",
    "Asia/Dhaka",
    "Asia/Kathmandu",
    "Asia/Colombo",
    "Asia/Yangon",
    "Asia/Bangkok",
    "Asia/Ho_Chi_Minh",
    "Asia/Jakarta",
    "Asia/Kuala_Lumpur",
    "Asia/Manila",
    "Asia/Hong_Kong",
    "Asia/Taipei",
    "Asia/Seoul",
    "Asia/Vladivostok",
    "Australia/Perth",
    "Australia/Adelaide",
    "Australia/Darwin",
    "Australia/Brisbane",
    "Australia/Melbourne",
    "Australia/Hobart",
    "Pacific/Auckland",
    "Pacific/Chatham",
]
"""The zones that most people live in, those first that are meant first."""
_WORDS = {
    "et": "America/New_York", "ct": "America/Chicago", "mt": "America/Denver",
    "pt": "America/Los_Angeles", "sgt": "Asia/Singapore", "gst": "Asia/Dubai",
    "brt": "America/Sao_Paulo", "art": "America/Argentina/Buenos_Aires", "clt": "America/Santiago",
    "cot": "America/Bogota", "pet": "America/Lima", "ict": "Asia/Bangkok", "myt": "Asia/Kuala_Lumpur",
    "trt": "Europe/Istanbul", "npt": "Asia/Kathmandu", "irst": "Asia/Tehran", "ast": "America/Halifax",
}  # fmt: skip
"""Words that people use and the database does not have."""
_TOWNS = {
    "America/New_York": "boston washington philadelphia atlanta miami nyc virginia ohio eastern",
    "America/Chicago": "dallas houston austin minneapolis nashville texas central",
    "America/Denver": "salt_lake_city utah colorado mountain",
    "America/Los_Angeles": "san_francisco seattle portland las_vegas san_diego oregon california la sf pacific",
    "America/Phoenix": "arizona tucson",
    "America/Toronto": "ottawa quebec",
    "America/Edmonton": "calgary",
    "America/Sao_Paulo": "rio_de_janeiro brasilia brazil rio",
    "America/Argentina/Buenos_Aires": "argentina cordoba_argentina",
    "America/Mexico_City": "guadalajara mexico",
    "Europe/London": "manchester birmingham edinburgh glasgow bristol leeds england uk scotland",
    "Europe/Dublin": "ireland cork galway",
    "Europe/Berlin": "munich hamburg frankfurt cologne stuttgart dusseldorf leipzig germany deutschland",
    "Europe/Paris": "lyon marseille toulouse nantes lille france",
    "Europe/Madrid": "barcelona valencia seville bilbao spain",
    "Europe/Rome": "milan naples turin florence italy",
    "Europe/Zurich": "geneva basel bern lausanne switzerland",
    "Europe/Amsterdam": "rotterdam utrecht eindhoven the_hague netherlands",
    "Europe/Brussels": "antwerp ghent belgium",
    "Europe/Vienna": "graz salzburg austria",
    "Europe/Lisbon": "porto",
    "Europe/Warsaw": "krakow wroclaw gdansk",
    "Europe/Stockholm": "gothenburg malmo sweden",
    "Europe/Oslo": "norway bergen",
    "Europe/Copenhagen": "denmark aarhus",
    "Europe/Helsinki": "finland tampere",
    "Europe/Kyiv": "kiev lviv kharkiv odesa ukraine",
    "Europe/Istanbul": "ankara izmir",
    "Europe/Moscow": "st_petersburg saint_petersburg",
    "Asia/Kolkata": "mumbai bombay delhi new_delhi bangalore bengaluru chennai madras hyderabad pune "
    "calcutta ahmedabad gurgaon noida india",
    "Asia/Shanghai": "beijing peking shenzhen guangzhou hangzhou chengdu china",
    "Asia/Tokyo": "osaka kyoto nagoya yokohama fukuoka sapporo",
    "Asia/Seoul": "busan korea south_korea",
    "Asia/Ho_Chi_Minh": "hanoi saigon vietnam da_nang",
    "Asia/Jerusalem": "haifa",
    "Asia/Dubai": "abu_dhabi uae emirates",
    "Asia/Karachi": "lahore islamabad pakistan",
    "Asia/Manila": "cebu philippines",
    "Asia/Jakarta": "bandung surabaya indonesia",
    "Asia/Bangkok": "thailand",
    "Asia/Kuala_Lumpur": "malaysia penang",
    "Africa/Johannesburg": "cape_town durban pretoria south_africa",
    "Africa/Nairobi": "kenya",
    "Africa/Lagos": "nigeria abuja",
    "Australia/Sydney": "canberra newcastle",
    "Australia/Brisbane": "gold_coast cairns",
    "Pacific/Auckland": "wellington christchurch new_zealand",
}  # fmt: skip
"""Towns and countries that the database does not have, from memory."""


def zone_named(word: str) -> str | None:
    """The zone that is called so, whatever the case."""
    zone = _by_lower().get(word.lower())
    return None if zone in _ABBREVIATED else zone


def zones_meant(words: str) -> tuple[str, ...]:
    """The zones that a word, a town or an offset may mean; none for what is no zone word."""
    if offset := _OFFSET.fullmatch(words):
        return _at(_minutes(offset))
    plain = re.sub(r"[\s_.]+", "_", latin(words).strip().lower())
    town = _towns().get(plain)
    meant = [*([_WORDS[plain]] if plain in _WORDS else []), *([town] if town else [])]
    meant += _called(words.upper()) if words.isalpha() else ()
    if spelled := zone_named(plain):
        meant.append(spelled)
    meant += [zone for zone in zones() if zone.lower().endswith(f"/{plain}")]
    return tuple(dict.fromkeys(meant))[:MOST]


def zone_word(word: str) -> bool:
    """Whether it looks like a zone, known or not: never a beginning of names."""
    return bool("/" in word or _OFFSET.fullmatch(word) or _WRITTEN.fullmatch(word))


def offset(words: str) -> bool:
    """Whether it is an offset, as UTC+2."""
    return _OFFSET.fullmatch(words) is not None


@cache
def zones() -> tuple[str, ...]:
    """All IANA names that this machine knows."""
    return tuple(sorted(available_timezones() - _NO_ZONES))


@cache
def _by_lower() -> dict[str, str]:
    return {zone.lower(): zone for zone in zones()}


@cache
def _towns() -> dict[str, str]:
    return {town: zone for zone, towns in _TOWNS.items() for town in towns.split()}


def _minutes(match: re.Match[str]) -> int:
    sign, hours, minutes = match.groups()
    size = int(hours) * 60 + int(minutes or 0)
    return size if sign == "+" else -size


def _existing(names: Iterable[str]) -> list[str]:
    return [name for name in names if name.lower() in _by_lower()]


@cache
def _called(word: str) -> tuple[str, ...]:
    """Zones where the time is called so, in winter or in summer."""
    return tuple(
        name
        for name in _existing(_FIRST)
        if word in {moment.replace(tzinfo=ZoneInfo(name)).tzname() for moment in _SEEN_IN}
    )


@cache
def _at(minutes: int) -> tuple[str, ...]:
    """Zones so far from UTC: those first that are so in winter."""
    by_season = [
        name
        for moment in _SEEN_IN
        for name in _existing(_FIRST)
        if moment.replace(tzinfo=ZoneInfo(name)).utcoffset() == timedelta(minutes=minutes)
    ]
    return tuple(dict.fromkeys(by_season))[:MOST]
