"""Names are read by workers, kept, and bounded."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from bot.aws.accounts import Accounts
from bot.search import repository as kept
from bot.search.inventory import Inventory
from bot.search.model import InventoryEntry, Listing
from bot.search.repository import Inventories
from bot.search.requests import RequestHistory
from bot.settings import read_aws_settings
from bot.store.connection import now
from bot.store.sharing import SingleFlight

HOME = "own/eu-west-1"


@pytest.fixture
def nudged():
    return []


@pytest.fixture
def inventory(aws, redis, nudged):
    settings = read_aws_settings({"SLSDIAG_REGIONS": "eu-west-1,us-east-1"})
    accounts = Accounts(settings)

    def nudge(kind, key):
        nudged.append(key)

    return Inventory(Inventories(redis), SingleFlight(redis), accounts, nudge, partial(now, redis))


def put(aws, *names, region="eu-west-1"):
    for name in names:
        aws.account().region(region).function(name, modified_at=datetime.now(UTC))


def listed(inventory, key=HOME):
    (found,) = [entry.listing for entry in inventory.entries("") if entry.key == key]
    return found


def calls(aws):
    return sum(call.operation == "ListFunctions" for call in aws.calls)


def test_a_worker_reads_every_place(aws, inventory):
    put(aws, *(f"f-{n:03}" for n in range(120)))
    put(aws, "east", region="us-east-1")
    inventory.read(HOME)

    assert listed(inventory).names == tuple(f"f-{n:03}" for n in range(120))
    assert listed(inventory).account == "123456789012"
    assert listed(inventory, "own/us-east-1").names == ("east",)


def test_what_is_fresh_is_not_read_again(aws, inventory, nudged):
    put(aws, "checkout")
    inventory.refresh(inventory.entries(""))
    inventory.refresh(inventory.entries(""))
    assert nudged == [HOME, "own/us-east-1"]
    inventory.read(HOME)
    before = calls(aws)
    inventory.read(HOME)

    assert calls(aws) == before == 2


def test_what_is_old_is_read_again():
    at = datetime.now(UTC)
    listing = Listing("1", "eu-west-1", (), at - timedelta(minutes=9))

    assert not InventoryEntry("k", "eu-west-1", listing).stale(at)
    assert InventoryEntry("k", "eu-west-1", listing).stale(at + timedelta(minutes=2))
    assert InventoryEntry("k", "eu-west-1", None).stale(at)
    refused = Listing("1", "eu-west-1", (), at - timedelta(minutes=2), why="Refused.")
    assert InventoryEntry("k", "eu-west-1", refused).stale(at)


def test_two_readers_list_once(aws, inventory):
    put(aws, "checkout")
    aws.latency = 0.3
    with ThreadPoolExecutor(5) as pool:
        list(pool.map(inventory.read, [HOME] * 5))

    assert calls(aws) == 2, "one page for each of two regions"


def test_refusal_is_said_and_what_was_known_stays(aws, inventory):
    put(aws, "checkout")
    inventory.read(HOME)
    aws.fail("lambda", "ListFunctions", region="eu-west-1")
    old = listed(inventory)
    long_ago = old.read_at - timedelta(hours=1)
    inventory.listings.put(HOME, Listing(old.account, old.region, old.names, long_ago))
    inventory.read(HOME)

    assert listed(inventory).names == ("checkout",)
    assert "ListFunctions" in listed(inventory).why


def test_names_are_bounded(aws, inventory, monkeypatch):
    monkeypatch.setattr("bot.search.inventory.MOST", 60)
    put(aws, *(f"f-{n:03}" for n in range(120)))
    inventory.read(HOME)

    assert len(listed(inventory).names) == 60
    assert "more than 60" in listed(inventory).why


def test_unknown_place_reads_the_others_only(aws, inventory):
    put(aws, "checkout")
    inventory.read("888888888888/eu-west-1")

    assert listed(inventory).names == ("checkout",)


def test_names_are_kept_for_a_day(redis, inventory):
    inventory.listings.put(HOME, Listing("1", "eu-west-1", ("a",), datetime.now(UTC)))

    assert 0 < redis.ttl(f"slsdiag:inventory:{HOME}") <= kept.KEPT_FOR.total_seconds()


def test_another_processs_listing_replaces_what_was_decoded(redis, inventory):
    at = datetime.now(UTC)
    other = Inventories(redis)
    inventory.listings.put(HOME, Listing("123456789012", "eu-west-1", ("a",), at))
    assert listed(inventory).names == ("a",)
    other.put(HOME, Listing("123456789012", "eu-west-1", ("b",), at + timedelta(seconds=1)))

    assert listed(inventory).names == ("b",)


def test_asking_often_counts_more_than_once(redis):
    asked = RequestHistory(redis)
    asked.note("U1", "C1", "a:1", "checkout")
    asked.note("U1", "C1", "b:1", "checkout")
    asked.note("U2", "C1", "c:1", "orders")
    asked.note("U2", "C1", "c:1", "orders")

    assert asked.reports("U1", 9) == ["b:1", "a:1"]
    assert asked.often("U1").keys() == {"checkout"}
    scores = asked.often("C1")
    assert scores["checkout"] - scores["orders"] == pytest.approx(1.0, abs=0.001)


def test_what_was_asked_is_bounded(redis):
    asked = RequestHistory(redis)
    for n in range(105):
        asked.note("U1", "C1", f"r{n}:1", f"f{n}")

    assert len(asked.reports("U1", 999)) == 50
    assert len(asked.often("C1")) == 100
    assert redis.ttl("slsdiag:reports:U1") > 0
    assert redis.ttl("slsdiag:asked:C1") > 0
