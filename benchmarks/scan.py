"""
`slsdiag scan` against the floor, in one run: one account with AWS's paging, rates and 25 ms.

    python benchmarks/scan.py [FUNCTIONS …]

Prints wall, CPU, peak memory and calls of `scan --quick` over those of fleet_floor.py (the median
of three at the smallest size); what the exact checks took over what the
slowest quota allows; how the time grows; and the same fleet over sixteen accounts. Cloud
Custodian's part of it is custodian.py.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from fleets import SICK_ONE_IN, plain, spread
from measured import SLSDIAG, UNHELD, Run, ratio, run

from bot.aws.operations import FILTERS
from bot.playground.account import FakeAws
from bot.playground.account.demo_functions import REGION

FLOOR = (sys.executable, str(Path(__file__).with_name("fleet_floor.py")), REGION)
SCAN = ("scan", "--region", REGION, "--json")
QUICK = (*SCAN, "--quick")
REFILL = 3
"""Seconds in which the account's buckets fill again."""
LATENCY = 0.025
PLACES = 16


def main() -> None:
    """For each size."""
    sizes = sorted(int(each) for each in sys.argv[1:]) or [2_000, 10_000]
    held: dict[int, list[tuple[Run, Run]]] = {}
    unheld: dict[int, Run] = {}
    for size in sizes:
        with FakeAws(quotas=True) as aws:
            plain(aws.account(), size)
            aws.latency = LATENCY
            held[size] = [pair(aws) for _ in range(3 if size == sizes[0] else 1)]
            first_tier(size, held[size])
            if size == sizes[0]:
                exactly(aws, size)
            aws.quotas = False
            unheld[size] = run(aws, (*UNHELD, *QUICK))
        over_places(size)
    if len(sizes) > 1:
        growth(sizes[0], sizes[-1], held, unheld)


def pair(aws: FakeAws) -> tuple[Run, Run]:
    """One after the other: the first tier, and its floor."""
    time.sleep(REFILL)
    floor = run(aws, FLOOR)
    time.sleep(REFILL)
    return run(aws, (*SLSDIAG, *QUICK)), floor


def first_tier(size: int, pairs: list[tuple[Run, Run]]) -> None:
    """The ratios, beside what they may be at most."""
    quick, floor = pairs[-1]
    bound = 1.1 * floor.called + -(-size // 500) + 10
    print(
        f"{size:,} functions: floor {floor.wall:.1f} s, {floor.cpu:.2f} s CPU, "
        f"{floor.memory:.0f} MB, {floor.called} calls; --quick of that: "
        f"wall {ratio(pairs, lambda one: one.wall):.2f} × (1.5), CPU {ratio(pairs, lambda run_: run_.cpu):.2f} × (1.5), "
        f"memory {ratio(pairs, lambda one: one.memory):.2f} × (2), calls {quick.called} ({bound:.0f}), "
        f"throttled {sum(each.throttled for each, _ in pairs)} (0)"
    )


def exactly(aws: FakeAws, size: int) -> None:
    """The whole scan."""
    time.sleep(REFILL)
    whole = run(aws, (*SLSDIAG, *SCAN))
    verified = json.loads(whole.output)["verified_exactly"]
    rate = (FILTERS.rate or 0) * 0.5
    print(
        f"  second tier: {verified} verified exactly, whole scan {whole.wall:.1f} s, of which "
        f"AWS's quota asks {verified / rate:.1f} s; throttled {whole.throttled}"
        f" (one in {SICK_ONE_IN} of {size:,} is blind)"
    )


def over_places(size: int) -> None:
    """The same fleet over many accounts, each with quotas of its own."""
    with FakeAws(quotas=True) as aws:
        accounts = spread(aws, size, PLACES)
        aws.latency = LATENCY
        quick = run(aws, (*SLSDIAG, *QUICK), SLSDIAG_ACCOUNTS=accounts)
        seen = json.loads(quick.output)["functions"]
    print(
        f"  over {PLACES} accounts: {seen:,} seen in {quick.wall:.1f} s, {quick.cpu:.2f} s CPU, "
        f"{quick.memory:.0f} MB, {quick.called} calls, throttled {quick.throttled}"
    )


def growth(
    small: int, large: int, held: dict[int, list[tuple[Run, Run]]], unheld: dict[int, Run]
) -> None:
    """Held to the rate, AWS's bucket gives the first pages for nothing: the floor says how many."""
    (quick, floor), (first, before) = held[large][-1], held[small][-1]
    print(
        f"growth from {small:,} to {large:,}: {unheld[large].wall / unheld[small].wall:.2f} × the "
        f"time (5.5) where AWS's rate holds nobody; held to half of it "
        f"{quick.wall / first.wall:.2f} ×, and the floor {floor.wall / before.wall:.2f} ×"
    )


if __name__ == "__main__":
    main()
