"""What became of the deployments of watch.py: counted from what the store, Slack and AWS hold."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from deployments import Fleet, Named
from stage import Stage

from bot.aws.accounts import Accounts
from bot.playground.account.demo_functions import REGION
from bot.playground.account.faults import RATES
from bot.playground.workspace.messages import GENERAL
from bot.settings import read_aws_settings
from bot.watch.check import Checker
from bot.watch.model import Deploy, News, Row
from bot.watch.repository import Deploys

LIMITING = ("FilterLogEvents", "GetFunctionConfiguration")
"""The operations whose rates limit exact checks."""


@dataclass(frozen=True)
class Counted:
    """What the store, Slack and AWS hold at the end."""

    found: Sequence[Deploy]
    first: Sequence[tuple[str, float]]
    """Key and time of each first message about a deployment."""
    changed: int
    missed: int
    false: int
    throttled: int
    filtered: int
    """Calls of FilterLogEvents, which limit the checks."""

    @property
    def checks(self) -> int:
        """Exact checks that were made."""
        return sum(row.tries for deploy in self.found for row in deploy.rows)

    @property
    def doubled(self) -> int:
        """First messages that came again."""
        return sum(count - 1 for count in Counter(key for key, _ in self.first).values())

    @property
    def named(self) -> int:
        """Messages that name a role."""
        named = {deploy.id for deploy in self.found if deploy.actor}
        return sum(key.partition(":")[0] in named for key, _ in self.first)

    def late(self, settle: int) -> list[float]:
        """Seconds from the settle time after the first event's arrival to the first message, in order."""
        at = dict(self.first)
        return sorted(
            at[key] - deploy.arrived_at.timestamp() - settle
            for deploy in self.found
            if (key := f"{deploy.id}:{GENERAL}") in at
        )


def known(stage: Stage) -> list[Deploy]:
    """All deployments of the store."""
    deploys = Deploys(stage.redis)
    ids = [key.rpartition(":")[2] for key in stage.redis.scan_iter("slsdiag:deploy:*")]
    return [deploy for deploy in map(deploys.load, ids) if deploy and deploy.rows]


def told(deploys: Sequence[Deploy]) -> set[Named]:
    """Functions that a message was about."""
    return {
        (it.account, row.name) for it in deploys for row in it.rows if row.news is not News.NONE
    }


def counted(fleet: Fleet) -> Counted:
    """At the end."""
    found, stage = known(fleet.stage), fleet.stage
    with stage.slack.lock:
        first = [
            (str(message.metadata["event_payload"]["key"]), float(message.ts))
            for message in stage.slack.public(GENERAL)
            if message.metadata and message.thread_ts is None
        ]
    reported = told(found)
    return Counted(
        found,
        first,
        len(fleet.broken) + len(fleet.repaired),
        len(fleet.broken - reported),
        len(fleet.repaired & reported),
        stage.aws.throttles["LookupEvents"],
        sum(call.operation == LIMITING[0] for call in stage.aws.calls),
    )


def allowed(fleet: Fleet, share: float, environment: Mapping[str, str]) -> float:
    """Seconds that AWS's rates take for one exact check of each function, by what such a check calls."""
    calls: Counter[str] = Counter()
    os.environ.update(environment)
    check = Checker(Accounts(read_aws_settings(), take=lambda *_: 0.0))
    for functions in (fleet.broken, fleet.repaired):
        account, name = min(functions)
        before, at = len(fleet.stage.aws.calls), datetime.now(UTC)
        check(Deploy("x", account, REGION, at, at, at), [Row(name, at, at)], 30)
        done = Counter(call.operation for call in fleet.stage.aws.calls[before:])
        in_place = sum(number == fleet.account(0).id for number, _ in functions)
        calls.update({operation: count * in_place for operation, count in done.items()})
    rates = {
        "FilterLogEvents": RATES["logs:FilterLogEvents"],
        "GetFunctionConfiguration": RATES["lambda"],
    }
    return max(calls[name] / (rates[name] * share) for name in LIMITING)
