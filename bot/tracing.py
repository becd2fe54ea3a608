"""
What is done for one request, under one id: from Slack's request to the last call to AWS.

The id is made where the request arrives, kept on the record, bound again by the worker that
reads the record, and carried into threads. An *act* is something done that is worth seeing (an
acknowledgement, a look, a call): whoever watches is told, and on the command line nobody does.
Nothing but the standard library is imported here: every look passes by.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from contextvars import ContextVar, copy_context
from dataclasses import dataclass, field
from enum import StrEnum
from typing import ParamSpec, TypeVar
from uuid import uuid4

P = ParamSpec("P")
T = TypeVar("T")
OK = "ok"

_id: ContextVar[str] = ContextVar("trace_id", default="")
_arrived: ContextVar[float | None] = ContextVar("arrived", default=None)


class Kind(StrEnum):
    """What is done."""

    ACK = "ack"
    """A request of Slack's is answered."""
    LOOK = "look"
    """Evidence is gathered."""
    AWS = "aws_call"
    """One operation, with its waits for another try."""
    AWS_REQUEST = "aws_request"
    """One try of it, as AWS counts them; tells when it is over."""
    SLACK = "slack_call"


@dataclass(slots=True)
class Act:
    """One thing done. Its words are of our own tables: never arguments, answers or secrets."""

    kind: Kind
    name: str
    labels: dict[str, str]
    began: float
    """As time.monotonic() tells it."""
    code: str = OK
    seconds: float = field(default=0.0, init=False)
    """Known when it is over."""


Watcher = Callable[[Act], AbstractContextManager[object]]
"""Entered when an act begins, left when it is over."""
_watchers: list[Watcher] = []


def watch(watcher: Watcher) -> None:
    """Tell `watcher` of each act from now on; once, however often it is said."""
    if watcher not in _watchers:
        _watchers.append(watcher)


@contextmanager
def acting(kind: Kind, name: str, **labels: str) -> Iterator[Act]:
    """The act, while it is done; what it raises is its code, unless it has set one."""
    act = Act(kind, name, labels, time.monotonic())
    with ExitStack() as stack:
        for watcher in _watchers:
            stack.enter_context(watcher(act))
        try:
            yield act
        except BaseException as error:
            if act.code == OK:
                act.code = type(error).__name__
            raise
        finally:
            act.seconds = time.monotonic() - act.began


@contextmanager
def acknowledging(name: str) -> Iterator[Act]:
    """A request is answered, under an id of its own; begun when it arrived, where that is told."""
    with under(uuid4().hex), acting(Kind.ACK, name) as act:
        act.began = _arrived.get() or act.began
        yield act


def current() -> str:
    """The id, 32 hexadecimal digits; empty outside any request."""
    return _id.get()


@contextmanager
def under(id_: str) -> Iterator[None]:
    """Whatever is done in the block is done for that request."""
    token = _id.set(id_)
    try:
        yield
    finally:
        _id.reset(token)


def carried(work: Callable[P, T]) -> Callable[P, T]:
    """`work` for a thread: it goes on under the id that is current now."""
    context = copy_context()

    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        return context.copy().run(work, *args, **kwargs)  # a context is entered once at a time

    return run


def arrived(at: float, work: Callable[[], T]) -> Callable[[], T]:
    """`work` for a thread that may be busy: the request that it answers arrived at `at`."""

    def run() -> T:
        token = _arrived.set(at)
        try:
            return work()
        finally:
            _arrived.reset(token)

    return run
