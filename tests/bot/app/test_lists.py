"""Short lists are cut, and say so."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.app import lists
from bot.conversation import Conversation
from bot.scan.run import Inquiry
from bot.triage.model import Triage

NOW = datetime(2026, 11, 27, 9, tzinfo=UTC)
PLACE = Conversation("T0DEMO", "C0GENERAL", "U0ADA")


def some_triages(count):
    return [Triage(f"t{n}", f"f{n}", PLACE, "card", NOW) for n in range(count)]


def test_what_fits_is_listed_whole():
    text = lists.status(some_triages(lists.MOST))["text"]

    assert text.count("• f") == lists.MOST
    assert "more" not in text


def test_what_does_not_fit_is_counted():
    scan = Inquiry("s", PLACE, "shop-", NOW)
    text = lists.status(some_triages(lists.MOST + 2), [scan], PLACE.user)["text"]

    assert "• a scan of shop-*, since 09:00 UTC" in text
    assert "shop-" not in lists.status([], [scan], "U0OTHER")["text"]
    assert text.count("•") == lists.MOST
    assert text.endswith("… and 3 more.")
