"""
Beyond one company: a thousand workspaces, a million functions, a digest each at nine.

    python benchmarks/scale.py [SEED]

Measures what one process takes (CPU a function, a place and an exact check), predicts from it one
company's scan and prints the prediction beside the measurement, calls included; then draws the
fleet, seeded, and adds up. What is not measured stands in `ESTIMATES`, with its source. docs/scale.md says what follows.
"""

from __future__ import annotations

import json
import math
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from fleets import plain, spread, with_problems
from measured import SLSDIAG, UNHELD, Run, run

from bot.aws.operations import FILTERS, LIST_FUNCTIONS
from bot.playground.account import FakeAws
from bot.playground.account.demo_functions import REGION

BOTH = ("scan", "--region", REGION, "--json")
QUICK = (*BOTH, "--quick")
SHARE, LATENCY, PLACES = 0.5, 0.025, 16
FEW, MANY = 200, 5_000
WORKSPACES, ACCOUNTS, FUNCTIONS = 1_000, 5_000, 1_000_000
PAGE, QUERIES, METRICS = 50, 500, 500
WITHIN = 600
"""Seconds in which a zone's digests should be out."""
ZONES = {-8: 0.15, -5: 0.25, -3: 0.05, 0: 0.15, 1: 0.2, 5.5: 0.1, 9: 0.07, 11: 0.03}
"""Workspaces by their offset from UTC: a guess."""

ESTIMATES: Mapping[str, tuple[float, str]] = {
    "suspicious": (0.025, "share of functions: one in forty, as benchmarks/fleets.py"),
    "redis bytes a function": (115, "benchmarks/fleet.py store"),
    "redis operations a function": (1.5, "benchmarks/fleet.py store; those within scripts counted"),
    "redis operations a look": (68, "benchmarks/fleet.py store; likewise"),
    "scans kept": (30, "ESTIMATE: of each workspace"),
    "dollars a 1,000 metrics": (0.01, "GetMetricData, from AWS's documents"),
    "dollars a 1,000 listings": (0.01, "ListMetrics, from AWS's documents"),
    "dollars a vCPU hour": (0.05, "from memory"),
}


@dataclass(frozen=True, slots=True)
class Costs:
    """CPU seconds of one process, measured here."""

    start: float
    function: float
    place: float
    look: float


def main() -> None:
    """Measure, predict the small end, then the large one."""
    seed = int(sys.argv[1]) if sys.argv[1:] else 1
    costs = measured()
    large(costs, seed)


