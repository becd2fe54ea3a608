"""
`slsdiag scan` against the floor, in one run: one account with AWS's paging, rates and 25 ms.

    python benchmarks/scan.py [FUNCTIONS …]

Prints wall, CPU, peak memory and calls of `scan --quick` over those of fleet_floor.py; then what
the exact looks of the suspicious ones took over what the slowest quota allows.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from bot.aws.operations import FILTERS
from bot.playground.account import FakeAws
from bot.playground.account.patients import REGION, healthy, healthy_account

FLOOR = (str(Path(__file__).with_name("fleet_floor.py")), REGION)
SCAN = ("-c", "import sys; from bot.cli import main; sys.exit(main())", "scan", "--region", REGION)
EXACT_OF = 40
"""One in so many lost its wrapper."""


@dataclass
class Run:
    """What one process took."""

    wall: float
    cpu: float
    memory: float
    """Peak, MB."""
    calls: int
    throttled: int
    said: str


def main() -> None:
    """For each size."""
    sizes = [int(each) for each in sys.argv[1:]] or [2_000, 10_000]
    walls = {}
    for size in sizes:
        with FakeAws(quotas=True) as aws:
            fleet(aws, size)
            aws.latency = 0.025
            floor = run(aws, *FLOOR)
            time.sleep(3)  # the account's buckets fill again
            quick = run(aws, *SCAN, "--quick", "--json")
            walls[size] = quick.wall
            forwarded = -(-size // 500)
            bound = 1.1 * floor.calls + forwarded + 10
            print(
                f"{size:,} functions, floor {floor.wall:.1f} s, {floor.cpu:.2f} s CPU, "
                f"{floor.memory:.0f} MB, {floor.calls} calls; --quick: wall "
                f"{quick.wall / floor.wall:.2f} ×, CPU {quick.cpu / floor.cpu:.2f} ×, memory "
                f"{quick.memory / floor.memory:.2f} ×, calls {quick.calls} (at most {bound:.0f}), "
                f"throttled {quick.throttled}"
            )
            if size == min(sizes):
                exactly(aws, size)
    if len(walls) > 1:
        small, large = min(walls), max(walls)
        print(f"growth: {large:,} took {walls[large] / walls[small]:.2f} × the time of {small:,}")


def exactly(aws: FakeAws, size: int) -> None:
    """The whole scan."""
    time.sleep(3)
    whole = run(aws, *SCAN, "--json")
    verified = json.loads(whole.said)["verified_exactly"]
    rate = (FILTERS.rate or 0) * 0.5
    print(
        f"  second tier: {verified} verified exactly, whole scan {whole.wall:.1f} s, of which "
        f"AWS's quota asks {verified / rate:.1f} s; throttled {whole.throttled}"
        f" (one in {EXACT_OF} of {size:,} is blind)"
    )


def fleet(aws: FakeAws, size: int) -> None:
    """Two hundred services, each with variables of its own; some functions are blind."""
    account = aws.account()
    for number in range(size):
        bed = healthy(account, f"service{number % 200}-function{number}")
        bed.variables[f"SERVICE_{number % 200}_URL"] = "x" * (number % 50)
        if number % EXACT_OF == 0:
            bed.variables["AWS_LAMBDA_EXEC_WRAPPER"] = "/opt/datadog_wrapper"
    healthy_account(account, bed.now)


def run(aws: FakeAws, *arguments: str) -> Run:
    """One process, measured as a whole."""
    aws.calls.clear()
    throttled = aws.throttled
    environment = os.environ | {
        "AWS_ENDPOINT_URL": aws.url,
        "AWS_ACCESS_KEY_ID": "demo",
        "AWS_SECRET_ACCESS_KEY": "demo",
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
    }
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, *arguments], env=environment, stdout=subprocess.PIPE, text=True
    )
    said = process.stdout.read() if process.stdout else ""
    _, _, used = os.wait4(process.pid, 0)
    process.returncode = 0  # it is reaped
    wall = time.perf_counter() - began
    cpu = used.ru_utime + used.ru_stime
    return Run(wall, cpu, used.ru_maxrss / 1024, len(aws.calls), aws.throttled - throttled, said)


if __name__ == "__main__":
    main()
