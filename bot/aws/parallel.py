"""
Calls that run at once: one deadline for all of them, and no faster than AWS takes them.

Threads are daemons: a call that hangs must hold up neither the caller nor the end of the
process. What comes too late is `Missing`, and nothing is done for it any more: its threads begin
no further call, and their loops stop.

Token buckets keep slsdiag from having AWS throttle the account's other tools: one bucket for each
(account, region, quota). It bursts by no more than its share of a second, so that the calls that it
lets go, bunched by a slow network or a busy machine, stay within AWS's own. Our own limiter before
`standard` retries lost no call and was never throttled where boto3's defaults lost 10 to 60 %.
Processes of one bot share their buckets through its store (bot/store/sharing.py); the command
line has its own.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as LateError
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import partial
from typing import ParamSpec, Protocol, TypeVar

from bot.aws.operations import Operation, published_rate
from bot.errors import Unreachable
from bot.observability.tracing import carried
from checks.evidence import Missing

P = ParamSpec("P")
T = TypeVar("T")
Progress = Callable[[frozenset[str]], None]
"""Called with the names of the parts that are still being read, whenever one is done."""

Confirmed = Callable[[str], None]
"""Called once, with the account's number, as soon as a read has shown that the function exists."""

DEADLINE = 45.0
_FEW = 256
"""Buckets up to which full ones are kept."""


class GivenUp(Unreachable):
    """Nobody waits any more for what this thread reads."""


@dataclass
class Wave:
    """What is being read; `left` are its names."""

    progress: Progress
    seconds: float = DEADLINE
    began: float = field(default_factory=time.monotonic)
    left: set[str] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def ask(self, part: str, read: Callable[P, T], *given: P.args, **named: P.kwargs) -> Future[T]:
        """Begin to read `part`, which people are shown while it is being read."""
        with self._lock:
            self.left.add(part)

        def read_part() -> T:
            try:
                return read(*given, **named)
            finally:
                self._done(part)

        return self.begin(read_part)

    def begin(self, work: Callable[P, T], *given: P.args, **named: P.kwargs) -> Future[T]:
        """Begin `work`, which may itself ask and wait."""
        future: Future[T] = Future()
        settle = carried(self._settle)
        job = partial(work, *given, **named)
        threading.Thread(target=settle, args=(future, job), name="aws", daemon=True).start()
        return future

    def get(self, future: Future[T], *, within: float | None = None) -> T | Missing:
        """What was read; Missing when it came too late, for the wave or for `within`."""
        patience = self.left_for if within is None else min(self.left_for, within)
        late = Missing(f"AWS did not answer within {within or self.seconds:.0f} seconds.")
        try:
            return future.result(patience)
        except GivenUp:
            return late
        except LateError:
            if future.done():  # it failed with a timeout of its own
                raise
            return late

    @property
    def left_for(self) -> float:
        """Seconds until the wave is given up."""
        return max(0.0, self.began + self.seconds - time.monotonic())

    def _done(self, part: str) -> None:
        with self._lock:
            self.left.discard(part)
            left = frozenset(self.left)
        self.progress(left)

    def _settle(self, future: Future[T], work: Callable[[], T]) -> None:
        _mine.set(self)
        try:
            future.set_result(work())
        except BaseException as error:  # noqa: BLE001 - raised again by whoever waits
            future.set_exception(error)


_mine: ContextVar[Wave | None] = ContextVar("wave", default=None)


def over() -> bool:
    """Whether the wave that this thread works for was given up; never outside any."""
    wave = _mine.get()
    return wave is not None and wave.left_for <= 0


def raise_if_given_up() -> None:
    """Raise GivenUp where the wave was given up."""
    if over():
        raise GivenUp("AWS did not answer in time.")


def pause(seconds: float) -> None:
    """Sleep, but no longer than the wave has; then `raise_if_given_up`."""
    wave = _mine.get()
    time.sleep(seconds if wave is None else min(seconds, wave.left_for))
    raise_if_given_up()


@dataclass(slots=True)
class Bucket:
    """Holds at most a second's published worth; refilled at `rate` a second."""

    rate: float
    size: float
    level: float = field(init=False)
    filled_at: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        """Begin full."""
        self.level = self.size

    def take(self, tokens: float) -> float:
        """Take tokens, on credit if need be; seconds to wait before using them."""
        self.refill()
        self.level -= tokens
        return max(0.0, -self.level / self.rate)

    def refill(self) -> bool:
        """Whether it is full, as a new one is."""
        now = time.monotonic()
        self.level = min(self.size, self.level + (now - self.filled_at) * self.rate)
        self.filled_at = now
        return self.level == self.size


class Take(Protocol):
    """Take tokens of the bucket `name`; seconds to wait before using them."""

    def __call__(self, name: str, rate: float, size: float, tokens: float, /) -> float: ...


class Buckets:
    """Those of this process: only those that are not full, which a scan of many accounts has few of."""

    def __init__(self) -> None:
        """All are full."""
        self._buckets: dict[str, Bucket] = {}
        self._room = _FEW
        self._lock = threading.Lock()

    def take(self, name: str, rate: float, size: float, tokens: float, /) -> float:
        """As `Take` says."""
        with self._lock:
            if name not in self._buckets:
                self._make_room()
            return self._buckets.setdefault(name, Bucket(rate, size)).take(tokens)

    def _make_room(self) -> None:
        if len(self._buckets) < self._room:
            return
        self._buckets = {name: it for name, it in self._buckets.items() if not it.refill()}
        self._room = max(_FEW, 2 * len(self._buckets))


class Rates:
    """How fast operations may be called. `share` of AWS's published rates is used."""

    def __init__(self, share: float = 0.5, take: Take | None = None) -> None:
        """`share` is between 0 and 1; `take` is the process's own buckets unless given."""
        self.share = share
        self._take = take or Buckets().take

    def wait(self, account: str, region: str, operation: Operation, requests: float = 1.0) -> None:
        """
        Return when `operation` may be called; raises GivenUp when nobody waits for it by then.

        `requests` are how many of its quota the call counts for.
        """
        published = published_rate(operation, region)
        if published is None:
            return
        name = f"{account}:{region}:{operation.shares or operation.action}"
        rate = published * self.share
        seconds = self._take(name, rate, max(1.0, rate), requests)
        if seconds:
            pause(seconds)
