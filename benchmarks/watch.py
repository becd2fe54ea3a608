"""
Deployments over two replicas: one message each, nothing missed, and no alarm about what was repaired.

    python benchmarks/watch.py [DEPLOYS] [FUNCTIONS] [KILLS] [SPREAD]

So many roles deploy so many functions each, all within a minute. Every deployment takes layer and
variables from its functions; a Dashboard puts half of them back within the settle time. Of the events
5 % never reach the queue, 5 % come twice, and each comes up to SPREAD seconds late, in any order.
Replicas are killed meanwhile, and CloudTrail's event history is read once more at the end, as it is
every ten minutes. With a SPREAD below the settle time Lambda announces each change as well, in a
second and without a name; a function whose call was lost, while several roles deployed, is then told
of in a message without one.

Ends with status 1 when a function that stayed broken was not reported, one that was repaired in time
was, a deployment has no message or several, or the first message came later than 15 s after its first
function was due.
"""

from __future__ import annotations

import random
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from digests import _kill
from stage import Stage

from bot.playground.account import AwsAccount, Region, bus
from bot.playground.account.demo_functions import REGION, FakeFunction, healthy
from bot.playground.account.trail import composed, makers
from bot.playground.workspace.messages import GENERAL
from bot.store.connection import now
from bot.store.due import CATCH_UP, Due
from bot.watch.model import Deploy, Kind, News, State, Watch
from bot.watch.repository import Deploys, States, Watches

SETTLE = 10
"""Seconds, instead of the two minutes that Dashboard gets."""
LATEST = 15.0
"""Seconds from the settle time's end to the first message."""
LOST = DOUBLED = 0.05
DEPLOYED_WITHIN = 40
"""Seconds that the slowest deployment takes."""
PATIENCE = 900.0
SHARE = 1.0
RATES = {"GetFunctionConfiguration": 15.0, "FilterLogEvents": 10.0}
"""AWS's published rates of the two operations that limit exact checks."""


@dataclass
class Fleet:
    """What is deployed, and what became of it."""

    stage: Stage
    spread: float
    chance: random.Random = field(default_factory=lambda: random.Random(1))  # noqa: S311 - chaos
    broken: set[str] = field(default_factory=set)
    repaired: set[str] = field(default_factory=set)
    timers: list[threading.Timer] = field(default_factory=list)

    @property
    def account(self) -> AwsAccount:
        """The only one."""
        return self.stage.aws.account(self.stage.account_id("a0"))

    @property
    def region(self) -> Region:
        """The only one."""
        return self.account.region(REGION)

    def deploy(self, number: int, functions: int) -> None:
        """One role's functions, one after the other."""
        pause = DEPLOYED_WITHIN / functions
        maker = makers.stack_of(makers.role(self.account.id, f"deploy-{number}"))
        for each in range(functions):
            self._change(f"f{number * functions + each}", maker, repaired=each % 2 == 1)
            time.sleep(pause * self.chance.random())
        bus.stack_deployed(self.region, f"stack-{number}", datetime.now(UTC))

    def _change(self, name: str, maker: makers.Maker, *, repaired: bool) -> None:
        config = self.region.functions[name]["$LATEST"]
        variables = config["Environment"]["Variables"]
        config["Layers"] = []
        for variable in ("AWS_LAMBDA_EXEC_WRAPPER", "SLS_ORG_ID"):
            variables.pop(variable, None)
        self._record(name, maker)
        (self.repaired if repaired else self.broken).add(name)
        if repaired:
            later = self.chance.uniform(1, SETTLE - 2)
            self._later(later, lambda: self._repair(name))

    def _repair(self, name: str) -> None:
        """Dashboard puts layer and variables back, and the function is invoked."""
        events = list(self.region.group(f"/aws/lambda/{name}").events)
        function = healthy(self.account, name)
        function.group.events[:] = events
        self._record(name, makers.dashboard(self.account.id))
        invoked(function)

    def _record(self, name: str, maker: makers.Maker) -> None:
        """Into the event history at once, and into the queue late, twice or never."""
        at = datetime.now(UTC)
        config = self.region.functions[name]["$LATEST"]
        config["LastModified"] = f"{at:%Y-%m-%dT%H:%M:%S}.000+0000"
        made = composed.updated(config, maker, at, {"layers": []})
        self._later(self.chance.uniform(0, self.spread), lambda: bus.record(self.account, made))
        if self.spread < SETTLE:  # a name that comes after the check comes too late
            self._later(1, lambda: bus.function_changed(self.region, name, at))

    def _later(self, seconds: float, act: object) -> None:
        timer = threading.Timer(seconds, act)  # type: ignore[arg-type]
        timer.daemon = True
        self.timers.append(timer)
        timer.start()


def invoked(function: FakeFunction) -> None:
    """Now, with a payload."""
    function.region.sums.pop((function.name, ""), None)
    moment = FakeFunction(function.account, function.name, function.language)
    moment.log(moment.payload(), ago=timedelta(seconds=-1))
    function.region.invoked(function.name, datetime.now(UTC), 1)


