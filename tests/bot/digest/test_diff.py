"""What is news, and what is not: proof only, told once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.digest import diff
from bot.digest.diff import compare, doubtful, looked_again
from bot.digest.model import Snooze
from bot.fleet.model import Kind, Scan, Seen, Unreadable

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
DAY = timedelta(days=1)
BLIND = Seen("orders", "eu-west-1", "1", "problem", "wrapper_set", Kind.BLIND, exact=True)
MENDED = replace(BLIND, verdict="healthy", cause=None, kind=None)
LOOKS_WELL = replace(MENDED, verdict="unverified", exact=False)
HIDDEN = Unreadable("1", "eu-west-1", "Denied.")
KEY = ("1", "eu-west-1", "orders")
GROUPS = ("new", "moved", "woken", "fixed", "flapping", "still", "snoozed")


def scan(*seen, hidden=()):
    return Scan(NOON, seen, hidden)


def told(*looks, known=(), snoozes=(), start=NOON, step=DAY):
    """One look a day; the last one's news."""
    found = None
    for number, seen in enumerate(looks):
        look = seen if isinstance(seen, Scan) else scan(*([seen] if seen else []))
        found = compare(known, look, start + number * step, snoozes=snoozes)
        known = found.known
    return found


def names(found):
    return {
        group: [e.name for e in getattr(found, group)] for group in GROUPS if getattr(found, group)
    }


def test_new_is_told_once():
    assert names(told(BLIND)) == {"new": ["orders"]}
    assert told(BLIND).news
    again = told(BLIND, BLIND, BLIND)
    assert names(again) == {"still": ["orders"]}
    assert not again.news
    assert again.still[0].since == NOON


@pytest.mark.parametrize(
    ("seen", "ended"),
    [
        (MENDED, "healthy"),
        (replace(MENDED, verdict="notice"), "healthy"),
        (replace(BLIND, cause="invoked", kind=Kind.QUIET), "quiet"),
        (replace(BLIND, kind=Kind.NOT_INSTRUMENTED, exact=False), "not instrumented"),
    ],
)
def test_no_longer_blind_with_proof(seen, ended):
    found = told(BLIND, seen)

    assert names(found) == {"fixed": ["orders"]}
    assert found.fixed[0].ended == ended
    assert names(told(BLIND, seen, seen)) == {}


@pytest.mark.parametrize(
    ("look", "why"),
    [
        pytest.param(scan(LOOKS_WELL), diff.UNVERIFIED, id="unverified"),
        pytest.param(
            scan(replace(MENDED, verdict="undetermined")), "now undetermined", id="undetermined"
        ),
        pytest.param(scan(replace(MENDED, verdict="waiting")), "now waiting", id="waiting"),
        pytest.param(scan(), diff.UNVERIFIED, id="not seen at all"),
        pytest.param(scan(hidden=[HIDDEN]), diff.UNREAD, id="region denied"),
        pytest.param(
            scan(hidden=[replace(HIDDEN, account="unknown")]), diff.UNREAD, id="account unknown"
        ),
    ],
)
def test_what_is_not_proved_keeps_its_state_and_is_said_so(look, why):
    found = told(BLIND, look)

    assert found.fixed == ()
    assert [(each.name, said) for each, said in found.unsure] == [("orders", why)]
    assert found.blind == 1
    assert names(told(BLIND, look, BLIND)) == {"still": ["orders"]}


def test_function_that_is_gone_by_proof():
    known = told(BLIND).known
    found = compare(known, scan(), NOON + DAY, gone=[KEY])

    assert [(each.name, each.ended) for each in found.fixed] == [("orders", "gone")]


def test_doubtful_are_those_that_an_exact_look_may_settle():
    known = told(BLIND).known

    assert [each.name for each in doubtful(known, scan(LOOKS_WELL))] == ["orders"]
    assert [each.name for each in doubtful(known, scan())] == ["orders"]
    assert doubtful(known, scan(MENDED)) == []
    assert doubtful(known, scan(BLIND)) == []
    assert doubtful(known, scan(hidden=[HIDDEN])) == []
    assert doubtful(told(BLIND, MENDED).known, scan(LOOKS_WELL)) == []
    assert looked_again(scan(LOOKS_WELL), {KEY: MENDED}).seen == (MENDED,)
    assert looked_again(scan(LOOKS_WELL), {KEY: None}).seen == ()


