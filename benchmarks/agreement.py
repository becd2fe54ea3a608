"""
A scan and single checks say the same.

    python benchmarks/agreement.py [FUNCTIONS] [SEED]

Every kind of function in one account, two kinds at once and hostile names among them, and each
sickness of an account in an account of its own. The scan is held to half of AWS's rates, the
checks are not. Ends with status 1 where a scan said otherwise than a check or left something
unverified; of 200 functions and more also when too few were verified in the time of AWS's quota,
which a busy machine stretches for a few.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from fleets import HOSTILE, OF_THE_ACCOUNT, every_kind

from bot.aws.accounts import Accounts
from bot.aws.operations import OPERATIONS, published_rate
from bot.aws.parallel import Rates
from bot.diagnosis.gather import function_check
from bot.playground.account import FakeAws
from bot.playground.account.demo_functions import DEMO_FUNCTIONS, ORG, REGION, Language, plant
from bot.scan.judgment import kind_of
from bot.scan.local import Progress, Scanner
from bot.scan.model import UNVERIFIED, ProblemClass, Seen
from bot.settings import read_aws_settings
from bot.target import Target
from checks.runbook import walk

Key = tuple[str, str]
ENOUGH, TIMED_FROM = 0.95, 200
LATENCY = 0.025
_ACTIONS = {each.action.partition(":")[2]: each for each in OPERATIONS}


@dataclass(frozen=True, slots=True)
class Compared:
    """One function, by each look."""

    what: str
    quick: Seen
    whole: Seen
    check: Seen

    @property
    def contradicts(self) -> bool:
        """The first tier may be less certain, the second is the check."""
        unsure = {UNVERIFIED, "undetermined"}
        first = self.quick.verdict not in {self.check.verdict, *unsure}
        exact = self.whole.exact and _conclusion(self.whole) != _conclusion(self.check)
        return first or exact

    @property
    def other_cause(self) -> bool:
        """Not verified, and a check names another cause of the same verdict."""
        known = self.whole.cause is not None and not self.whole.exact
        return known and _conclusion(self.whole) != _conclusion(self.check)


def _conclusion(seen: Seen) -> tuple[str, str | None, ProblemClass | None]:
    return seen.verdict, seen.cause, seen.kind


def main() -> None:
    """Scan, then check each."""
    size, seed = (int(each) for each in (*sys.argv[1:], *("200", "1")[len(sys.argv) - 1 :]))
    with FakeAws(quotas=True) as aws:
        kinds, accounts = planted(aws, size, seed)
        os.environ.update(
            AWS_ENDPOINT_URL=aws.url,
            AWS_ACCESS_KEY_ID="demo",
            AWS_SECRET_ACCESS_KEY="demo",  # noqa: S106 - the fake takes any
            AWS_REGION=REGION,
            SLSDIAG_ORG_ID=ORG,
            SLSDIAG_ACCOUNTS=accounts,
        )
        aws.latency = LATENCY
        share, on_time = scanned(aws, kinds)
    sys.exit(0 if share and (on_time or size < TIMED_FROM) else 1)


def planted(aws: FakeAws, size: int, seed: int) -> tuple[dict[Key, str], str]:
    """What is wrong with each (account, name), and SLSDIAG_ACCOUNTS."""
    apart = [(what, language) for what in sorted(OF_THE_ACCOUNT) for language in _spoken(what)]
    home = aws.account()
    own = every_kind(home, size - len(HOSTILE) - len(apart), seed)
    kinds = {(home.id, name): what for name, what in own.items()}
    accounts = {}
    for number, (what, language) in enumerate(apart):
        account = aws.account(f"{300000000000 + number}")
        bed = plant(account, DEMO_FUNCTIONS[what], language)
        kinds[account.id, bed.name] = what
        accounts[f"team{number}"] = {
            "role_arn": account.trust("slsdiag", "shared"),
            "external_id": "shared",
            "regions": [DEMO_FUNCTIONS[what].region],
        }
    return kinds, json.dumps(accounts)


def _spoken(what: str) -> tuple[Language, ...]:
    return DEMO_FUNCTIONS[what].languages


def scanned(aws: FakeAws, kinds: Mapping[Key, str]) -> tuple[bool, bool]:
    """Whether they agree, all that is suspicious being verified, and enough of it in time."""
    accounts = Accounts(read_aws_settings())
    done: list[float] = []
    places = [accounts.location(*each) for each in accounts.account_regions((), ())]
    scanner = Scanner(places, accounts.expected, on_progress=lambda p: _note(p, done))
    scanner.first()
    quick = {(each.account, each.name): each for each in scanner.result().seen}
    aws.calls.clear()
    throttled, began = aws.throttled, time.monotonic()
    scanner.verify()
    took, allowed = time.monotonic() - began, quota_seconds(aws)
    whole = {(each.account, each.name): each for each in scanner.result().seen}
    suspicious = [key for key, each in quick.items() if each.suspicious]
    verified = sum(whole[key].exact for key in suspicious)
    in_time = sum(at - began <= 1.05 * allowed for at in done) / max(len(done), 1)
    print(
        f"{len(quick)} functions of {len(set(kinds.values()))} kinds in {len(scanner.places)} "
        f"places: {len(suspicious)} suspicious, {verified} of these and {len(done) - verified} "
        f"others verified exactly in {took:.1f} s, "
        f"{in_time:.0%} of them within AWS's {allowed:.1f} s (at least {ENOUGH:.0%}); "
        f"throttled {aws.throttled - throttled}"
    )
    checks = checked(aws, accounts, quick)
    rows = [Compared(kinds[key], quick[key], whole[key], checks[key]) for key in sorted(kinds)]
    return print_result(rows) and verified == len(suspicious), in_time >= ENOUGH


def _note(progress: Progress, done: list[float]) -> None:
    if progress.suspicious is not None and progress.verified:
        done.append(time.monotonic())


def quota_seconds(aws: FakeAws) -> float:
    """What the slowest of AWS's rates asks for the calls that were made, at half of it."""
    slowest = 0.0
    for (_, operation, region, _), count in Counter(aws.calls).items():
        known = _ACTIONS.get(operation)
        rate = published_rate(known, region) if known else None
        slowest = max(slowest, count / (rate * 0.5)) if rate else slowest
    return slowest


