"""
An organization of many accounts, of which one in ten refuses in one of six ways: what a scan makes of it.

    python benchmarks/organization.py [ACCOUNTS [FUNCTIONS]]

Three regions each. Prints how many accounts are not in the result once, how many functions are called
healthy that are not, the calls beside the floor's, the memory beside that of a quarter of
the accounts with as many functions, what a function takes of it, and the time beside what AWS's
rates allow. Kept out of CI at
full size (1,000 accounts, 100,000 functions); tests/bot/scan/test_organization_scan.py runs a small one.
"""

from __future__ import annotations

import json
import sys

from measured import SLSDIAG, Run, run
from organization_fleet import Fleet, floor, judged, plant, settings

from bot.aws.organization_operations import LIST_ACCOUNTS
from bot.playground.account import FakeAws

SHARE = 0.5


def law(fleet: Fleet) -> float:
    """Seconds that AWS's rates ask of the organization's list; its places do not wait for each other."""
    lists = sum(number for name, number in floor(fleet).items() if name in _LISTING)
    rate = (LIST_ACCOUNTS.rate or 0) * SHARE
    return max(0.0, (lists - rate) / rate)


_LISTING = (
    "ListAccounts",
    "ListAccountsForParent",
    "ListRoots",
    "ListOrganizationalUnitsForParent",
)


def scanned(aws: FakeAws, *words: str) -> Run:
    """One scan by the command line."""
    return run(aws, (*SLSDIAG, "scan", "--json", *words), **settings())


def main() -> None:
    """A quarter of the accounts with a quarter of the functions and with all; then all; then both tiers."""
    accounts = int(sys.argv[1]) if sys.argv[1:] else 100
    functions = int(sys.argv[2]) if sys.argv[2:] else accounts * 100
    least, few = (_quick(accounts // 4, each) for each in (functions // 4, functions))
    each = (few.memory - least.memory) / (functions * 3 / 4) * 1e6
    print(f"a function takes {each:,.0f} bytes", flush=True)
    with FakeAws(quotas=True) as aws:
        fleet = plant(aws, accounts, functions)
        for tier, words in (("first tier", ["--quick"]), ("both tiers", [])):
            _show(f"{accounts:,} accounts, {tier}", fleet, scanned(aws, *words), few)


def _quick(accounts: int, functions: int) -> Run:
    with FakeAws(quotas=True) as aws:
        plant(aws, accounts, functions)
        return scanned(aws, "--quick")


def _show(what: str, fleet: Fleet, found: Run, few: Run) -> None:
    result = judged(fleet, json.loads(found.output), found.calls)
    print(
        f"{what}: {result.functions:,} of {fleet.functions:,} readable functions seen; accounts "
        f"that are wrong {result.wrong}; falsely healthy {result.false_healthy}"
    )
    print(
        f"  {found.wall:.0f} s ({found.cpu:.0f} s of CPU; AWS's rates ask for {law(fleet):.0f} s), "
        f"{found.called:,} calls, {result.calls:.2f} × the first tier's floor, {found.throttled} "
        f"throttled; {found.memory:.0f} MB, {found.memory / few.memory:.2f} × with a quarter of the "
        "accounts",
        flush=True,
    )


if __name__ == "__main__":
    main()
