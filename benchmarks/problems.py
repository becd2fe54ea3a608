"""
A fleet with many problems: what it takes to verify them all, and what the next scan asks again.

    python benchmarks/problems.py [FUNCTIONS]

One account with AWS's paging, rates and 25 ms. Of all functions 24 % have a fault, every kind of
the demo in turn. First `slsdiag scan` at half of AWS's rates, beside the time that AWS's quota asks
for the fewest calls that decide; then two scans of the bot, of which the second comes after one
function in a hundred was changed, and a third one that takes nothing over, for comparison. Ends
with status 1 where a problem was not verified, where the second scan says otherwise than the third,
or asks more than a tenth of the first scan's calls about what nobody changed.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections import Counter, deque
from functools import partial
from pathlib import Path

from fleets import with_problems
from measured import SLSDIAG, run

from bot.aws.accounts import Accounts
from bot.aws.evidence.once import Once
from bot.aws.operations import FILTERS
from bot.changes.repository import Setups
from bot.playground.account import FakeAws
from bot.playground.account.demo_functions import ORG, REGION
from bot.scan.answers import Answers
from bot.scan.coordinator import Runs
from bot.scan.model import Seen
from bot.scan.repository import Scans
from bot.scan.worker import Work
from bot.settings import read_aws_settings
from bot.store.connection import connect, now
from bot.store.due import SCAN, Due, Leases
from bot.store.embedded import Embedded

SHARE, RATE, LATENCY = 0.24, 0.5, 0.025


def main() -> int:
    """Both parts."""
    size = int(sys.argv[1]) if sys.argv[1:] else 2_000
    with FakeAws(quotas=True) as aws:
        kinds = with_problems(aws.account(), size, SHARE)
        aws.latency = LATENCY
        os.environ.update(
            AWS_ENDPOINT_URL=aws.url,
            AWS_ACCESS_KEY_ID="demo",
            AWS_SECRET_ACCESS_KEY="demo",  # noqa: S106 - the fake takes any
            AWS_REGION=REGION,
            SLSDIAG_ORG_ID=ORG,
        )
        verified = once(aws, kinds)
        aws.quotas = False
        return 0 if verified and again(aws, kinds) else 1


def once(aws: FakeAws, kinds: dict[str, str]) -> bool:
    """By the command line; whether every problem of a class that makes a status was verified."""
    whole = run(aws, (*SLSDIAG, "scan", "--region", REGION, "--json", "--all"))
    scan = json.loads(whole.output)
    exactly = scan["verified_exactly"]
    asked = whole.calls["DescribeSubscriptionFilters"]
    law = asked / ((FILTERS.rate or 0) * RATE)
    faulty = sum(what != "healthy" for what in kinds.values())
    most = ", ".join(f"{count} {name}" for name, count in Counter(whole.calls).most_common(5))
    problems = Counter(cause["class"] for cause in scan["causes"] for _ in range(cause["count"]))
    print(
        f"{len(kinds):,} functions, {faulty} with a fault ({len(set(kinds.values())) - 1} kinds), "
        f"{dict(problems)}: {exactly} verified in {whole.wall:.1f} s, of which AWS's quota asks "
        f"{law:.1f} s for {asked} log groups' filters ({whole.wall / law:.2f} ×, asked 1.1); "
        f"{(whole.called - whole.calls['ListFunctions']) / exactly:.1f} calls each "
        f"({most}), throttled {whole.throttled}"
    )
    return int(exactly) >= asked


def again(aws: FakeAws, kinds: dict[str, str]) -> bool:
    """By the bot, which remembers."""
    with tempfile.TemporaryDirectory() as state, Embedded(Path(state)) as url:
        workers = Workers(url)
        _, first, _ = measured(aws, workers, "first")
        changed = list(kinds)[::100]
        for name in changed:
            config = aws.account().region(REGION).functions[name]["$LATEST"]
            config["Description"] = "deployed"
            config["MemorySize"] = int(config.get("MemorySize", 128)) + 1
        second, calls, taken = measured(aws, workers, "second")
        third, _, _ = measured(aws, workers, "third", fresh=True)
    exact = [name for name in second if second[name].exact and third[name].exact]
    differ = [name for name in exact if answer(second[name]) != answer(third[name])]
    print(
        f"again, {len(changed)} changed: {calls} calls of {first} ({calls / first:.0%}), "
        f"{taken} answers taken over; {len(exact)} verified by both scans, {len(differ)} differ"
    )
    return not differ


def measured(
    aws: FakeAws, workers: Workers, name: str, *, fresh: bool = False
) -> tuple[dict[str, Seen], int, int]:
    """What a scan saw by name, its calls, and how many answers it took over."""
    aws.calls.clear()
    began = time.monotonic()
    seen = workers.scan(name, fresh=fresh)
    taken = sum(bool(one.checked_before) for one in seen.values())
    exact = sum(one.exact for one in seen.values())
    print(
        f"  {name} scan: {len(aws.calls)} calls, {exact} verified exactly, {taken} of these by an "
        f"earlier scan; {time.monotonic() - began:.1f} s"
    )
    return seen, len(aws.calls), taken


def answer(seen: Seen) -> tuple[str, str | None, str | None]:
    """What a person is told."""
    return seen.verdict, seen.cause, seen.impact


class Workers:
    """All of them, one thing after the other."""

    def __init__(self, url: str) -> None:
        """Of one store."""
        redis = connect(url)
        due, clock = Due(redis), partial(now, redis)
        accounts = Accounts(read_aws_settings())
        self.nudges: deque[tuple[str, str]] = deque()
        work = Work(Scans(redis), accounts, Once, Answers(redis), Setups(redis), clock)
        self.runs = Runs(
            Scans(redis),
            due,
            Leases(due),
            accounts,
            work,
            None,
            lambda kind, id_: self.nudges.append((kind, id_)),
            clock,
        )

    def scan(self, name: str, *, fresh: bool) -> dict[str, Seen]:
        """What it saw, by name."""
        id_, _ = self.runs.begin(
            "C1", "", ("inquiry", name), None, recent_will_do=False, fresh=fresh
        )
        while self.nudges:
            kind, which = self.nudges.popleft()
            (self.runs.scan if kind == SCAN else self.runs.chunk)(which)
        scan = self.runs.result(id_, "C1")
        return {seen.name: seen for seen in scan.seen} if scan else {}


if __name__ == "__main__":
    sys.exit(main())
