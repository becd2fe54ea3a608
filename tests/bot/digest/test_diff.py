"""What is news, and what is not: proof only, told once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.digest import diff, memory
from bot.digest.diff import compare
from bot.digest.memory import doubtful, looked_again
from bot.digest.model import Snooze
from bot.scan.model import ProblemClass, Scan, Seen, Unreadable

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
DAY = timedelta(days=1)
BLIND = Seen("orders", "eu-west-1", "1", "problem", "wrapper_set", ProblemClass.BLIND, exact=True)
FIXED = replace(BLIND, verdict="healthy", cause=None, kind=None)
LOOKS_WELL = replace(FIXED, verdict="unverified", exact=False)
HIDDEN = Unreadable("1", "eu-west-1", "Denied.")
KEY = ("1", "eu-west-1", "orders")
GROUPS = ("new", "moved", "worse", "woken", "fixed", "flapping", "still", "snoozed")


def scan(*seen, hidden=()):
    return Scan(NOON, seen, hidden)


def compared(*looks, known=(), snoozes=(), start=NOON, step=DAY):
    """One look a day; the last one's news."""
    found = None
    for number, seen in enumerate(looks):
        look = seen if isinstance(seen, Scan) else scan(*([seen] if seen else []))
        found = compare(known, look, start + number * step, snoozes=snoozes)
        known = found.memory
    return found


def names(found):
    return {
        group: [e.name for e in getattr(found, group)] for group in GROUPS if getattr(found, group)
    }


def test_new_is_told_once():
    assert names(compared(BLIND)) == {"new": ["orders"]}
    assert compared(BLIND).has_news
    again = compared(BLIND, BLIND, BLIND)
    assert names(again) == {"still": ["orders"]}
    assert not again.has_news
    assert again.still[0].since == NOON


@pytest.mark.parametrize(
    ("seen", "ended"),
    [
        (FIXED, "healthy"),
        (replace(FIXED, verdict="notice"), "healthy"),
        (replace(BLIND, cause="invoked", kind=ProblemClass.QUIET), "quiet"),
    ],
)
def test_no_longer_blind_with_proof(seen, ended):
    found = compared(BLIND, seen)

    assert names(found) == {"fixed": ["orders"]}
    assert found.fixed[0].ended == ended
    assert names(compared(BLIND, seen, seen)) == {}


@pytest.mark.parametrize(
    ("look", "why"),
    [
        pytest.param(scan(LOOKS_WELL), memory.UNVERIFIED, id="unverified"),
        pytest.param(
            scan(replace(FIXED, verdict="undetermined")), "now undetermined", id="undetermined"
        ),
        pytest.param(scan(replace(FIXED, verdict="waiting")), "now waiting", id="waiting"),
        pytest.param(scan(), memory.UNVERIFIED, id="not seen at all"),
        pytest.param(scan(hidden=[HIDDEN]), memory.UNREAD, id="region denied"),
        pytest.param(
            scan(hidden=[replace(HIDDEN, account="unknown")]), memory.UNREAD, id="account unknown"
        ),
    ],
)
def test_what_is_not_proved_keeps_its_state_and_is_said_so(look, why):
    found = compared(BLIND, look)

    assert found.fixed == ()
    assert [(each.name, said) for each, said in found.unsure] == [("orders", why)]
    assert found.blind == 1
    assert names(compared(BLIND, look, BLIND)) == {"still": ["orders"]}


def test_function_that_is_gone_by_proof():
    known = compared(BLIND).memory
    found = compare(known, scan(), NOON + DAY, gone=[KEY])

    assert [(each.name, each.ended) for each in found.fixed] == [("orders", "gone")]


@pytest.mark.parametrize(
    ("reported_at", "fixed"),
    [
        pytest.param(NOON - timedelta(minutes=15, seconds=1), False, id="before it was seen blind"),
        pytest.param(NOON - timedelta(minutes=15), True, id="about then, or later"),
    ],
)
@pytest.mark.parametrize("verdict", ["healthy", "notice"])
def test_an_old_payload_is_no_proof_that_it_reports_again(verdict, reported_at, fixed):
    looks_well = replace(FIXED, verdict=verdict, reported_at=reported_at)
    found = compared(BLIND, looks_well)

    assert names(found) == ({"fixed": ["orders"]} if fixed else {"still": ["orders"]})
    if not fixed:
        assert [why for _, why in found.unsure] == ["no payload since it was seen blind"]
        later = replace(looks_well, reported_at=NOON + DAY)
        assert names(compared(BLIND, looks_well, later)) == {"fixed": ["orders"]}