def measured() -> Costs:
    """From three sizes; and how far the prediction is off, in one place and in sixteen."""
    few, many = (unheld(size) for size in (FEW, MANY))
    with FakeAws(quotas=True) as aws:
        plain(aws.account(), 2_000)
        aws.latency = LATENCY
        one = run(aws, (*SLSDIAG, *QUICK))
    with FakeAws(quotas=True) as aws:
        accounts = spread(aws, 2_000, PLACES)
        aws.latency = LATENCY
        all_ = run(aws, (*SLSDIAG, *QUICK), SLSDIAG_ACCOUNTS=accounts)
    function = (many.cpu - few.cpu) / (MANY - FEW)
    start = few.cpu - FEW * function
    place = max(0.0, (all_.cpu - start - 2_000 * function) / (PLACES - 1))
    costs = Costs(start, function, place, look())
    print(
        f"measured: start {start:.2f} s of CPU, a function {function * 1000:.2f} ms, a further "
        f"account {place * 1000:.0f} ms, an exact check {costs.look * 1000:.0f} ms"
    )
    shown("2,000 in one place", one, costs, [2_000])
    shown(f"2,000 over {PLACES}", all_, costs, [2_000 // PLACES] * PLACES)
    print(f"predicted: 10,000 in one place {wall(costs, [10_000]):.1f} s (see benchmarks/scan.py)")
    return costs


def unheld(size: int) -> Run:
    """The first tier of a plain fleet, which no rate holds."""
    with FakeAws() as aws:
        plain(aws.account(), size)
        return run(aws, (*UNHELD, *QUICK))


def look() -> float:
    """CPU seconds of an exact check, where every function has a fault."""
    with FakeAws() as aws:
        with_problems(aws.account(), 1_000, 1.0)
        first, both = run(aws, (*UNHELD, *QUICK)), run(aws, (*UNHELD, *BOTH))
    return (both.cpu - first.cpu) / int(json.loads(both.output)["verified_exactly"])


def shown(what: str, found: Run, costs: Costs, places: list[int]) -> None:
    """Beside each other; `places` are the sizes of the accounts, each with one region."""
    seen = json.loads(found.output)["functions"]
    seconds, calls = wall(costs, places), sum(map(calls_of, places))
    print(
        f"small end, {what}: {seen:,} seen in {found.wall:.1f} s, predicted {seconds:.1f} s, "
        f"ratio {found.wall / seconds:.2f}; {found.called} calls, predicted {calls}, "
        f"ratio {found.called / calls:.2f} (asked 0.95 to 1.05)"
    )


def calls_of(functions: int) -> int:
    """The first tier's in an account with one region: its own, the region's, and a page's."""
    account, region = 3, 4
    sums = math.ceil(functions / QUERIES)
    forwarding = math.ceil(functions / METRICS)
    return account + region + math.ceil(functions / PAGE) + sums + forwarding


def wall(costs: Costs, places: list[int]) -> float:
    """Seconds of the first tier by one process: the slowest place's quota, or the CPU of all."""
    cpu = costs.start + costs.function * sum(places) + costs.place * (len(places) - 1)
    return max(cpu, costs.start + max(first_look(each) for each in places))


def first_look(functions: int) -> float:
    """Seconds that AWS's rate and the round trips ask of one account and region."""
    pages = math.ceil(functions / PAGE)
    rate = (LIST_FUNCTIONS.rate or 0) * SHARE
    held = max(0.0, (pages - rate) / rate)
    return max(held, pages * LATENCY) + 3 * LATENCY


def exact_looks(functions: int) -> float:
    """Seconds that the slowest quota asks for the suspicious ones."""
    return functions * ESTIMATES["suspicious"][0] / ((FILTERS.rate or 0) * SHARE)


def large(costs: Costs, seed: int) -> None:
    """The drawn fleet, added up."""
    known = {name: value for name, (value, _) in ESTIMATES.items()}
    random_ = random.Random(seed)  # noqa: S311 - a simulation
    weights = [random_.lognormvariate(0, 1.5) for _ in range(ACCOUNTS)]
    sizes = [round(FUNCTIONS * each / sum(weights)) for each in weights]
    owner = [random_.randrange(WORKSPACES) for _ in range(ACCOUNTS)]
    zone = random_.choices(list(ZONES), list(ZONES.values()), k=WORKSPACES)
    by_zone: defaultdict[float, float] = defaultdict(float)
    posts = Counter(zone)
    for size, workspace in zip(sizes, owner, strict=True):
        looks = size * known["suspicious"] * costs.look
        by_zone[zone[workspace]] += costs.place + size * costs.function + looks
    busiest, cpu = max(by_zone.items(), key=lambda item: item[1])
    times = sorted(first_look(each) + exact_looks(each) for each in sizes)
    looks = FUNCTIONS * known["suspicious"]
    operations: float = FUNCTIONS * known["redis operations a function"]
    operations += looks * known["redis operations a look"]
    metrics = FUNCTIONS / 1_000 * known["dollars a 1,000 metrics"]
    listings: float = sum(math.ceil(each / QUERIES) for each in sizes) / 1_000
    listings *= known["dollars a 1,000 listings"]
    hours = sum(by_zone.values()) / 3600
    at_peak = cpu / sum(by_zone.values())
    kept = FUNCTIONS * known["redis bytes a function"]
    print(
        f"seed {seed}: {WORKSPACES:,} workspaces, {ACCOUNTS:,} accounts, {sum(sizes):,} functions"
    )
    print(
        f"AWS's quota, by account: median {times[ACCOUNTS // 2]:.0f} s, 99 % {times[-50]:.0f} s, "
        f"the largest ({max(sizes):,} functions) {times[-1] / 60:.1f} min"
    )
    print(
        f"busiest zone (UTC{busiest:+g}): {posts[busiest]} digests, {cpu:,.0f} s of CPU: "
        f"workers of one core: {math.ceil(cpu / WITHIN / 0.7)} at 70 % to be done in {WITHIN // 60} min"
    )
    print(
        f"Redis: {operations:,.0f} operations a day, {operations * at_peak / WITHIN:,.0f} a second in "
        f"that zone; {kept / 1e6:,.0f} MB of the last scans, "
        f"{kept * known['scans kept'] / 1e9:.1f} GB were {known['scans kept']:.0f} of each kept whole"
    )
    print(
        f"Slack: {posts[busiest]} posts in as many workspaces, {posts[busiest] / WITHIN:.1f} a second; "
        "its limit is one a second and channel"
    )
    print(
        f"money a day: customers pay AWS ${metrics + listings:,.2f} for metrics; workers "
        f"{hours:.1f} vCPU hours, ${hours * known['dollars a vCPU hour']:,.2f} when they stop in between"
    )


if __name__ == "__main__":
    main()
