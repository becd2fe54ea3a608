"""What people type after "digest"."""

from __future__ import annotations

import pytest

from bot.app.parser import Say, wanted
from bot.digest.parser import Create, End, List, Now, parse
from bot.errors import Refused

BERLIN = "Europe/Berlin"


@pytest.mark.parametrize(
    ("typed", "words", "meant"),
    [
        ("weekdays 9am", "cannot leave out the weekend", "digest daily 09:00"),
        ("mon-fri 09:00 Europe/Berlin", "the weekend", "digest daily 09:00 Europe/Berlin"),
        ("mondays 9am", "'mondays' is not a schedule: a day", "digest weekly mon 09:00"),
        ("Friday 17:30", "'Friday' is not a schedule: a day", "digest weekly fri 17:30"),
    ],
)
def test_days_in_another_form_are_answered_with_what_there_is(typed, words, meant):
    said = wanted(f"digest {typed}")

    assert words in said.text
    assert said.choices == (meant,)
    assert isinstance(wanted(meant), Create)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("daily 09:00 Europe/Berlin", Create("daily 09:00", BERLIN)),
        ("Daily 9:05 europe/berlin shop-", Create("daily 09:05", BERLIN, "shop-")),
        ("daily 09:00", Create("daily 09:00", None)),
        ("daily 09:00 shop-", Create("daily 09:00", None, "shop-")),
        ("daily 09:00 UTC", Create("daily 09:00", "UTC")),
        ("weekly Monday 17:30 America/New_York", Create("weekly mon 17:30", "America/New_York")),
        ("weekly thu 17:30", Create("weekly thu 17:30", None)),
        ("every 6h", Create("every 6h", None)),
        ("every 30m shop-", Create("every 30m", None, "shop-")),
        (
            "daily 23:30 Europe/Berlin shop- quiet 22:00-07:00",
            Create("daily 23:30", BERLIN, "shop-", "22:00-07:00"),
        ),
        ("every 2d quiet 22:00 – 7:00", Create("every 2d", None, "", "22:00-07:00")),
        ("list", List()),
        ("now", Now()),
        ("now 3fa91c", Now("3fa91c")),
        ("stop 3FA91C", End("3fa91c")),
    ],
)
def test_grammar(text, expected):
    assert parse(text.split()) == expected
    assert wanted(f"digest {text}") == expected


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "as in /slsdiag digest daily 09:00 Europe/Berlin"),
        ("hourly", "every N(m|h|d)"),
        ("daily", "daily HH:MM ZONE"),
        ("daily 9am", "'9am' is not a time of day"),
        ("daily 25:00 UTC", "'25:00' is not a time of day"),
        ("weekly 09:00 UTC", "'09:00' is not a day"),
        ("weekly someday 09:00", "'someday' is not a day"),
        ("weekly m 09:00", "'m' is not a day"),
        ("every day", "'day' is not an interval"),
        ("every 0m", "every minute at the most"),
        ("every 745h", "every 31 days at the least"),
        ("every 40d", "every 31 days at the least"),
        ("daily 09:00 Europe/Berlin a/b", "cannot begin a function's name"),
        ("daily 09:00 Europe/Berlin shop- and more", "'and more' is too much"),
        ("daily 09:00 UTC quiet 22:00", "begin and an end"),
        ("daily 09:00 UTC quiet 22:00-22:00", "whole day"),
        ("daily 09:00 <!channel> x", "a link or a mention"),
        ("stop", "digest list shows their IDs"),
        ("stop orders", "is not the ID of a digest"),
    ],
)
def test_wrong_words_get_one_sentence(text, said):
    with pytest.raises(Refused) as refused:
        parse(text.split())

    assert said in str(refused.value)
    assert "\n" not in str(refused.value)
    assert isinstance(wanted(f"digest {text}"), Say)


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("daily 09:00 Berlin", "digest daily 09:00 Europe/Berlin"),
        ("daily 09:00 Europe/Berlim shop-", "digest daily 09:00 Europe/Berlin shop-"),
        ("weekly mon 09:00 Amerika/New_York", "digest weekly mon 09:00 America/New_York"),
        (
            "every 6h tokyo quiet 22:00-07:00",
            "digest every 6h Asia/Tokyo quiet 22:00-07:00",
        ),
    ],
)
def test_zone_that_is_none_is_a_question(text, command):
    said = wanted(f"digest {text}")

    assert "not a time zone I know. Did you mean" in said.text
    assert command in said.choices
    assert isinstance(wanted(command), Create)


def test_word_that_is_no_place_is_a_prefix():
    assert parse(["daily", "09:00", "berlin-"]).prefix == "berlin-"