def test_doubtful_are_those_that_an_exact_look_may_settle():
    known = compared(BLIND).memory

    assert [each.name for each in doubtful(known, scan(LOOKS_WELL))] == ["orders"]
    assert [each.name for each in doubtful(known, scan())] == ["orders"]
    assert doubtful(known, scan(FIXED)) == []
    assert doubtful(known, scan(BLIND)) == []
    assert doubtful(known, scan(hidden=[HIDDEN])) == []
    assert doubtful(compared(BLIND, FIXED).memory, scan(LOOKS_WELL)) == []
    assert looked_again(scan(LOOKS_WELL), {KEY: FIXED}).seen == (FIXED,)
    assert looked_again(scan(LOOKS_WELL), {KEY: None}).seen == ()


@pytest.mark.parametrize("kind", [ProblemClass.QUIET, ProblemClass.NOT_INSTRUMENTED])
def test_only_blind_is_news(kind):
    found = compared(replace(BLIND, kind=kind))

    assert not found.has_news
    assert found.memory == ()


def test_another_cause_is_news_when_it_is_sure():
    other = replace(BLIND, cause="org_id_set")

    assert names(compared(BLIND, other)) == {"moved": ["orders"]}
    assert compared(BLIND, other).moved[0].since == NOON
    assert names(compared(BLIND, replace(other, exact=False))) == {"still": ["orders"]}


BARE = replace(BLIND, cause="function_instrumented", kind=ProblemClass.NOT_INSTRUMENTED)


def test_what_was_blind_and_lost_the_sdk_altogether_is_still_blind():
    """This digest saw it instrumented, so that it is not a function that never was."""
    found = compared(BLIND, BARE)

    assert names(found) == {"moved": ["orders"]}
    assert found.blind == 1
    assert names(compared(BLIND, FIXED, BARE)) == {"new": ["orders"]}
    shallow = replace(BARE, exact=False)
    assert doubtful(compared(BLIND).memory, scan(shallow)) == [shallow]
    assert names(compared(BLIND, shallow)) == {"still": ["orders"]}


def test_what_an_older_release_called_not_instrumented_stays_so():
    (function,) = compared(BLIND, FIXED).memory
    ended = replace(function, ended="not instrumented")

    assert not compare([ended], scan(BARE), NOON + DAY).has_news


DOWN = replace(BLIND, kind=ProblemClass.DOWN)


def test_down_after_blind_is_news_and_so_is_the_other_way():
    assert names(compared(BLIND, DOWN)) == {"worse": ["orders"]}
    assert names(compared(BLIND, DOWN, DOWN)) == {"still": ["orders"]}
    assert names(compared(DOWN, BLIND)) == {"moved": ["orders"]}
    assert names(compared(BLIND, replace(DOWN, exact=False))) == {"still": ["orders"]}
    counts = [compared(*seen).down for seen in ([BLIND], [DOWN], [DOWN, BLIND], [DOWN, FIXED])]
    assert counts == [0, 1, 0, 0]
    assert compared(DOWN, BLIND).blind == 1


@pytest.mark.parametrize("what", ["cause:wrapper_set", "function:1/eu-west-1/orders"])
def test_snooze_that_is_over_wakes_what_is_down(what):
    held = compare(compared(DOWN).memory, scan(DOWN), NOON + DAY, snoozes=[a_snooze(what)])
    woken = compare(held.memory, scan(DOWN), NOON + 6 * DAY, snoozes=[a_snooze(what)])

    assert names(woken) == {"woken": ["orders"]}


def test_headline_is_of_the_surest_scan():
    said = replace(BLIND, headline="Datadog owns the wrapper")
    guess = replace(said, headline="A guess", exact=False)

    for seen in ([said], [said, guess], [guess, said]):
        assert compared(*seen).memory[0].headline == "Datadog owns the wrapper"


