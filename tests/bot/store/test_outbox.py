from __future__ import annotations

import time
from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest

from bot.conversation import Conversation
from bot.diagnosis.model import Diagnosis
from bot.store.connection import now, to_ms
from bot.store.messages import Entry, EntryKind, State
from bot.store.outbox import Outbox

LEASE = timedelta(seconds=60)
LAPSED = timedelta(0)
CARD = Entry("d:1:card", EntryKind.POST, "C", {"text": "Looking."}, "d")


def reply(part):
    return Entry(f"d:1:{part}", EntryKind.POST, "C", {"text": part}, "d", thread_of=CARD.key)


def edit(part):
    return Entry(f"d:1:{part}", EntryKind.UPDATE, "C", {"text": part}, "d", of=CARD.key)


@pytest.fixture
def add(redis, diagnoses):
    """Stores entries along with an ask, as they always come."""
    place, ids = Conversation("T", "C", "U"), count()
    return lambda *entries: diagnoses.open(
        Diagnosis(f"d{next(ids)}", "checkout", place, now(redis)), entries, once=None
    )


@pytest.fixture
def ready(due):
    """Parts of the keys that are due."""
    return lambda: [id_.split(":")[-1] for kind, id_ in due.sweep(99) if kind == "entry"]


@pytest.fixture
def send(due, outbox):
    """Send one entry, all well."""

    def send(entry, ts="17.1"):
        claim = due.claim("entry", entry.key, LEASE)
        assert outbox.sending(entry, claim, LEASE)
        return outbox.sent(entry, ts, claim)

    return send


def test_an_entry_created_twice_is_created_once(add, ready, send, outbox):
    add(CARD)
    send(CARD)
    add(CARD)
    assert ready() == []
    assert outbox.load(CARD.key).state is State.SENT


def test_an_entry_goes_through_its_states(redis, due, add, outbox):
    add(CARD)
    assert outbox.load(CARD.key) == CARD
    claim = due.claim("entry", CARD.key, LEASE)
    sending = outbox.sending(CARD, claim, LEASE)
    assert (sending.state, sending.tries) == (State.SENDING, 1)
    assert abs(now(redis) - sending.first_try_at) < timedelta(seconds=1)
    assert outbox.load(CARD.key) == sending
    outbox.sent(sending, "17.1", claim)
    sent = outbox.load(CARD.key)
    assert (sent.state, sent.ts, sent.first_try_at) == (State.SENT, "17.1", sending.first_try_at)


def test_what_waits_for_a_message_leaves_after_it(add, ready, send):
    add(CARD, reply("a"), edit("e"))
    assert ready() == ["card"]
    assert send(CARD) == ("d:1:e",)
    assert send(edit("e")) == ("d:1:a",)
    assert ready() == ["a"]


@pytest.mark.parametrize("lands", [True, False])
def test_reply_waits_for_the_message_in_place_of_one_that_slack_does_not_edit(
    add, due, ready, send, outbox, lands
):
    other = Entry("d:1:e:anew", EntryKind.POST, "C", {"text": "e"}, "d", replaces=CARD.key)
    add(CARD, edit("e"), reply("a"))
    send(CARD)
    outbox.dead(edit("e"), "edit_window_closed", due.claim("entry", "d:1:e", LEASE), other)
    assert ready() == ["anew"]
    if lands:
        assert send(other, "18.1") == ("d:1:a",)
        assert outbox.ts(CARD.key) == "18.1"
    else:
        claim = due.claim("entry", other.key, LEASE)
        assert outbox.dead(other, "is_archived", claim) == ("d:1:a",)
    assert ready() == ["a"]


def test_reply_does_not_wait_for_an_edit_of_what_was_edited_before(add, ready, send):
    add(CARD, edit("e"))
    send(CARD)
    send(edit("e"))
    add(edit("later"), reply("a"))
    assert ready() == ["a"]


def test_a_child_that_is_listed_before_its_parent_waits_too(add, ready):
    add(reply("a"), CARD)
    assert ready() == ["card"]


