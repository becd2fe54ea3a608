"""
Deployments in fake accounts: roles that take the SDK from functions, and a Dashboard that puts half of it back.

What happens later, such as an event that comes late, is done by one thread in the order of time.
"""

from __future__ import annotations

import heapq
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count

from stage import Stage

from bot.playground.account import AwsAccount, Region, bus
from bot.playground.account.demo_functions import REGION, FakeFunction, healthy
from bot.playground.account.trail import composed, makers
from bot.store.connection import now
from bot.watch.model import Kind, State
from bot.watch.repository import States

LOST = DOUBLED = 0.05
"""Shares of events that never reach the queue, and that come twice."""
CHANGES_A_SECOND = 15.0
"""More than Lambda takes of an account and Region (AWS Lambda quotas, control plane API requests)."""
Named = tuple[str, str]
"""A function, by the account's number and its name."""


class Later:
    """Does things at their time, in one thread."""

    def __init__(self) -> None:
        self._order = count()
        self._waiting: list[tuple[float, int, Callable[[], object]]] = []
        self._changed = threading.Condition()
        self._busy = False
        threading.Thread(target=self._run, daemon=True).start()

    def __call__(self, seconds: float, act: Callable[[], object]) -> None:
        """So much later."""
        with self._changed:
            heapq.heappush(self._waiting, (time.monotonic() + seconds, next(self._order), act))
            self._changed.notify_all()

    def join(self) -> None:
        """Until nothing is left to do."""
        with self._changed:
            self._changed.wait_for(lambda: not self._waiting and not self._busy)

    def _run(self) -> None:
        while True:
            with self._changed:
                self._busy = False
                self._changed.notify_all()
                self._changed.wait_for(lambda: self._waiting)
                left = self._waiting[0][0] - time.monotonic()
                if left > 0:
                    self._changed.wait(left)
                    continue
                self._busy, (_, _, act) = True, heapq.heappop(self._waiting)
            act()


@dataclass
class Fleet:
    """What is deployed, and what became of it."""

    stage: Stage
    settle: int
    spread: float
    """Seconds that an event may be late."""
    paces: int
    """Deployments of one account at a time."""
    chance: random.Random = field(default_factory=lambda: random.Random(1))  # noqa: S311 - chaos
    broken: set[Named] = field(default_factory=set)
    repaired: set[Named] = field(default_factory=set)
    later: Later = field(default_factory=Later)

    def account(self, number: int) -> AwsAccount:
        """In turn."""
        return self.stage.aws.account(self.stage.account_id(f"a{number % len(self.stage.names)}"))

    @property
    def accounts(self) -> list[AwsAccount]:
        """All of them; each has one Region."""
        return [self.account(number) for number in range(len(self.stage.names))]

    @property
    def queues(self) -> str:
        """Their URLs, as SLSDIAG_EVENTS has them."""
        faults = {"lost": LOST, "doubled": DOUBLED, "mixed": True}
        return ",".join(bus.watched(_region(account), **faults) for account in self.accounts)

    def deploy(self, number: int, functions: int) -> None:
        """One role's functions, one after the other, as fast as Lambda lets several roles be."""
        account, first = self.account(number), number // len(self.stage.names) * functions
        pause = self.paces / CHANGES_A_SECOND
        maker = makers.stack_of(makers.role(account.id, f"deploy-{number}"))
        for each in range(functions):
            self._change(account, f"f{first + each}", maker, repaired=each % 2 == 1)
            time.sleep(2 * pause * self.chance.random())
        bus.stack_deployed(_region(account), f"stack-{number}", datetime.now(UTC))

    def _change(
        self, account: AwsAccount, name: str, maker: makers.Maker, *, repaired: bool
    ) -> None:
        config = _region(account).functions[name]["$LATEST"]
        variables = config["Environment"]["Variables"]
        config["Layers"] = []
        for variable in ("AWS_LAMBDA_EXEC_WRAPPER", "SLS_ORG_ID"):
            variables.pop(variable, None)
        self._record(account, name, maker)
        (self.repaired if repaired else self.broken).add((account.id, name))
        if repaired:
            within = self.chance.uniform(1, self.settle - 2)
            self.later(within, lambda: self._repair(account, name))

    def _repair(self, account: AwsAccount, name: str) -> None:
        """Dashboard puts layer and variables back, and the function is invoked."""
        events = list(_region(account).group(f"/aws/lambda/{name}").events)
        function = healthy(account, name)
        function.group.events[:] = events
        self._record(account, name, makers.dashboard(account.id))
        invoked(function)

    def _record(self, account: AwsAccount, name: str, maker: makers.Maker) -> None:
        """Into the event history after a while, and into the queue late, twice or never."""
        at, region = datetime.now(UTC), _region(account)
        config = region.functions[name]["$LATEST"]
        config["LastModified"] = f"{at:%Y-%m-%dT%H:%M:%S}.000+0000"
        made = composed.updated(config, maker, at, {"layers": []})
        self.later(self.chance.uniform(0, self.spread), lambda: bus.record(account, made))
        if self.spread < self.settle:  # a name that comes after the check comes too late
            self.later(1, lambda: bus.function_changed(region, name, at))


def _region(account: AwsAccount) -> Region:
    return account.region(REGION)


def prepared(stage: Stage, settle: int, spread: float, paces: int) -> Fleet:
    """Functions that reported an hour ago, as the bot knows."""
    fleet = Fleet(stage, settle, spread, paces)
    for account in fleet.accounts:
        account.trail.delay = timedelta(0)
        for name in stage.functions:
            function = FakeFunction(account, name, healthy(account, name).language)
            function.group.events.clear()
            function.reports(60)
            function.region.sums.pop((name, ""))
            function.region.invoked(name, function.now - timedelta(minutes=60), 12)
        known = {name: State(Kind.REPORTING, now(stage.redis)) for name in stage.functions}
        States(stage.redis).begin(f"{account.id}/{REGION}", known)
    return fleet


def invoked(function: FakeFunction) -> None:
    """Now, with a payload."""
    function.region.sums.pop((function.name, ""), None)
    moment = FakeFunction(function.account, function.name, function.language)
    moment.log(moment.payload(), ago=timedelta(seconds=-1))
    function.region.invoked(function.name, datetime.now(UTC), 1)
