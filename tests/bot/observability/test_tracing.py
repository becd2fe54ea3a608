from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from bot.observability import tracing
from bot.observability.tracing import (
    ActKind,
    acknowledging,
    acting,
    arrived,
    carried,
    current,
    under,
)


@pytest.fixture
def acts(monkeypatch):
    """Every act that is over."""
    over = []

    @contextmanager
    def watcher(act):
        try:
            yield
        finally:
            over.append((act.kind, act.name, act.code, current()))

    monkeypatch.setattr(tracing, "_watchers", [])
    tracing.watch(watcher)
    tracing.watch(watcher)
    return over


def test_an_act_is_told_once_with_the_id_it_is_done_for(acts):
    with under("a" * 32), acting(ActKind.CHECK, "function"):
        pass
    assert acts == [(ActKind.CHECK, "function", "ok", "a" * 32)]
    assert current() == ""


def test_what_is_raised_is_the_code_unless_the_act_says_better(acts):
    def fail(code):
        with acting(ActKind.AWS, "x") as act:
            act.code = code or act.code
            raise KeyError

    for code in ("", "ThrottlingException"):
        with pytest.raises(KeyError):
            fail(code)
    assert [each[2] for each in acts] == ["KeyError", "ThrottlingException"]


def test_each_request_has_an_id_of_its_own(acts):
    for _ in range(2):
        with acknowledging("command"):
            assert len(current()) == 32
    assert len({id_ for *_, id_ in acts}) == 2


def test_the_id_goes_along_into_threads_that_run_at_once():
    both = threading.Barrier(2, timeout=5)

    def work(_):
        both.wait()
        return current()

    with under("b" * 32), ThreadPoolExecutor(2) as pool:
        pending = [pool.submit(carried(work), each) for each in range(2)]
        assert [future.result() for future in pending] == ["b" * 32] * 2


def test_an_acknowledgement_begins_when_its_request_arrived(acts):
    def work():
        with acknowledging("command") as act:
            return act

    assert arrived(1.0, work)().began == 1.0
    assert work().began > 1.0