def test_what_comes_after_the_message_was_sent_is_due_at_once(add, ready, send):
    add(CARD)
    send(CARD)
    add(reply("a"), edit("e"))
    assert sorted(ready()) == ["a", "e"]


def test_message_is_edited_once_a_second_at_most_and_by_the_newest(add, ready, send, outbox, until):
    add(CARD)
    send(CARD)
    add(edit("first"))
    send(edit("first"))
    began = time.monotonic()
    add(edit("second"))
    add(edit("third"))
    assert ready() == []
    until(ready, 2)

    assert time.monotonic() - began > 0.9
    assert ready() == ["third"]
    assert outbox.load("d:1:second").state is State.SENT


def test_a_clock_that_was_set_back_holds_no_edit_back(add, ready, send, redis, until):
    add(CARD)
    send(CARD)
    redis.hset(f"slsdiag:entry:{CARD.key}", "edited_at", to_ms(now(redis) + timedelta(hours=1)))
    add(edit("e"))
    until(ready, 2)


def test_replies_leave_in_the_order_of_creation(add, ready, send):
    add(CARD, reply("z"), reply("a"))
    send(CARD)
    add(reply("m"))
    left = []
    while ready():
        (part,) = ready()
        left.append(part)
        send(reply(part))
    assert left == ["z", "a", "m"]


def test_a_reply_that_is_put_off_holds_the_others(redis, due, add, ready, send, outbox):
    add(CARD, reply("a"), reply("b"))
    send(CARD)
    claim = due.claim("entry", "d:1:a", LEASE)
    outbox.sending(reply("a"), claim, LEASE)
    assert outbox.postpone(reply("a"), now(redis) + LEASE, claim)
    assert ready() == []
    assert outbox.load("d:1:a").state is State.PENDING


def test_a_reply_that_slack_refuses_lets_the_next_go(due, add, ready, send, outbox):
    add(CARD, reply("a"), reply("b"))
    send(CARD)
    assert outbox.dead(reply("a"), "msg_too_long", due.claim("entry", "d:1:a", LEASE)) == ("d:1:b",)
    assert ready() == ["b"]
    assert (outbox.load("d:1:a").state, outbox.load("d:1:a").error) == (State.DEAD, "msg_too_long")


def test_messages_into_one_thread_that_exists_keep_their_order(add, ready, send):
    here = [
        Entry(f"d:1:{part}", EntryKind.POST, "C", {}, "d", thread_ts="16.5")
        for part in ("card", "more")
    ]
    add(*here)
    assert ready() == ["card"]
    assert send(here[0]) == ("d:1:more",)


def test_what_waits_for_a_dead_message_dies_with_it(due, add, ready, outbox):
    add(CARD, reply("a"), reply("b"), edit("e"))
    assert outbox.dead(CARD, "is_archived", due.claim("entry", CARD.key, LEASE)) == ()
    add(reply("late"))
    assert ready() == []
    for part in ("a", "b", "e", "late"):
        assert outbox.load(f"d:1:{part}").error == "is_archived"


def test_pending_edits_fold_into_the_newest(add, ready, send, outbox):
    add(CARD, edit("e1"), edit("e2"))
    add(edit("e3"))
    assert send(CARD) == ("d:1:e3",)
    assert ready() == ["e3"]
    assert [outbox.load(f"d:1:e{n}").state for n in (1, 2, 3)] == ["sent", "sent", "pending"]


def test_an_edit_answers_for_those_whose_place_it_takes(add, outbox):
    """Who waits for an answer gets it in a new message, also where a later edit overtook it."""
    add(CARD, replace(edit("first"), answer=True), edit("second"), edit("third"))

    assert [outbox.load(edit(part).key).answer for part in ("second", "third")] == [True, True]


def test_an_edit_that_was_folded_away_is_not_sent_by_who_claimed_it(due, add, send, outbox):
    add(CARD)
    send(CARD)
    add(edit("e1"))
    claim = due.claim("entry", "d:1:e1", LEASE)
    add(edit("e2"))
    assert outbox.sending(edit("e1"), claim, LEASE) is None


