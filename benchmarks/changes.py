"""
Who changed it: planted changes in a fake account, and what slsdiag says of each.

    benchmarks/changes.py [COUNT] [SEED]

Each is made in one of fourteen ways, between other people's changes: of functions with similar names, in other
regions, refused ones, earlier ones, and Dashboard's repairs. A second walk loses a third of all events. A wrong name
fails it, as does anything private in what is said. The events have the shapes of public samples; no real
account was ever read.
"""

from __future__ import annotations

import json
import os
import random
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3

from bot.aws.client import Account
from bot.aws.parallel import Rates
from bot.changes.lookup import MOST, who_changed
from bot.playground.account import AwsAccount, FakeAws
from bot.playground.account.trail import makers
from bot.playground.account.trail.composed import (
    Composed,
    deleted,
    filter_deleted,
    stack_started,
    updated,
)
from checks.change import Changed, Kind, Means, Sought, sentence

sys.path.append(str(Path(__file__).parent))  # a test imports this file as a module of a package

from ways import DIRECT, HOME, REGION, WAYS, Way

ELSEWHERE = "eu-central-1"
RIGHT = 0.99
_REPAIRED, _CHANGED_BEFORE = 0.25, 0.3
_MINUTE = timedelta(minutes=1)
_SENDABLE = ("layers", "handler", "runtime", "role", "loggingConfig")
_WORDS = {"loggingConfig": "logging"}
_GROUP = "/aws/lambda/{}"


@dataclass(frozen=True)
class Planted:
    """One change, and what must be said of it."""

    way: str
    sought: Sought
    expected: Way
    what: tuple[str, ...]