def checked(aws: FakeAws, accounts: Accounts, seen: Mapping[Key, Seen]) -> dict[Key, Seen]:
    """One check of each, held to no rate."""
    aws.quotas = False
    for place in (accounts.location(*each) for each in accounts.account_regions((), ())):
        place.account.rates = Rates(1e6)

    def check(key: Key) -> Seen:
        (account, name), region = key, seen[key].region
        asked = function_check(Target(name, None, region, account), accounts=accounts)
        evidence = asked.evidence()
        report = walk(evidence)
        kind = kind_of(report, evidence)
        return Seen(name, region, account, report.verdict.value, report.cause, kind, exact=True)

    with ThreadPoolExecutor(8) as pool:
        return dict(zip(seen, pool.map(check, seen), strict=True))


def print_result(rows: list[Compared]) -> bool:
    """Print what differs; whether nothing contradicts."""
    for row in rows:
        if row.contradicts:
            looks = (_conclusion(each) for each in (row.quick, row.whole, row.check))
            how = "verified" if row.whole.exact else "not verified"
            print(f"  CONTRADICTS {row.what} ({row.check.name}, {how}):", *looks)
    others = Counter(
        (row.whole.kind, row.whole.cause, row.check.cause) for row in rows if row.other_cause
    )
    for (kind, scan, check), count in others.items():
        print(f"  {count} not verified, {kind}: the scan says {scan}, a check {check}")
    wrong = sum(row.contradicts for row in rows)
    exact = [row for row in rows if row.whole.exact]
    agree = sum(_conclusion(row.whole) == _conclusion(row.check) for row in exact)
    print(f"{wrong} of {len(rows)} contradict; {len(exact)} verified, {agree} as their checks say")
    return wrong == 0


if __name__ == "__main__":
    main()
