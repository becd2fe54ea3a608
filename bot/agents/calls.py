"""
One call of a tool: what it may still ask of AWS, and whether anybody waits for it.

Both are looked at before each call to AWS, in whichever thread it is made. So a client that
cancels has the check stop at the next one, and an agent in a loop runs out of its budget.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING

from bot.errors import SlsdiagError, Unreachable
from bot.observability.tracing import Act, ActKind, watch

if TYPE_CHECKING:
    from bot.aws.accounts import Accounts

HOUR = 3600.0
CALLS = 3_000
"""To AWS, an hour, unless a setting says otherwise. A check takes some 20, a scan up to 1,000."""
SESSIONS = 100
"""With a budget of their own."""


class Spent(SlsdiagError):
    """The budget of calls to AWS is used up."""

    code = "budget"


class Cancelled(Unreachable):
    """The client wants no answer any more."""


@dataclass
class Budget:
    """Calls to AWS of one session, anew each hour."""

    calls: int = CALLS
    clock: Callable[[], float] = time.monotonic
    _lock: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        """Its first hour begins."""
        self._left, self._until = self.calls, self.clock() + HOUR

    @property
    def over(self) -> bool:
        """Whether its hour is: then it says no more than a new one."""
        return self.clock() >= self._until

    def take(self) -> None:
        """One call, or Spent."""
        with self._lock:
            now = self.clock()
            if now >= self._until:
                self._left, self._until = self.calls, now + HOUR
            if not self._left:
                minutes = int((self._until - now) // 60) + 1
                raise Spent(
                    f"This session's budget of {self.calls:,} AWS calls an hour is used up: try "
                    f"again in {minutes} min, or set SLSDIAG_MCP_CALLS."
                )
            self._left -= 1


@dataclass
class Budgets:
    """
    One for each session; one process over standard streams is one session.

    Only so many have one of their own, so that new sessions are no way to more calls: further ones
    share one, and so do requests without a session.
    """

    calls: int = CALLS
    clock: Callable[[], float] = time.monotonic
    _own: dict[str, Budget] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        """The shared one is there from the beginning."""
        self._shared = Budget(self.calls, self.clock)

    def of(self, session: str | None) -> Budget:
        """That of the session with this id; None: the request is of none."""
        if session is None:
            return self._shared
        with self._lock:
            if session not in self._own:
                self._own = {id_: it for id_, it in self._own.items() if not it.over}
                if len(self._own) >= SESSIONS:
                    return self._shared
                self._own[session] = Budget(self.calls, self.clock)
            return self._own[session]


@dataclass
class OneAccounts:
    """The accounts, opened for the first call that needs them: it brings boto3."""

    _opened: Accounts | None = None
    _lock: Lock = field(default_factory=Lock)

    def __call__(self) -> Accounts:
        """The same for all calls, so that they keep to AWS's rates together."""
        from bot.aws.accounts import Accounts  # noqa: PLC0415
        from bot.settings import read_aws_settings  # noqa: PLC0415

        with self._lock:
            if self._opened is None:
                self._opened = Accounts(read_aws_settings())
            return self._opened

    def forget(self) -> None:
        """Open them again for the next call: somebody may have signed in again."""
        with self._lock:
            self._opened = None


@dataclass
class Call:
    """One call; `said` takes how far it is, from any thread."""

    accounts: OneAccounts
    budget: Budget
    said: Callable[[str], None]
    cancelled: bool = False
    _refused: SlsdiagError | None = None

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Calls to AWS in the block, and in threads that it begins, are this call's."""
        watch(_each)
        token = _current.set(self)
        try:
            yield
        finally:
            _current.reset(token)

    def begin(self) -> None:
        """Before each call to AWS: raises Cancelled or Spent."""
        if self.cancelled:
            raise Cancelled("The call was cancelled.")
        try:
            self.budget.take()
        except Spent as error:
            self._refused = error
            raise

    def must_be_whole(self) -> None:
        """Raise Spent where a call to AWS was refused: what was found without it is no result."""
        if self._refused:
            raise self._refused


_current: ContextVar[Call | None] = ContextVar("call", default=None)


@contextmanager
def _each(act: Act) -> Iterator[None]:
    call = _current.get()
    if call and act.kind is ActKind.AWS:
        call.begin()
    yield
