"""The coverage that a digest compares with: of a week ago, of verified looks only."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.digest.model import Share
from bot.digest.shares import compared, shares
from bot.scan.model import UNVERIFIED, ProblemClass, Scan, Seen

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
WELL = Seen("f", "eu-west-1", "1", "healthy", invoked=7, exact=True)
BLIND = replace(WELL, verdict="problem", kind=ProblemClass.BLIND, cause="wrapper_set")


def scan(reporting, of, at=NOON, more=()):
    return Scan(at, (*[WELL] * reporting, *[BLIND] * (of - reporting), *more), ())


def ago(days, reporting=981, of=1_000):
    return Share(NOON - timedelta(days=days), reporting, of)


@pytest.mark.parametrize(
    ("before", "sentence"),
    [
        ((ago(7),), "Coverage: 99.4 %, 98.1 % a week ago."),
        ((ago(14, 1), ago(7), ago(1, 2)), "Coverage: 99.4 %, 98.1 % a week ago."),
        ((ago(3),), "Coverage: 99.4 %, 98.1 % 3 days ago."),
        ((ago(1),), "Coverage: 99.4 %, 98.1 % 1 day ago."),
        ((ago(7, 1_999, 2_000),), "Coverage: 99.4 %, 99.9 % a week ago."),
        ((ago(0.5),), ""),
        ((), ""),
    ],
)
def test_nearest_to_a_week_ago_is_compared_with(before, sentence):
    assert compared(before, scan(1_988, 2_000)) == sentence


def test_nothing_is_compared_where_some_are_not_verified():
    unsure = (replace(WELL, verdict=UNVERIFIED),)

    assert compared((ago(7),), scan(5, 5, more=unsure)) == ""
    assert compared((ago(7),), Scan(NOON, (), ())) == ""


def test_one_look_a_day_is_kept_for_two_weeks():
    kept = ()
    for hour in range(24 * 30):
        kept = tuple(shares(kept, scan(3, 4, NOON + timedelta(hours=hour))))
    ages = [kept[-1].at - share.at for share in kept]

    assert len({share.at.date() for share in kept}) == len(kept) == 16
    assert max(ages) < timedelta(days=15)


def test_look_that_is_not_verified_replaces_none():
    unsure = (replace(WELL, verdict=UNVERIFIED),)

    assert tuple(shares((ago(0),), scan(1, 1, more=unsure))) == (ago(0),)