def test_what_comes_and_goes_flaps_once_until_it_is_calm():
    back = [BLIND, FIXED, BLIND]
    assert names(compared(*back)) == {"new": ["orders"]}
    assert names(compared(*back, FIXED)) == {"flapping": ["orders"]}
    for more in ([BLIND], [BLIND, FIXED], [BLIND, FIXED, BLIND]):
        assert not compared(*back, FIXED, *more).has_news
    calm = [*back, FIXED, *[LOOKS_WELL] * 6]
    assert not compared(*calm).has_news
    assert names(compared(*calm, LOOKS_WELL)) == {"fixed": ["orders"]}


def test_slow_changes_are_no_flapping():
    looks = [BLIND, FIXED] * 4
    for count in range(2, 9):
        assert compared(*looks[:count], step=8 * DAY).flapping == ()


def a_snooze(what, until=NOON + 5 * DAY):
    return Snooze("s1", what, "known", until, "U1")


@pytest.mark.parametrize("what", ["cause:wrapper_set", "function:1/eu-west-1/orders"])
def test_snooze_holds_back_and_then_wakes(what):
    known = compared(BLIND).memory
    held = compare(known, scan(BLIND), NOON + DAY, snoozes=[a_snooze(what)])
    assert names(held) == {"snoozed": ["orders"]}
    assert not held.has_news
    woken = compare(held.memory, scan(BLIND), NOON + 6 * DAY, snoozes=[a_snooze(what)])
    assert names(woken) == {"woken": ["orders"]}
    assert names(compare(woken.memory, scan(BLIND), NOON + 7 * DAY)) == {"still": ["orders"]}


def test_news_that_was_held_back_comes_after_the_snooze():
    cause = [a_snooze("cause:wrapper_set")]
    held = compare((), scan(BLIND), NOON, snoozes=cause)
    assert not held.has_news
    after = compare(held.memory, scan(BLIND), NOON + 6 * DAY, snoozes=cause)
    assert names(after) == {"new": ["orders"]}
    assert after.new[0].since == NOON
    fixed = compare(compared(BLIND).memory, scan(FIXED), NOON + DAY, snoozes=cause)
    assert names(fixed) == {}
    assert names(compare(fixed.memory, scan(FIXED), NOON + 6 * DAY)) == {"fixed": ["orders"]}


def test_snooze_of_another_holds_nothing_back():
    assert compared(BLIND, snoozes=[a_snooze("cause:org_id_set")]).has_news


def test_region_that_cannot_be_read_is_news_once_and_so_is_its_return():
    lost = compare((), scan(hidden=[HIDDEN]), NOON)
    assert lost.newly_hidden == (("1", "eu-west-1"),)
    assert lost.has_news
    assert not compare((), scan(hidden=[HIDDEN]), NOON, hidden_before=lost.newly_hidden).has_news
    back = compare((), scan(), NOON, hidden_before=lost.newly_hidden)
    assert back.read_again == (("1", "eu-west-1"),)
    assert back.has_news


def test_what_is_remembered_is_bounded_by_count(monkeypatch):
    monkeypatch.setattr(memory, "MOST", 3)
    fleet = [replace(BLIND, name=f"f{n}") for n in range(5)]
    found = compare((), scan(*fleet), NOON)
    assert (len(found.new), len(found.memory), found.beyond, found.blind) == (3, 3, 2, 5)
    again = compare(found.memory, scan(*fleet), NOON + DAY)
    assert not again.has_news


def test_what_is_remembered_is_bounded_by_age():
    known = compared(BLIND, FIXED).memory
    assert compare(known, scan(), NOON + 29 * DAY).memory
    assert not compare(known, scan(), NOON + 40 * DAY).memory
    lost = compared(BLIND).memory
    assert compare(lost, scan(), NOON + 40 * DAY).memory == ()


@pytest.mark.parametrize(
    "group", ["new", "moved", "worse", "woken", "fixed", "flapping", "newly_hidden", "read_again"]
)
def test_each_of_these_groups_is_news(group):
    assert diff.Diff(**{group: (compared(BLIND).memory[0],)}).has_news


@pytest.mark.parametrize("group", ["still", "snoozed", "unsure", "memory"])
def test_these_are_not(group):
    assert not diff.Diff(**{group: (compared(BLIND).memory[0],)}).has_news
    assert (diff.Diff().has_news, diff.Diff().blind) == (False, 0)


