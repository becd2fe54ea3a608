"""One process against a fake account: what it took, and what it said."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from bot.playground.account import FakeAws
from bot.playground.account.demo_functions import REGION

SLSDIAG = (sys.executable, "-c", "import sys; from bot.cli import main; sys.exit(main())")
UNHELD = (
    sys.executable,
    "-c",
    "import sys; from bot.aws import parallel; parallel.published_rate = lambda *_: None; "
    "from bot.cli import main; sys.exit(main())",
)
"""The same, not held to any of AWS's rates."""


@dataclass(frozen=True, slots=True)
class Run:
    """What one process took."""

    wall: float
    cpu: float
    memory: float
    """Peak, MB."""
    calls: Mapping[str, int]
    """By operation."""
    throttled: int
    output: str

    @property
    def called(self) -> int:
        """All calls."""
        return sum(self.calls.values())


def run(aws: FakeAws, command: Sequence[str], **settings: str) -> Run:
    """`command`, measured as a whole; `settings` are variables."""
    aws.calls.clear()
    throttled = aws.throttled
    environment = os.environ | {
        "AWS_ENDPOINT_URL": aws.url,
        "AWS_ACCESS_KEY_ID": "demo",
        "AWS_SECRET_ACCESS_KEY": "demo",
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
    }
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # people have their bytecode cached
    began = time.perf_counter()
    process = subprocess.Popen(
        command, env=environment | settings, stdout=subprocess.PIPE, text=True
    )
    output = process.stdout.read() if process.stdout else ""
    _, _, used = os.wait4(process.pid, 0)
    process.returncode = 0  # it is reaped
    return Run(
        wall=time.perf_counter() - began,
        cpu=used.ru_utime + used.ru_stime,
        memory=used.ru_maxrss / 1024,
        calls=Counter(call.operation for call in aws.calls),
        throttled=aws.throttled - throttled,
        output=output,
    )


def ratio(pairs: Sequence[tuple[Run, Run]], figure: Callable[[Run], float]) -> float:
    """The median of the first over the second."""
    return median(figure(first) / figure(second) for first, second in pairs)
