"""What people type about watches, what it takes, and what they read."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.app.parser import only_checks, to_type, wanted
from bot.conversation import Conversation
from bot.serving_settings import Role
from bot.store.due import WATCH, Due
from bot.watch.model import Watch
from bot.watch.parser import Off, On, WatchStatus
from bot.watch.repository import IN_CHANNEL
from bot.watch.service import UNSET
from tests.bot.watch.watched import HOME, PLACE, catches_up


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("watch", WatchStatus()),
        ("watch status", WatchStatus()),
        ("watch status shop-", WatchStatus("shop-")),
        ("watch on", On()),
        ("WATCH On shop-", On("shop-")),
        ("watch on shop-*", On("shop-")),
        ("watch off shop-", Off("shop-")),
    ],
)
def test_words(text, meant):
    assert wanted(text) == meant


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("watch start", "watch on"),
        ("watch stop shop-", "watch off shop-"),
        ("watch onn", "watch on"),
        ("wacth on", "watch on"),
    ],
)
def test_slips_are_questions(text, offered):
    assert offered in wanted(text).choices


@pytest.mark.parametrize("text", ["watch everything", "watch on a b", "watch on <!channel>"])
def test_refusals(text):
    assert not wanted(text).choices
    assert "<!" not in wanted(text).text


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("watch", Role.VIEWER),
        ("watch status", Role.VIEWER),
        ("watch on", Role.ADMIN),
        ("watch off x", Role.ADMIN),
    ],
)
def test_roles_are_those_of_digests(text, role):
    assert to_type(text.split()) is role
    assert not only_checks(text.split())


@pytest.fixture
def service(watched):
    watched.watches.remove("C1", "")
    return watched.service


def says(service, wanted, channel="C1"):
    return service.answer(wanted, Conversation("T1", channel, "U1"))["text"]


def test_on_begins_with_a_scan_and_twice_is_once(service, watched):
    assert says(service, On("shop-")).startswith("Watching functions that begin with shop-.")
    assert (
        says(service, On("shop-"))
        == "This channel watches functions that begin with shop- already."
    )
    assert watched.watches.all() == [Watch("C1", "shop-", "U1", watched.at)]
    assert Due(watched.redis).sweep(10).keys() == {(WATCH, "C1:shop-")}


def test_off(service):
    says(service, On())

    assert "all functions are watched" in says(service, Off("shop-"))
    assert says(service, Off()) == "No longer watching all functions in this channel."
    assert says(service, Off()) == "Nothing is watched in this channel."


def test_status_says_when_the_last_event_came(service, watched):
    says(service, On())
    assert f"events of {HOME} in eu-west-1: none yet" in says(service, WatchStatus())
    watched.events.taken(PLACE, ["e1"], watched.at)
    watched.at = watched.at.replace(hour=(watched.at.hour + 3) % 24)
    assert "the last one" in says(service, WatchStatus())


def test_status_of_functions_that_begin_so(service):
    says(service, On("shop-"))

    assert "shop-, since" in says(service, WatchStatus("shop-cart"))
    assert "shop-, since" in says(service, WatchStatus("sh"))
    assert (
        "Nothing of functions that begin with x is watched in this channel: /slsdiag watch on x"
        in says(service, WatchStatus("x"))
    )


def test_status_says_when_the_history_was_read(service, watched):
    assert "event history: not read yet" in says(service, WatchStatus())
    catches_up(watched)
    assert "event history: read 0 s ago" in says(service, WatchStatus())
    watched.aws.fail("cloudtrail")
    catches_up(watched)
    watched.at += timedelta(minutes=4)
    assert "event history: not readable for 4 min" in says(service, WatchStatus())


def test_a_channel_that_may_not_see_the_account_cannot_watch(service, watched):
    watched.hidden_from.add("C1")

    assert says(service, On()) == "Events come of no account that this channel may see."
    assert HOME not in says(service, WatchStatus())


def test_watches_are_bounded(service, watched):
    for number in range(IN_CHANNEL):
        watched.watches.add(Watch("C1", f"shop-{number}", "U1", watched.at))

    assert "too many" in says(service, On("one-more"))


def test_without_a_queue_it_says_how_to_make_one(watched, service):
    object.__setattr__(service, "queues", ())

    assert says(service, On()) == UNSET


def test_home_lists_what_somebody_turned_on(service):
    says(service, On())
    says(service, On(), "C2")

    assert service.made_by("U1") == ["Watching all functions in 2 channels"]
    assert service.made_by("U2") == []