def test_an_edit_waits_for_the_one_that_is_being_sent(due, add, ready, send, outbox, until):
    add(CARD)
    send(CARD)
    add(edit("e1"))
    claim = due.claim("entry", "d:1:e1", LEASE)
    outbox.sending(edit("e1"), claim, LEASE)
    add(edit("e2"), edit("e3"))
    assert ready() == []
    outbox.sent(edit("e1"), "17.1", claim)
    until(ready, 2)
    assert ready() == ["e3"]


def test_an_edit_that_is_put_off_makes_way_but_not_before_its_time(redis, due, add, send, outbox):
    add(CARD)
    send(CARD)
    add(edit("e1"))
    claim = due.claim("entry", "d:1:e1", LEASE)
    outbox.sending(edit("e1"), claim, LEASE)
    add(edit("e2"))
    until = now(redis) + timedelta(seconds=30)
    outbox.postpone(edit("e1"), until, claim)
    add(edit("e3"))
    assert redis.zscore("slsdiag:due", "entry:d:1:e3") == to_ms(until)
    assert outbox.load("d:1:e2").state is State.SENT


def test_after_an_unclear_outcome_the_entry_stays_sending(redis, due, add, outbox):
    add(CARD)
    claim = due.claim("entry", CARD.key, LEASE)
    first = outbox.sending(CARD, claim, LEASE)
    outbox.postpone(first, now(redis), claim, unclear=True)
    assert outbox.load(CARD.key).state is State.SENDING
    again = outbox.sending(CARD, due.claim("entry", CARD.key, LEASE), LEASE)
    assert (again.tries, again.first_try_at) == (2, first.first_try_at)


def test_putting_off_is_no_failure(redis, due, add, outbox):
    add(CARD)
    for _ in range(9):
        claim = due.claim("entry", CARD.key, LEASE)
        outbox.postpone(CARD, now(redis), claim)
    assert not due.spent("entry", CARD.key)


def test_a_call_has_the_whole_lease(redis, due, add, outbox):
    add(CARD)
    claim = due.claim("entry", CARD.key, timedelta(seconds=5))
    outbox.sending(CARD, claim, LEASE)
    assert redis.zscore("slsdiag:due", f"entry:{CARD.key}") > to_ms(claim.until)
    assert outbox.sent(CARD, "17.1", claim) == ()


def test_what_was_posted_twice_is_looked_at_once_more(redis, due, add, outbox):
    add(CARD)
    for _ in range(2):
        claim = due.claim("entry", CARD.key, LAPSED)
        outbox.sending(CARD, claim, LAPSED)
    outbox.sent(CARD, "17.1", claim)
    left = redis.zscore("slsdiag:due", f"copies:{CARD.key}") - to_ms(now(redis))
    assert 55_000 < left <= 60_000


def test_what_was_posted_once_is_not(redis, add, send):
    add(CARD)
    send(CARD)
    assert redis.zscore("slsdiag:due", f"copies:{CARD.key}") is None


def test_a_post_under_a_lost_claim_is_in_doubt(redis, due, add, outbox):
    add(CARD)
    frozen = due.claim("entry", CARD.key, LAPSED)
    due.claim("entry", CARD.key, LEASE)
    assert outbox.sent(CARD, "17.1", frozen) is None
    outbox.doubt(CARD.key)
    assert redis.zscore("slsdiag:due", f"copies:{CARD.key}")


def test_markers_are_signed_with_one_secret(redis, outbox):
    assert outbox.secret() == Outbox(redis).secret()
    assert len(outbox.secret()) == 64


@pytest.mark.parametrize(
    "act",
    [
        lambda outbox, claim: outbox.sending(CARD, claim, LEASE),
        lambda outbox, claim: outbox.sent(CARD, "17.1", claim),
        lambda outbox, claim: outbox.dead(CARD, "is_archived", claim),
        lambda outbox, claim: outbox.postpone(CARD, claim.until + LEASE, claim),
    ],
    ids=["sending", "sent", "dead", "postpone"],
)
def test_a_claim_that_another_took_over_moves_nothing(redis, due, add, outbox, act):
    add(CARD)
    frozen = due.claim("entry", CARD.key, LAPSED)
    taken = due.claim("entry", CARD.key, LEASE)
    assert not act(outbox, frozen)
    assert outbox.load(CARD.key) == CARD
    assert redis.zscore("slsdiag:due", f"entry:{CARD.key}") == to_ms(taken.until)