@dataclass
class Walk:
    """Plants changes in one account, and asks about each."""

    aws: FakeAws
    dice: random.Random
    now: datetime
    said: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    most: int = 0

    @property
    def account(self) -> AwsAccount:
        """The fake one."""
        return self.aws.account(HOME)

    def plant(self, number: int) -> Planted:
        """The next way; every fifth change is a deletion."""
        if number % 5:
            return self._function(list(WAYS)[number % len(WAYS)], f"orders-{number}")
        return self._deletion(DIRECT[number // 5 % len(DIRECT)], number)

    def _function(self, name: str, function: str) -> Planted:
        at = self.now - timedelta(minutes=self.dice.randint(40, 60 * 24 * 80))
        way = WAYS[name](function, at)
        region = self.account.region(REGION)
        sent = sorted(self.dice.sample(_SENDABLE, self.dice.randint(0, 3)), key=_SENDABLE.index)
        config = region.function(function, modified_at=at)
        region.tags[function] = dict(way.tags)
        for started in way.started:
            self.account.trail.record(started)
        for noise in self._noise(config, at):
            self.account.trail.record(noise)
        self.account.trail.record(updated(config, way.maker, at, dict.fromkeys(sent)))
        sought = Sought(Kind.FUNCTION, function, REGION, HOME, at)
        if self.dice.random() < _REPAIRED:  # Dashboard repaired it, so its change is the last one
            sought = replace(sought, at=at + 74 * timedelta(seconds=1))
            repair = updated(config, makers.dashboard(HOME), sought.at or at, {"layers": None})
            self.account.trail.record(repair)
        return Planted(name, sought, way, tuple(_WORDS.get(each, each) for each in sent))

    def _noise(self, config: dict[str, Any], at: datetime) -> Iterator[Composed]:
        """By others, at about the same time."""
        other, name = makers.role(HOME, "somebody-else"), config["FunctionName"]
        namesake = {**config, "FunctionName": f"{name}-dlq"}
        yield updated(namesake, other, at, {"layers": None})
        far = config["FunctionArn"].replace(REGION, ELSEWHERE)
        yield updated({**config, "FunctionArn": far}, other, at, {"handler": None})
        failed, resources = updated(config, other, at - _MINUTE / 6, {"layers": None})
        yield {**failed, "errorCode": "AccessDenied", "responseElements": None}, resources
        place = HOME, REGION
        yield stack_started("UpdateStack", other, at - _MINUTE, place, "shop-prod-2")
        yield stack_started("ExecuteChangeSet", other, at - 90 * _MINUTE, place, "shop-prod")
        if self.dice.random() < _CHANGED_BEFORE:
            yield updated(config, other, at - timedelta(days=1), {"runtime": None})

    def _deletion(self, name: str, number: int) -> Planted:
        """Of a filter that is its function's own, or a stream that is named for the change."""
        at = self.now - timedelta(minutes=self.dice.randint(40, 60 * 24 * 80))
        way, place = WAYS[name]("", at), (HOME, REGION)
        other = makers.role(HOME, "somebody-else")
        if number % 10:
            stream, request = f"stream-{number}", {"deliveryStreamName": f"stream-{number}"}
            made = deleted("firehose", "DeleteDeliveryStream", way.maker, at, place, request)
            self.account.trail.record(made)
            return Planted(name, Sought(Kind.FIREHOSE, stream, REGION, HOME), way, ())
        group = _GROUP.format(f"orders-{number}")
        sought = Sought(Kind.FILTER, group, REGION, HOME, detail="serverless_logs-filter")
        self.account.trail.record(
            filter_deleted(group, "serverless_logs-filter", way.maker, at, place),
            filter_deleted(f"{group}-2", "serverless_logs-filter", other, at, place),
            filter_deleted(group, "another-filter", other, at + _MINUTE, place),
        )
        return Planted(name, sought, way, ())

    def ask(self, account: Account, planted: Planted) -> str:
        """right, not found, or wrong; what differs is printed."""
        before = len(self.aws.calls)
        changed = who_changed(account, planted.sought, self.now, seconds=30, users=False)
        asked = [call for call in self.aws.calls[before:] if call.operation == "LookupEvents"]
        self.most = max(self.most, len(asked))
        self.said += [repr(changed), sentence(planted.sought, changed)]
        outcome = _judged(planted, changed)
        if outcome == "wrong":
            print(f"{outcome}: {planted.way}: {changed}, {planted.expected.by}, {planted.what}")
        self.counts[outcome] += 1
        return outcome


def _judged(planted: Planted, changed: Changed) -> str:
    """A name is right or wrong; with a right name the rest may still lack or differ."""
    if changed.by is None:
        return "not found"
    wanted = planted.expected
    if (changed.by, changed.actor) != (wanted.by, wanted.actor):
        # True, but not all: CloudFormation's own role, and the repair as the last change there was.
        own = changed.by in str(wanted.maker.identity) and changed.stack == wanted.stack
        own = own or changed.how is Means.DASHBOARD
        return "in part" if own else "wrong"
    same = (changed.how, changed.stack, changed.provider) == (
        wanted.how,
        wanted.stack,
        wanted.provider,
    )
    return "right" if same and changed.what == planted.what and changed.event_id else "in part"


def private(said: Sequence[str]) -> list[str]:
    """What is private and was said all the same."""
    whole = "\n".join(said)
    return [each for each in makers.PRIVATE if each in whole]


def walk(count: int, seed: int, *, lost: float = 0.0) -> Walk:
    """`count` changes, planted at first and then asked about; needs no credentials."""
    with FakeAws(seed=seed) as aws:
        os.environ["AWS_ENDPOINT_URL"] = aws.url
        session: Any = boto3.Session("demo", "demo", region_name=REGION)
        account = Account(session, Rates(1.0, lambda *_: 0.0), HOME)
        dice = random.Random(seed)  # noqa: S311 - a walk that can be repeated
        one = Walk(aws, dice, datetime.now(UTC).replace(microsecond=0))
        trail = aws.account(HOME).trail
        trail.lost, trail.doubled, trail.mixed = lost, 0.05, 10 * _MINUTE
        trail.dice.seed(seed)
        planted = [one.plant(number) for number in range(1, count + 1)]
        for each in planted:
            one.ask(account, each)
        return one


def main() -> None:
    """Print the counts; status 1 where a figure is missed."""
    count, seed = (*map(int, sys.argv[1:]), 300, 0)[:2] if len(sys.argv) > 1 else (300, 0)
    whole, torn = walk(count, seed), walk(count, seed, lost=1 / 3)
    for name, one in (("all events shown", whole), ("a third of them lost", torn)):
        print(f"{name}: {json.dumps(one.counts)}; most LookupEvents calls {one.most}")
    leaked = private([*whole.said, *torn.said])
    print(f"private words in what was said: {len(leaked)}")
    right = whole.counts["right"] / count >= RIGHT
    wrong = whole.counts["wrong"] + torn.counts["wrong"]
    sys.exit(not (right and not wrong and not leaked and max(whole.most, torn.most) <= MOST))


if __name__ == "__main__":
    main()
