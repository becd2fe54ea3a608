"""One process against a fake account: what it took, and what it said."""

from __future__ import annotations

import json
import os
import subprocess
import sys
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
_WATCHER = """
import json, os, sys, time
began = time.perf_counter()
os.set_inheritable(int(sys.argv[1]), False)
pid = os.posix_spawnp(sys.argv[2], sys.argv[2:], os.environ)
used = os.wait4(pid, 0)[2]
wall = time.perf_counter() - began
figures = wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024
os.write(int(sys.argv[1]), json.dumps(figures).encode())
"""
"""
Begins the process in place of this one: Linux counts the peak of whoever begins a process as a peak
of it, and this one holds the fake account.
"""


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
    reading, writing = os.pipe()
    watched = (sys.executable, "-I", "-S", "-c", _WATCHER, str(writing), *command)
    process = subprocess.Popen(
        watched, env=environment | settings, stdout=subprocess.PIPE, text=True, pass_fds=(writing,)
    )
    os.close(writing)
    output, _ = process.communicate()
    with os.fdopen(reading) as told:
        wall, cpu, memory = json.load(told)
    return Run(
        wall=wall,
        cpu=cpu,
        memory=memory,
        calls=Counter(call.operation for call in aws.calls),
        throttled=aws.throttled - throttled,
        output=output,
    )


def ratio(pairs: Sequence[tuple[Run, Run]], figure: Callable[[Run], float]) -> float:
    """The median of the first over the second."""
    return median(figure(first) / figure(second) for first, second in pairs)