def test_old_payload_stands_only_against_an_exact_healthy_check():
    old = NOON - timedelta(hours=1)
    quiet = replace(BLIND, kind=ProblemClass.QUIET, reported_at=old)
    shallow = replace(LOOKS_WELL, verdict="healthy", reported_at=old)
    undetermined = replace(FIXED, verdict="undetermined", reported_at=old)

    assert [each.ended for each in compared(BLIND, quiet).fixed] == ["quiet"]
    assert [why for _, why in compared(BLIND, shallow).unsure] == [memory.UNVERIFIED]
    assert [why for _, why in compared(BLIND, undetermined).unsure] == ["now undetermined"]


def test_clear_function_is_not_unsure():
    assert compared(BLIND, FIXED, LOOKS_WELL).unsure == ()
    assert compared(BLIND, BLIND).unsure == ()


@pytest.mark.parametrize(
    ("hidden", "seen", "why"),
    [
        (HIDDEN, LOOKS_WELL, memory.UNVERIFIED),
        (replace(HIDDEN, account="2"), None, memory.UNVERIFIED),
        (replace(HIDDEN, region="us-east-1"), None, memory.UNVERIFIED),
        (replace(HIDDEN, region="us-east-1", account="unknown"), None, memory.UNVERIFIED),
        (HIDDEN, None, memory.UNREAD),
    ],
)
def test_place_that_could_not_be_read_is_the_functions_own(hidden, seen, why):
    look = scan(*([seen] if seen else []), hidden=[hidden])

    assert [said for _, said in compared(BLIND, look).unsure] == [why]


def test_owner_is_the_last_one_that_was_seen():
    owned = replace(BLIND, owner="team-a")

    assert compared(owned).memory[0].owner == "team-a"
    assert compared(owned, BLIND).memory[0].owner == "team-a"
    assert compared(owned, replace(BLIND, owner="team-b")).memory[0].owner == "team-b"
    assert compared(BLIND, owned).memory[0].owner == "team-a"
    assert compared(owned, FIXED, replace(BLIND, owner="team-b")).memory[0].owner == "team-b"


def test_cause_is_exact_once_an_exact_check_gave_it():
    shallow = replace(BLIND, exact=False)

    assert compared(shallow, BLIND).memory[0].exact
    assert compared(BLIND, shallow).memory[0].exact
    assert compared(shallow, replace(shallow, cause="org_id_set")).memory[0].cause == "org_id_set"
    assert not compared(shallow).memory[0].exact
    assert compared(replace(BLIND, cause=None)).memory[0].cause == ""


def test_what_a_function_went_through_is_dated():
    (known,) = compared(BLIND, BLIND, FIXED).memory

    assert (known.since, known.changed, known.seen) == (NOON, NOON + 2 * DAY, NOON + 2 * DAY)
    assert compared(BLIND, scan()).memory[0].seen == NOON
    assert compared(BLIND, BLIND).memory[0].seen == NOON + DAY
    (again,) = compared(BLIND, FIXED, BLIND).memory
    assert (again.since, again.changed, again.blind) == (NOON + 2 * DAY, NOON + 2 * DAY, True)


def test_changes_within_a_week_are_counted():
    assert [compared(*[BLIND, FIXED, BLIND][:n]).memory[0].flaps for n in (1, 2, 3)] == [0, 1, 2]
    assert compared(BLIND, FIXED, step=7 * DAY).memory[0].flaps == 1
    assert compared(BLIND, FIXED, BLIND, step=7 * DAY).memory[0].flaps == 1
    known = replace(compared(BLIND).memory[0], flaps=diff.FLAPS)
    assert diff.state(known, NOON + memory.CALM) == "blind wrapper_set"
    assert diff.state(known, NOON + memory.CALM - timedelta(seconds=1)) == diff.FLAPPING
    assert diff.state(replace(known, flaps=diff.FLAPS - 1), NOON) == "blind wrapper_set"


def test_figures():
    figures = (memory.CALM, memory.LATE, diff.FLAPS, memory.REMEMBERED, memory.MOST)

    assert figures == (7 * DAY, timedelta(minutes=15), 3, 30 * DAY, 5_000)


