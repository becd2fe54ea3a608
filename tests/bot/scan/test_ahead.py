"""One batch ahead, and no further."""

from __future__ import annotations

import threading

import pytest

from bot.scan.prefetch import one_ahead


def test_order_is_kept_and_the_next_is_under_way():
    began = [threading.Event() for _ in range(4)]

    def listed():
        for number in range(3):
            began[number].set()
            yield number

    given = one_ahead(listed())
    assert next(given) == 0
    assert began[1].wait(5)
    assert not began[2].is_set()
    assert list(given) == [1, 2]


def test_what_goes_wrong_is_raised_in_its_place():
    def listed():
        yield 1
        raise ValueError("denied")

    given = one_ahead(listed())
    assert next(given) == 1
    with pytest.raises(ValueError, match="denied"):
        next(given)


def test_who_stops_early_leaves_no_thread():
    before = threading.active_count()
    given = one_ahead(iter(range(10)))
    next(given)
    given.close()

    assert threading.active_count() == before
