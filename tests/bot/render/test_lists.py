"""Short lists are cut, and say so."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.diagnosis.model import Place
from bot.fleet.run import Inquiry
from bot.render import lists
from bot.triage.model import Triage

NOW = datetime(2026, 11, 27, 9, tzinfo=UTC)
PLACE = Place("T0DEMO", "C0GENERAL", "U0ADA")


def some_triages(count):
    return [Triage(f"t{n}", f"f{n}", PLACE, "card", NOW) for n in range(count)]


def test_what_fits_is_listed_whole():
    told = lists.status(some_triages(lists.MOST))["text"]

    assert told.count("• f") == lists.MOST
    assert "more" not in told


def test_what_does_not_fit_is_counted():
    told = lists.status(some_triages(lists.MOST + 2), [Inquiry("s", PLACE, "shop-", NOW)])["text"]

    assert "• a scan of shop-*, since 09:00 UTC" in told
    assert told.count("•") == lists.MOST
    assert told.endswith("… and 3 more.")