def test_memory_of_exactly_thirty_days_is_gone():
    known = compared(BLIND).memory
    almost = NOON + 30 * DAY - timedelta(seconds=1)

    assert compare(known, scan(), almost).memory
    assert not compare(known, scan(), NOON + 30 * DAY).memory


def test_blind_functions_are_remembered_first_the_longest_blind_before_others(monkeypatch):
    first, second = replace(BLIND, name="z-first"), replace(BLIND, name="a-second")
    gone = replace(BLIND, name="gone")
    known = compare((), scan(gone, first), NOON).memory
    ended = [replace(gone, verdict="healthy", cause=None, kind=None), first, second]
    both = compare(known, scan(*ended), NOON + DAY).memory
    monkeypatch.setattr(memory, "MOST", 2)
    kept = compare(both, scan(first, second), NOON + 2 * DAY)

    assert [each.name for each in kept.memory] == ["z-first", "a-second"]
    assert (kept.beyond, kept.blind) == (0, 2)
    monkeypatch.setattr(memory, "MOST", 1)
    one = compare(both, scan(first, second), NOON + 2 * DAY)
    assert [each.name for each in one.memory] == ["z-first"]
    assert (one.beyond, one.blind) == (1, 2)


def test_snooze_ends_at_its_time_and_not_before():
    known = compared(BLIND).memory
    snooze = a_snooze("cause:wrapper_set", until=NOON + 2 * DAY)
    early = compare(known, scan(BLIND), NOON + 2 * DAY - timedelta(seconds=1), snoozes=[snooze])

    assert names(early) == {"snoozed": ["orders"]}
    assert names(compare(known, scan(BLIND), NOON + 2 * DAY, snoozes=[snooze])) == {
        "woken": ["orders"]
    }


def test_snooze_that_somebody_takes_back_leaves_what_was_told():
    held = compare(
        compared(BLIND).memory, scan(BLIND), NOON + DAY, snoozes=[a_snooze("cause:wrapper_set")]
    )

    assert names(compare(held.memory, scan(BLIND), NOON + 2 * DAY)) == {"still": ["orders"]}
    assert held.unsure == ()


def test_snoozed_function_is_neither_unsure_nor_told():
    snooze = [a_snooze("function:1/eu-west-1/orders")]
    held = compare(compared(BLIND).memory, scan(), NOON + DAY, snoozes=snooze)
    new = compare((), scan(BLIND), NOON, snoozes=snooze)

    assert held.unsure == ()
    assert new.memory[0].told == ""


def test_function_that_is_fixed_while_snoozed_is_not_woken():
    snoozes = [a_snooze("cause:wrapper_set", until=NOON + DAY), a_snooze("cause:wrapper_set")]
    fixed = compare(compared(BLIND).memory, scan(FIXED), NOON + 2 * DAY, snoozes=snoozes)
    back = compare(fixed.memory, scan(BLIND), NOON + 9 * DAY)

    assert names(back) == {"still": ["orders"]}


def test_what_was_not_posted_counts_as_it_was_before():
    before, after = compared(BLIND).memory, compared(BLIND, FIXED).memory

    assert [each.told for each in memory.as_posted_before(after, before)] == ["blind wrapper_set"]
    assert [each.told for each in memory.as_posted_before(after, ())] == [""]
    assert not memory.as_posted_before(after, before)[0].blind


def test_places_that_cannot_be_read_are_named_once_and_sorted():
    hidden = [replace(HIDDEN, region="us-east-1"), HIDDEN, replace(HIDDEN, why="Again.")]

    assert memory.hidden_places(scan(hidden=hidden)) == (("1", "eu-west-1"), ("1", "us-east-1"))


def test_doubtful_function_that_is_not_listed_is_asked_for_by_its_place():
    known = compared(BLIND).memory
    (asked,) = doubtful(known, scan())

    assert (asked.name, asked.region, asked.account, asked.verdict) == (
        "orders",
        "eu-west-1",
        "1",
        "undetermined",
    )
    quiet = replace(LOOKS_WELL, kind=ProblemClass.QUIET)
    assert doubtful(known, scan(quiet)) == []
    assert doubtful(known, scan(LOOKS_WELL, hidden=[HIDDEN])) == [LOOKS_WELL]
