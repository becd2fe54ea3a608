"""What follows once a request was answered: its own card and others of the function, and triages."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial
from operator import attrgetter
from types import SimpleNamespace

import pytest
from situations import NOON, OURS_NODE, a_log, a_stack, evidence, seen

from bot.conversation import Conversation
from bot.diagnosis.card_changes import Aftermath
from bot.diagnosis.messages import first_card
from bot.diagnosis.model import Diagnosis, Stage
from bot.diagnosis.naming import named
from bot.diagnosis.service import DiagnosisService
from bot.store.connection import now
from bot.store.due import DIAGNOSIS, TRIAGE, Due
from bot.store.outbox import Outbox
from bot.store.records import Records
from bot.triage.lookup import TriageLookup, TriageOffers, cards_to_draw
from bot.triage.model import EventKind, Triage
from bot.triage.service import TriageService
from checks.change import Actor, Changed, Means, Untold
from checks.log.sample import Kind
from checks.runbook import walk

PLACE = Conversation("T", "C", "U0ADA")
MINUTE, LEASE = timedelta(minutes=1), timedelta(seconds=20)
DATADOG = walk(
    evidence(
        environment={**OURS_NODE, "AWS_LAMBDA_EXEC_WRAPPER": "/opt/datadog_wrapper"},
        log=a_log(seen(Kind.FINISHED)),
    )
)
HEALTHY = replace(walk(evidence()), checked_at=DATADOG.checked_at + MINUTE)
SETTLING = walk(evidence(stack=a_stack(created_at=NOON - 4 * MINUTE)))
EVERYBODY = SimpleNamespace(hidden=lambda *_: False)


class Talk:
    """One channel over a real store; nothing is sent."""

    def __init__(self, redis):
        self.redis, self.due, self.outbox = redis, Due(redis), Outbox(redis)
        clock, nudge = partial(now, redis), lambda *_: None
        self.asks = DiagnosisService(Records(redis, DIAGNOSIS, Diagnosis), nudge, clock, EVERYBODY)
        beside = partial(cards_to_draw, diagnoses=self.asks)
        lookup = TriageLookup(Records(redis, TRIAGE, Triage, attrgetter("subject")), EVERYBODY)
        self.triages = TriageService(lookup, nudge, clock, lambda _: None, beside)
        client = SimpleNamespace(chat_getPermalink=lambda **_: {"permalink": "https://x.test/p1"})
        moves = self.triages.open, self.triages.learn
        offers = TriageOffers(lookup, self.asks, self.outbox, client, *moves)
        self.changed = Changed(NOON, "deploy-prod", Means.TERRAFORM, actor=Actor.ROLE)
        self.looked_up = []
        self.aftermath = Aftermath(self.asks, self.due, offers, self.look_up)

    def look_up(self, _, report):
        self.looked_up.append(report.sought)
        return self.changed

    def answered(self, id_, report=DATADOG, **more):
        """A request with a card, whose report stands there."""
        facts = {"confirmed": True, "summarized": True, "begun": True} | more
        ask = Diagnosis(id_, "orders", PLACE, NOON, stage=Stage.REPORTED, report=report, **facts)
        assert self.asks.diagnoses.open(ask, (first_card(ask),), once=None)
        self.redis.hset(f"slsdiag:entry:{id_}:1:card", mapping={"state": "sent", "ts": "1.1"})
        self.redis.zrem("slsdiag:due", f"diagnosis:{id_}")
        return ask

    def woken(self, id_):
        return self.redis.zscore("slsdiag:due", f"diagnosis:{id_}") is not None

    def follows(self, id_):
        """What workers do with it until nothing is left; the newest card that was drawn, as text."""
        claim = self.due.claim(DIAGNOSIS, id_, LEASE)
        self.aftermath(self.asks.diagnoses.load(id_), claim)
        return self.follows(id_) if self.woken(id_) else self.drawn(id_)

    def drawn(self, id_):
        keys = self.redis.lrange(f"slsdiag:lane:update:{id_}:1:card", 0, -1)
        return str(self.outbox.load(keys[-1]).body) if keys else ""

    def guided(self, ask):
        assert self.triages.open(ask, f"{ask.id}:1:card")
        return self.triages.triages.load(f"{ask.id}-1")


@pytest.fixture
def talk(redis):
    return Talk(redis)


def test_other_cards_of_the_function_follow_its_triage(talk):
    one = talk.answered("one")
    talk.answered("two")
    triage = talk.guided(one)
    assert (talk.woken("one"), talk.woken("two")) == (False, True)
    text = talk.follows("two")
    assert "under way" in text
    assert "Join the triage" in text
    assert "Guide me" not in text

    assert talk.triages.take(triage.id, triage.turn, EventKind.STOPPED, "U0BOB")
    assert talk.woken("two")
    text = talk.follows("two")
    assert "Guide me" in text
    assert "under way" not in text
    assert "Join the triage" not in text


def test_own_card_is_drawn_again_where_it_was_checked_since_its_triage_was(talk):
    triage = talk.guided(talk.answered("one"))
    talk.asks.diagnoses.save(
        replace(talk.asks.diagnoses.load("one"), report=HEALTHY, drawn="being fixed"),
        claim=None,
        due_at=None,
    )
    assert talk.triages.stop(triage.id, "U0BOB")
    assert "not reporting" in talk.drawn("one")
    text = talk.follows("one")
    assert "is healthy" in text
    assert "The triage ended" not in text


def test_own_card_is_drawn_again_where_its_triage_finds_again_what_it_had_found(talk):
    """In between the card was checked, and told something else; a pasted error outweighs that."""
    triage = talk.guided(talk.answered("one"))
    shown = replace(talk.asks.diagnoses.load("one"), report=HEALTHY)
    assert talk.asks.diagnoses.save(shown, claim=None, due_at=None)
    talk.triages.learn(triage.id, HEALTHY)
    learned = talk.triages.triages.load(triage.id)
    later = replace(DATADOG, checked_at=HEALTHY.checked_at + MINUTE)
    found = replace(learned, pending=(), report=later)

    assert talk.triages.wakes(learned, found) == ((DIAGNOSIS, "one"),)
    assert talk.triages.wakes(replace(learned, pending=()), found) == ()


def test_card_takes_over_what_another_card_has_found_since(talk):
    talk.answered("one", HEALTHY)
    talk.answered("two")
    talk.redis.zadd("slsdiag:due", {"diagnosis:two": 1})

    assert "is healthy" in talk.follows("two")
    stored = talk.asks.diagnoses.load("two")
    assert (stored.report, stored.seen_at) == (HEALTHY, HEALTHY.checked_at)


def test_card_that_shows_what_is_known_is_left_alone(talk):
    talk.answered("one", replace(DATADOG, changed=talk.changed))
    talk.redis.zadd("slsdiag:due", {"diagnosis:one": 1})

    assert talk.follows("one") == ""
    assert talk.looked_up == []


def test_who_changed_it_comes_by_an_edit_and_is_looked_up_once(talk):
    talk.answered("one")
    talk.redis.zadd("slsdiag:due", {"diagnosis:one": 1})

    text = talk.follows("one")
    talk.redis.zadd("slsdiag:due", {"diagnosis:one": 1})

    assert talk.follows("one") == text
    assert "deploy-prod" in text
    assert len(talk.looked_up) == 1
    assert not talk.woken("one")


def test_what_is_not_in_cloudtrail_yet_is_looked_for_again_twice_at_most(talk):
    talk.changed = Changed(now(talk.redis), why=Untold.NOT_YET)
    talk.answered("one")
    talk.redis.zadd("slsdiag:due", {"diagnosis:one": 1})
    claim = talk.due.claim(DIAGNOSIS, "one", LEASE)
    talk.aftermath(talk.asks.diagnoses.load("one"), claim)
    waits = talk.redis.zscore("slsdiag:due", "diagnosis:one") / 1000 - now(talk.redis).timestamp()

    assert "not in CloudTrail yet" in talk.drawn("one")
    assert waits == pytest.approx(6 * 60, abs=30)
    talk.changed = replace(talk.changed, at=talk.changed.at - 10 * MINUTE)
    first = talk.asks.diagnoses.load("one")
    again = named(first, talk.changed, now(talk.redis)).name_due
    assert again - talk.changed.at == timedelta(minutes=20, seconds=30)
    assert named(first, talk.changed, again).name_due is None


@pytest.mark.parametrize(
    "other",
    [{"private": True}, {"confirmed": False}, {"only": "invoked"}],
)
def test_what_has_no_such_card_is_not_woken(talk, other):
    one = talk.answered("one")
    two = replace(talk.answered("two"), **other)
    assert talk.asks.diagnoses.save(two, claim=None, due_at=None)
    talk.guided(one)

    assert not talk.woken("two")


def test_request_that_is_being_checked_is_woken(talk):
    """When it draws its card, it may know the triage only as it was before."""
    one = talk.answered("one")
    two = replace(talk.answered("two"), stage=Stage.CHECKING, report=None)
    assert talk.asks.diagnoses.save(two, claim=None, due_at=None)
    talk.guided(one)

    assert talk.woken("two")


def test_card_that_a_triage_moved_after_the_last_look_is_drawn_again(talk):
    """Between the look that found nothing new and the end of the claim."""
    one = talk.answered("one")
    talk.answered("two")
    triage = talk.guided(one)
    talk.follows("two")
    finish = talk.due.finish

    def overtaken(claim):
        talk.triages.stop(triage.id, "U0BOB")
        return finish(claim)

    talk.redis.zadd("slsdiag:due", {"diagnosis:two": 1})
    late = SimpleNamespace(claim=talk.due.claim, finish=overtaken)
    talk.aftermath = replace(talk.aftermath, due=late)

    assert "under way" not in talk.follows("two")


def test_card_that_a_triage_moved_while_it_was_drawn_is_drawn_again(talk):
    one = talk.answered("one")
    talk.answered("two")
    triage = talk.guided(one)
    course = talk.aftermath.triages.course

    def overtaken(diagnosis):
        found = course(diagnosis)
        talk.triages.stop(triage.id, "U0BOB")
        return found

    moving = SimpleNamespace(course=overtaken, newest=talk.aftermath.triages.newest)
    talk.aftermath = replace(talk.aftermath, triages=moving)
    talk.redis.zadd("slsdiag:due", {"diagnosis:two": 1})

    assert "under way" not in talk.follows("two")


def test_card_of_a_wait_that_somebody_stopped_offers_no_stop(talk):
    """Also where another card's check has found since that it goes on waiting."""
    one = talk.answered("one", SETTLING)
    triage = talk.guided(one)
    later = replace(SETTLING, checked_at=SETTLING.checked_at + MINUTE)
    talk.answered("two", later)
    talk.redis.zadd("slsdiag:due", {"diagnosis:one": 1})
    assert "'Stop'" in talk.follows("one")
    talk.triages.stop(triage.id, "U0ADA")
    drawn = talk.follows("one")

    assert "'Guide me'" in drawn
    assert "'Stop'" not in drawn


