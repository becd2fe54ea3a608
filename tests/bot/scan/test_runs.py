"""How the functions that a scan checks exactly are cut into chunks."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.scan.chunks import AT_ONCE, SIZE, exact_chunks
from bot.scan.model import ProblemClass, Seen
from bot.scan.run import scope_of

BLIND = Seen("f", "eu-west-1", "1", "problem", "wrapper_set", ProblemClass.BLIND)


def a_fleet(*sizes):
    """So many functions to check in each place."""
    return [
        (place, replace(BLIND, name=f"f{n}"))
        for place, size in enumerate(sizes)
        for n in range(size)
    ]


@settings(deadline=None)
@given(st.lists(st.integers(0, 130), max_size=5), st.integers(0, 9))
def test_every_function_is_in_one_chunk_that_is_reached(sizes, begin):
    chunks, first = exact_chunks(a_fleet(*sizes), begin)
    reached, at = [], list(first)
    while at:
        number = at.pop()
        reached.append(number)
        if chunks[number].then is not None:
            at.append(chunks[number].then)

    assert sorted(reached) == sorted(chunks) == list(range(begin, begin + len(chunks)))
    named = [(chunk.place, name) for chunk in chunks.values() for name in chunk.names]
    assert sorted(named) == sorted((p, f"f{n}") for p, s in enumerate(sizes) for n in range(s))
    assert all(0 < len(chunk.names) <= SIZE for chunk in chunks.values())


@settings(deadline=None)
@given(st.lists(st.integers(0, 130), max_size=5))
def test_no_more_chunks_of_a_place_are_under_way_than_may(sizes):
    chunks, first = exact_chunks(a_fleet(*sizes), 0)

    places = [chunks[number].place for number in first]
    assert all(places.count(place) <= AT_ONCE for place in places)


def test_the_order_is_kept():
    chunks, _ = exact_chunks(a_fleet(50), 0)

    assert chunks[0].names[:2] == ("f0", "f1")
    assert [len(each.names) for each in chunks.values()] == [20, 20, 10]


def test_scope_is_of_places_and_prefix():
    places = ((None, "eu-west-1"), ("prod", "us-east-1"))

    assert scope_of(places, "") == scope_of(tuple(places), "")
    assert len({scope_of(places, ""), scope_of(places[:1], ""), scope_of(places, "a")}) == 3