@pytest.mark.parametrize("kind", [Kind.QUIET, Kind.NOT_INSTRUMENTED])
def test_only_blind_is_news(kind):
    found = told(replace(BLIND, kind=kind))

    assert not found.news
    assert found.known == ()


def test_another_cause_is_news_when_it_is_sure():
    other = replace(BLIND, cause="org_id_set")

    assert names(told(BLIND, other)) == {"moved": ["orders"]}
    assert told(BLIND, other).moved[0].since == NOON
    assert names(told(BLIND, replace(other, exact=False))) == {"still": ["orders"]}


def test_what_comes_and_goes_flaps_once_until_it_is_calm():
    back = [BLIND, MENDED, BLIND]
    assert names(told(*back)) == {"new": ["orders"]}
    assert names(told(*back, MENDED)) == {"flapping": ["orders"]}
    for more in ([BLIND], [BLIND, MENDED], [BLIND, MENDED, BLIND]):
        assert not told(*back, MENDED, *more).news
    calm = [*back, MENDED, *[LOOKS_WELL] * 6]
    assert not told(*calm).news
    assert names(told(*calm, LOOKS_WELL)) == {"fixed": ["orders"]}


def test_slow_changes_are_no_flapping():
    looks = [BLIND, MENDED] * 4
    for count in range(2, 9):
        assert told(*looks[:count], step=8 * DAY).flapping == ()


def a_snooze(what, until=NOON + 5 * DAY):
    return Snooze("s1", what, "known", until, "U1")


@pytest.mark.parametrize("what", ["cause:wrapper_set", "function:1/eu-west-1/orders"])
def test_snooze_holds_back_and_then_wakes(what):
    known = told(BLIND).known
    held = compare(known, scan(BLIND), NOON + DAY, snoozes=[a_snooze(what)])
    assert names(held) == {"snoozed": ["orders"]}
    assert not held.news
    woken = compare(held.known, scan(BLIND), NOON + 6 * DAY, snoozes=[a_snooze(what)])
    assert names(woken) == {"woken": ["orders"]}
    assert names(compare(woken.known, scan(BLIND), NOON + 7 * DAY)) == {"still": ["orders"]}


def test_news_that_was_held_back_comes_after_the_snooze():
    cause = [a_snooze("cause:wrapper_set")]
    held = compare((), scan(BLIND), NOON, snoozes=cause)
    assert not held.news
    after = compare(held.known, scan(BLIND), NOON + 6 * DAY, snoozes=cause)
    assert names(after) == {"new": ["orders"]}
    assert after.new[0].since == NOON
    mended = compare(told(BLIND).known, scan(MENDED), NOON + DAY, snoozes=cause)
    assert names(mended) == {}
    assert names(compare(mended.known, scan(MENDED), NOON + 6 * DAY)) == {"fixed": ["orders"]}


def test_snooze_of_another_holds_nothing_back():
    assert told(BLIND, snoozes=[a_snooze("cause:org_id_set")]).news


def test_region_that_cannot_be_read_is_news_once_and_so_is_its_return():
    lost = compare((), scan(hidden=[HIDDEN]), NOON)
    assert lost.unread == (("1", "eu-west-1"),)
    assert lost.news
    assert not compare((), scan(hidden=[HIDDEN]), NOON, unread=lost.unread).news
    back = compare((), scan(), NOON, unread=lost.unread)
    assert back.read_again == (("1", "eu-west-1"),)
    assert back.news


def test_what_is_remembered_is_bounded_by_count(monkeypatch):
    monkeypatch.setattr(diff, "MOST", 3)
    fleet = [replace(BLIND, name=f"f{n}") for n in range(5)]
    found = compare((), scan(*fleet), NOON)
    assert (len(found.new), len(found.known), found.beyond, found.blind) == (3, 3, 2, 5)
    again = compare(found.known, scan(*fleet), NOON + DAY)
    assert not again.news


def test_what_is_remembered_is_bounded_by_age():
    known = told(BLIND, MENDED).known
    assert compare(known, scan(), NOON + 29 * DAY).known
    assert not compare(known, scan(), NOON + 40 * DAY).known
    lost = told(BLIND).known
    assert compare(lost, scan(), NOON + 40 * DAY).known == ()
