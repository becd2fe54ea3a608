"""
What is done for one request, under one id: from Slack's request to the last call to AWS.

The id is made where the request arrives, saved on the record, bound again by the worker that
reads the record, and carried into threads. An *act* is something done that is worth seeing (an
acknowledgement, a check, a call): watchers hear of it, and on the command line there are none.
Nothing but the standard library is imported here: every check passes by.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from contextvars import ContextVar, copy_context
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from typing import ParamSpec, TypeVar
from uuid import uuid4

P = ParamSpec("P")
T = TypeVar("T")
OK = "ok"

_id: ContextVar[str] = ContextVar("trace_id", default="")
_arrived: ContextVar[float | None] = ContextVar("arrived", default=None)


class ActKind(StrEnum):
    """What is done."""

    ACK = "ack"
    """A request of Slack's is answered."""
    CHECK = "look"  # as dashboards and alerts that people made have it
    """Evidence is gathered, or who made a change is looked up."""
    AWS = "aws_call"
    """One operation, with its waits for another try."""
    AWS_REQUEST = "aws_request"
    """One try of it, as AWS counts them; ends when it is over."""
    SLACK = "slack_call"


@dataclass(slots=True)
class Act:
    """One thing done. Its words are of our own tables: never arguments, answers or secrets."""

    kind: ActKind
    name: str
    labels: dict[str, str]
    began: float
    """By time.monotonic()."""
    code: str = OK
    seconds: float = field(default=0.0, init=False)
    """Known when it is over."""


Watcher = Callable[[Act], AbstractContextManager[object]]
"""Entered when an act begins, left when it is over."""
_watchers: list[Watcher] = []


def watch(watcher: Watcher) -> None:
    """Report each act to `watcher` from now on; once, however often this is called."""
    if watcher not in _watchers:
        _watchers.append(watcher)


@contextmanager
def acting(kind: ActKind, name: str, **labels: str) -> Iterator[Act]:
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
    """A request is answered, under an id of its own; begun when it arrived, where that is given."""
    with under(uuid4().hex), acting(ActKind.ACK, name) as act:
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
    """`work` for one thread: it goes on under the id that is current now."""
    return partial(copy_context().run, work)


def arrived(at: float, work: Callable[[], T]) -> Callable[[], T]:
    """`work` for a thread that may be busy: the request that it answers arrived at `at`."""
    context = copy_context()
    context.run(_arrived.set, at)
    return partial(context.run, work)
