"""
How long a letter typed into App Home's search takes, from a real store with many names.

Slack waits three seconds for a menu's options. The floor is one look through the same names for
the typed text. Usage: python benchmarks/search.py [NAMES A REGION]
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from bot.aws.accounts import Accounts
from bot.search.inventory import Inventory
from bot.search.model import Listing
from bot.search.repository import Inventories
from bot.search.requests import RequestHistory
from bot.search.service import SearchService
from bot.settings import read_aws_settings
from bot.store.connection import Redis, connect, now
from bot.store.embedded import Embedded
from bot.store.sharing import SingleFlight
from bot.target import command
from checks.function_ref import FunctionRef

REGIONS = ("eu-west-1", "us-east-1", "us-west-2", "eu-central-1", "ap-southeast-2")
ACCOUNT = "123456789012"
TYPED = ("", "c", "ch", "chek", "chekout", "webhook prod", "pay cron 17", "zzzzzz")
ROUNDS = 6


def service(redis: Redis, many: int) -> SearchService:
    """With so many names in each region, and what somebody asked for."""
    accounts = Accounts(read_aws_settings({"SLSDIAG_REGIONS": ",".join(REGIONS)}))
    inventories = Inventories(redis)
    at = partial(now, redis)
    made = SearchService(
        Inventory(inventories, SingleFlight(redis), accounts, lambda *_: None, at),
        RequestHistory(redis),
    )
    chance = random.Random(1)  # noqa: S311 - names, not secrets
    words = ("shop", "pay", "orders", "checkout", "cart"), ("api", "worker", "cron", "webhook")
    for region in REGIONS:
        names = tuple(f"{'-'.join(map(chance.choice, words))}-prod-{n}" for n in range(many))
        inventories.put(f"own/{region}", Listing(ACCOUNT, region, names, datetime.now(UTC)))
        for n in range(10):
            made.requests.note(
                "U1", "C1", f"{region}{n}", command(FunctionRef(names[n], None, region, ACCOUNT))
            )
    return made


def seconds(act: Callable[[], object]) -> float:
    """What it took."""
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def holding(typed: str, names: list[str]) -> list[str]:
    """The floor."""
    return [name for name in names if typed in name]


def main(many: int) -> None:
    """Print times, and the ratio to the floor."""
    os.environ.setdefault("AWS_REGION", REGIONS[0])
    with (
        tempfile.TemporaryDirectory() as state,
        Embedded(Path(state)) as url,
        connect(url) as redis,
    ):
        search = service(redis, many)
        cold = seconds(lambda: search.search("chek", "U1", "C1"))
        took = [seconds(partial(search.search, typed, "U1", "C1")) for typed in TYPED * ROUNDS]
        entries = search.inventory.entries("C1")
        names = [name for entry in entries if entry.listing for name in entry.listing.names]
        floor = [seconds(partial(holding, typed, names)) for typed in TYPED * ROUNDS]
    took.sort()
    half, most = len(took) // 2, int(len(took) * 0.95)
    print(f"{len(names)} names in {len(REGIONS)} regions: first search {cold * 1e3:.0f} ms")
    print(f"then p50 {took[half] * 1e3:.0f} ms, p95 {took[most] * 1e3:.0f} ms")
    print(f"ratio to the floor, all together: {sum(took) / sum(floor):.1f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2_000)