def test_triage_checks_again_where_its_card_says_otherwise_now(talk):
    one = talk.answered("one")
    triage = talk.guided(one)
    talk.triages.learn(triage.id, DATADOG)
    assert talk.triages.triages.load(triage.id).pending == ()
    talk.triages.learn(triage.id, replace(HEALTHY, checked_at=DATADOG.checked_at - MINUTE))
    assert talk.triages.triages.load(triage.id).pending == ()
    talk.triages.learn(triage.id, HEALTHY)
    (event,) = talk.triages.triages.load(triage.id).pending
    assert (event.kind, event.by) == (EventKind.CLOCK, None)


def test_first_questions_are_not_overtaken_by_a_check(talk):
    one = talk.answered("one", HEALTHY)
    triage = talk.guided(one)
    worse = replace(DATADOG, checked_at=HEALTHY.checked_at + MINUTE)
    talk.triages.learn(triage.id, worse)

    assert talk.triages.triages.load(triage.id) == triage


def test_triage_that_a_report_asks_for_begins_once(talk):
    talk.answered("one", guide=True, begun=False)
    talk.redis.zadd("slsdiag:due", {"diagnosis:one": 1})
    assert "is fixing this" in talk.follows("one")
    triage = talk.triages.triages.load("one-1")
    assert talk.triages.stop(triage.id, "U0BOB")
    talk.redis.zadd("slsdiag:due", {"diagnosis:one": 1})

    assert "The triage ended: stopped." in talk.follows("one")
    assert talk.triages.lookup.under_way("C") == []


def test_wait_that_somebody_stopped_is_not_armed_again_by_another_card(talk):
    one, _ = talk.answered("one", SETTLING), talk.answered("two", SETTLING)
    triage = talk.guided(one)
    assert talk.triages.stop(triage.id, "U0BOB")
    talk.follows("two")

    assert talk.triages.lookup.under_way("C") == []