def main() -> int:
    """One run."""
    given = [int(each) for each in sys.argv[1:]]
    deploys, functions, kills, spread = (*given, *(5, 40, 0, 20)[len(given) :])
    with Stage(1, 1, deploys * functions) as stage:
        fleet = prepared(stage, spread)
        pair = [
            stage.replica(
                SLSDIAG_EVENTS=bus.watched(fleet.region, lost=LOST, doubled=DOUBLED, mixed=True),
                SLSDIAG_WATCH_SETTLE=str(SETTLE),
                SLSDIAG_AWS_RATE=str(SHARE),
            )
            for _ in range(2)
        ]
        for each in pair:
            each.start()
        for each in pair:
            each.ready()
        ended = threading.Event()
        killer = threading.Thread(target=_kill, args=(pair, ended, kills))
        killer.start()
        began = time.monotonic()
        threads = [
            threading.Thread(target=fleet.deploy, args=(number, functions))
            for number in range(deploys)
        ]
        for thread in threads:
            thread.start()
        for thread in [*threads, *fleet.timers]:
            thread.join()
        for timer in list(fleet.timers):
            timer.join()
        killer.join()
        ended.set()
        Due(stage.redis).make_due([(CATCH_UP, f"{fleet.account.id}/{REGION}")])
        took = settled(fleet) - began
        return counted(fleet, deploys, sum(each.starts for each in pair) - 2, took)


def prepared(stage: Stage, spread: float) -> Fleet:
    """Functions that reported an hour ago, a channel that watches, and what is known of them."""
    fleet = Fleet(stage, spread)
    fleet.account.trail.delay = timedelta(0)
    for name in stage.functions:
        function = FakeFunction(fleet.account, name, healthy(fleet.account, name).language)
        function.group.events.clear()
        function.reports(60)
        function.region.sums.pop((name, ""))
        function.region.invoked(name, function.now - timedelta(minutes=60), 12)
    place, at = f"{fleet.account.id}/{REGION}", now(stage.redis)
    known = {name: State(Kind.REPORTING, at) for name in stage.functions}
    States(stage.redis).begin(place, known)
    Watches(stage.redis).add(Watch(GENERAL, "", "U0ADA", at))
    return fleet


def settled(fleet: Fleet) -> float:
    """When every function that stayed broken was reported, or patience ran out; then a while more."""
    ends_at, done_at = time.monotonic() + PATIENCE, time.monotonic()
    while time.monotonic() < ends_at:
        rows = [row for deploy in known(fleet.stage) for row in deploy.rows]
        reported = {row.name for row in rows if row.news is News.BROKE}
        unseen = [row for row in rows if row.kind is None and not row.tries]
        done_at = time.monotonic()
        if reported >= fleet.broken and not unseen:
            break
        time.sleep(0.5)
    time.sleep(10)  # whatever is still to be posted
    return done_at


def known(stage: Stage) -> list[Deploy]:
    """All deployments of the store."""
    deploys = Deploys(stage.redis)
    ids = [key.rpartition(":")[2] for key in stage.redis.scan_iter("slsdiag:deploy:*")]
    return [deploy for deploy in map(deploys.load, ids) if deploy and deploy.rows]


def counted(fleet: Fleet, deploys: int, kills: int, took: float) -> int:
    """From what the store and Slack hold."""
    found = known(fleet.stage)
    rows = [row for deploy in found for row in deploy.rows]
    told = {row.name for row in rows if row.news is not News.NONE}
    missed, false = fleet.broken - told, fleet.repaired & told
    first = messages(fleet.stage)
    doubled = sum(count - 1 for count in Counter(key for key, _ in first).values())
    late = sorted(lateness(found, dict(first)))
    calls = Counter(call.operation for call in fleet.stage.aws.calls)
    law = max(calls[name] / (rate * SHARE) for name, rate in RATES.items())
    worst = late[-1] if late else float("inf")
    named = {deploy.id for deploy in found if deploy.actor}
    of_names = [key for key, _ in first if key.partition(":")[0] in named]
    print(
        f"watch: {deploys} deployments of {len(rows)} functions, {kills} kills, events lost "
        f"{LOST:.0%}, doubled {DOUBLED:.0%}, up to {fleet.spread:.0f} s late: {len(of_names)} messages "
        f"that name a role, {len(first) - len(of_names)} that cannot, "
        f"{doubled} doubled, missed {len(missed)}, false alarms {len(false)}; first message "
        f"{late[len(late) // 2]:.1f} s (p50), {worst:.1f} s (worst) after the settle time; all "
        f"verified in {took:.0f} s, AWS's rates allow {law:.0f} s"
    )
    for deploy in found:
        if f"{deploy.id}:{GENERAL}" in dict(first):
            print(f"  {deploy.by or 'nobody'}: {len(deploy.rows)} functions")
    bad = missed or false or doubled or len(of_names) != deploys or worst > LATEST
    return 1 if bad else 0


def messages(stage: Stage) -> list[tuple[str, float]]:
    """Key and time of each first message about a deployment."""
    with stage.slack.lock:
        return [
            (str(message.metadata["event_payload"]["key"]), float(message.ts))
            for message in stage.slack.public(GENERAL)
            if message.metadata and message.thread_ts is None
        ]


def lateness(found: list[Deploy], first: dict[str, float]) -> list[float]:
    """Seconds from the settle time after the first event's arrival to the first message."""
    return [
        first[key] - deploy.arrived_at.timestamp() - SETTLE
        for deploy in found
        if (key := f"{deploy.id}:{GENERAL}") in first
    ]


if __name__ == "__main__":
    sys.exit(main())
