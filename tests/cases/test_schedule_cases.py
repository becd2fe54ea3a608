"""What people write behind `digest`, case by case (schedules.yaml), and summer time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml

from bot.app.parser import Say, wanted
from bot.digest.model import Plan
from bot.digest.parser import Create
from bot.digest.schedule import slots
from bot.digest.zones import zones_meant

CASES = yaml.safe_load((Path(__file__).parent / "schedules.yaml").read_text())


def each(kind):
    return pytest.mark.parametrize("case", CASES[kind], ids=[x["text"] for x in CASES[kind]])


def prefix_of(text):
    return next((word for word in text.split() if word.endswith("-")), "")


@each("kept")
def test_a_schedule_is_understood(case):
    meant = wanted(f"digest {case['text']}")

    assert meant == Create(case["words"], case.get("zone"), prefix_of(case["text"]))


@each("asked")
def test_a_zone_word_is_a_question_and_never_a_prefix(case):
    said = wanted(f"digest {case['text']}")
    assert isinstance(said, Say)
    assert "Did you mean" in said.text

    offered = [wanted(choice) for choice in said.choices]
    assert offered
    assert all(isinstance(each, Create) and each.zone and not each.prefix for each in offered)
    assert not [each.zone for each in offered if each.zone.startswith("Etc/")]
    known = {each.zone for each in offered} | {
        choice.removeprefix("digest ") for choice in said.choices
    }
    assert not case.get("offers") or known & set(case["offers"])


@each("refused")
def test_a_refusal_names_the_part_and_shows_a_right_one(case):
    said = wanted(f"digest {case['text']}")

    assert isinstance(said, Say)
    assert "\n" not in said.text
    assert all(name in said.text for name in case["names"])
    assert "digest" in said.text


@each("summer_time")
def test_each_date_has_one_digest(case):
    words, _, quiet = case["text"].partition(" quiet ")
    said = wanted(f"digest {case['text']}")
    plan = Plan(said.words, said.zone, "", quiet)
    zone, day = (
        ZoneInfo(said.zone),
        date.fromisoformat(case[True]),
    )  # YAML takes the key "on" for it
    begin = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(days=9)
    found = []
    for slot in slots(plan, begin, begin):
        if slot.at > begin + timedelta(days=18):
            break
        found.append(slot)

    named = [slot for slot in found if slot.name == day.isoformat()]
    assert len(named) == 1, words
    if quiet:
        assert named[0].at.astimezone(zone).strftime("%d %H:%M") == "28 03:00"
    else:
        assert named[0].at.astimezone(zone).date() == day


@pytest.mark.parametrize(
    ("words", "zone"),
    [
        ("PST", "America/Los_Angeles"),
        ("CEST", "Europe/Berlin"),
        ("IST", "Asia/Kolkata"),
        ("SGT", "Asia/Singapore"),
        ("gmt+5", "Asia/Karachi"),
        ("UTC+5:30", "Asia/Kolkata"),
        ("-03:30", "America/St_Johns"),
        ("UTC−8", "America/Los_Angeles"),
        ("new york", "America/New_York"),
        ("New York", "America/New_York"),
        ("São Paulo", "America/Sao_Paulo"),
        ("mumbai", "Asia/Kolkata"),
        ("Kyiv", "Europe/Kyiv"),
        ("Germany", "Europe/Berlin"),
    ],
)
def test_zones_that_words_mean(words, zone):
    assert zones_meant(words)[0] == zone


@pytest.mark.parametrize("words", ["shop", "shop-", "cart", "my-service", "orders2"])
def test_words_that_are_no_zone(words):
    assert zones_meant(words) == ()


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("daily 9am", "digest daily 09:00"),
        ("daily 9 pm UTC", "digest daily 21:00 UTC"),
        ("daily 12am UTC shop-", "digest daily 00:00 UTC shop-"),
        ("daily noon", "digest daily 12:00"),
        ("daily 0900", "digest daily 09:00"),
        ("every week", "digest every 7d"),
        ("every monday at 9:00", "digest weekly mon 9:00"),
        ("daly 09:00 UTC", "digest daily 09:00 UTC"),
        ("off", "digest list"),
        ("off 3FA91C", "digest stop 3fa91c"),
        ("off orders", "digest list"),
        ("daily 13pm", "digest daily 13:00"),
        ("every monday", "digest weekly mon 09:00"),
        ("every hour", "digest every 1h"),
        ("hourly", "digest every 1h"),
        ("every day at 9:00 UTC", "digest daily 9:00 UTC"),
        ("every 2 weeks UTC", "digest every 14d"),
        ("daily 0:30am", "digest daily 00:30"),
        ("08:30 daily Asia/Tokyo", "digest daily 08:30 Asia/Tokyo"),
        ("daily 09:00 shop- Europe/Berlin", "digest daily 09:00 Europe/Berlin shop-"),
        ("daily 09:00 New York shop-", "digest daily 09:00 America/New_York shop-"),
        ("daily 09:00 EST", "digest daily 09:00 America/New_York"),
    ],
)
def test_what_was_meant_is_offered(text, choice):
    said = wanted(f"digest {text}")

    assert said.choices[0] == choice
    assert not isinstance(wanted(choice), Say)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("daily at 09:00 UTC", Create("daily 09:00", "UTC")),
        ("weekly on Monday at 9:00 UTC", Create("weekly mon 09:00", "UTC")),
    ],
)
def test_words_that_people_put_before_a_time(text, meant):
    assert wanted(f"digest {text}") == meant


@pytest.mark.parametrize(
    "text", ["daily 09:00 XQTZ", "daily 09:00 UTC PST", "daily 09:00 Mars/Base"]
)
def test_what_looks_like_a_zone_is_never_a_prefix(text):
    assert isinstance(wanted(f"digest {text}"), Say)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("daily pm am", "'pm' is not a time of day"),
        ("daily soon", "'soon' is not a time of day"),
        ("every x hours", "'x' is not an interval"),
        ("daily 09:00 UTC quiet 22:00", "Quiet hours have a begin and an end"),
        ("daily 09:00 UTC quiet", "Quiet hours have a begin and an end"),
        ("daily 09:00 UTC quiet 22:00-xx", "'xx' is not a time of day"),
        ("daily 09:00 UTC PST", "Two time zones"),
    ],
)
def test_refusal_is_about_the_part(text, said):
    meant = wanted(f"digest {text}")

    assert isinstance(meant, Say)
    assert said in meant.text


def test_word_behind_a_zone_is_a_prefix_whatever_town_is_called_so():
    assert wanted("digest daily 09:00 UTC berlin") == Create("daily 09:00", "UTC", "berlin")


def test_choices_are_five_at_most():
    assert len(zones_meant("CET")) == 5
