"""Which functions of a scan are checked exactly, and in which order."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.scan import selection
from bot.scan.lines import rest_in
from bot.scan.model import MOST_EXACT, UNVERIFIED, ProblemClass, Seen
from bot.scan.selection import duration_of, room, time_left, to_verify

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
BLIND = Seen("blind", "eu-west-1", "1", "problem", "wrapper_set", ProblemClass.BLIND)
DOWN = replace(BLIND, name="down", kind=ProblemClass.DOWN)
DOUBTFUL = Seen("doubtful", "eu-west-1", "1", "undetermined", invoked=99_999)
BARE = replace(BLIND, name="bare", cause="invoked", kind=ProblemClass.NOT_INSTRUMENTED)
QUIET = replace(BLIND, name="quiet", cause="invoked", kind=ProblemClass.QUIET)
FINE = Seen("fine", "eu-west-1", "1", UNVERIFIED)


def many(seen, size):
    return [replace(seen, name=f"{seen.name}{n}") for n in range(size)]


def a_place(*functions, number=0):
    return {(number, each.name): each for each in functions}


def chosen(found, most=75, now=NOW):
    return [(place, each.name) for place, each in to_verify(found, most, now)[0]]


def test_time_is_that_of_the_largest_place_at_awss_rate():
    """Five calls a second, half of them ours."""
    chosen = [(0, BLIND)] * 30 + [(1, BLIND)] * 10

    assert duration_of(chosen, 0.5) == 12.0
    assert duration_of([], 0.5) == 0.0
    assert time_left(12.0, 10, 40) == timedelta(seconds=9)
    assert time_left(12.0, 40, 40) == time_left(12.0, 41, 40) == time_left(0.0, 0, 0)
    assert rest_in(timedelta(seconds=9)) == " AWS's rates allow the rest in 9 s."
    assert rest_in(timedelta(seconds=4)) == ""


def test_half_of_awss_rate_lets_75_functions_through():
    assert (room(0.5), room(1.0), room(0.01)) == (75, 150, 1)


def test_a_small_place_is_checked_whole_the_worst_first():
    found = a_place(FINE, QUIET, BARE, DOUBTFUL, BLIND, DOWN)

    assert [name for _, name in chosen(found, most=6)] == [
        "down", "blind", "doubtful", "bare", "fine", "quiet",
    ]  # fmt: skip


def test_the_busiest_come_first():
    found = a_place(*(replace(each, invoked=n) for n, each in enumerate(many(BLIND, 9))))

    assert [name for _, name in chosen(found)] == [f"blind{n}" for n in reversed(range(9))]


def test_suspicious_ones_are_all_checked_however_many():
    found = a_place(*many(BLIND, 60), *many(DOUBTFUL, 60), *many(FINE, 60), *many(BARE, 60))
    names = [name for _, name in chosen(found)]

    assert len(names) == 120
    assert not any(name.startswith(("fine", "bare")) for name in names)


def test_what_is_not_instrumented_comes_before_the_rest():
    found = a_place(*many(FINE, 80), *many(BARE, 50), BLIND)
    names = [name for _, name in chosen(found)]

    assert names[0] == "blind"
    assert sum(name.startswith("bare") for name in names) == 50
    assert sum(name.startswith("fine") for name in names) == 24


@pytest.mark.parametrize("minutes", [5, 7, 60, 480, 1440, 10080])
@pytest.mark.parametrize("size", [76, 150, 500, 1800])
def test_each_of_the_rest_has_its_turn(minutes, size):
    found = a_place(*many(FINE, size))
    scans, seen = 0, set()
    while len(seen) < size:
        picked = chosen(found, now=NOW + scans * timedelta(minutes=minutes))
        assert len(picked) == 75
        seen |= set(picked)
        scans += 1
        assert scans <= 4 * size / 75 + 1


def test_what_was_checked_is_not_chosen_again():
    assert chosen(a_place(replace(BLIND, exact=True), replace(FINE, exact=True))) == []


def test_places_take_turns():
    found = {
        (place, each.name): each
        for place, size in enumerate((3, 1, 2))
        for each in many(BLIND, size)
    }

    assert [place for place, _ in chosen(found)] == [0, 1, 2, 0, 2, 0]


@given(st.lists(st.integers(0, 900), max_size=4), st.integers(0, 300))
def test_so_many_are_verified_and_no_more_and_the_worst_first(sizes, doubtful):
    """As where ListMetrics is denied: every function of a huge account is doubtful."""
    found = a_place(*many(DOUBTFUL, doubtful), *many(FINE, 5), number=9)
    for place, size in enumerate(sizes):
        found |= a_place(*many(BLIND, size), *many(BARE, 3), number=place)
    picked, left = to_verify(found, 75, NOW)

    blind, suspicious = sum(sizes), sum(sizes) + doubtful
    assert len(picked) <= MOST_EXACT
    assert len({(place, each.name) for place, each in picked}) == len(picked)
    assert sum(each.is_news for _, each in picked) == min(blind, MOST_EXACT)
    assert sum(each.suspicious for _, each in picked) == min(suspicious, MOST_EXACT)
    assert left == suspicious - min(suspicious, MOST_EXACT)


def test_more_than_one_scan_checks_are_cut_from_the_end(monkeypatch):
    monkeypatch.setattr(selection, "MOST_EXACT", 3)
    picked, left = to_verify(a_place(FINE, BARE, *many(DOUBTFUL, 2), BLIND, DOWN), 75, NOW)

    assert [each.name for _, each in picked] == ["down", "blind", "doubtful0"]
    assert left == 1
