"""A young integration is waited for, and nothing else is."""

from __future__ import annotations

from datetime import timedelta

import pytest
from situations import NOON, a_stack, outcome_of

from checks.evidence import Missing, NoStack, StackElsewhere
from checks.facts.stack_states import STACK_STATES, StackState
from checks.model import Verdict, Wait
from checks.s020_ten_minutes_passed import CODES

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)
CHANGING = [word for word, state in STACK_STATES.value.items() if state is StackState.CHANGING]
NOT_WAITED_FOR = [
    word
    for word, state in STACK_STATES.value.items()
    if state not in {StackState.CHANGING, StackState.READY, StackState.UPDATE_UNDONE}
]


def tried(**changes):
    return outcome_of("ten_minutes_passed", stack=a_stack(**changes))


def young(age, **changes):
    return tried(created_at=NOON - age, **changes)


def test_codes_are_those_of_its_waits():
    waits = young(5 * MINUTE), tried(status="CREATE_IN_PROGRESS")

    assert sorted(wait.code for wait in waits) == sorted(CODES)
    assert all(wait.headline and wait.actions for wait in waits)


@pytest.mark.parametrize(
    ("age", "waits"),
    [(0 * MINUTE, True), (10 * MINUTE - SECOND, True), (10 * MINUTE, False), (11 * MINUTE, False)],
)
def test_ten_minutes_from_its_creation(age, waits):
    outcome = young(age)

    assert isinstance(outcome, Wait) is waits
    if waits:
        assert (outcome.code, outcome.until) == ("setting_up", NOON - age + 10 * MINUTE)
        assert "10 minutes" in outcome.saw
    else:
        assert outcome.verdict is Verdict.OK


@pytest.mark.parametrize(
    ("before", "minutes"),
    [
        (None, 10),
        (0 * MINUTE, 20),
        (60 * MINUTE, 20),
        (60 * MINUTE + SECOND, 10),
        (-SECOND, 10),
    ],
)
def test_twenty_minutes_after_another_was_deleted_within_the_hour_before(before, minutes):
    created = NOON - 5 * MINUTE
    deleted = None if before is None else created - before
    outcome = tried(created_at=created, deleted_before=deleted)

    assert outcome.until == created + minutes * MINUTE
    assert f"{minutes} minutes" in outcome.saw
    assert ("removed shortly before" in outcome.saw) is (minutes == 20)


def test_ten_minutes_then_ten_more_where_a_deletion_could_not_be_seen():
    """It may be seen at the second look; until then nothing is asked of data that may come."""
    first, second = (young(age * MINUTE, deletions_seen=False) for age in (4, 10))

    assert first.until == NOON + 6 * MINUTE
    assert second.until == NOON + 10 * MINUTE
    assert "could not be seen" in first.saw
    assert "could not be seen" in second.saw
    assert young(20 * MINUTE, deletions_seen=False).verdict is Verdict.OK


@pytest.mark.parametrize("status", CHANGING)
def test_stack_under_way_is_waited_for_a_minute_at_least(status):
    old, new = tried(status=status), young(2 * MINUTE, status=status)

    assert (old.code, old.until) == ("in_progress", NOON + MINUTE)
    assert new.until == NOON + 8 * MINUTE
    assert ("created" in old.saw) is (status == "CREATE_IN_PROGRESS")


@pytest.mark.parametrize("status", NOT_WAITED_FOR)
def test_stack_that_failed_is_not_waited_for(status):
    outcome = young(MINUTE, status=status)

    assert outcome.verdict is Verdict.OK
    assert status in outcome.saw


@pytest.mark.parametrize("status", ["UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"])
def test_sound_stack_is_waited_for_by_its_age(status):
    assert young(MINUTE, status=status).code == "setting_up"
    assert tried(status=status).verdict is Verdict.OK


@pytest.mark.parametrize("stack", [NoStack(), StackElsewhere("eu-west-1", "CREATE_IN_PROGRESS")])
def test_without_a_stack_in_us_east_1_there_is_nothing_to_wait_for(stack):
    outcome = outcome_of("ten_minutes_passed", stack=stack)

    assert (outcome.verdict, "no integration stack" in outcome.saw) == (Verdict.OK, True)


def test_stack_that_was_not_read_leaves_it_unknown():
    hidden = Missing("Denied.", "cloudformation:DescribeStacks")

    assert outcome_of("ten_minutes_passed", stack=hidden).verdict is Verdict.UNKNOWN