def test_only_what_is_finished_goes_away_in_time(redis, due, add, send):
    add(CARD, reply("a"))
    assert redis.ttl(f"slsdiag:entry:{CARD.key}") == -1
    send(CARD)
    assert 13 * 86400 < redis.ttl(f"slsdiag:entry:{CARD.key}") <= 14 * 86400
    redis.expire(f"slsdiag:entry:{CARD.key}", 60)
    add(reply("b"))
    assert redis.ttl(f"slsdiag:entry:{CARD.key}") > 86400
    assert redis.ttl("slsdiag:entry:d:1:a") == -1


def test_nothing_is_left_of_the_lanes(redis, add, send):
    add(CARD, reply("a"), edit("e1"), edit("e2"))
    for entry in (CARD, edit("e2"), reply("a")):
        send(entry)
    assert redis.keys("slsdiag:lane:*") == []
    assert redis.hkeys("slsdiag:claims") == []


@pytest.fixture
def claimed(due):
    return lambda entry: due.claim("entry", entry.key, LEASE)


def top(number, channel="C"):
    return Entry(f"d:1:t{number}", EntryKind.POST, channel, {"text": "x"}, "d")


def test_nobody_calls_before_slack_wants_it_and_each_keeps_its_turn(
    redis, add, outbox, claimed, until
):
    first, *others = [top(number) for number in range(4)]
    add(first, *others, top(9, "C2"))
    claim = claimed(first)
    outbox.sending(first, claim, LEASE)
    end = now(redis) + timedelta(seconds=0.5)
    outbox.limited(first, end, claim)
    assert [outbox.sending(each, claimed(each), LEASE) for each in others] == [None] * 3

    due_at = [redis.zscore("slsdiag:due", f"entry:{each.key}") for each in (first, *others)]
    assert due_at == [to_ms(end) + 1000 * number for number in range(4)]
    assert outbox.sending(top(9, "C2"), claimed(top(9, "C2")), LEASE)
    late = top(5)
    add(late)
    assert outbox.sending(late, claimed(late), LEASE) is None
    assert redis.zscore("slsdiag:due", f"entry:{late.key}") == to_ms(end) + 4000
    until(lambda: claimed(first))


def test_turn_that_comes_is_taken_and_a_new_pause_makes_the_others_void(
    redis, add, outbox, claimed, until
):
    first, second = top(1), top(2)
    add(first, second)
    claim = claimed(first)
    outbox.sending(first, claim, LEASE)
    outbox.limited(first, now(redis) + timedelta(seconds=0.2), claim)
    assert outbox.sending(second, claimed(second), LEASE) is None
    got = []
    until(lambda: got.append(claimed(first)) or got[-1])
    assert outbox.sending(first, got[-1], LEASE).tries == 2
    end = now(redis) + timedelta(seconds=3)
    outbox.limited(first, end, got[-1])
    until(lambda: got.append(claimed(second)) or got[-1])

    assert outbox.sending(second, got[-1], LEASE) is None
    assert redis.zscore("slsdiag:due", f"entry:{second.key}") >= to_ms(end) + 1000


def test_pause_is_forgotten_when_nobody_waits(redis, add, outbox, claimed, until):
    add(top(1))
    claim = claimed(top(1))
    outbox.sending(top(1), claim, LEASE)
    outbox.limited(top(1), now(redis) + timedelta(seconds=0.1), claim)
    assert redis.keys("slsdiag:pause:*")
    until(lambda: not redis.keys("slsdiag:pause:*"))


def test_answer_that_is_added_twice_is_one(ready, send, outbox):
    alone = Entry("reply:1", EntryKind.EPHEMERAL, "C", {"text": "x"}, "reply:1", user="U")
    outbox.add(alone)
    send(alone)
    outbox.add(alone)
    assert ready() == []
    assert outbox.load(alone.key).state is State.SENT
